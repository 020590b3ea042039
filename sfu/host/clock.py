"""What time it is, for what must not live longer because somebody sets the computer's clock.

Wall-clock seconds as they were when this process began, and only forward from there.
"""

from __future__ import annotations

import time

_AHEAD = time.time() - time.monotonic()


def steady() -> float:
    return _AHEAD + time.monotonic()
