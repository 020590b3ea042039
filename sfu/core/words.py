"""What was said in this meeting, final and as corrected since, with enough of its past to tell who may correct it."""

from __future__ import annotations

from collections.abc import Iterable

from sfu.core import permissions
from sfu.core.effects import Effect, Keep, TellAll
from sfu.core.person import Person
from sfu.core.records import WordsCorrected
from sfu.core.room import Room
from sfu.core.transcript import Line, as_caption, as_line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

# What late joiners are told; all of it is in the store.
SHOWN_TO_LATE = 300


class Words:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._finals: dict[str, wire.Caption] = {}
        self._revisions: dict[str, int] = {}

    def recall(self, lines: Iterable[Line], corrections: Iterable[WordsCorrected]) -> None:
        """What was said in an earlier life of this meeting, in order."""
        for line in lines:
            self.said(as_caption(line))
        self._revisions |= {correction.segment: correction.revision for correction in corrections}

    def inherit(self, before: str, now: str) -> None:
        """Whoever spoke as `before` is here as `now`, and may correct what they said."""
        for segment, caption in self._finals.items():
            if caption.speaker == before:
                self._finals[segment] = caption.model_copy(update={"speaker": now})

    def said(self, caption: wire.Caption) -> None:
        """A final caption with text, or a remark."""
        self._finals[caption.segment] = caption

    def correct(self, person: Person, wanted: wire.Correct, at: float) -> list[Effect]:
        caption = self._finals.get(wanted.segment)
        if caption is None or caption.remark is not None:
            raise UserError(ErrorCode.NOT_FOUND, "There is no such line in the transcript of this meeting.")
        sentence = "Only who said it, or the host, can correct a line of the transcript."
        permissions.require_own(person, caption.speaker, sentence)
        text = " ".join(wanted.text.split())
        if text == caption.committed:
            return []
        revision = self._revisions.get(wanted.segment, 0) + 1
        self._revisions[wanted.segment] = revision
        now_reads = caption.model_copy(update={"committed": text})
        self._finals[wanted.segment] = now_reads
        kept = WordsCorrected(wanted.segment, revision, caption.committed, text, person.id, person.name, at)
        told = wire.Corrected(
            segment=wanted.segment, text=text, by=person.id, name=person.name, revision=revision, at=at
        )
        return [Keep(kept, needed=True), Keep(as_line(now_reads)), TellAll(told)]

    def undo(self, correction: WordsCorrected) -> None:
        """It could not be stored."""
        caption = self._finals[correction.segment]
        self._finals[correction.segment] = caption.model_copy(update={"committed": correction.before})
        self._revisions[correction.segment] = correction.revision - 1

    def for_late(self) -> list[wire.Caption]:
        """The last ones, in the order in which they were finished; struck ones left out."""
        standing = [caption for caption in self._finals.values() if caption.committed]
        return standing[-SHOWN_TO_LATE:]
