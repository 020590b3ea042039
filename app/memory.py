"""How much of the system's memory the C library keeps for threads that have ended.

glibc gives threads arenas of their own, up to eight for each core, and what a thread frees stays in its arena.  Every
meeting has decoders and encoders on threads of its own, so that arena after arena fills with holes: forty joins and
leaves grew the window by 80 MB of which not a byte was in use, and no garbage collector knew of it.  Two arenas are
used again and again: it stands still after the third join (measured; each thread's small pieces come from a cache of
its own, so decoding is as fast).  Nothing is done where the C library is another.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""malloc.h; `mallopt(3)`."""
ARENAS = 2


def bound() -> bool:
    """Before threads are started; whether this C library was told.  Idempotent."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and no arenas either
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, ARENAS))
