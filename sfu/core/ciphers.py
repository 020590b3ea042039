"""What the core needs of SRTP, and no more: functions that work in place on two arenas.

Encryption is judgement's tool, not its subject: the core decides when a packet is opened or sealed and counts what
does not open; the forwarder brings libsrtp (`sfu/forwarder/srtp.py`).  A peer without keys has a plain `Cipher`, for
which nothing opens and nothing can be sealed, so "no keys, no media" needs no further rule.
"""

from __future__ import annotations

from collections.abc import Callable

from sfu.core.trays import Tray
from sfu.link.messages import SetKeys

FORGED = -1
"""It was not made with this peer's key, or is no SRTP at all."""
REPLAYED = -2
"""It came before, or is too old to tell.  Networks duplicate; this is nobody's fault."""

# Authentication tag, and for SRTCP the index behind it (RFC 3711, RFC 7714).
TRAILER = 16 + 4


class Cipher:
    """One peer's keys.  `at` and `size` name a packet in the arena; the answer is its new size, or a negative code.

    This one has no keys yet: nothing is authentic, and nothing may leave.  A subclass with keys overrides all this.
    """

    def unprotect(self, at: int, size: int) -> int:
        return FORGED

    def unprotect_rtcp(self, at: int, size: int) -> int:
        return FORGED

    def protect(self, at: int, size: int) -> int:
        return FORGED

    def defer(self, tray: Tray, at: int, size: int) -> int:
        """Notes what `protect` would do now, for whoever gets the tray; the size that the packet will have then.

        All packets of an SSRC go this way, or none does.
        """
        return FORGED

    def protect_rtcp(self, at: int, size: int) -> int:
        return FORGED

    def control_index(self, at: int, size: int) -> int:
        """The index that this SRTCP packet carries in the clear (RFC 3711 3.4); 0 if it is too short for one."""
        return 0

    def resume(self, ssrc: int, index: int, sending: bool) -> None:
        """This SSRC had come so far: rollover counter and sequence number of its highest packet."""


CipherMaker = Callable[[SetKeys, bytearray, bytearray], Cipher]
"""Makes the cipher of one peer for the arena of received and the arena of outgoing packets.

Raises PeerFault(BAD_SEQUENCE) for keys of a wrong length.
"""
