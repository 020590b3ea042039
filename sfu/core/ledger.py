"""Numbers that must outlive this process, in a small memory that is shared with the next one.

SRTP forgives no number used twice under one key: two packets with the same index give away both, and with GCM the
authentication key too.  A forwarder that is killed and started again gets the same keys from the host, so it must
know which numbers its predecessor may have used.  Writing down each would cost every packet; so numbers are reserved
by the block, written down before the first of them leaves, and whoever comes after begins behind the block.

SRTCP has an index of its own that the library keeps to itself.  Therefore all our RTCP is sealed under one SSRC that
no life before this one had (`life`); a new SSRC begins at index 0 and repeats nobody's.

Also written: how far each sender's numbers had come (their rollover counter is on no wire), which line and layer an
SSRC was (browsers say so only in their first packets), and the address that a peer had proven.  Keys are not here.

The memory is words of 64 bits; each is written at once, and a record's first word last, so that a process that dies
between two writes leaves a whole record or none.  Who opens the file, and when, is not decided here.
"""

from __future__ import annotations

import hashlib
import ipaddress
from enum import IntEnum
from typing import TYPE_CHECKING

from sfu.rtp.errors import ErrorCode, PeerFault

if TYPE_CHECKING:
    from sfu.core.flow import Address  # whose objects hold ours

# A reservation is written once for so many packets: seven seconds of the largest layer, ten of sound.  A restart
# skips what is left of it, and receivers take a gap of this size for loss that only a key frame mends.
BLOCK = 512

_WORDS = 8
"""One record: head, transport, index, numbers, time, address (two words), port.  The first holds the magic
number, the count of lives and the number of places that were ever used."""
_MAGIC = 0x5041_524C_4559_0001  # "PARLEY", layout 1
_USED = 1 << 63
# A hundred people with thirteen slots, their retransmissions and what they send; ten times over.
RECORDS = 1 << 15
SIZE = (1 + RECORDS) * _WORDS * 8
_HEAD, _OWNER, _INDEX, _NUMBERS, _TIME, _ADDRESS, _PORT = 0, 1, 2, 3, 4, 5, 7
_MICRO = 1_000_000


class Kind(IntEnum):
    SENDING = 1
    RECEIVING = 2
    REPAIR = 3
    """Retransmissions that come in."""
    CONTROL = 4
    """SRTCP that comes in, by the SSRC of its sender."""
    ADDRESS = 5
    TRANSPORT = 6
    """The transport-wide number that goes out (one count for all of a peer's slots)."""


class Record:
    """One number and what belongs to it.  Values are 64 bits, unsigned."""

    __slots__ = ("_words", "at", "ssrc")

    def __init__(self, words: memoryview[int], at: int, ssrc: int) -> None:
        self._words = words
        self.at = at
        self.ssrc = ssrc

    @property
    def index(self) -> int:
        return self._words[self.at + _INDEX]

    @index.setter
    def index(self, value: int) -> None:
        self._words[self.at + _INDEX] = value

    @property
    def numbers(self) -> int:
        return self._words[self.at + _NUMBERS]

    @numbers.setter
    def numbers(self, value: int) -> None:
        self._words[self.at + _NUMBERS] = value

    @property
    def time(self) -> float:
        """Seconds on the machine's monotonic clock, which goes on when a process dies."""
        return self._words[self.at + _TIME] / _MICRO

    @time.setter
    def time(self, value: float) -> None:
        self._words[self.at + _TIME] = int(value * _MICRO)

    @property
    def address(self) -> Address | None:
        port = self._words[self.at + _PORT]
        if not port:
            return None
        packed = b"".join(self._words[self.at + at].to_bytes(8, "big") for at in (_ADDRESS, _ADDRESS + 1))
        host = ipaddress.IPv6Address(packed)
        if port >> 63:
            return str(ipaddress.IPv4Address(packed[12:])), port & 0xFFFF
        return str(host), port & 0xFFFF, 0, port >> 16 & 0xFFFF_FFFF

    @address.setter
    def address(self, value: Address) -> None:
        """The port is written last and cleared first: half an address is none."""
        host = ipaddress.ip_address(value[0].partition("%")[0])
        packed = host.packed.rjust(16, b"\0")
        self._words[self.at + _PORT] = 0
        self._words[self.at + _ADDRESS] = int.from_bytes(packed[:8], "big")
        self._words[self.at + _ADDRESS + 1] = int.from_bytes(packed[8:], "big")
        scope = value[3] if len(value) == 4 else 0
        self._words[self.at + _PORT] = value[1] | scope << 16 | (host.version == 4) << 63


class Ledger:
    """All records; `life` is how many forwarders have opened this memory, this one included."""

    def __init__(self, memory: bytearray | memoryview[int]) -> None:
        """`memory`: SIZE bytes, all zero at first, that outlive the process."""
        self._words: memoryview[int] = memoryview(memory).cast("B").cast("Q")
        if self._words[0] != _MAGIC:
            self._words[1] = self._words[2] = 0
            self._words[0] = _MAGIC
        self._words[1] += 1
        self.life: int = self._words[1]
        self._accounts: dict[int, Account] = {}
        self._unclaimed: set[int] = set()
        self._free: list[int] = []
        for place in range(self._words[2]):
            self._read((1 + place) * _WORDS)

    def __len__(self) -> int:
        return self._words[2] - len(self._free)

    def of(self, transport: str) -> Account:
        """The records of one transport, by its ufrag: a peer that negotiates anew has new keys and a new account."""
        owner = int.from_bytes(hashlib.blake2b(transport.encode(), digest_size=8).digest(), "big")
        self._unclaimed.discard(owner)
        return self._account(owner)

    def forget_unclaimed(self) -> None:
        """Whoever was not asked for by now left while nobody was here to see it."""
        for owner in self._unclaimed:
            self._accounts[owner].close()
        self._unclaimed.clear()

    def take(self, owner: int, kind: Kind, ssrc: int) -> Record:
        """Raises PeerFault(TOO_MANY) when the memory is full."""
        at = self._free.pop() if self._free else self._grow()
        self._words[at + _OWNER] = owner
        for word in range(_INDEX, _WORDS):
            self._words[at + word] = 0
        self._words[at + _HEAD] = _USED | kind << 32 | ssrc
        return Record(self._words, at, ssrc)

    def _grow(self) -> int:
        """The place of a record that was never used."""
        used = self._words[2]
        if used >= RECORDS:
            raise PeerFault(ErrorCode.TOO_MANY, "This host carries more media streams than it can keep count of.")
        self._words[2] = used + 1
        return (1 + used) * _WORDS

    def give_back(self, record: Record) -> None:
        self._words[record.at + _HEAD] = 0
        self._free.append(record.at)

    def closed(self, owner: int) -> None:
        self._accounts.pop(owner, None)

    def _account(self, owner: int) -> Account:
        account = self._accounts.get(owner)
        if account is None:
            account = self._accounts[owner] = Account(self, owner)
        return account

    def _read(self, at: int) -> None:
        head = self._words[at]
        if not head & _USED:
            self._free.append(at)
            return
        owner = self._words[at + _OWNER]
        self._unclaimed.add(owner)
        record = Record(self._words, at, head & 0xFFFF_FFFF)
        self._account(owner).found[Kind(head >> 32 & 0xFF), record.ssrc] = record


class Account:
    """One transport's records."""

    def __init__(self, ledger: Ledger, owner: int) -> None:
        self.found: dict[tuple[Kind, int], Record] = {}
        self._ledger = ledger
        self._owner = owner

    def known(self, kind: Kind) -> list[Record]:
        """What is written down, perhaps by an earlier life."""
        return [record for (what, _), record in self.found.items() if what is kind]

    def record(self, kind: Kind, ssrc: int = 0) -> Record:
        """Raises PeerFault(TOO_MANY) when the memory is full."""
        record = self.found.get((kind, ssrc))
        if record is None:
            record = self.found[kind, ssrc] = self._ledger.take(self._owner, kind, ssrc)
        return record

    def has(self, kind: Kind, ssrc: int = 0) -> bool:
        return (kind, ssrc) in self.found

    def drop(self, kind: Kind, ssrc: int) -> None:
        record = self.found.pop((kind, ssrc), None)
        if record is not None:
            self._ledger.give_back(record)

    def close(self) -> None:
        """The transport is gone, and its keys with it."""
        for kind, ssrc in list(self.found):
            self.drop(kind, ssrc)
        self._ledger.closed(self._owner)


class Sending:
    """One outgoing SSRC: no number beyond `limit` may leave before `reserve` has written that it may."""

    __slots__ = ("record", "resumed")

    def __init__(self, account: Account, ssrc: int, first: int) -> None:
        """`first`: the last number before any that is used, where nothing was written yet."""
        self.resumed = account.has(Kind.SENDING, ssrc)
        self.record = account.record(Kind.SENDING, ssrc)
        if not self.resumed:
            self.record.index = first

    @property
    def limit(self) -> int:
        """The last sequence number that is written down."""
        return self.record.index & 0xFFFF

    def reserve(self, sequence: int) -> int:
        """Writes down a block that ends BLOCK after `sequence`; its last sequence number."""
        limit = self.record.index
        ahead = (sequence - limit + 0x8000 & 0xFFFF) - 0x8000
        self.record.index = max(limit, limit + ahead + BLOCK)
        return self.limit


class Receiving:
    """One incoming SSRC: its highest index."""

    __slots__ = ("record",)

    def __init__(self, account: Account, kind: Kind, ssrc: int) -> None:
        self.record = account.record(kind, ssrc)

    def heard(self, sequence: int) -> None:
        """The highest sequence number of now.  The first is of circle 0, as SRTP has it (RFC 3711 3.3.1)."""
        index = self.record.index
        ahead = (sequence - index + 0x8000 & 0xFFFF) - 0x8000 if index else sequence
        if ahead > 0:
            self.record.index = index + ahead
