"""A peer's receiving lines: how they are built, and what is put on them.

A slot is negotiated once and lives as long as its peer; sources come and go on it.  Giving a slot to another source
stops the old one at once, so that nobody's picture is ever shown under another's name, and asks for a key frame of
the new one; the switch itself happens at that key frame, in the packet path (`rewriting.begin`).
"""

from __future__ import annotations

from collections.abc import Callable

from sfu.core.flow import Outbound, Slot, Stream
from sfu.link.messages import Extensions, PayloadTypes, SlotLine

_ONE_BYTE, _TWO_BYTE = 0xBEDE, 0x1000
# The first numbers stay below half a circle: SRTP guesses the rollover counter from the first packets that arrive.
_FIRST_SEQUENCE = 1 << 15
_FIRST_TIMESTAMP = 1 << 31

Randrange = Callable[[int], int]


def open_slot(
    outbound: Outbound, line: SlotLine, extensions: Extensions, types: PayloadTypes, randrange: Randrange
) -> Slot:
    """A slot of this peer, dressed in what the peer negotiated."""
    video = line.kind == "video"
    repeats = video and line.rtx_ssrc is not None and (types.vp8_rtx or types.h264_rtx)
    slot = Slot(outbound, line.mid, video, line.ssrc, line.rtx_ssrc if repeats and line.rtx_ssrc is not None else -1)
    if video:
        slot.types = ((types.vp8, types.vp8_rtx or -1), (types.h264, types.h264_rtx or -1))
    else:
        slot.types = ((types.opus, -1), (0, -1))
        slot.red_type = types.red
    slot.payload_type, slot.rtx_payload_type = slot.types[0]
    slot.last_sequence = randrange(_FIRST_SEQUENCE)
    slot.rtx_sequence = randrange(_FIRST_SEQUENCE)
    slot.last_timestamp = randrange(_FIRST_TIMESTAMP)
    _dress(slot, extensions)
    return slot


def attach(slot: Slot, stream: Stream) -> None:
    """The stream flows into the slot from its next key frame on; what flows now goes on until then."""
    if slot.target is not None and slot.target is not stream:
        leave(slot, slot.target)
    if slot.stream is stream or slot.target is stream:
        return
    slot.target = stream
    stream.slots.append(slot)


def leave(slot: Slot, stream: Stream) -> None:
    """This stream flows into the slot no longer, and is not waited for."""
    if slot in stream.slots:
        stream.slots.remove(slot)
    if slot.stream is stream:
        slot.stream = None
    if slot.target is stream:
        slot.target = None


def rest(stream: Stream) -> None:
    """Nothing of this stream is sent on for now; what comes next begins anew, with numbers that go on."""
    for slot in stream.slots:
        if slot.stream is stream:
            slot.stream, slot.target = None, stream


def detach(slot: Slot) -> None:
    """Nothing flows into the slot, from this moment."""
    for stream in (slot.stream, slot.target):
        if stream is not None:
            leave(slot, stream)


def _dress(slot: Slot, extensions: Extensions) -> None:
    """The header and its extensions (RFC 8285), with room for the values that change with each packet."""
    level = 0 if slot.video else extensions.audio_level
    parts = [(extensions.mid, slot.mid.encode()), (level, bytes(1))]
    parts += [(extensions.absolute_send_time, bytes(3)), (extensions.transport_cc, bytes(2))]
    present = [(name, value) for name, value in parts if name]
    wide = any(name > 14 for name, _ in present)
    block = bytearray()
    places: dict[int, int] = {}
    for name, value in present:
        block += bytes((name, len(value))) if wide else bytes((name << 4 | len(value) - 1,))
        places[name] = 16 + len(block)
        block += value
    block += bytes(-len(block) % 4)
    first = 0x90 if present else 0x80
    header = bytes((first, 0)) + bytes(6) + slot.ssrc.to_bytes(4, "big")
    if present:
        header += (_TWO_BYTE if wide else _ONE_BYTE).to_bytes(2, "big") + (len(block) // 4).to_bytes(2, "big") + block
    slot.header = bytes(header)
    slot.level_at = places.get(level, 0)
    slot.send_time_at = places.get(extensions.absolute_send_time, 0)
    slot.transport_at = places.get(extensions.transport_cc, 0)
