"""Reports and feedback that we write: to publishers about what came, to subscribers about what goes.

A sender's encoder lives on transport-wide feedback (every 100 ms, draft-holmer-rmcat-transport-wide-cc), and on
receiver reports once a second.  A receiver plays a voice and a picture together by the sender reports of their two
slots: each maps the slot's timestamps to one clock, ours, on which the source's own reports were placed (see
`clocks`).  Building them is here; when they are due is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence

from sfu.core.clocks import Offset
from sfu.core.flow import Inbound, Slot
from sfu.rtp import rtcp

FEEDBACK_EVERY = 0.1
REPORT_EVERY = 1.0
REPORT_ALL_IN = 5
"""In so many turns all slots of a peer have had a sender report: five seconds, the interval of RFC 3550 6.2.  Those of
a hundred pictures every second were 10,000 reports a second, and told nobody anything new."""
CNAME = "parley"
OUR_SSRC = 1
"""Who speaks where no slot does: feedback to publishers must come from some SSRC, and no slot ever has this one."""

# 31 report blocks are the most a report can carry (RFC 3550 6.4.1); slots beyond that report in the next datagram.
_MAX_BLOCKS = 31
_MAX_REPORTS = 12


def sender_report(slot: Slot, now: float, sender: Offset) -> rtcp.SenderReport | None:
    """The slot's timestamp at `now`; None while nothing flows whose clock is known."""
    stream = slot.stream
    if stream is None or not slot.packets:
        return None
    timestamp = stream.clock.timestamp_at(now, sender)
    if timestamp is None:
        return None
    rtp_time = timestamp + slot.timestamp_offset & 0xFFFF_FFFF
    return rtcp.SenderReport(slot.ssrc, rtcp.to_ntp(now), rtp_time, slot.packets, slot.octets)


def due_slots(slots: Sequence[Slot], turn: int) -> list[Slot]:
    """Whose sender reports are due in this turn: of a few all, of many every so-manyth."""
    return list(slots) if len(slots) <= _MAX_REPORTS else list(slots[turn % REPORT_ALL_IN :: REPORT_ALL_IN])


def to_subscriber(reports: Sequence[rtcp.SenderReport]) -> list[bytes]:
    """Compound datagrams of sender reports, each described by the one name that all slots share."""
    datagrams = []
    for at in range(0, len(reports), _MAX_REPORTS):
        some = reports[at : at + _MAX_REPORTS]
        described = rtcp.SourceDescription(tuple((report.ssrc, CNAME) for report in some))
        datagrams.append(rtcp.serialize([*some, described]))
    return datagrams


def to_publisher(inbound: Inbound, now: float) -> bytes | None:
    """A receiver report about every stream of this peer; None where it sends nothing."""
    blocks = [block for stream in inbound.streams.values() if (block := stream.reception.report(now)) is not None]
    if not blocks:
        return None
    described = rtcp.SourceDescription(((OUR_SSRC, CNAME),))
    return rtcp.serialize([rtcp.ReceiverReport(OUR_SSRC, tuple(blocks[:_MAX_BLOCKS])), described])
