"""From what a worker heard in a stream to captions with a name.

Every speaker is a track of their own, so the name is a fact, not a guess: the stream was opened for one person.
This file keeps that book, holds workers to the promises of `Caption` (committed text only grows, final comes
once), and forgets what was heard of somebody who took their consent back.  It does not recognise speech.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from sfu.core.transcript import INTERRUPTED
from sfu.wire.messages import Caption, Remark, Translated

# The bounds of `Caption`; a worker gone mad must not stop the meeting with a validation error.
_MAX_COMMITTED, _MAX_TAIL = 4_000, 1_000
_EMPTY = {"committed": "", "tail": "", "final": True}


@dataclass(frozen=True, slots=True)
class Heard:
    """One result of a captions worker.  Times are seconds on the host's monotonic clock."""

    stream: str
    segment: int
    committed: str
    tail: str
    final: bool
    language: str
    start_s: float
    end_s: float
    confidence: float


class _Standing(Enum):
    OPEN = auto()
    DRAINING = auto()
    """Closed because the speaker left or captions stopped; what was said until then may still come."""
    WITHDRAWN = auto()
    """The speaker took their consent back: nothing more is shown."""


@dataclass(slots=True)
class _Stream:
    speaker: str
    name: str
    standing: _Standing = _Standing.OPEN
    partial: dict[int, Caption] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)
    gaps: int = 0


class CaptionBook:
    """Which stream is whose, and how far each of its segments has come."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._streams: dict[str, _Stream] = {}

    def open(self, stream: str, speaker: str, name: str) -> None:
        self._streams[stream] = _Stream(speaker, name)

    def drain(self, stream: str) -> None:
        self._streams[stream].standing = _Standing.DRAINING

    def withdraw(self, speaker: str) -> list[Caption]:
        """The speaker said no: captions that take back every unfinished segment of theirs."""
        taken_back = []
        for stream in self._streams.values():
            if stream.speaker == speaker:
                stream.standing = _Standing.WITHDRAWN
                taken_back += [partial.model_copy(update=_EMPTY) for partial in stream.partial.values()]
                stream.partial.clear()
        return taken_back

    def hear(self, heard: Heard) -> Caption | None:
        """The caption to show; None when it is nobody's, not wanted any more, or not news."""
        stream = self._streams.get(heard.stream)
        if stream is None or stream.standing is _Standing.WITHDRAWN or heard.segment in stream.finished:
            return None
        before = stream.partial.get(heard.segment)
        if before is not None and not heard.final and not heard.committed.startswith(before.committed):
            return None
        caption = self._caption(stream, heard)
        if heard.final:
            stream.finished.add(heard.segment)
            stream.partial.pop(heard.segment, None)
        else:
            stream.partial[heard.segment] = caption
        return caption

    def translated(self, stream: str, segment: int, text: str) -> Translated | None:
        """None when it is of nothing that was shown, or not wanted any more."""
        known, tidy = self._streams.get(stream), " ".join(text.split())[:_MAX_COMMITTED]
        wanted = known is not None and known.standing is not _Standing.WITHDRAWN and segment in known.finished
        if known is None or not wanted or not tidy:
            return None
        return Translated(segment=f"{stream}-{segment}", speaker=known.speaker, text=tidy)

    def interrupted(self, streams: Iterable[str]) -> list[Caption]:
        """Captions that say in the transcript that something may be missing of what was being said just now."""
        gaps = []
        for name in streams:
            stream = self._streams.get(name)
            if stream is None or stream.standing is _Standing.WITHDRAWN or not stream.partial:
                continue
            stream.gaps += 1
            latest = max(stream.partial.values(), key=lambda caption: caption.end)
            gaps.append(Caption(
                segment=f"{name}-gap{stream.gaps}", speaker=stream.speaker, name=stream.name, committed=INTERRUPTED,
                final=True, start=latest.end, end=latest.end, remark=Remark.INTERRUPTED,
            ))  # fmt: skip
        return gaps

    def _caption(self, stream: _Stream, heard: Heard) -> Caption:
        start = max(0.0, heard.start_s - self._began)
        return Caption(
            segment=f"{heard.stream}-{heard.segment}",
            speaker=stream.speaker,
            name=stream.name,
            committed=heard.committed[:_MAX_COMMITTED],
            tail="" if heard.final else heard.tail[:_MAX_TAIL],
            final=heard.final,
            language=heard.language[:8],
            start=start,
            end=max(start, heard.end_s - self._began),
            confidence=min(1.0, max(0.0, heard.confidence)),
        )
