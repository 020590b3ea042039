"""What a recording is, told from the facts that were kept of it: when it ran, who had agreed when, what was said in it.

A recording has one clock, seconds since it began, on which its files lie.  A film of it leaves pauses out, so it has
another; `Cut` goes from the one to the other.  Who had not agreed is left out of the words as they are of the sound:
where they spoke stands NOT_RECORDED.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sfu.core import recording
from sfu.core.records import Consented, Deed
from sfu.core.transcript import Line

NOT_RECORDED = "[not recorded]"
_RUNS = {recording.START: True, recording.RESUME: True, recording.PAUSE: False, recording.STOP: False}


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of the recording."""

    start: float
    end: float


class Begins(StrEnum):
    """What begins a chapter."""

    START = "start"
    JOINED = "joined"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Chapter:
    """From `start` on, in seconds of the film.  `name`: who joined."""

    start: float
    kind: Begins = Begins.START
    name: str = ""

    @property
    def title(self) -> str:
        """For files; where people read it in their own language it is worded anew."""
        return {Begins.JOINED: f"{self.name} joins", Begins.RESUMED: "After a pause"}.get(self.kind, "Start")


class Cut:
    """Seconds of the recording as seconds of the film, which has no pauses."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans

    @property
    def length(self) -> float:
        return sum(span.end - span.start for span in self.spans)

    def at(self, second: float) -> float:
        """What lies in a pause is where the pause was cut out."""
        passed = 0.0
        for span in self.spans:
            if second < span.end:
                return passed + max(0.0, second - span.start)
            passed += span.end - span.start
        return passed

    def runs(self, second: float) -> bool:
        return any(span.start <= second < span.end for span in self.spans)


def spans(name: str, began: float, ended: float, deeds: Iterable[Deed]) -> list[Span]:
    """When the recording `name` ran; instants are meeting time.  What no deed ends (a host that was killed) ends with
    the recording."""
    found: list[Span] = []
    since: float | None = None
    for deed in deeds:
        if deed.about != name or deed.what not in _RUNS:
            continue
        if _RUNS[deed.what] and since is None:
            since = deed.at
        elif not _RUNS[deed.what] and since is not None:
            found.append(Span(since - began, deed.at - began))
            since = None
    if since is not None:
        found.append(Span(since - began, max(since, ended) - began))
    return [span for span in found if span.end > span.start]


def agreed(participant: str, began: float, ended: float, consents: Iterable[Consented]) -> list[Span]:
    """When they had said yes to this recording."""
    found: list[Span] = []
    since: float | None = None
    for consent in consents:
        mine = consent.participant == participant and consent.about == recording.ABOUT
        if not mine or not began <= consent.at <= ended:
            continue
        if consent.yes and since is None:
            since = consent.at
        elif not consent.yes and since is not None:
            found.append(Span(since - began, consent.at - began))
            since = None
    if since is not None:
        found.append(Span(since - began, ended - began))
    return found


def words(lines: Iterable[Line], began: float, cut: Cut, who: dict[str, list[Span]]) -> list[Line]:
    """What was said while it ran, at the film's times; who had not agreed says NOT_RECORDED, once in a row.

    Lines that were struck (no text) are left out.
    """
    found: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.start, line.end, line.segment)):
        if not line.text or not cut.runs(_middle(line, began)):
            continue
        times = {"start": cut.at(line.start - began), "end": cut.at(line.end - began)}
        if belongs(line, began, cut, who):
            found.append(line.model_copy(update=times))
        elif not (found and found[-1].text == NOT_RECORDED and found[-1].speaker == line.speaker):
            found.append(line.model_copy(update={**times, "text": NOT_RECORDED, "confidence": 0.0}))
    return found


def belongs(line: Line, began: float, cut: Cut, who: dict[str, list[Span]]) -> bool:
    """It was said while it ran, by somebody who had agreed."""
    middle = _middle(line, began)
    return cut.runs(middle) and any(span.start <= middle < span.end for span in who.get(line.speaker, ()))


def _middle(line: Line, began: float) -> float:
    return (line.start + line.end) / 2 - began


def chapters(cut: Cut, events: Iterable[tuple[float, Begins, str]]) -> list[Chapter]:
    """`events`: seconds of the recording, what began then, and whose name that is.

    The first chapter begins the film; what lies closer than some seconds is one chapter.
    """
    found = [Chapter(0.0)]
    for second, kind, name in sorted(events):
        at = cut.at(second)
        if at - found[-1].start >= LEAST_CHAPTER and at < cut.length:
            found.append(Chapter(at, kind, name))
    return found


LEAST_CHAPTER = 5.0
