"""Finding out whether there is room for a better picture, before it is sent.

A path that is used below its limit tells nothing about the limit, so after a jam the estimate would stay where it
fell.  A probe is a tenth of a second at the rate that is wanted: repetitions of what the subscriber got anyway, or
padding, on the retransmission SSRC, so that no replay window of media moves.  What of it got through, and how fast,
is the proof.  After a probe that failed the next one waits longer, but never long while somebody sees nothing; and one
of which nothing was heard has not failed: what it is told by gets lost, too.
"""

from __future__ import annotations

from sfu.core.echoes import Report
from sfu.core.flow import Outbound, Slot
from sfu.core.outbox import Outbox
from sfu.core.retransmit import padding, repetition
from sfu.rtp.bandwidth import Estimate

LASTS_S = 0.1
ANSWERED_AFTER_S = 0.6
STEP_S = 0.01
# So much above what is needed, and at most twice what is believed: a jam by our own hand costs everybody.
MARGIN, MOST_FACTOR, PAUSED_FACTOR = 1.1, 2.0, 3.0
GOOD_SHARE = 0.85
BELOW_THE_END = 0.9
AGAIN_AFTER_S, LONGEST_WAIT_S = 2.0, 32.0
# While a picture is paused: little is sent then, and a path is not hurt by what may bring it back.
LONGEST_WITHOUT_S = 2.0
# Padding has one byte for its length.
_PADDING = 255
_NEWEST = 60


class Prober:
    """One subscriber's probes.  `want` says what is lacking; `poll` sends what is due until `wake_at` is None."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._rate = 0.0
        self._began = 0.0
        self.sent = 0
        """Bytes of the last probe."""
        self._running = False
        self._waiting = False
        self._judged_at = float("-inf")
        self._patience = AGAIN_AFTER_S
        self._unheard = False
        """Nothing was heard of the last probe; of the next neither, and the path is to blame."""
        self._came = 0
        self._first_came = self._last_came = 0.0
        self.probes = self.proven = 0
        self.proved_at = float("-inf")
        """When a probe was last answered: what the estimate says since is no guess."""

    def want(self, needed: float, estimate: Estimate, now: float, *, paused: bool = False) -> None:
        """`needed` bits per second would be sent if the estimate allowed it; `paused`: some picture is not sent now."""
        patience = min(self._patience, LONGEST_WITHOUT_S) if paused else self._patience
        if self._running or self._waiting or now - self._judged_at < patience or needed <= estimate.target:
            return
        self._rate = min(needed * MARGIN, estimate.target * (PAUSED_FACTOR if paused else MOST_FACTOR))
        self._began, self.sent, self._running = now, 0, True
        self._came, self._first_came, self._last_came = 0, 0.0, 0.0
        self._outbound.probe_first = self._outbound.transport_sequence + 1 & 0xFFFF
        self._outbound.probe_count = 0
        self.probes += 1

    def poll(self, slot: Slot, outbox: Outbox, estimate: Estimate, now: float) -> None:
        """Sends what is due, on this slot's retransmission SSRC."""
        if self._running:
            due = int(self._rate / 8 * min(now - self._began + STEP_S, LASTS_S))
            back = 0
            while self.sent < due:
                packet = self._packet(slot, back, now)
                outbox.rtp(slot.outbound, packet)
                self.sent += len(packet)
                back += 1
            self._outbound.probe_count = self._outbound.transport_sequence - self._outbound.probe_first + 1 & 0xFFFF
            self._running = now - self._began < LASTS_S
            self._waiting = not self._running
        elif self._waiting and now - self._began > LASTS_S + ANSWERED_AFTER_S:
            self._judge(estimate, now)

    def fed(self, report: Report) -> None:
        if report.probed:
            self._came += report.probed
            self._first_came = self._first_came or report.first_came
            self._last_came = report.last_came

    def wake_at(self, now: float) -> float | None:
        if self._running:
            return now + STEP_S
        return self._began + LASTS_S + ANSWERED_AFTER_S if self._waiting else None

    def _packet(self, slot: Slot, back: int, now: float) -> bytes:
        sequence = slot.last_sequence - back % _NEWEST & 0xFFFF
        return repetition(slot, sequence, now) or padding(slot, _PADDING, now)

    def _judge(self, estimate: Estimate, now: float) -> None:
        self._waiting = False
        self._judged_at = now
        first_unheard = not (self._came or self._unheard)
        self._unheard = not self._came
        if first_unheard:
            return
        self.proved_at = now
        took = self._last_came - self._first_came
        rate = self._came * 8 / max(took, LASTS_S / 2)
        good = GOOD_SHARE * (1 - estimate.loss)  # what is always lost, radio loses of probes too
        if self._came >= good * self.sent and rate >= good * self._rate:
            estimate.prove(min(rate, self._rate))
            self.proven += 1
            self._patience = AGAIN_AFTER_S
        else:
            # As fast as the narrowest place let it through: that is where the end is, and not below.
            estimate.prove(BELOW_THE_END * rate)
            self._patience = min(self._patience * 2, LONGEST_WAIT_S)
