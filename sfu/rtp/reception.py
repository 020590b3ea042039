"""What a receiver tells a sender about one stream: loss and jitter (RFC 3550, appendices A.1, A.3 and A.8).

Feed every packet that came on the stream's own SSRC; retransmissions have their own SSRC and would hide the loss
that they repair.  When reports are sent is not decided here.
"""

from __future__ import annotations

from sfu.rtp.rtcp import ReportBlock, SenderReport, middle_ntp

# A jump forwards or backwards by more than this is not loss or reordering, but a sender that began again; two packets
# in a row must agree on it (RFC 3550 A.1).
_MAX_DROPOUT = 3000
_MAX_MISORDER = 100
# A transit that changes by more than this is a clock that was set, not jitter.
_MAX_JITTER_S = 5
_HALF, _MASK, _NUMBER = 0x8000, 0xFFFF, 0xFFFF_FFFF
_CIRCLE = float(1 << 32)


class Reception:
    """Counts one SSRC.  `jitter` is in timestamp units; `received` counts duplicates too, as the RFC wants."""

    __slots__ = (
        "_base", "_begun", "_clock_rate", "_expected_before", "_highest", "_jitter", "_last_sr", "_received_before",
        "_restart", "_sr_at", "_transit", "received", "ssrc",
    )  # fmt: skip

    def __init__(self, ssrc: int, clock_rate: int) -> None:
        self.ssrc = ssrc
        self._begun = False
        self._highest = 0
        self.received = 0
        self._clock_rate = clock_rate
        self._base = 0
        self._expected_before = self._received_before = 0
        self._restart, self._transit = -1, -1.0
        self._jitter = 0.0
        self._last_sr = 0
        self._sr_at = 0.0

    @property
    def highest(self) -> int | None:
        """Highest sequence number, with its wraps counted in the upper bits; None before the first packet."""
        return self._highest if self._begun else None

    @property
    def jitter(self) -> int:
        return int(self._jitter)

    @property
    def expected(self) -> int:
        return self._highest - self._base + 1 if self._begun else 0

    @property
    def lost(self) -> int:
        """Since the beginning; duplicates can make it negative."""
        return self.expected - self.received

    def feed(self, sequence: int, timestamp: int, arrival: float) -> None:
        """One packet, `arrival` in seconds."""
        if self._take_sequence(sequence):
            self._measure(timestamp, arrival)

    def sender_report(self, report: SenderReport, now: float) -> None:
        """The sender's report, so that it can compute the round trip from ours."""
        self._last_sr = middle_ntp(report.ntp)
        self._sr_at = now

    def report(self, now: float) -> ReportBlock | None:
        """What happened since the last call; None if nothing came (RFC 3550 6.4: silent sources are left out)."""
        if not self._begun or self.received == self._received_before:
            return None
        expected = self.expected - self._expected_before
        lost = expected - (self.received - self._received_before)
        self._expected_before, self._received_before = self.expected, self.received
        fraction = min(lost * 256 // expected, 255) if expected > 0 and lost > 0 else 0
        delay = int((now - self._sr_at) * 65536) & 0xFFFF_FFFF if self._last_sr else 0
        highest = self._highest & _NUMBER
        return ReportBlock(self.ssrc, fraction, self.lost, highest, self.jitter, self._last_sr, delay)

    def _take_sequence(self, sequence: int) -> bool:
        """Whether the packet belongs to the stream as we know it."""
        if not self._begun or sequence == self._restart:
            self._begin(sequence)
            return True
        ahead = (sequence - self._highest + _HALF & _MASK) - _HALF
        if not -_MAX_MISORDER < ahead < _MAX_DROPOUT:
            self._restart = sequence + 1 & _MASK
            return False
        self._restart = -1
        self.received += 1
        if ahead > 0:
            self._highest += ahead
        return True

    def _begin(self, sequence: int) -> None:
        self._begun = True
        self._highest = self._base = sequence
        self.received = 1
        self._expected_before = self._received_before = 0
        self._restart, self._transit = -1, -1.0

    def _measure(self, timestamp: int, arrival: float) -> None:
        # In floats, which hold these whole numbers exactly: compiled, no Python integer is made of them.
        transit = (arrival * self._clock_rate // 1.0 - timestamp) % _CIRCLE
        if self._transit >= 0:
            change = abs((transit - self._transit + _CIRCLE / 2) % _CIRCLE - _CIRCLE / 2)
            if change < _MAX_JITTER_S * self._clock_rate:
                self._jitter += (change - self._jitter) / 16
        self._transit = transit
