"""Where packets lie until they leave, and what of them is still to be sealed.

Three quarters of what a forwarded packet costs are its encryption and its way into the kernel.  Where there are more
cores, others do both (`sfu/forwarder/sealing.py`): packets for their subscribers are laid out here, with the keys that
each is to be sealed with, and a tray that is handed over is not touched again until it comes back.  All decisions,
numbers and records are made before.

Only pictures that are repeated on another SSRC are sealed late.  SRTP counts by SSRC, so whoever seals one must seal
all of it, and sound is kept as it was sent.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfu.core.ciphers import Cipher
    from sfu.core.outbox import Run

ARENA = 1 << 18
"""Bytes after which a tray leaves."""
# Three ways in, each of which brings 64 packets of 2 KB a wake-up, and more is made of them where they repeat others.
ROOM = 1 << 20
"""Bytes that there are: what comes in before something leaves, for one subscriber."""
# A header, one byte and the shortest tag.
_LEAST = 12 + 1 + 10
PLACES = ARENA // _LEAST + 1
"""So many packets are sealed late at most."""
_ARENA = ARENA


class Tray:
    """A part of the outgoing arena, filled from its beginning."""

    def __init__(self, begin: int, late: bool) -> None:
        """`late`: what may be, is sealed by whoever the tray is handed to."""
        self.begin = self.used = begin
        self.runs: list[Run] = []
        self.late = late
        self.unsealed: array[int] = array("Q", bytes(16 * PLACES if late else 16))
        """Of each packet the keys, as the address of their context, and its offset << 16 | size."""
        self.count = 0
        """How many packets are unsealed."""
        self.ciphers: list[Cipher] = []
        """Whose keys these are: they live until the tray comes back, even if their peer has left."""

    def takes(self, size: int) -> bool:
        """Whether so much more for one subscriber is laid out here, or has to wait: never when nothing is here."""
        return self.used == self.begin or self.used + size <= self.begin + _ARENA

    def clear(self) -> None:
        """Everything has left."""
        self.used = self.begin
        self.count = 0
        self.runs.clear()
        self.ciphers.clear()
