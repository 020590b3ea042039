# cython: wraparound=False
"""What a slot changes in a packet, so that its receiver sees one stream whatever flows into it.

A decoder that is shown Ana and then Ben on the same SSRC must find sequence numbers, timestamps and VP8 picture ids
that go on where they were (RFC 7741 4.2), or it stops.  A switch sets offsets, every packet gets them added, and a
record of what was made of it is kept so that a retransmission carries the same bytes.  A packet from before the
switch has no place in the new numbering and is dropped; a padding packet is not forwarded, so the numbers after it
move up by one, while those before it keep their place.

When to switch, and to what, is not decided here.
"""

from __future__ import annotations

from array import array

from sfu.core.flow import AUDIO_RATE, SLOT_RECORDS, VIDEO_RATE, Packet, Slot, Stream

# A record, in 63 bits: sent sequence, source sequence, picture id, TL0PICIDX, KEYIDX, and a bit that says it is one.
RECORDED = 1 << 62
_SOURCE, _PICTURE, _TL0, _KEY = 16, 32, 47, 55

# The least a timestamp moves across a switch: one frame at 30 a second, one Opus packet.
_LEAST_TICKS = {True: VIDEO_RATE // 30, False: AUDIO_RATE // 50}
# Layers differ in age by their encoding and their way here, never by this much.
_BELIEVED_S = 0.25
_BLANK = array("q", bytes(8 * SLOT_RECORDS))
_RECORD_MASK = SLOT_RECORDS - 1
_HALF = 0x8000
FAR = 0x4000
"""So far after `slot.first` a sequence number is certainly later, and needs no look at what was before."""
# Padding comes in bursts of probes; a packet that is late by more of them than this is not worth a place.
_MAX_OLDER = 16


def record_at(slot: Slot, sequence: int) -> int:
    """The record of what was sent as `sequence`; 0: nothing was, or too long ago."""
    record = slot.records[sequence & _RECORD_MASK]
    return record if record and record & 0xFFFF == sequence else 0


def source_sequence(record: int) -> int:
    return record >> _SOURCE & 0xFFFF


def numbers(record: int) -> tuple[int, int, int]:
    """Picture id, TL0PICIDX and KEYIDX as they were sent."""
    return record >> _PICTURE & 0x7FFF, record >> _TL0 & 0xFF, record >> _KEY & 0x1F


def begin(slot: Slot, stream: Stream, packet: Packet, now: float) -> None:
    """From this packet on the slot carries this stream; its numbers go on where the last stream's ended."""
    before = slot.stream
    if before is not None and slot in before.slots:
        before.slots.remove(slot)
    slot.stream, slot.target = stream, None
    slot.outbound.begun.append(slot)
    slot.payload_type, slot.rtx_payload_type = slot.types[stream.h264]
    picture, tl0, key = numbers(record_at(slot, slot.last_sequence))
    slot.picture_id_offset = picture + 1 - packet.picture_id & 0x7FFF
    slot.tl0_offset = tl0 + 1 - packet.tl0 & 0xFF
    slot.keyidx_offset = key + 1 - packet.keyidx & 0x1F
    ticks = _ticks(slot, before, stream, packet, now) if slot.last_sent else 0
    slot.timestamp_offset = slot.last_timestamp + ticks - packet.timestamp & 0xFFFF_FFFF
    slot.sequence_offset = slot.last_sequence + 1 - packet.sequence & 0xFFFF
    slot.first = packet.sequence
    slot.older.clear()
    # Answers about the last stream are over: its receiver has a key frame now (and the records name its packets).
    slot.records[:] = _BLANK
    slot.exact[:] = [None] * len(slot.exact)


def _ticks(slot: Slot, before: Stream | None, stream: Stream, packet: Packet, now: float) -> int:
    """How far the slot's time moves to this packet.

    Layers of one source were taken by one clock, and its reports say how far their timestamps are apart; where they do
    not, or cannot be believed, the time since the last packet went out has to do.  Whatever they say, time goes on:
    a key frame is never dropped for its timestamp.
    """
    rate = VIDEO_RATE if slot.video else AUDIO_RATE
    passed = round((now - slot.last_sent) * rate)
    if before is not None and before.source == stream.source:
        exact = stream.clock.ticks_between(packet.timestamp, before.clock, slot.last_timestamp - slot.timestamp_offset)
        if exact is not None and abs(exact - passed) < _BELIEVED_S * rate:
            return max(exact, rate // 1000)
    return max(passed, _LEAST_TICKS[slot.video])


def offset_for(slot: Slot, sequence: int) -> int:
    """What to add to a source sequence number; -1: it has no place in the slot."""
    if sequence - slot.first & 0xFFFF < FAR:
        return slot.sequence_offset
    return place_again(slot, sequence)


def place_again(slot: Slot, sequence: int) -> int:
    """The rare half of `offset_for`: the number is not within FAR after `slot.first`."""
    if sequence - slot.first & 0xFFFF < _HALF:
        slot.first = sequence - 0x2000 & 0xFFFF  # far ahead: move the mark before the circle closes
        slot.older.clear()
        return slot.sequence_offset
    for first, offset in slot.older:
        if sequence - first & 0xFFFF < _HALF:
            return offset
    return -1


def close_hole(slot: Slot, sequence: int) -> None:
    """A packet without payload is not forwarded: what comes after it moves up."""
    record = record_at(slot, slot.last_sequence)
    if not record or sequence - source_sequence(record) & 0xFFFF >= _HALF:
        return  # it is late, and those after it already have their numbers
    slot.older.insert(0, (slot.first, slot.sequence_offset))
    del slot.older[_MAX_OLDER:]
    slot.first = sequence + 1 & 0xFFFF
    slot.sequence_offset = slot.sequence_offset - 1 & 0xFFFF


def describe_vp8(packet: Packet) -> None:
    """Finds the payload descriptor's numbers (RFC 7741 4.2) and whether a key frame starts here.

    Twin of `sfu.rtp.vp8`, which builds objects; a payload cut short in its descriptor is simply not rewritten.
    """
    payload, size = packet.payload, packet.size
    if size < 4:
        return
    head = payload[0]
    at = 1
    if head & 0x80:
        flags = payload[1]
        at = 2
        picture_at = tl0_at = key_at = 0
        if flags & 0x80:
            picture_at = at
            at += 2 if payload[at] & 0x80 else 1
        if flags & 0x40:
            tl0_at = at
            at += 1
        if flags & 0x30:
            key_at = at if flags & 0x10 else 0
            at += 1
        if at >= size:
            return
        if picture_at:
            packet.wide = payload[picture_at] > 127
            packet.picture_id_at = picture_at
            packet.picture_id = payload[picture_at] & 0x7F
            if packet.wide:
                packet.picture_id = packet.picture_id << 8 | payload[picture_at + 1]
        if tl0_at:
            packet.tl0, packet.tl0_at = payload[tl0_at], tl0_at
        if key_at:
            packet.keyidx, packet.keyidx_at = payload[key_at] & 0x1F, key_at
        packet.numbered = bool(picture_at or tl0_at or key_at)
    packet.keyframe = head & 0x17 == 0x10 and not payload[at] & 1


def rewrite_vp8(arena: bytearray, body: int, packet: Packet, slot: Slot) -> int:
    """Writes the slot's numbers over the source's at `body` of the arena; the bits of the record that say which."""
    picture = packet.picture_id + slot.picture_id_offset & 0x7FFF
    tl0 = packet.tl0 + slot.tl0_offset & 0xFF
    key = packet.keyidx + slot.keyidx_offset & 0x1F
    write_vp8(arena, body, packet, picture, tl0, key)
    return picture << _PICTURE | tl0 << _TL0 | key << _KEY


def write_vp8(arena: bytearray, body: int, packet: Packet, picture: int, tl0: int, key: int) -> None:
    """The numbers into a payload at `body`, where the packet has places for them."""
    if packet.picture_id_at:
        at = body + packet.picture_id_at
        if packet.wide:
            arena[at] = 0x80 | picture >> 8
            arena[at + 1] = picture & 0xFF
        else:
            arena[at] = picture & 0x7F
    if packet.tl0_at:
        arena[body + packet.tl0_at] = tl0
    if packet.keyidx_at:
        at = body + packet.keyidx_at
        arena[at] = arena[at] & 0xE0 | key
