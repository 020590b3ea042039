"""A peer's numbers, written down and taken up again: what `ledger` holds, put into slots, streams and ciphers.

Fresh or resumed, every peer comes through here; in a fresh one there is simply nothing written yet.  A resumed slot
goes on behind the last block that was reserved: its timestamps follow the clock, its picture ids jump by as many as
there may have been pictures, and the first thing that flows is a key frame, so a receiver sees a loss like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from sfu.core.ciphers import Cipher
from sfu.core.flow import SLOT_RECORDS, Outbound, Packet, Slot, Stream
from sfu.core.ledger import BLOCK, Account, Kind, Receiving, Sending
from sfu.core.rewriting import RECORDED, record_at

# A client reports from each SSRC it sends with, and one more; beyond that it is filling our memory.
MAX_CONTROLS = 64
# The written number is as old as the last block of any slot, so a life may have come some thousands further; half the
# circle is 32,768.  No multiple of SENT_PACKETS: what is reported of the old life must not be taken for the new.
LEAP = 18_432
_PICTURES = 0x7FFF << 32
_RECORD_NUMBERS = ((1 << 60) - 1) & ~0xFFFF_FFFF
"""Picture id, TL0PICIDX and KEYIDX, as `rewriting` lays out a record; a timestamp takes the half below them."""


def number_transport(outbound: Outbound, account: Account) -> None:
    """Transport-wide numbers go on well ahead of those of an earlier life, never behind them.

    A browser that has seen number 1,500 reports whatever lies below as missing until it comes, and an estimate that
    believes in such losses sends no pictures for as long.
    """
    resumed = account.has(Kind.TRANSPORT)
    outbound.numbering = account.record(Kind.TRANSPORT)
    if resumed:
        outbound.transport_sequence = outbound.numbering.index + LEAP & 0xFFFF
        outbound.numbering.index = outbound.transport_sequence


def number_slot(slot: Slot, account: Account) -> None:
    """Gives the slot its counters; where an earlier life wrote some down, it goes on behind them."""
    slot.sending = Sending(account, slot.ssrc, slot.last_sequence)
    slot.last_sequence = slot.limit = slot.sending.limit
    if slot.rtx_ssrc >= 0:
        slot.repeating = Sending(account, slot.rtx_ssrc, slot.rtx_sequence)
        slot.rtx_sequence = slot.rtx_limit = slot.repeating.limit
    record = slot.sending.record
    if slot.sending.resumed and record.time:
        slot.last_sent, slot.last_timestamp = record.time, record.numbers & 0xFFFF_FFFF
        numbers = record.numbers & _RECORD_NUMBERS
        numbers = numbers & ~_PICTURES | numbers + (BLOCK << 32) & _PICTURES
        slot.records[slot.last_sequence & (SLOT_RECORDS - 1)] = RECORDED | slot.last_sequence | numbers


def reserve(slot: Slot, sequence: int, now: float) -> None:
    """Before the first number of a new block leaves.  Runs once in BLOCK packets."""
    if slot.outbound.numbering is not None:
        slot.outbound.numbering.index = slot.outbound.transport_sequence
    if slot.sending is not None:
        record = slot.sending.record
        record.numbers = slot.last_timestamp | record_at(slot, slot.last_sequence) & _RECORD_NUMBERS
        record.time = slot.last_sent or now
        slot.limit = slot.sending.reserve(sequence)


def next_repeat(slot: Slot) -> int:
    """The next sequence number of the slot's retransmissions (RFC 4588)."""
    slot.rtx_sequence = slot.rtx_sequence + 1 & 0xFFFF
    if slot.rtx_limit - slot.rtx_sequence & 0xFFFF >= 0x8000 and slot.repeating is not None:
        slot.rtx_limit = slot.repeating.reserve(slot.rtx_sequence)
    return slot.rtx_sequence


def describe(stream: Stream, line: int, layer: int, account: Account) -> None:
    """Which line and layer an SSRC is: browsers say so only until they know that we know."""
    stream.receiving = Receiving(account, Kind.RECEIVING, stream.ssrc)
    stream.receiving.record.numbers = line | layer << 8 | stream.payload_type << 16
    if stream.rtx_ssrc >= 0:
        stream.receiving.record.numbers |= stream.rtx_ssrc << 32
        stream.repairing = Receiving(account, Kind.REPAIR, stream.rtx_ssrc)


def note_number(stream: Stream, ssrc: int, sequence: int) -> None:
    """A packet that opened and is looked at no further; its stream's numbers wrap all the same."""
    counter = stream.repairing if ssrc == stream.rtx_ssrc else stream.receiving
    if counter is not None:
        counter.heard(sequence)


def described(numbers: int) -> tuple[int, int, int, int]:
    """Line, layer, payload type, and SSRC of retransmissions (0: none), as `describe` wrote them."""
    return numbers & 0xFF, numbers >> 8 & 0xFF, numbers >> 16 & 0xFF, numbers >> 32


def take_up(stream: Stream, now: float) -> None:
    """What the last life had received is not taken again: who replays it finds it there already."""
    if stream.receiving is None or not stream.receiving.record.index:
        return
    highest = stream.receiving.record.index & 0xFFFF
    stream.highest = highest
    for sequence in range(highest - stream.mask, highest + 1):
        stream.recent[sequence & stream.mask] = Packet(sequence & 0xFFFF, 0, 0, b"", now)
    stream.nacks.feed(highest, now)


def resume_cipher(cipher: Cipher, slots: Iterable[Slot], account: Account) -> None:
    """Old keys, old numbers: how far they had come, of which only the lower half is on the wire."""
    for slot in slots:
        for sending in (slot.sending, slot.repeating):
            if sending is not None and sending.resumed:
                cipher.resume(sending.record.ssrc, sending.record.index, sending=True)
    for kind in (Kind.RECEIVING, Kind.REPAIR):
        for record in account.known(kind):
            if record.index:
                cipher.resume(record.ssrc, record.index, sending=False)


class Controls:
    """SRTCP that came in, by the SSRC of its sender: what a listener of the last life sends again is not heard."""

    def __init__(self, account: Account) -> None:
        self._account = account
        known = account.known(Kind.CONTROL)
        self._floors = {record.ssrc: record.index for record in known if record.index}
        self._records = {record.ssrc: record for record in known}

    def take(self, ssrc: int, index: int) -> bool:
        """Whether this packet, which opened, is of now; within one life the cipher's own window tells replays."""
        if index <= self._floors.get(ssrc, -1):
            return False
        record = self._records.get(ssrc)
        if record is None and len(self._records) < MAX_CONTROLS:
            record = self._records[ssrc] = self._account.record(Kind.CONTROL, ssrc)
        if record is not None and index > record.index:
            record.index = index
        return True
