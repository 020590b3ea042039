"""`python -m app`, and the installed program: `parley`, or another program of ours (`sfu.roles`)."""

import sys

from sfu import roles

if __name__ == "__main__":
    if sys.argv[1:2] == [roles.FLAG]:
        # Before anything else of ours is loaded: which form of the core is imported is the forwarder's choice.
        roles.play(sys.argv[2:])
    else:
        from app.cli import main

        sys.exit(main())
