"""Lips and voice of one person, together.

Sender reports put both slots on the host's clock, so of every picture and every sound it is known when it was captured.
The voice sets the pace, because a voice that is moved about sounds broken: how long after its capture it is heard,
its pictures are to be seen.  They wait for it, never it for them.  Who never spoke is shown at once.
"""

from __future__ import annotations

from sfu.rtp.rtcp import SenderReport, from_ntp

LONGEST_WAIT = 0.4
"""A picture that would have to wait longer belongs to a clock that we misread."""
FOLLOW = 0.2
"""Of a change of the voice's delay, with every block: pictures speed up and slow down instead of jumping."""
FORGET_S = 5.0
"""Seconds after the last word in which pictures keep its pace."""


class SlotClock:
    """A slot's timestamps on the host's clock, by its newest sender report."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._report: tuple[float, int] | None = None

    def report(self, report: SenderReport) -> None:
        self._report = from_ntp(report.ntp), report.rtp_time

    def forget(self) -> None:
        """The slot carries somebody else now."""
        self._report = None

    def captured(self, timestamp: int) -> float | None:
        """In seconds of the host's clock; None before the first report."""
        if self._report is None:
            return None
        at, origin = self._report
        ahead = (timestamp - origin + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000
        return at + ahead / self._rate


class Lips:
    """One person.  A delay is the instant of playing (our clock) minus that of capture (the host's)."""

    def __init__(self) -> None:
        self._delay: float | None = None
        self._spoke_at = float("-inf")
        self._shown_at = float("-inf")

    @property
    def delay(self) -> float | None:
        """The voice's; None before the first word."""
        return self._delay

    def heard(self, captured: float, plays_at: float) -> None:
        """A block of the voice will be heard at `plays_at`."""
        delay = plays_at - captured
        if self._delay is None or plays_at - self._spoke_at > FORGET_S or abs(delay - self._delay) > LONGEST_WAIT:
            self._delay = delay
        else:
            self._delay += FOLLOW * (delay - self._delay)
        self._spoke_at = plays_at

    def show_at(self, captured: float | None, now: float) -> float:
        """When to show a picture that is ready at `now`; never before the one shown last."""
        due = now
        if captured is not None and self._delay is not None and now - self._spoke_at < FORGET_S:
            wanted = captured + self._delay
            due = wanted if now < wanted < now + LONGEST_WAIT else now
        self._shown_at = max(due, min(self._shown_at, now + LONGEST_WAIT))
        return self._shown_at
