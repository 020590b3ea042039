"""Numbers that wrap.

RTP sequence numbers have 16 bits and wrap every minute or so of video; timestamps have 32.  Comparing them as
plain integers works until the first wrap, in the middle of somebody's meeting.  Everything in Parley that
compares such numbers does it through this module.  Nothing here knows packets or time.
"""

from __future__ import annotations

_HALF = 0x8000
_MASK = 0xFFFF


def distance(a: int, b: int) -> int:
    """How far `a` is ahead of `b`, in -32768..32767 (16-bit arithmetic, RFC 3550 A.1)."""
    return ((a - b + _HALF) & _MASK) - _HALF


def newer(a: int, b: int) -> bool:
    """Whether sequence number `a` comes after `b`.  Exactly half a circle apart, neither does."""
    return 0 < (a - b) & _MASK < _HALF


class Unwrapper:
    """Turns wrapping numbers into ones that only grow, as long as neighbours are less than half a circle apart.

    The first number stands for itself, so one that comes late, from before the first wrap, may be negative;
    `unwrapped & mask` is always the number on the wire.
    """

    __slots__ = ("_begun", "_half", "_last", "_mask")

    def __init__(self, bits: int = 16) -> None:
        self._half = 1 << (bits - 1)
        self._mask = (1 << bits) - 1
        self._begun = False
        self._last = 0

    def unwrap(self, value: int) -> int:
        if not self._begun:
            self._begun = True
            self._last = value
            return value
        unwrapped = self._last + ((value - self._last + self._half) & self._mask) - self._half
        if unwrapped > self._last:  # late ones do not drag the reference back
            self._last = unwrapped
        return unwrapped
