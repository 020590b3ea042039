"""Short pauses: one interpreter serves the window and the sound, and neither may wait for the other for long.

Measured in the window's process: a full collection of garbage walks 96,000 objects in 75 to 125 ms, all of it with the
interpreter's lock, while the loudspeaker has 60 ms in hand.  Nearly all of these objects are modules and classes that
live as long as the program, so the collector is told to pass them by; then it takes less than 5 ms.  And a thread that
computes is asked to let others go on after a millisecond instead of five.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable

SWITCH_S = 0.001
LOADING = "loading"


def shorten(load: Callable[[], None]) -> threading.Thread:
    """Call it when the window stands.  `load`: what is done meanwhile, in a thread, before a press has to wait."""
    sys.setswitchinterval(SWITCH_S)
    gc.freeze()
    loading = threading.Thread(target=_load, args=(load,), name=LOADING, daemon=True)
    loading.start()
    return loading


def loading() -> bool:
    """Whether that is still on: who needs what it loads would wait for it."""
    return any(thread.name == LOADING for thread in threading.enumerate())


def _load(load: Callable[[], None]) -> None:
    load()
    gc.freeze()
