"""What was lost on its way to us and came after all is passed on as a repair, too.

A packet that a sender had to repeat is late for everybody, by a round trip or more.  Sent on in the stream itself it
looks like a network that delivers out of order, and libwebrtc, which learns how far packets overtake each other, then
waits for so many more before it asks for any that is lost (its `NackRequester`): at 5 % loss on two links of 50 ms it
asked too late for one picture in twenty-five.  On the retransmission SSRC it is known for what it is.
"""

from __future__ import annotations

from sfu.core.flow import Packet, Slot, Stream
from sfu.core.outbox import Outbox
from sfu.core.peers import Peers
from sfu.core.rewriting import offset_for


def pass_on(stream: Stream, peers: Peers, outbox: Outbox, now: float) -> None:
    """Takes the repairs out of the stream's batch, but for those that somebody can be given only in the stream."""
    stream.repaired = False
    showing = [slot for slot in stream.slots if slot.stream is stream]
    repairs = [packet for packet in stream.batch if _is_apart(packet, showing)]
    if not repairs:
        return
    stream.batch[:] = [packet for packet in stream.batch if packet not in repairs]
    for slot in showing:
        peer = peers.get(slot.outbound.peer)
        if peer is not None:
            for packet in repairs:
                peer.answers[slot].pass_on(slot, packet.sequence, outbox, now)


def _is_apart(packet: Packet, showing: list[Slot]) -> bool:
    """Not where a key frame begins: slots that waited begin there.  Not behind a hole: numbers there are no offset."""
    if not packet.repaired or packet.keyframe or not packet.size:
        return False
    return all(not slot.exact and offset_for(slot, packet.sequence) in (-1, slot.sequence_offset) for slot in showing)
