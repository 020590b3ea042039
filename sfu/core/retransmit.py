"""Answers to NACKs: the same bytes again, but not without end.

A subscriber that lost a packet asks for it by the number it knows, the slot's.  The slot's record says which packet
of which numbers that was, the stream still has the payload, and the answer goes out on the retransmission SSRC with
its own sequence (RFC 4588), so nothing is ever encrypted twice under one index.  A slot without that SSRC (sound)
sends the very datagram again.

One NACK can name thousands of packets and is cheap to send, so a packet is repeated at most eight times, not while the
last repetition may still be under way, and a slot answers only so many a second.  What cannot be answered is not an
error: the subscriber will ask for a key frame.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterable

from sfu.core.flow import AUDIO_PACKETS, SENT_PACKETS, Packet, Slot
from sfu.core.limits import Allowance
from sfu.core.outbox import Outbox
from sfu.core.resuming import next_repeat
from sfu.core.rewriting import (
    RECORDED,
    numbers,
    offset_for,
    record_at,
    rewrite_vp8,
    source_sequence,
    write_vp8,
)

# Of a round trip.  Who asks again after a whole one is not to be told to wait for a moment and ask after two.
REPEAT_AFTER = 0.75
LEAST_REPEAT_AFTER = 0.02
# At a tenth lost one packet in a thousand is lost three times more; a picture then stands until a key frame comes.
MAX_ANSWERS = 8
# A tenth of a 1.5 Mbps stream, twice over, and one lost burst.
ANSWERS_PER_S, ANSWERS_BURST = 400.0, 200.0
# Entries remembered a slot; older ones may be answered again, within the allowance.
MEMORY = 512

_FIXED = struct.Struct("!BBHII")


class Answers:
    """What one slot has answered lately."""

    __slots__ = ("_allowance", "_given", "round_trip")

    def __init__(self) -> None:
        self.round_trip = 0.1
        """To who asks, in seconds; set it whenever it is measured anew."""
        self._given: OrderedDict[int, tuple[int, float]] = OrderedDict()
        self._allowance = Allowance(ANSWERS_PER_S, ANSWERS_BURST)

    def answer(self, slot: Slot, lost: Iterable[int], outbox: Outbox, now: float) -> None:
        """Queues what may be repeated of `lost` (the slot's sequence numbers)."""
        patience = max(self.round_trip * REPEAT_AFTER, LEAST_REPEAT_AFTER)
        for sequence in lost:
            slot.nacked += 1
            times, last = self._given.get(sequence, (0, float("-inf")))
            if (times >= MAX_ANSWERS and now - last < 10) or now - last < patience:
                continue
            if not self._allowance.take(now):
                return
            if _repeat(slot, sequence, outbox, now):
                slot.resent += 1
                self._remember(sequence, times % MAX_ANSWERS + 1, now)

    def pass_on(self, slot: Slot, wanted: int, outbox: Outbox, now: float) -> None:
        """Queues what has only just come as `wanted` (the source's number): who asked for it has its answer."""
        offset = offset_for(slot, wanted)
        sequence = wanted + offset & 0xFFFF
        if offset >= 0 and _repeat(slot, sequence, outbox, now):
            self._remember(sequence, 0, now)

    def _remember(self, sequence: int, times: int, now: float) -> None:
        """It left as an answer, the `times`th of late."""
        self._given[sequence] = times, now
        self._given.move_to_end(sequence)
        if len(self._given) > MEMORY:
            self._given.popitem(last=False)


def _repeat(slot: Slot, sequence: int, outbox: Outbox, now: float) -> bool:
    if slot.exact:
        return _repeat_exactly(slot, sequence, outbox)
    again = repetition(slot, sequence, now)
    if again is None:
        return False
    outbox.rtp(slot.outbound, again)
    return True


def repetition(slot: Slot, sequence: int, now: float) -> bytes | None:
    """What was sent as `sequence`, on the retransmission SSRC; None where it is gone, or cannot be repeated."""
    found = _find(slot, sequence)
    if found is None or slot.rtx_payload_type < 0:
        return None
    header = _header(slot, found[0], found[0].size, now)
    return _wrap(header, sequence, *found)


def padding(slot: Slot, size: int, now: float) -> bytes:
    """`size` (1 to 255) bytes of nothing on the retransmission SSRC, where no replay window of media is moved."""
    header = _header(slot, None, size, now)
    header[0] |= 0x20
    return bytes(header) + bytes(size - 1) + bytes((size,))


def _repeat_exactly(slot: Slot, sequence: int, outbox: Outbox) -> bool:
    datagram = slot.exact[sequence & (AUDIO_PACKETS - 1)]
    if datagram is None or datagram[2] << 8 | datagram[3] != sequence or slot.outbound.address is None:
        return False
    outbox.answer(slot.outbound.address, datagram)
    return True


def _find(slot: Slot, sequence: int) -> tuple[Packet, int] | None:
    """The packet that was sent as `sequence`, or that would have been, had it not come before its key frame's start."""
    stream = slot.stream
    if stream is None:
        return None
    record = record_at(slot, sequence)
    wanted = source_sequence(record) if record else sequence - slot.sequence_offset & 0xFFFF
    packet = stream.recent[wanted & stream.mask]
    if packet is None or packet.sequence != wanted or not packet.size:
        return None
    if not record:
        if offset_for(slot, wanted) != slot.sequence_offset:
            return None
        record = RECORDED | rewrite_vp8(bytearray(packet.payload), 0, packet, slot)
    return packet, record


def _header(slot: Slot, packet: Packet | None, size: int, now: float) -> bytearray:
    """The next header on the retransmission SSRC, for a packet or for padding of so many bytes."""
    header = bytearray(slot.header)
    repeat = next_repeat(slot)
    timestamp, marker = slot.last_timestamp, 0
    if packet is not None:
        timestamp, marker = packet.timestamp + slot.timestamp_offset & 0xFFFF_FFFF, packet.marker
    second = marker | slot.rtx_payload_type
    _FIXED.pack_into(header, 0, header[0], second, repeat, timestamp, slot.rtx_ssrc)
    if slot.transport_at:
        _number(header, slot, size + len(header), now)
    return header


def _wrap(header: bytearray, sequence: int, packet: Packet, record: int) -> bytes:
    """RFC 4588: the original sequence number before the payload."""
    payload = bytearray(packet.payload)
    if packet.numbered:
        write_vp8(payload, 0, packet, *numbers(record))
    return bytes(header) + sequence.to_bytes(2, "big") + bytes(payload)


def _number(header: bytearray, slot: Slot, size: int, now: float) -> None:
    """Transport-wide numbers count everything that leaves for this peer, repetitions too."""
    outbound, at = slot.outbound, slot.transport_at
    number = outbound.transport_sequence = outbound.transport_sequence + 1 & 0xFFFF
    header[at : at + 2] = number.to_bytes(2, "big")
    outbound.sent_at[number & SENT_PACKETS - 1] = now
    outbound.sent_size[number & SENT_PACKETS - 1] = number << 16 | size
