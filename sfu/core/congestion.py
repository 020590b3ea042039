"""How much one subscriber's path carries, by whatever that subscriber tells.

Browsers and our own client report every packet (transport-wide feedback); then the estimate is ours.  Who does not
tells its own belief (REMB), or at least what share it lost (receiver reports); then loss above a tenth takes a fifth
of what was sent, and loss below a fiftieth gives a tenth back.  A local network is believed to be wide until it shows
otherwise: a ramp of half a minute on a gigabit cable would be the wrong default.
"""

from __future__ import annotations

from collections.abc import Sequence

from sfu.core.echoes import Report
from sfu.rtp import rtcp
from sfu.rtp.bandwidth import LEAST, Estimate

LAN_START, LAN_MOST = 50_000_000.0, 100_000_000.0
# A client's belief is renewed about every second.
REMB_GOOD_S = 5.0
LOSS_HIGH, LOSS_LOW = 0.10, 0.02
LESS, MORE = 0.8, 1.1
REPORT_LEAST_S = 0.5
"""Some report several times a second, each time about the same loss."""


class Path:
    """The way to one subscriber.  `budget` is in bits per second."""

    def __init__(self) -> None:
        self.estimate = Estimate(LAN_START, LAN_MOST)
        self.loss = 0.0
        """The share that receiver reports told of last."""
        self._by_loss = LAN_START
        self._remb: tuple[float, float] | None = None
        self._fed = False
        self._narrow_by_reports = False
        self._octets = 0
        self._reported_at = float("-inf")

    def fed(self, report: Report, now: float) -> None:
        """Transport-wide feedback came."""
        self._fed = True
        self.estimate.hear(report.echoes, report.missing, report.reported, now)

    def believed(self, remb: rtcp.Remb, now: float) -> None:
        self._remb = float(remb.bitrate), now

    def reported(self, blocks: Sequence[rtcp.ReportBlock], octets: int, now: float) -> None:
        """Receiver reports about our slots, when `octets` had gone out on all of them together."""
        if not blocks or now - self._reported_at < REPORT_LEAST_S:
            return
        sent = (octets - self._octets) * 8 / (now - self._reported_at)
        self._octets, self._reported_at = octets, now
        self.loss = max(block.fraction_lost for block in blocks) / 256
        if self._fed:
            return
        if self.loss > LOSS_HIGH:
            self._by_loss = max(min(self._by_loss, sent) * LESS, LEAST)
            self._narrow_by_reports = True
        elif self.loss < LOSS_LOW:
            self._by_loss = min(self._by_loss * MORE, LAN_MOST)

    def budget(self, now: float) -> float:
        if self._fed:
            return self.estimate.target
        if self._remb is not None and now - self._remb[1] < REMB_GOOD_S:
            return min(self._remb[0], self._by_loss)
        return self._by_loss

    @property
    def is_narrow(self) -> bool:
        """It has shown an end: from now on less is taken, and more only with care."""
        return self.estimate.is_narrow if self._fed else self._narrow_by_reports or self._remb is not None
