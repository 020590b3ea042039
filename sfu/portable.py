"""Whether this process does without what only some systems have.

Windows gives no socket to another process over a socket, has no `ipc://` in ZeroMQ's wheels, and its event loop either
waits for sockets or for children.  The ways around that work everywhere, so they are tested where we build, by setting
`PARLEY_PORTABLE=1`; programs that we start inherit it.

Standard library only: this is loaded by every process.
"""

from __future__ import annotations

import os
import sys

VARIABLE = "PARLEY_PORTABLE"
PORTABLE = sys.platform == "win32" or os.environ.get(VARIABLE) == "1"
