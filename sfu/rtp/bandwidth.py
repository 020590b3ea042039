"""How fast we may send, from transport-wide feedback: the delay that our own packets build up, and what is lost.

A queue on the way shows before it overflows: packets take longer and longer.  So the time from sending to arrival is
compared with the least of the last ten seconds (two clocks that drift apart by 100 ppm differ by a millisecond in
that time), and its slope is watched (`trend`); while a queue stands or grows the rate goes below what really got
through, else it rises.  Loss without a queue is radio, and costs only above a tenth, as in draft-ietf-rmcat-gcc.  A
local network starts where others end: high.  Once the end was found the rate rises no further beyond what was really
sent: an idle sender learns nothing.  Who gets how much of it is not decided here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sfu.rtp.sequence import Unwrapper
from sfu.rtp.transport_feedback import TICKS_PER_SECOND, TransportFeedback
from sfu.rtp.trend import Trend

START, LEAST, MOST = 3_000_000, 100_000, 20_000_000
# A reader that was busy for a moment is no queue: neither is much below two frames' time.
QUEUE_S = 0.06
CALM_S = 0.03
BACK_OFF = 0.85
HOLD_S = 0.5
RISE_PER_S = 1.08
# After going down the rate rises fast up to where it went wrong: most queues were somebody else's short burst.
RECOVER_PER_S = 1.5
# Of what got through: so far a rate is believed that nothing was sent at (1.5 and 10 kbps in GCC; a LAN has more).
# Enough for the least picture beside a voice: else who has only the voice never learns that there is room.
UNPROVEN, UNPROVEN_BITS = 1.5, 300_000
# A voice and the least picture.  Below it only where a queue stands that is heard in a conversation, or overflows: a
# computer that is busy for a moment looks like a queue too, and a face that is gone for seconds is the worse mistake.
FLOOR, HEARD_S = 300_000, 0.4
LOSS_HIGH, LOSS_LOW = 0.1, 0.02
# What no radio loses, only a queue that is full; in one second of few packets chance does, too.
LOSS_WORST, WORST_SECONDS = 0.25, 2
# A share of fewer packets is chance.
LOSS_EVERY, FEWEST = 1.0, 20
_MEMORY = 4000
_WINDOW_S = 0.5
_BASE_SLICES = 10


class Echo(NamedTuple):
    """Packets that left together and came: when, by either end's clock in seconds, and their bytes."""

    sent_at: float
    came_at: float
    size: int


class Estimate:
    """The judgement about one path; `target` is in bits per second."""

    def __init__(self, start: float = START, most: float = MOST) -> None:
        self.target = float(start)
        self.queue = 0.0
        """Seconds that packets wait on the way, beyond the least."""
        self.loss = 0.0
        self.went_down_at = float("-inf")
        self._most = most
        self._trend = Trend()
        self._delivered: deque[tuple[float, int]] = deque()
        self._bases: deque[tuple[float, float]] = deque(maxlen=_BASE_SLICES)
        self._limit = float("inf")
        self._held_until = 0.0
        self._updated: float | None = None
        self._reported = self._missing = 0
        self._loss_at = 0.0
        self._worst = 0
        """Seconds in a row in which LOSS_WORST was lost."""

    def hear(self, echoes: Sequence[Echo], missing: int, reported: int, now: float) -> None:
        """One report: what came of the `reported` packets, and how many did not."""
        self._reported += reported
        self._missing += missing
        if echoes:
            size = 0
            delays: list[float] = []
            for sent_at, came_at, came in echoes:
                size += came
                delays.append(came_at - sent_at)
                self._trend.hear(sent_at, came_at)
            self._delivered.append((now, size))
            self._trend.judge()
            self._weigh_delay(sorted(delays), now)
        self._weigh_loss(now)

    def prove(self, rate: float) -> None:
        """A burst at this rate got through: so much there is."""
        if rate > self.target:
            self.target = min(rate, self._most)
            self._limit = max(self._limit, self.target)

    @property
    def is_narrow(self) -> bool:
        """The end of this path was found once."""
        return self._limit < float("inf")

    @property
    def delivered(self) -> float:
        """Bits per second that really got through lately."""
        return sum([size for _, size in self._delivered]) * 8 / _WINDOW_S

    def _weigh_delay(self, delays: list[float], now: float) -> None:
        self._remember_base(delays[0], now)
        self.queue = delays[len(delays) // 2] - min([base for _, base in self._bases])
        while self._delivered and now - self._delivered[0][0] > _WINDOW_S:
            self._delivered.popleft()
        passed = 0.0 if self._updated is None else min(now - self._updated, 1.0)
        self._updated = now
        if now < self._held_until:
            return
        if self.queue > QUEUE_S or (self.queue > CALM_S and self._trend.grows):
            self._limit = self.target
            if self.delivered < FLOOR and self.queue < HEARD_S:
                return  # so little is hardly what made it
            floor = FLOOR if self.queue < HEARD_S else LEAST
            self._go_down(max(min(self.target, self.delivered) * BACK_OFF, min(self.target, floor)), now)
        elif self.queue < CALM_S and self.loss < LOSS_LOW:
            rise = RECOVER_PER_S if self.target < 0.9 * self._limit else RISE_PER_S
            self._rise(self.target * rise**passed)
        elif self.queue < CALM_S and self.target < FLOOR and not self._overflows:
            # What had it below the floor is over; what a radio goes on losing must not keep a face away for ever.
            self.target = min(self.target * RECOVER_PER_S**passed, FLOOR)

    def _rise(self, rate: float) -> None:
        if self.is_narrow:
            rate = min(rate, UNPROVEN * self.delivered + UNPROVEN_BITS)
        self.target = min(max(rate, self.target), self._most)

    def _remember_base(self, least: float, now: float) -> None:
        """The least delay of each of the last ten seconds."""
        if not self._bases or now - self._bases[-1][0] >= 1.0:
            self._bases.append((now, least))
        else:
            since, base = self._bases[-1]
            self._bases[-1] = since, min(base, least)

    def _weigh_loss(self, now: float) -> None:
        if now - self._loss_at < LOSS_EVERY or self._reported < FEWEST:
            return
        self.loss = max(0, self._missing) / self._reported
        self._loss_at = now
        self._reported = self._missing = 0
        self._worst = self._worst + 1 if self.loss >= LOSS_WORST else 0
        if self.loss > LOSS_HIGH:
            self._limit = min(self._limit, self.target)
            # Without a queue it is a radio's loss, and sending less would mend nothing: only what is not used is taken.
            used = self.delivered * (1 + self.loss) if self.queue < CALM_S else FLOOR
            floor = LEAST if self._overflows else max(used, FLOOR)
            self._go_down(max(self.target * (1 - 0.5 * self.loss), min(self.target, floor)), now)

    @property
    def _overflows(self) -> bool:
        return self._worst >= WORST_SECONDS

    def _go_down(self, rate: float, now: float) -> None:
        if rate >= self.target:
            return  # it is at the floor already, and has not got worse
        self.target = max(rate, LEAST)
        self.went_down_at = now
        self._held_until = now + HOLD_S


@dataclass(frozen=True, slots=True)
class _Sent:
    at: float
    size: int


class BandwidthEstimator(Estimate):
    """One transport of a client.  `sent` every packet, `feedback` every report."""

    def __init__(self, start: int = START) -> None:
        super().__init__(start)
        self._numbers = Unwrapper()
        self._sent: dict[int, _Sent] = {}  # in order of sending

    def sent(self, number: int, size: int, now: float) -> None:
        """A packet with this transport-wide number leaves."""
        self._sent[self._numbers.unwrap(number)] = _Sent(now, size)
        if len(self._sent) > _MEMORY:
            del self._sent[next(iter(self._sent))]

    def feedback(self, report: TransportFeedback, now: float) -> None:
        """The other end says what came; a report about what we never sent changes nothing."""
        arrivals = {arrival.sequence: arrival.at for arrival in report.arrivals}
        echoes: list[Echo] = []
        reported = 0
        for step in range(report.count):
            number = report.base + step & 0xFFFF
            known = self._sent.pop(self._numbers.unwrap(number), None)
            if known is None:
                continue
            reported += 1
            if number in arrivals:
                echoes.append(Echo(known.at, arrivals[number] / TICKS_PER_SECOND, known.size))
        self.hear(echoes, reported - len(echoes), reported, now)
