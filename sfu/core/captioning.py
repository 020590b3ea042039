"""Whose speech is captioned, and what comes of it: taps follow consent, finals are recorded before they are shown.

A tap is open exactly while captions are on, inference is up, the person has said yes and their microphone's line is
here.  What somebody said before they took their consent back is taken back with it.  Recognising is not done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sfu.core.captions import CaptionBook, Heard
from sfu.core.captions_health import ON_TIME, Pace
from sfu.core.effects import (
    CloseStream,
    Effect,
    Instruct,
    Keep,
    KeepGlossary,
    OpenStream,
    Tell,
    TellAll,
    TuneStream,
    Tuning,
)
from sfu.core.person import Person
from sfu.core.records import Consented
from sfu.core.room import Room, changed
from sfu.core.transcript import as_caption, line_of, not_captioned
from sfu.core.words import Words
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Consent, SourceKind

ABOUT = "captions"
"""What people agree to, as the ledger says it."""
# As many names as a captions worker takes as hints (inference.proto).
MAX_HINTS = 64


class Captioning:
    """`state` is what everybody is told about captions."""

    def __init__(self, room: Room, words: Words, state: wire.CaptionsState) -> None:
        self.state = state
        self._model = state.model
        self._room = room
        self._words = words
        self._book = CaptionBook(room.began)
        self._opened = 0
        self._tuned: dict[str, Tuning] = {}
        """How each open stream is heard."""
        self._inference_up = False

    # -- what people say -------------------------------------------------------------------------------------

    def consent(self, person: Person, answer: wire.AnswerConsent, at: float) -> list[Effect]:
        refused_before = person.consent is Consent.NO
        person.consent = Consent.YES if answer.captions else Consent.NO
        ledger = Keep(Consented(person.id, person.name, ABOUT, answer.captions, at))
        effects: list[Effect] = [ledger, changed(person)]
        if not answer.captions:
            effects += self.close(person)
            effects += [TellAll(taken_back) for taken_back in self._book.withdraw(person.id)]
            if self.state.on and not refused_before:
                effects += self._not_captioned(person, at)
        return [*effects, *self.match()]

    def turn(self, on: bool, at: float) -> list[Effect]:
        """For the whole meeting."""
        if on == self.state.on:
            return []
        refused = [person for person in self._room.people.values() if on and person.consent is Consent.NO]
        remarks = [effect for person in refused for effect in self._not_captioned(person, at)]
        return [*self._changed(self.state.model_copy(update={"on": on})), *remarks]

    def glossary(self, _person: Person, wanted: wire.SetGlossary, _at: float) -> list[Effect]:
        terms = cleaned(wanted.terms)
        if terms == self.state.glossary:
            return []
        return [
            KeepGlossary(tuple(terms)), *self._changed(self.state.model_copy(update={"glossary": terms}))
        ]

    def spoken(self, person: Person, said: wire.SetSpoken, _at: float) -> list[Effect]:
        if said.language and said.language not in wire.LANGUAGES:
            raise UserError(ErrorCode.UNSUPPORTED, "Captions do not know that language. Choose another, or none.")
        person.spoken = said.language
        return [changed(person), *self.match()]

    def translation(self, person: Person, wanted: wire.SetTranslation, _at: float) -> list[Effect]:
        if wanted.on and not self.state.translates:
            sentence = "The captions model on the host's computer cannot translate. Ask the host for another model."
            raise UserError(ErrorCode.UNSUPPORTED, sentence)
        person.translation = wanted.on
        return list(self.match())

    # -- what inference says ---------------------------------------------------------------------------------

    def inference(self, up: bool, available: bool, sentence: str, pace: Pace = ON_TIME) -> list[Effect]:
        """`up`: a broker takes streams; `available`: a worker is ready; `sentence`: what people should know."""
        restarted = self._inference_up and not up
        self._inference_up = up
        effects = [e for p in self._room.people.values() for e in self.close(p)] if restarted else []
        paced = {"behind": pace.behind, "effort": pace.effort, "model": pace.model or self._model}
        state = self.state.model_copy(update={"available": available, "sentence": sentence, **paced})
        if state == self.state:
            return [*effects, *self.match()]
        return [*effects, *self._changed(state)]

    def workers(self, workers: Sequence[wire.CaptionsWorker]) -> list[Effect]:
        """Who captions now, and on which computer: everyone may know where their voice goes."""
        state = self.state.model_copy(update={"workers": list(workers[: wire.MAX_WORKERS])})
        return [] if state == self.state else self._changed(state)

    def heard(self, heard: Heard) -> list[Effect]:
        caption = self._book.hear(heard)
        return self._shown(caption) if caption is not None else []

    def translated(self, stream: str, segment: int, text: str) -> list[Effect]:
        """Only for those who asked for it; never kept."""
        message = self._book.translated(stream, segment, text)
        readers = [person for person in self._room.people.values() if person.translation]
        return [Tell(person.id, message) for person in readers] if message is not None else []

    def interrupted(self, streams: Iterable[str]) -> list[Effect]:
        """Inference lost what was being said in these streams: the transcript says so."""
        return [effect for gap in self._book.interrupted(streams) for effect in self._shown(gap)]

    # -- streams ---------------------------------------------------------------------------------------------

    def match(self) -> Iterator[Effect]:
        """Opens and closes taps until they agree with what was consented to; open ones know who is here now."""
        for person in self._room.people.values():
            allowed = self._may_caption(person)
            if allowed and person.stream is None:
                yield from self._open(person)
            elif not allowed:
                yield from self.close(person)
            elif person.stream is not None and (tuning := self._tuning(person)) != self._tuned[person.stream]:
                self._tuned[person.stream] = tuning
                yield TuneStream(person.stream, tuning)

    def close(self, person: Person) -> list[Effect]:
        """Their tap, if it is open; what was said until now still comes."""
        if person.stream is None:
            return []
        stream, person.stream = person.stream, None
        self._book.drain(stream)
        del self._tuned[stream]
        tap = link.CloseTap(source=person.source(SourceKind.MICROPHONE), stream=stream)
        return [Instruct(tap), CloseStream(stream)]

    def _open(self, person: Person) -> list[Effect]:
        self._opened += 1
        person.stream = f"{person.id}-{self._opened}"
        self._book.open(person.stream, person.id, person.name)
        self._tuned[person.stream] = tuning = self._tuning(person)
        tap = link.OpenTap(source=person.source(SourceKind.MICROPHONE), stream=person.stream)
        return [OpenStream(person.stream, tuning), Instruct(tap)]

    def _tuning(self, person: Person) -> Tuning:
        """The glossary first: somebody chose it, and a long list of names may not fit the model.

        Nobody says their own name often.
        """
        names = [other.name for other in self._room.people.values() if other is not person]
        hints = tuple(dict.fromkeys([*self.state.glossary, *names]))[:MAX_HINTS]
        read = any(other.translation for other in self._room.people.values() if other is not person)
        return Tuning(person.spoken, hints, read)

    def _may_caption(self, person: Person) -> bool:
        return (
            self.state.on
            and self._inference_up
            and person.consent is Consent.YES
            and person.has_media
            and SourceKind.MICROPHONE in person.lines
        )

    def _not_captioned(self, person: Person, at: float) -> list[Effect]:
        """Who reads the transcript knows that somebody is missing in it."""
        line = not_captioned(person.id, person.name, at)
        remark = as_caption(line)
        self._words.said(remark)
        return [Keep(line), TellAll(remark)]

    def _changed(self, state: wire.CaptionsState) -> list[Effect]:
        self.state = state
        return [TellAll(wire.CaptionsChanged(captions=state)), *self.match()]

    def _shown(self, caption: wire.Caption) -> list[Effect]:
        """What was final is kept before it is shown: what people have seen is never lost."""
        line = line_of(caption)
        if line is None:
            return [TellAll(caption)]
        self._words.said(caption)
        return [Keep(line), TellAll(caption)]


def cleaned(terms: Iterable[str]) -> list[str]:
    """Terms of a glossary as they are kept: one line each, each once, no empty ones, no more than there is room for."""
    printable = ("".join(letter if letter.isprintable() else " " for letter in term) for term in terms)
    tidy = (" ".join(term.split())[: wire.MAX_NAME] for term in printable)
    return [term for term in dict.fromkeys(tidy) if term][: wire.MAX_GLOSSARY]
