# cython: wraparound=False
"""The per-packet path: open a packet, remember it, and write it again for everyone who gets it.

A meeting of a hundred is some hundred thousand of these a second, so this file is kept to what each packet needs:
numbers in flat objects (`flow.py`), no messages, no decisions that can be made less often.  It runs interpreted or
compiled (`sfu/forwarder/form.py` says how, and what to mind when adding to it).  Packets of one wake-up are first all
taken in, then written out subscriber by subscriber, so that what goes to one address stands in one run.  Nothing here
asks whether somebody may see something: a slot that must not get a stream is not in its list.  Functions are longer
here than elsewhere, and take more, because a call costs a tenth of what a packet does.

Contract: `ingest` every packet of the wake-up, let the slower path look at `dirty`, then `emit` until it says False.
"""

from __future__ import annotations

from collections.abc import Callable

from sfu.core.ciphers import FORGED, TRAILER
from sfu.core.flow import (
    ARRIVALS,
    AUDIO_PACKETS,
    SENT_PACKETS,
    SLOT_RECORDS,
    Address,
    Inbound,
    Outbound,
    Packet,
    Stream,
)
from sfu.core.outbox import Outbox
from sfu.core.redundancy import unwrap
from sfu.core.resuming import note_number, reserve
from sfu.core.rewriting import FAR, RECORDED, begin
from sfu.core.trays import ROOM, Tray
from sfu.rtp import h264
from sfu.rtp.errors import PeerFault

try:
    import cython
except ImportError:  # nothing needs Cython to run
    import sfu.core.interpreted as cython

if not cython.compiled:
    from sfu.core.memory import cut, get16, get32, put_packet
    from sfu.core.rewriting import close_hole, describe_vp8, place_again, rewrite_vp8

COMPILED: bool = cython.compiled
"""Which form of this file runs."""
RECEIVE_SIZE = 2048
"""Room for one datagram in the receiving arena."""
RECEIVE_COUNT = 64
SILENCE = 127
# A talker's last breath is passed on, so that a receiver fades out instead of stopping short.
AUDIBLE_SILENCE = 3

HEADER = 12
# Our headers with every extension and a long mid stay below this.
MAX_HEADER = 64
# What UDP segmentation takes in one call (UDP_MAX_SEGMENTS is 64, and the whole must be an IP datagram).
MAX_RUN = 48
MAX_RUN_BYTES = 60_000

_HALF = 0x8000
_SLOT_MASK = SLOT_RECORDS - 1
_EXACT_MASK = AUDIO_PACKETS - 1
# As C numbers in the compiled form, where names that other files import are Python's.
_FAR, _RECORDED = FAR, RECORDED
_HEADER, _FORGED, _ARRIVALS, _LARGEST = HEADER, FORGED, ARRIVALS, RECEIVE_SIZE
_ROOM, _WHOLE = MAX_HEADER + TRAILER, ROOM
_SENT_MASK = SENT_PACKETS - 1
_MAX_RUN, _MAX_RUN_BYTES = MAX_RUN, MAX_RUN_BYTES
_MASK = 0xFFFF_FFFF

Received = tuple[int, int, Address]
"""A datagram: its offset in the arena, its size, and where it came from."""
Resolve = Callable[[Inbound, int, int, bytes, bytes], Stream | None]


class Forwarder:
    """Packets in, runs out.

    `resolve` names the stream of an unknown SSRC (peer, SSRC, payload type, mid, rid); `members` says whose address
    is whose, and is kept true by its owner.
    """

    def __init__(self, outbox: Outbox, resolve: Resolve, members: dict[Address, Inbound]) -> None:
        self.received_arena = bytearray(RECEIVE_SIZE * RECEIVE_COUNT)
        self.dirty: list[Stream] = []
        """Streams with new packets in their `batch`."""
        self.received = self.forwarded = self.dropped = 0
        self._incoming = self.received_arena
        self._outgoing = outbox.arena
        self._outbox = outbox
        self._resolve = resolve
        self._members = members
        self._leaving: list[Outbound] = []
        self._next = 0
        self._room = 0
        self._mid = b""
        self._rid = b""
        self._level = -1
        self._transport = -1

    # -- in --------------------------------------------------------------------------------------------------

    def take(self, received: list[Received], now: float) -> list[Received]:
        """Takes in the media of those we know; what is left is the slower path's, in its order (RFC 7983, 5761)."""
        arena = self._incoming
        others = []
        for datagram in received:
            at, size, address = datagram
            if _HEADER <= size <= _LARGEST and 128 <= arena[at] <= 191 and not 192 <= arena[at + 1] <= 223:
                inbound = self._members.get(address)
                if inbound is not None:
                    try:
                        self.ingest(inbound, at, size, now)
                    except PeerFault:
                        inbound.malformed += 1
                    continue
            others.append(datagram)
        return others

    def ingest(self, inbound: Inbound, at: int, size: int, now: float) -> None:
        """One SRTP packet at `at` of the receiving arena, come from this peer's address."""
        size = inbound.cipher.unprotect(at, size)
        if size < _HEADER:
            if size == _FORGED:
                inbound.malformed += 1
            self.dropped += 1
            return
        received = self._incoming
        first, second = received[at], received[at + 1]
        end = at + size
        head = at + _HEADER + ((first & 15) << 2)
        self._level = self._transport = -1
        self._mid = self._rid = b""
        if first & 0x10:
            head = self._extensions(inbound, head, end)
        if first & 0x20:
            padding = received[end - 1]
            end -= padding
            if padding == 0:
                head = end + 1
        if head > end:
            inbound.malformed += 1
            self.dropped += 1
            return
        inbound.received += 1
        self.received += 1
        if self._transport >= 0 and len(inbound.arrivals) < _ARRIVALS:
            inbound.arrivals.append((self._transport, now))
        sequence, timestamp, ssrc = get16(received, at + 2), get32(received, at + 4), get32(received, at + 8)
        self._place(inbound, ssrc, second, sequence, timestamp, cut(received, head, end), now)

    def _place(
        self, inbound: Inbound, ssrc: int, second: int, sequence: int, timestamp: int, payload: bytes, now: float
    ) -> None:
        """Finds the stream; takes a retransmission out of its wrapping (RFC 4588)."""
        payload_type = second & 0x7F
        stream = inbound.streams.get(ssrc) or inbound.rtx.get(ssrc) or self._resolve(
            inbound, ssrc, payload_type, self._mid, self._rid
        )  # fmt: skip
        if stream is None:
            self.dropped += 1
            return
        if stream.source not in inbound.sending:
            note_number(stream, ssrc, sequence)
            self.dropped += 1
            return
        if payload_type == stream.rtx_payload_type and payload_type != stream.payload_type:
            note_number(stream, ssrc, sequence)
            if len(payload) < 3:  # padding on the retransmission stream: a sender that probes its bandwidth
                return
            sequence = payload[0] << 8 | payload[1]
            payload = payload[2:]
            if stream.highest < 0 or (stream.highest - sequence) & 0xFFFF >= _HALF:
                self.dropped += 1  # nothing newer than what came by itself can be a repetition
                return
            packet = Packet(sequence, timestamp, second & 0x80, payload, now)
            packet.repaired = stream.repaired = True
            self._remember(stream, packet)
            return
        if payload_type == stream.red_payload_type:
            stream.reception.feed(sequence, timestamp, now)
            for packet in unwrap(stream, Packet(sequence, timestamp, second & 0x80, payload, now)):
                self._remember(stream, packet)
            return
        if payload_type != stream.payload_type:
            self.dropped += 1
            return
        stream.reception.feed(sequence, timestamp, now)
        self._remember(stream, Packet(sequence, timestamp, second & 0x80, payload, now))

    def _remember(self, stream: Stream, packet: Packet) -> None:
        sequence = packet.sequence
        behind = (stream.highest - sequence) & 0xFFFF
        if stream.highest < 0 or behind >= _HALF:
            stream.highest = sequence
        elif behind > stream.mask:
            self.dropped += 1
            return
        index = sequence & stream.mask
        before = stream.recent[index]
        if before is not None and before.sequence == sequence:
            stream.duplicates += 1
            return
        stream.recent[index] = packet
        stream.packets += 1
        stream.octets += packet.size
        if stream.video:
            if stream.h264:
                packet.keyframe = h264.is_keyframe(packet.payload)
            else:
                describe_vp8(packet)
            stream.nacks.feed(sequence, packet.arrival, packet.keyframe)
        else:
            packet.level = self._level
            if packet.level < 0 or packet.level & 0x7F != SILENCE:
                stream.silent = 0
            else:
                stream.silent += 1
                if stream.silent > AUDIBLE_SILENCE:  # nobody hears a difference; as with DTX, numbers go on (RFC 7587)
                    packet.size = 0
            packet.keyframe = packet.size > 0
            stream.nacks.feed(sequence, packet.arrival)
        if not stream.batch:
            self.dirty.append(stream)
        stream.batch.append(packet)
        self._room += packet.size + _ROOM if packet.redundant is None else len(packet.redundant) + _ROOM

    def _extensions(self, inbound: Inbound, at: int, end: int) -> int:
        """Reads what we use of the block at `at` (RFC 8285); where the block ends, or past `end` if it is broken."""
        received = self._incoming
        if at + 4 > end:
            return end + 1
        profile = received[at] << 8 | received[at + 1]
        stop = at + 4 + ((received[at + 2] << 8 | received[at + 3]) << 2)
        if stop > end:
            return end + 1
        wide = profile & 0xFFF0 == 0x1000
        if not wide and profile != 0xBEDE:
            return stop
        at += 4
        while at < stop:
            name = received[at]
            at += 1
            if name == 0:
                continue
            if wide:
                size = received[at] if at < stop else 0
                at += 1
            else:
                size = (name & 15) + 1
                name >>= 4
                if name == 15:
                    break
            if at + size > stop:
                return end + 1
            if name == inbound.transport_id and size == 2:
                self._transport = received[at] << 8 | received[at + 1]
            elif name == inbound.audio_level_id and size:
                self._level = received[at]
            elif name == inbound.mid_id:
                self._mid = cut(received, at, at + size)
            elif name == inbound.rid_id or name == inbound.repaired_id:
                self._rid = cut(received, at, at + size)  # a stream, or the one it repairs (RFC 8852)
            at += size
        return stop

    def widen(self, size: int) -> None:
        """What was ingested has become longer by so many bytes, before it leaves."""
        self._room += size

    # -- out -------------------------------------------------------------------------------------------------

    def emit(self, now: float) -> bool:
        """Lays out as many subscribers' packets as fit the arena; True while there are more."""
        if self.dirty and not self._leaving:
            self._gather()
        leaving = self._leaving
        while self._next < len(leaving):
            outbound = leaving[self._next]
            tray = self._outbox.trays[outbound.lane] if self._outbox.trays else self._outbox
            if not tray.takes(self._room):
                return True
            self._next += 1
            self._write(outbound, tray, now)
            outbound.pending.clear()
        for stream in self.dirty:
            stream.batch.clear()
        self.dirty.clear()
        leaving.clear()
        self._next = self._room = 0
        return False

    def _gather(self) -> None:
        for stream in self.dirty:
            for slot in stream.slots:
                outbound = slot.outbound
                if outbound.address is None:
                    continue
                if not outbound.pending:
                    self._leaving.append(outbound)
                outbound.pending.append((slot, stream))

    def _write(self, outbound: Outbound, tray: Tray, now: float) -> None:
        """Everything of this wake-up for one subscriber, as runs of equal size (the last may be shorter)."""
        late = tray.late
        arena = self._outgoing
        address = outbound.address
        cipher = outbound.cipher
        transport = outbound.transport_sequence
        sent_at = outbound.sent_at
        sent_size = outbound.sent_size
        send_time = int(now * 262_144)  # abs-send-time: the lower 24 bits of 18 bits of fraction
        time_high, time_middle, time_low = send_time >> 16 & 0xFF, send_time >> 8 & 0xFF, send_time & 0xFF
        assert address is not None
        at = start = tray.used
        stop = tray.begin + _WHOLE
        if late:
            tray.ciphers.append(cipher)
        count = segment = last = 0
        for slot, stream in outbound.pending:
            header, payload_type = slot.header, slot.payload_type
            header_size = len(header)
            transport_at, time_at, level_at = slot.transport_at, slot.send_time_at, slot.level_at
            for packet in stream.batch:
                if slot.stream is not stream:
                    if slot.target is not stream or not packet.keyframe:
                        continue
                    begin(slot, stream, packet, now)
                    payload_type = slot.payload_type
                offset = slot.sequence_offset
                if (packet.sequence - slot.first) & 0xFFFF >= _FAR:
                    offset = place_again(slot, packet.sequence)
                    if offset < 0:
                        continue
                if not packet.size:
                    close_hole(slot, packet.sequence)
                    continue
                sequence = (packet.sequence + offset) & 0xFFFF
                timestamp = (packet.timestamp + slot.timestamp_offset) & _MASK
                body = at + header_size
                payload, length, second = packet.payload, packet.size, payload_type
                if slot.red_type and packet.redundant is not None and payload_type == stream.payload_type:
                    payload, length, second = packet.redundant, len(packet.redundant), slot.red_type
                if at + length + _ROOM > stop:  # nobody sends so much who means well
                    continue
                put_packet(
                    arena, at, header, header_size, packet.marker | second, sequence, timestamp, payload, length
                )
                if transport_at:
                    transport = (transport + 1) & 0xFFFF
                    arena[at + transport_at] = transport >> 8
                    arena[at + transport_at + 1] = transport & 0xFF
                if time_at:
                    arena[at + time_at] = time_high
                    arena[at + time_at + 1] = time_middle
                    arena[at + time_at + 2] = time_low
                if level_at:
                    arena[at + level_at] = packet.level if packet.level >= 0 else 127
                record = _RECORDED | sequence | packet.sequence << 16
                if packet.numbered:
                    record |= rewrite_vp8(arena, body, packet, slot)
                slot.records[sequence & _SLOT_MASK] = record
                if (slot.limit - sequence) & 0xFFFF >= _HALF:
                    reserve(slot, sequence, now)
                if late and not slot.exact:
                    size = cipher.defer(tray, at, header_size + length)
                else:
                    size = cipher.protect(at, header_size + length)
                if size < 0:
                    continue
                if transport_at:
                    sent_at[transport & _SENT_MASK] = now
                    sent_size[transport & _SENT_MASK] = transport << 16 | size
                if slot.exact:
                    slot.exact[sequence & _EXACT_MASK] = cut(arena, at, at + size)
                if (sequence - slot.last_sequence) & 0xFFFF < _HALF:
                    slot.last_sequence, slot.last_timestamp, slot.last_sent = sequence, timestamp, now
                slot.packets += 1
                slot.octets += packet.size
                full = count == _MAX_RUN or at + size - start > _MAX_RUN_BYTES
                if count and (full or size > segment or last < segment):
                    tray.runs.append((address, start, at - start, segment if count > 1 else 0))
                    start, count = at, 0
                if count == 0:
                    segment = size
                count += 1
                last = size
                at += size
                self.forwarded += 1
        if count:
            tray.runs.append((address, start, at - start, segment if count > 1 else 0))
        outbound.transport_sequence = transport
        tray.used = at
