"""Whose time a packet's timestamp is.

RTP timestamps count from anywhere, on the sender's crystal.  Two things need them on this machine's monotonic clock:
captions (when was this word spoken?) and the sender reports we write (so that a client can align a person's voice
and picture).  Where the sender's own reports are known, voice and picture share its clock, and one offset to ours
serves both.  Until then the quickest packet is the best witness: what arrives later was delayed on the way.
"""

from __future__ import annotations

from sfu.rtp import rtcp
from sfu.rtp.sequence import Unwrapper

# Crystals differ by up to 100 millionths; an offset that was once right is let go at that rate.
_DRIFT = 1e-4
# A sender that was suspended, or set its clock: what was learnt before is worth nothing.
_LOST_S = 5.0


class Offset:
    """Least distance from a foreign clock to ours, following a slow drift."""

    __slots__ = ("_at", "value")

    def __init__(self) -> None:
        self.value: float | None = None
        self._at = 0.0

    def hear(self, foreign: float, now: float) -> None:
        """Something stamped `foreign` came at `now`, both in seconds."""
        new = now - foreign
        if self.value is None or abs(new - self.value) > _LOST_S:
            self.value = new
        else:
            self.value = min(new, self.value + (now - self._at) * _DRIFT)
        self._at = now


class MediaClock:
    """One stream's timestamps on our clock."""

    __slots__ = ("_offset", "_rate", "_report", "_unwrapper")

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._unwrapper = Unwrapper(bits=32)
        self._offset = Offset()
        self._report: tuple[float, int] | None = None

    def hear(self, timestamp: int, arrival: float) -> None:
        """Any packet of the stream; more often makes it better, once a batch is enough."""
        self._offset.hear(self._unwrapper.unwrap(timestamp) / self._rate, arrival)

    def report(self, report: rtcp.SenderReport) -> None:
        """The sender says what its clock showed at a timestamp."""
        self._report = rtcp.from_ntp(report.ntp), report.rtp_time

    def ticks_between(self, timestamp: int, other: MediaClock, earlier: int) -> int | None:
        """Ticks from `earlier` of another layer of the same source to `timestamp` of this one.

        By the reports of both, which are of one clock; None while either has made none.
        """
        if self._report is None or other._report is None:
            return None
        ntp, reported = self._report
        other_ntp, other_reported = other._report
        seconds = ntp - other_ntp
        return round(seconds * self._rate) + _signed(timestamp - reported) - _signed(earlier - other_reported)

    def captured_at(self, timestamp: int) -> float | None:
        """When this was captured, as if nothing had been delayed more than the quickest packet; None: not known.

        By arrival alone, so that it never jumps when the first report comes.
        """
        if self._offset.value is None:
            return None
        return self._unwrapper.unwrap(timestamp) / self._rate + self._offset.value

    def reported_at(self, timestamp: int, sender: Offset) -> float | None:
        """When this was captured by its sender's own clock, which its voice and its picture share; None: no report yet.

        `sender` is the offset of that clock: it holds the shortest way of a report, some milliseconds of a LAN.
        """
        if self._report is None or sender.value is None:
            return None
        ntp, reported = self._report
        return ntp + _signed(timestamp - reported) / self._rate + sender.value

    def timestamp_at(self, now: float, sender: Offset) -> int | None:
        """The stream's timestamp at `now`; `sender` is the offset of the clock in its sender's reports."""
        if self._report is not None and sender.value is not None:
            ntp, timestamp = self._report
            return int(timestamp + (now - sender.value - ntp) * self._rate) & 0xFFFF_FFFF
        if self._offset.value is not None:
            return int((now - self._offset.value) * self._rate) & 0xFFFF_FFFF
        return None


def _signed(ticks: int) -> int:
    """A difference of two 32-bit timestamps, either way."""
    return (ticks + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000
