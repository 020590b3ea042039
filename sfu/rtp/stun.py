"""STUN messages (RFC 8489) as ICE uses them (RFC 8445): binding requests in, responses out.

An ICE-lite host only answers.  Message integrity is the only thing that tells a participant from a passer-by, so
it is checked on the raw bytes, in constant time.  Who may call with which password is not decided here.
"""

from __future__ import annotations

import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum

from sfu.rtp.errors import malformed
from sfu.rtp.packet import Buffer

BINDING = 0x001

_COOKIE = 0x2112A442
_COOKIE_BYTES = _COOKIE.to_bytes(4, "big")
_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_FINGERPRINT_XOR = 0x5354554E
# A browser's check carries eight.  More is somebody trying how much work we do before the password is looked at.
_MAX_ATTRIBUTES = 32
_MAX_SIZE = 1500


class Class(IntEnum):
    REQUEST = 0
    INDICATION = 1
    SUCCESS = 2
    ERROR = 3


class Attribute(IntEnum):
    MAPPED_ADDRESS = 0x0001
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    UNKNOWN_ATTRIBUTES = 0x000A
    XOR_MAPPED_ADDRESS = 0x0020
    PRIORITY = 0x0024
    USE_CANDIDATE = 0x0025
    FINGERPRINT = 0x8028
    ICE_CONTROLLED = 0x8029
    ICE_CONTROLLING = 0x802A


@dataclass(frozen=True, slots=True)
class Message:
    """One STUN message.  Of repeated attributes the first counts; what follows MESSAGE-INTEGRITY is not in it."""

    kind: Class
    method: int
    transaction: bytes
    attributes: dict[int, bytes]

    @classmethod
    def parse(cls, data: Buffer) -> Message:
        """Raises PeerFault for anything that is not one whole STUN message with a right FINGERPRINT, if any."""
        data = bytes(data)
        if not 20 <= len(data) <= _MAX_SIZE:
            raise malformed("A STUN message had an impossible size.")
        head, length, cookie, transaction = _HEADER.unpack_from(data)
        if head >> 14 or cookie != _COOKIE or length % 4 or length != len(data) - 20:
            raise malformed("A STUN message had a wrong header.")
        attributes: dict[int, bytes] = {}
        sealed = False
        for at, key, value in _walk(data):
            if key == Attribute.FINGERPRINT:
                _check_fingerprint(data, at, value)
            elif not sealed:
                attributes.setdefault(key, value)
            sealed = sealed or key == Attribute.MESSAGE_INTEGRITY
        kind = Class((head >> 7 & 2) | (head >> 4 & 1))
        method = (head >> 2 & 0xF80) | (head >> 1 & 0x70) | (head & 0xF)
        return cls(kind, method, transaction, attributes)

    @property
    def is_binding_request(self) -> bool:
        return self.kind is Class.REQUEST and self.method == BINDING

    @property
    def username(self) -> tuple[str, str] | None:
        """The two ufrags of an ICE check, the receiver's first; None where they are missing."""
        try:
            local, separator, remote = self.attributes[Attribute.USERNAME].decode("ascii").partition(":")
        except (KeyError, UnicodeDecodeError):
            return None
        return (local, remote) if separator else None

    @property
    def priority(self) -> int | None:
        return self._number(Attribute.PRIORITY, 4)

    @property
    def use_candidate(self) -> bool:
        return Attribute.USE_CANDIDATE in self.attributes

    @property
    def ice_controlling(self) -> int | None:
        """The tie-breaker of an agent that believes it is in control."""
        return self._number(Attribute.ICE_CONTROLLING, 8)

    @property
    def ice_controlled(self) -> int | None:
        return self._number(Attribute.ICE_CONTROLLED, 8)

    @property
    def error(self) -> int | None:
        """The error code, 300 to 699."""
        value = self.attributes.get(Attribute.ERROR_CODE, b"")
        return (value[2] & 7) * 100 + value[3] if len(value) >= 4 else None

    @property
    def mapped_address(self) -> tuple[str, int] | None:
        """XOR-MAPPED-ADDRESS, un-xored."""
        value = self.attributes.get(Attribute.XOR_MAPPED_ADDRESS, b"")
        if len(value) not in (8, 20) or value[1] != (1 if len(value) == 8 else 2):
            return None
        port = int.from_bytes(value[2:4], "big") ^ _COOKIE >> 16
        return str(ipaddress.ip_address(_xor(value[4:], self.transaction))), port

    @property
    def unknown(self) -> list[int]:
        """Attributes we must understand and do not: the answer is error 420."""
        return [key for key in self.attributes if key < 0x8000 and key not in _KNOWN]

    def _number(self, key: Attribute, size: int) -> int | None:
        value = self.attributes.get(key, b"")
        return int.from_bytes(value, "big") if len(value) == size else None


_KNOWN = frozenset(int(attribute) for attribute in Attribute)


def check_integrity(raw: Buffer, key: bytes) -> bool:
    """Whether `raw`, which `Message.parse` accepted, carries a MESSAGE-INTEGRITY made with `key` (the ICE password)."""
    raw = bytes(raw)
    for at, attribute, value in _walk(raw):
        if attribute == Attribute.MESSAGE_INTEGRITY:
            return hmac.compare_digest(value, _integrity(raw[:at], key))
    return False


def serialize(message: Message, key: bytes | None) -> bytes:
    """The message with FINGERPRINT, and with MESSAGE-INTEGRITY where there is a key."""
    body = bytearray()
    for attribute, value in message.attributes.items():
        body += _ATTRIBUTE.pack(attribute, len(value)) + value + bytes(-len(value) % 4)
    method = message.method
    head = (method & 0xF80) << 2 | (method & 0x70) << 1 | method & 0xF
    head |= (message.kind & 2) << 7 | (message.kind & 1) << 4
    data = _HEADER.pack(head, len(body), _COOKIE, message.transaction) + body
    if key is not None:
        data = _append(data, Attribute.MESSAGE_INTEGRITY, _integrity(data, key))
    return _append(data, Attribute.FINGERPRINT, _fingerprint(data))


def binding_success(request: Message, address: tuple[str, int], key: bytes) -> bytes:
    """The answer to a good check: `address` (host, port) is where it came from.

    An IPv4 peer on a dual-stack socket is told its IPv4 address, not the mapped form that only our kernel knows.
    """
    host = ipaddress.ip_address(address[0])
    if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
        host = host.ipv4_mapped
    port = address[1] ^ _COOKIE >> 16
    mapped = struct.pack("!BBH", 0, 1 if host.version == 4 else 2, port) + _xor(host.packed, request.transaction)
    answer = Message(Class.SUCCESS, BINDING, request.transaction, {Attribute.XOR_MAPPED_ADDRESS: mapped})
    return serialize(answer, key)


def binding_error(request: Message, code: int, reason: str, key: bytes | None = None) -> bytes:
    """An error answer; 420 lists the attributes that were not understood."""
    error = struct.pack("!HBB", 0, code // 100, code % 100) + reason.encode()[:128]
    attributes: dict[int, bytes] = {Attribute.ERROR_CODE: error}
    if code == 420:
        attributes[Attribute.UNKNOWN_ATTRIBUTES] = struct.pack(f"!{len(request.unknown)}H", *request.unknown)
    return serialize(Message(Class.ERROR, request.method, request.transaction, attributes), key)


def _walk(data: bytes) -> list[tuple[int, int, bytes]]:
    """Offset, type and value of every attribute."""
    found: list[tuple[int, int, bytes]] = []
    at, end = 20, len(data)
    while at < end:
        if at + 4 > end or len(found) == _MAX_ATTRIBUTES:
            raise malformed("A STUN message had too many attributes, or half a one.")
        key, size = _ATTRIBUTE.unpack_from(data, at)
        stop = at + 4 + size
        if stop > end:
            raise malformed("A STUN attribute was longer than its message.")
        found.append((at, key, data[at + 4 : stop]))
        at = stop + (-size % 4)
    return found


def _check_fingerprint(data: bytes, at: int, value: bytes) -> None:
    if at + 8 != len(data) or value != _fingerprint(data[:at]):
        raise malformed("A STUN message had a wrong fingerprint.")


def _with_length(data: bytes, extra: int) -> bytes:
    """The message as if `extra` bytes more followed: what integrity and fingerprint are computed over."""
    return data[:2] + struct.pack("!H", len(data) - 20 + extra) + data[4:]


def _integrity(before: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _with_length(before, 24), "sha1")


def _fingerprint(before: bytes) -> bytes:
    return struct.pack("!I", zlib.crc32(_with_length(before, 8)) ^ _FINGERPRINT_XOR)


def _append(data: bytes, attribute: Attribute, value: bytes) -> bytes:
    return _with_length(data, 4 + len(value)) + _ATTRIBUTE.pack(attribute, len(value)) + value


def _xor(address: bytes, transaction: bytes) -> bytes:
    mask = _COOKIE_BYTES + transaction
    return bytes(a ^ b for a, b in zip(address, mask, strict=False))
