"""How long each person spoke.

Counted from captions, so a person counts from the day they agreed to be captioned, and pauses within a caption count.
Whoever speaks at the same time as another counts for both: shares are of all that was spoken, not of the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sfu.core.analysis.reading import Turn, count_words, turns
from sfu.core.transcript import Line
from sfu.wire.analysis import Talker, TalkTime


def talk_time(lines: Iterable[Line]) -> TalkTime:
    theirs: dict[str, list[Turn]] = {}
    for turn in turns(lines):
        theirs.setdefault(turn.speaker, []).append(turn)
    seconds = {speaker: sum(map(_seconds, own)) for speaker, own in theirs.items()}
    together = sum(seconds.values())
    people = [_talker(own, seconds[speaker], together) for speaker, own in theirs.items()]
    return TalkTime(
        people=sorted(people, key=lambda each: (-each.seconds, each.participant)), seconds=round(together, 1)
    )


def _talker(own: Sequence[Turn], seconds: float, together: float) -> Talker:
    """Under the name that they had last."""
    return Talker(
        participant=own[0].speaker,
        name=own[-1].lines[-1].name,
        seconds=round(seconds, 1),
        share=round(seconds / together, 4) if together else 0.0,
        turns=len(own),
        words=sum(count_words(line.text) for turn in own for line in turn.lines),
        longest_s=round(max(map(_seconds, own)), 1),
    )


def _seconds(turn: Turn) -> float:
    """Captions of one person may overlap where a phrase was cut."""
    spoken, until = 0.0, 0.0
    for line in turn.lines:
        spoken += max(0.0, line.end - max(line.start, until))
        until = max(until, line.end)
    return spoken
