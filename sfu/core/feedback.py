"""Reports and feedback that we write: to publishers about what came, to subscribers about what goes.

A sender's encoder lives on transport-wide feedback (every 100 ms, draft-holmer-rmcat-transport-wide-cc), and on
receiver reports once a second.  A receiver plays a voice and a picture together by the sender reports of their two
slots: each maps the slot's timestamps to one clock, ours, on which the source's own reports were placed (see
`clocks`).  Building them is here; when they are due is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sfu.core.clocks import Offset
from sfu.core.flow import Inbound, Slot
from sfu.rtp import rtcp
from sfu.rtp.sequence import Unwrapper
from sfu.rtp.transport_feedback import TICKS_PER_SECOND, Arrival, TransportFeedback

FEEDBACK_EVERY = 0.1
REPORT_EVERY = 1.0
CNAME = "parley"
OUR_SSRC = 1
"""Who speaks where no slot does: feedback to publishers must come from some SSRC, and no slot ever has this one."""

# A feedback packet of so many arrivals fits one datagram whatever their spacing.
_MAX_REPORTED = 300
# More missing in a row than this: the sender began again, and naming each would only tell it what it knows.
_MAX_GAP = 2000
# How late a packet can be and still be told; time deltas reach no further than 8 s.
_MEMORY_S = 0.5
# 31 report blocks are the most a report can carry (RFC 3550 6.4.1); slots beyond that report in the next datagram.
_MAX_BLOCKS = 31
_MAX_REPORTS = 12


class ArrivalLog:
    """What one peer sent, by transport-wide number, since it was last told.

    A packet that comes late, after its number was passed over, is told with its neighbours once more: a feedback
    packet speaks for every number it spans, and the neighbours must not look lost in it.
    """

    def __init__(self) -> None:
        self._unwrapper = Unwrapper()
        self._times: dict[int, float] = {}
        self._next: int | None = None
        self._count = 0

    def feedback(self, arrivals: Iterable[tuple[int, float]], media: int) -> list[TransportFeedback]:
        """Tells about everything that came: number and time of each, in any order; nothing where nothing came."""
        new = [(self._unwrapper.unwrap(number), at) for number, at in arrivals]
        if not new:
            return []
        for number, at in new:
            self._times.setdefault(number, at)
        oldest = max(self._times.values()) - _MEMORY_S
        self._times = {number: at for number, at in self._times.items() if at >= oldest}
        first = min(number for number, _ in new)
        numbers = sorted(number for number in self._times if number >= first)
        return [
            self._one(numbers[at : at + _MAX_REPORTED], media) for at in range(0, len(numbers), _MAX_REPORTED)
        ]  # fmt: skip

    def _one(self, numbers: Sequence[int], media: int) -> TransportFeedback:
        base = numbers[0]
        if self._next is not None and 0 < base - self._next <= _MAX_GAP:
            base = self._next  # what is missing before the first is told too
        numbers = [number for number in numbers if number - base <= _MAX_GAP]
        arrivals = tuple(Arrival(number & 0xFFFF, int(self._times[number] * TICKS_PER_SECOND)) for number in numbers)
        self._next = max(self._next or 0, numbers[-1] + 1)
        self._count = self._count + 1 & 0xFF
        return TransportFeedback(
            sender=OUR_SSRC, media=media, base=base & 0xFFFF, count=numbers[-1] - base + 1,
            reference=arrivals[0].at >> 8, feedback_count=self._count, arrivals=arrivals,
        )  # fmt: skip


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
