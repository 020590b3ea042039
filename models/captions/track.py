"""One speaker's way from packets to captions: decode, lay out in time, detect voice, ask, tell.

The pieces judge for themselves (`models.core`); this file only passes things along, and turns positions in the audio
into capture times.
"""

from __future__ import annotations

from models.captions.audio import Loudness, OpusDecoder, Recording, Samples, VoiceDetector, VoiceModel
from models.captions.translations import Translations, around
from models.core.captioner import Caption, Captioner
from models.core.crosstalk import LOOK_BACK, Room
from models.core.effort import STEP, Effort
from models.core.hearing import Ask, Heard, Kind
from models.core.language import Language
from models.core.timeline import Timeline
from models.core.turns import Lateness
from models.core.voice import FRAME
from models.wire import CaptionText, Chunk, OpenStream, Result, StreamHealth, Tune

# Muted, gone, or the sender keeps silent about silence (DTX): what was said so far is a phrase.
STARVED = 0.6
# What the sender's own level (RFC 6464) says is quieter than this is not even decoded.
UNHEARD_DBOV = -80
# A judgement about crosstalk costs a third of a millisecond for each other speaker.
JUDGE_EVERY = 0.1
# A phrase so short is somebody else's when its beginning and its end are.
BRIEF = 2 * LOOK_BACK


class Track:
    """`now` is the host's monotonic clock, the clock of the capture times."""

    def __init__(self, wants: OpenStream, voice: VoiceModel, room: Room) -> None:
        self.stream = wants.stream
        self._room = room
        self._loudness = Loudness()
        self._judged = 0.0
        self._hushed = False
        self.damaged = 0
        self._captioner = Captioner(Language(wants.language, wants.usual_language), tuple(wants.hints))
        self._translations = Translations(wants.stream, wants.translate)
        self._resume_s = wants.resume_s
        self._decoder = OpusDecoder()
        self._timeline = Timeline()
        self._recording = Recording()
        self._voice = VoiceDetector(voice)
        self._voice_until = 0.0
        self._fed_at = 0.0
        self._lateness = Lateness()
        self._closing = False

    def feed(self, chunk: Chunk, payload: bytes, now: float) -> None:
        """One packet, in the order of arrival."""
        self._fed_at = now
        place = self._timeline.place(chunk.timestamp, chunk.capture_us / 1e6)
        if place.late:
            return
        if self._resume_s:
            self._captioner.resume(self._timeline.at(self._resume_s))
            self._resume_s = 0.0
        if place.silence:
            self._listen(self._decoder.silence(place.silence))
        sound = self._decoder.skip(payload) if chunk.level_dbov <= UNHEARD_DBOV else self._decoder.decode(payload)
        self._timeline.laid(len(sound) * 3)
        self._listen(sound)

    def tune(self, tune: Tune) -> None:
        self._captioner.language.told = tune.language
        self._captioner.hints = tuple(tune.hints)
        self._translations.on = tune.translate

    def close(self) -> None:
        """No more packets will come."""
        self._closing = True

    def want(self, now: float) -> Ask | None:
        if self._closing or now - self._fed_at > STARVED:
            self._captioner.pause()
        self._judge()
        while (ask := self._captioner.want(now)) is not None and self._is_somebody_else(ask):
            self._captioner.refuse(ask)
        spare = ask is None or ask.kind is Kind.PARTIAL
        return self._translations.next or ask if spare else ask

    def samples(self, ask: Ask) -> Samples:
        if ask.kind is Kind.TRANSLATION:
            return self._translations.samples
        return self._recording.between(ask.start, ask.end)

    def heard(self, ask: Ask, heard: Heard, asked_at: float, now: float) -> list[Result]:
        """What there is to tell after the answer to `ask`, which came at `now`."""
        if ask.kind is Kind.TRANSLATION:
            return self._translations.heard(heard)
        self._captioner.heard(ask, heard, asked_at)
        results = self.take()
        if self._lateness.measure(now - self._timeline.captured(ask.end), now):
            results.append(self.health())
        return results

    def health(self) -> Result:
        health = StreamHealth(behind_s=self._lateness.behind, reason=self._lateness.sentence)
        return Result(stream=self.stream, health=health)

    def pace(self, step: float) -> None:
        """Seconds between two passes over a growing phrase."""
        self._captioner.step = step

    def take(self) -> list[Result]:
        """Captions that needed no pass."""
        results = [self._result(caption) for caption in self._captioner.take()]
        return [*results, self.health()] if self._captioner.idle and self._lateness.idle() else results

    @property
    def idle(self) -> bool:
        """Nothing is being said, and everything said is final."""
        return self._captioner.idle

    @property
    def done(self) -> bool:
        """Closed, and everything said is final."""
        return self._closing and self._captioner.idle and self._translations.next is None

    def _judge(self) -> None:
        """Whether this microphone now hears somebody who has one of their own (`models.core.crosstalk`)."""
        if self._voice_until - self._judged < JUDGE_EVERY or (self._captioner.idle and not self._hushed):
            return
        self._judged = self._voice_until
        since = self._voice_until - LOOK_BACK
        self._hushed = self._hears_copy(since, self._voice_until)
        if self._hushed:
            self._captioner.discard(since)

    def _is_somebody_else(self, ask: Ask) -> bool:
        """A short phrase may be over before it is known whose it was."""
        brief = ask.kind is not Kind.PARTIAL and ask.end - ask.start <= BRIEF
        return brief and self._hears_copy(ask.start, ask.end) and self._hears_copy(ask.start, ask.start + LOOK_BACK)

    def _hears_copy(self, start: float, end: float) -> bool:
        return self._room.is_copy(self.stream, self._timeline.captured(start), self._timeline.captured(end))

    def _listen(self, sound: Samples) -> None:
        start = self._recording.until
        self._recording.add(sound)
        before, powers = self._loudness.hear(sound)
        self._room.add(self.stream, self._timeline.captured(start - before), powers)
        for probability in self._voice.hear(sound):
            self._voice_until += FRAME
            self._captioner.voice(self._voice_until, 0.0 if self._hushed else probability)
        self._recording.forget(self._captioner.needs_from)

    def _result(self, caption: Caption) -> Result:
        if self._translations.wants(caption) and self._captioner.step < STEP[Effort.SLOW]:
            self._translations.add(caption, self._recording.between(*around(caption)))
        text = CaptionText(
            segment=caption.segment, committed=caption.committed, tail=caption.tail, final=caption.final,
            language=caption.language, start_s=self._timeline.captured(caption.start),
            end_s=self._timeline.captured(caption.end), confidence=caption.confidence,
        )
        text.end_s = max(text.start_s, text.end_s)
        return Result(stream=self.stream, caption=text)
