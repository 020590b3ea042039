"""Sound that carries what came before it again (RED, RFC 2198): lost packets found in the next one.

A packet of sound that was lost on its way to us is usually in the one after it.  It is put back in its place, for
everybody, without a round trip; who negotiated RED too gets the whole packet and can do the same on its own way, who
did not gets the plain Opus.  For senders that do not repeat themselves we do it, one packet back, towards those who
understand it: their own way may lose packets too.  Two back, whatever the sender does, where some listener's way loses
many, for there two in a row are soon lost.  No sound is encoded for that.
"""

from __future__ import annotations

from collections.abc import Sequence

from sfu.core.flow import Packet, Stream
from sfu.rtp import red

# With our headers and the tag still a datagram that no network cuts up.
MOST_BYTES = 1_100


def unwrap(stream: Stream, packet: Packet) -> list[Packet]:
    """The packets that are new in a RED packet, oldest first, its own last.  Raises PeerFault.

    Blocks of another format are nobody's; before the first packet of a stream there is nothing to mend.
    """
    blocks = red.split(packet.payload)
    found = []
    for back, block in zip(range(len(blocks) - 1, 0, -1), blocks, strict=False):
        sequence = packet.sequence - back & 0xFFFF
        if block.data and block.payload_type == stream.payload_type and _is_missing(stream, sequence):
            timestamp = packet.timestamp - block.offset & 0xFFFF_FFFF
            found.append(Packet(sequence, timestamp, 0, block.data, packet.arrival))
            stream.recovered += 1
    own = blocks[-1]
    if own.payload_type == stream.payload_type:
        plain = Packet(packet.sequence, packet.timestamp, packet.marker, own.data, packet.arrival)
        plain.redundant = packet.payload
        found.append(plain)
    return found


def repeat(stream: Stream, batch: Sequence[Packet], depth: int = 1) -> int:
    """Gives packets the `depth` before them to carry; how many bytes that makes more.

    One is enough where a sender repeats itself.  A packet after a loss or after silence goes as it came, as do those
    that would not fit a datagram.
    """
    more = 0
    for packet in batch:
        if not packet.size or (packet.redundant is not None and depth == 1):
            continue
        earlier = _before(stream, packet, depth)
        if earlier:
            size = packet.size if packet.redundant is None else len(packet.redundant)
            packet.redundant = red.join(stream.payload_type, earlier, packet.payload)
            more += len(packet.redundant) - size
    return more


def _before(stream: Stream, packet: Packet, depth: int) -> list[tuple[int, bytes]]:
    """Offset and sound of up to `depth` packets right before this one, oldest first."""
    found: list[tuple[int, bytes]] = []
    room = MOST_BYTES - packet.size
    for back in range(1, depth + 1):
        sequence = packet.sequence - back & 0xFFFF
        before = stream.recent[sequence & stream.mask]
        if before is None or before.sequence != sequence or not 0 < before.size <= min(room, red.MOST_LENGTH):
            break
        offset = packet.timestamp - before.timestamp & 0xFFFF_FFFF
        if not 0 < offset <= red.MOST_OFFSET:
            break
        room -= before.size
        found.insert(0, (offset, before.payload))
    return found


def _is_missing(stream: Stream, sequence: int) -> bool:
    """Whether this one is of now and has not come.  What lies behind everything that is kept is too late."""
    if stream.highest < 0 or not stream.packets:
        return False
    kept = stream.recent[sequence & stream.mask]
    late = stream.highest - sequence & 0xFFFF
    return (kept is None or kept.sequence != sequence) and (late >= 0x8000 or late < stream.mask)
