import sys

from sfu.host.main import main

sys.exit(main())
