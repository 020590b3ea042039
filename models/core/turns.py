"""Several speakers, one model: whose turn it is.

There is never a queue of work: each speaker has at most one wish, always about the newest audio, so being late costs
steps between updates and never grows. Finals go first, the longest-waiting first: they are what is stored. Then
translations, which are few. Updates of the screen take turns after them, whoever was served longest ago first; with
many speakers they thin out by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.core.hearing import Ask, Kind

# Later than this and people are told why; again on time below the other.
LATE = 3.0
ON_TIME = 1.5
# A number on the screen that changes more often is noise.
TELL_EVERY = 2.0


@dataclass(slots=True)
class Turns:
    """Whose wish is granted next.  Streams are named by their ids."""

    _served: dict[str, float] = field(default_factory=dict)
    _waiting_since: dict[str, float] = field(default_factory=dict)
    waited_since: float = 0.0
    """Since when the wish that was chosen last had waited."""

    def choose(self, wishes: Mapping[str, Ask], now: float) -> str | None:
        """The stream whose wish is granted; None when there are none."""
        for stream in [stream for stream in self._waiting_since if stream not in wishes]:
            del self._waiting_since[stream]
        for stream in wishes:
            self._waiting_since.setdefault(stream, now)
        if not wishes:
            return None
        chosen = min(wishes, key=lambda stream: self._rank(stream, wishes[stream]))
        self._served[chosen] = now
        self.waited_since = self._waiting_since.pop(chosen)
        return chosen

    def forget(self, stream: str) -> None:
        self._served.pop(stream, None)
        self._waiting_since.pop(stream, None)

    def _rank(self, stream: str, ask: Ask) -> tuple[int, float]:
        if ask.kind is Kind.PARTIAL:
            return 2, self._served.get(stream, 0.0)
        return int(ask.kind is Kind.TRANSLATION), self._waiting_since[stream]


@dataclass(slots=True)
class Lateness:
    """When to tell people that captions are late, and that they are on time again."""

    behind: float = 0.0
    _told_late: bool = False
    _told_at: float = float("-inf")

    def measure(self, behind: float, now: float) -> bool:
        """The newest caption was so many seconds behind; whether to say so."""
        self.behind = behind
        late = behind >= LATE or (self._told_late and behind > ON_TIME)
        if late == self._told_late and not (late and now - self._told_at >= TELL_EVERY):
            return False
        self._told_late, self._told_at = late, now
        return True

    def idle(self) -> bool:
        """Nothing is being said: nothing is late any more; whether to say so."""
        told, self._told_late, self.behind = self._told_late, False, 0.0
        return told

    @property
    def sentence(self) -> str:
        """For people; empty when captions are on time."""
        return f"captions are {self.behind:.0f} s behind: the computer is busy" if self._told_late else ""
