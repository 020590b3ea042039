"""The transcript as the reader sees it: what was said, by whom, in the order it was said.

Only finals come here.  Two people who overlap finish in any order, so an entry takes its place by when its speech
began; that is nearly always the end of the list.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from sfu.wire.messages import Caption, Remark

SAME_BREATH = 20.0
"""Seconds.  A person who goes on sooner than this gets no second heading with their name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Times in seconds of the meeting.  `order` is the speaker's join order, which fixes their colour."""

    segment: str
    speaker: str
    name: str
    order: int
    start: float
    end: float
    text: str
    remark: Remark | None = None
    """Nobody said this."""


def entered(transcript: tuple[Entry, ...], caption: Caption, order: int) -> tuple[Entry, ...]:
    """The transcript with this final in its place.  A final with no text was withdrawn: it leaves no trace."""
    kept = tuple(entry for entry in transcript if entry.segment != caption.segment)
    text = " ".join(caption.committed.split())
    if not text:
        return kept
    said = (caption.start, caption.end, text, caption.remark)
    entry = Entry(caption.segment, caption.speaker, caption.name, order, *said)
    place = bisect_left(kept, entry.start, key=lambda other: other.start)
    while place < len(kept) and kept[place].start == entry.start:
        place += 1
    return (*kept[:place], entry, *kept[place:])


def corrected(transcript: tuple[Entry, ...], segment: str, text: str) -> tuple[Entry, ...]:
    """The transcript with this segment put right; struck when nothing is left of it."""
    put_right = (replace(e, text=text) if e.segment == segment else e for e in transcript)
    return tuple(entry for entry in put_right if entry.text)


def found(transcript: tuple[Entry, ...], query: str) -> tuple[Entry, ...]:
    """The entries in which every word of `query` occurs, in what was said or in who said it; all for an empty query."""
    words = query.casefold().split()
    return tuple(e for e in transcript if all(word in f"{e.name} {e.text}".casefold() for word in words))


def as_text(transcript: tuple[Entry, ...]) -> str:
    """For the clipboard: a line an entry, with the time in the meeting and the name."""
    return "\n".join(f"[{clock(entry.start)}] {entry.name}: {entry.text}" for entry in transcript)


def headed(before: Entry | None, entry: Entry) -> bool:
    """Whether this entry needs its speaker's name above it."""
    return before is None or before.speaker != entry.speaker or entry.start - before.end > SAME_BREATH


def clock(seconds: float) -> str:
    """12:05, or 1:02:05 after the first hour."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
