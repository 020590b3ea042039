"""Both halves of transport-wide feedback: what came is told to the host, what the host tells sets our rate."""

from __future__ import annotations

from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.bandwidth import BandwidthEstimator
from sfu.rtp.packet import RtpPacket
from sfu.rtp.transport_feedback import TransportFeedback

FEEDBACK_EVERY = 0.1
VOICE_BITS = 100_000
"""Sound sent twice, with its headers: it always gets what it needs, pictures share the rest."""


class Congestion:
    """One transport's numbers.  A core: it is told packets and times."""

    def __init__(self, own_ssrc: int, extension: int) -> None:
        """`extension` is the id under which transport-wide numbers come."""
        self.estimator = BandwidthEstimator()
        self._extension = extension
        self._log = ArrivalLog(own_ssrc)
        self._own_ssrc = own_ssrc
        self._arrivals: list[tuple[int, float]] = []
        self._due = 0.0
        self.reports = 0

    @property
    def for_pictures(self) -> float:
        """Bits per second that may be spent on pictures."""
        return max(0.0, self.estimator.target - VOICE_BITS)

    def left(self, number: int, size: int, now: float) -> None:
        """A packet of ours left."""
        self.estimator.sent(number, size, now)

    def came(self, packet: RtpPacket, now: float) -> None:
        """A packet of the host's came, whatever it carries."""
        number = packet.extensions.get(self._extension)
        if number is not None and len(number) == 2:
            self._arrivals.append((int.from_bytes(number, "big"), now))

    def told(self, report: TransportFeedback, now: float) -> None:
        self.reports += 1
        self.estimator.feedback(report, now)

    def poll(self, now: float) -> list[TransportFeedback]:
        """What is due to be told to the host."""
        if now < self._due or not self._arrivals:
            return []
        self._due = now + FEEDBACK_EVERY
        arrivals, self._arrivals = self._arrivals, []
        return self._log.feedback(arrivals, self._own_ssrc)
