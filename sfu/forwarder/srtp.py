# cython: wraparound=False
"""SRTP by libsrtp, in place on the core's arenas.

pylibsrtp's own `Session.protect` copies a packet twice and costs three times what the encryption does (measured:
1.35 µs against 0.50).  Its cffi binding is called directly instead, on the arena the packet already lies in.  C does
not check lengths, so every call does, before a pointer is formed.
"""

from __future__ import annotations

import struct
from array import array
from typing import Any

from pylibsrtp import Error, Policy, Session
from pylibsrtp._binding import ffi, lib

from sfu.core.ciphers import FORGED, REPLAYED, TRAILER, Cipher
from sfu.core.flow import VIDEO_PACKETS
from sfu.core.trays import PLACES, Tray
from sfu.link.messages import SetKeys
from sfu.rtp.errors import ErrorCode, PeerFault

try:
    import cython
except ImportError:  # nothing needs Cython to run
    import sfu.core.interpreted as cython

if not cython.compiled:
    from sfu.core.memory import crypt, get32

PROFILES: dict[str, tuple[int, int]] = {
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16 + 12),
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32 + 12),
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16 + 14),
}
"""Profile, and the length of key and salt together."""
TAGS = {"AEAD_AES_128_GCM": 16, "AEAD_AES_256_GCM": 16, "AES_CM_128_HMAC_SHA1_80": 10}
"""Bytes of the authentication tag."""

# A second of video may be out of order after a retransmission and must still be told from a replay.
WINDOW = 1024
# What is sealed is at most as late as a stream remembers; libsrtp moves the whole window for every packet.
SEALING_WINDOW = VIDEO_PACKETS
_REPLAY_FAIL, _REPLAY_OLD = 9, 10
_HEADER, _RTCP_HEADER, _RTCP_INDEX = 12, 8, 4
_SSRC, _RTCP_SSRC = 8, 4
_EMPTY_RTP = struct.Struct("!BBHII")
# Well below half the circle of sequence numbers, beyond which SRTP would take a leap ahead for one back.
_LEAP = 0x4000
# libsrtp finds an SSRC by looking at one after the other: with the two hundred of somebody who sees a hundred people,
# that was a quarter of all the forwarder did.  So a peer's SSRCs are shared out among so many sessions.
_SHARES = 32
# As C numbers in the compiled form, where names that other files import are Python's.
_PLACES, _FORGED, _REPLAYED = PLACES, FORGED, REPLAYED


class LibSrtp(Cipher):
    """One peer's keys, both ways.  Never seals the same index twice: libsrtp refuses (`allow_repeat_tx` is off)."""

    def __init__(self, keys: SetKeys, received: bytearray, outgoing: bytearray, late: bool = False) -> None:
        """`late`: others may seal (`defer`).  Raises PeerFault(BAD_SEQUENCE) for keys that do not fit their profile."""
        self._keys, self._whole = keys, received
        # CM puts its tag behind the index, GCM before it (RFC 3711 3.4, RFC 7714 9.2).
        self._behind_index = TAGS[keys.profile] if keys.profile == "AES_CM_128_HMAC_SHA1_80" else 0
        self._opening = _session(keys.profile, keys.receive_key, Policy.SSRC_ANY_INBOUND)
        self._open = _pointer(self._opening._srtp[0])
        self._sealing: list[Any] = [None] * _SHARES
        self._seals: Any = array("Q", bytes(8 * _SHARES)) if cython.compiled else [0] * _SHARES
        """Their contexts, as `_pointer` has them; 0: none yet."""
        self._share(0)
        # Contexts of what is deferred: nobody else may touch them while a tray is away.
        self._deferring: list[Any] = [None] * _SHARES
        self._places: list[Any] = [None] * _SHARES
        self._late, self._tag = late, TAGS[keys.profile]
        self._received, self._outgoing, self._leaving = _arena(received), _arena(outgoing), outgoing
        self._received_size, self._outgoing_size = len(received), len(outgoing)
        # libsrtp believes that a tag is there, and would count below zero.
        self._shortest = _HEADER + TAGS[keys.profile]
        self._shortest_rtcp = _RTCP_HEADER + TAGS[keys.profile] + _RTCP_INDEX
        self._length = None if cython.compiled else ffi.new("int *")
        self._unprotect, self._unprotect_rtcp = _function("srtp_unprotect"), _function("srtp_unprotect_rtcp")
        self._protect, self._protect_rtcp = _function("srtp_protect"), _function("srtp_protect_rtcp")

    def unprotect(self, at: int, size: int) -> int:
        if size < self._shortest or at < 0 or at + size > self._received_size:
            return _FORGED
        size = crypt(self._unprotect, self._open, self._received, at, size, self._length)
        return size if size >= 0 else _opened(-size)

    def unprotect_rtcp(self, at: int, size: int) -> int:
        if size < self._shortest_rtcp or at < 0 or at + size > self._received_size:
            return _FORGED
        size = crypt(self._unprotect_rtcp, self._open, self._received, at, size, self._length)
        return size if size >= 0 else _opened(-size)

    def protect(self, at: int, size: int) -> int:
        if size < _HEADER or at < 0 or at + size + TRAILER > self._outgoing_size:
            return _FORGED
        seal = self._seals[self._leaving[at + _SSRC + 3] >> 1 & _SHARES - 1]
        if not seal:
            seal = self._seal(get32(self._leaving, at + _SSRC))
        size = crypt(self._protect, seal, self._outgoing, at, size, self._length)
        return size if size >= 0 else _FORGED

    def defer(self, tray: Tray, at: int, size: int) -> int:
        if size < _HEADER or at < 0 or at + size + TRAILER > self._outgoing_size or tray.count >= _PLACES:
            return _FORGED
        ssrc = get32(self._leaving, at + _SSRC)
        place = self._places[ssrc >> 1 & _SHARES - 1]
        if place is None:
            self._share_late(ssrc)
            place = self._places[ssrc >> 1 & _SHARES - 1]
        tray.unsealed[2 * tray.count] = place
        tray.unsealed[2 * tray.count + 1] = at << 16 | size
        tray.count += 1
        return size + self._tag

    def protect_rtcp(self, at: int, size: int) -> int:
        if size < _RTCP_HEADER or at < 0 or at + size + TRAILER > self._outgoing_size:
            return _FORGED
        seal = self._seal(get32(self._leaving, at + _RTCP_SSRC))
        size = crypt(self._protect_rtcp, seal, self._outgoing, at, size, self._length)
        return size if size >= 0 else _FORGED

    def control_index(self, at: int, size: int) -> int:
        if size < self._shortest_rtcp or at < 0 or at + size > self._received_size:
            return 0
        end = at + size - self._behind_index
        return int.from_bytes(self._whole[end - _RTCP_INDEX : end], "big") & 0x7FFF_FFFF  # without the E bit

    def resume(self, ssrc: int, index: int, sending: bool) -> None:
        """libsrtp shows nobody its rollover counters; it follows packets that leap ahead, so it is given some.

        They are sealed here and thrown away: nothing that was sealed under these numbers and sent is repeated.
        """
        if not sending:
            sealing = _session(self._keys.profile, self._keys.receive_key, Policy.SSRC_ANY_OUTBOUND)
            for sealed in _steps(sealing, ssrc, index):
                self._opening.unprotect(sealed)
            return
        _steps(self._share(ssrc), ssrc, index)
        if self._late:  # whichever will seal it
            _steps(self._share_late(ssrc), ssrc, index)

    def _seal(self, ssrc: int) -> Any:
        """The context that seals what this SSRC sends: always the same, for it keeps the count."""
        seal = self._seals[ssrc >> 1 & _SHARES - 1]
        if not seal:
            self._share(ssrc)
            seal = self._seals[ssrc >> 1 & _SHARES - 1]
        return seal

    def _share(self, ssrc: int) -> Any:
        share = ssrc >> 1 & _SHARES - 1
        if self._sealing[share] is None:
            made = _session(self._keys.profile, self._keys.send_key, Policy.SSRC_ANY_OUTBOUND)
            self._sealing[share], self._seals[share] = made, _pointer(made._srtp[0])
        return self._sealing[share]

    def _share_late(self, ssrc: int) -> Any:
        share = ssrc >> 1 & _SHARES - 1
        if self._deferring[share] is None:
            made = _session(self._keys.profile, self._keys.send_key, Policy.SSRC_ANY_OUTBOUND)
            self._deferring[share], self._places[share] = made, int(ffi.cast("uintptr_t", made._srtp[0]))
        return self._deferring[share]


def sealing_function() -> int:
    """Where libsrtp's `srtp_protect` is: context, packet and its size in; zero out, or why not."""
    return int(ffi.cast("uintptr_t", ffi.addressof(lib, "srtp_protect")))


def _steps(session: Any, ssrc: int, index: int) -> list[bytes]:
    """Empty packets that lead a context up to this index."""
    steps = [*range(index % _LEAP, index, _LEAP), index]
    return [session.protect(_EMPTY_RTP.pack(0x80, 0, step & 0xFFFF, 0, ssrc)) for step in steps]


def _function(name: str) -> Any:
    """libsrtp's function of that name: as a number where C calls it, through cffi otherwise.

    The call through cffi costs 0.3 to 0.4 µs more, several times what all the rest of a forwarded packet does.
    """
    return int(ffi.cast("uintptr_t", ffi.addressof(lib, name))) if cython.compiled else getattr(lib, name)


def _pointer(context: Any) -> Any:
    return int(ffi.cast("uintptr_t", context)) if cython.compiled else context


def _arena(buffer: bytearray) -> Any:
    return buffer if cython.compiled else ffi.from_buffer("char[]", buffer)


def _opened(code: int) -> int:
    return _REPLAYED if code in (_REPLAY_FAIL, _REPLAY_OLD) else _FORGED


def _session(profile: str, key: bytes, direction: int) -> Any:
    number, length = PROFILES[profile]
    if len(key) != length:
        raise PeerFault(ErrorCode.BAD_SEQUENCE, f"The handshake gave a key of {len(key)} bytes where {length} are due.")
    try:
        policy = Policy(key=key, ssrc_type=direction, srtp_profile=number)
        policy.window_size = SEALING_WINDOW if direction == Policy.SSRC_ANY_OUTBOUND else WINDOW
        return Session(policy)
    except Error as error:
        raise PeerFault(ErrorCode.UNSUPPORTED, f"The encryption profile {profile} cannot be used: {error}.") from None
