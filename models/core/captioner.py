"""One speaker's captions: when to listen again, and what to say.

Fed with what the voice detector finds, it names the stretch of audio that the recogniser should hear next (`want`),
takes the answer (`heard`) and returns captions.  It holds no audio and no model and reads no clock; positions are
seconds on the stream's own timeline, `now` is any steady clock.

The life of a phrase: speech begins -> passes over the growing audio, some words shown, then committed -> half a second
of silence -> final.  Phrases of one speaker end in order.  What was shown and is not in the final is withdrawn with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.core import inventions
from models.core.effort import STEP, Effort
from models.core.hearing import Ask, Heard, Kind, Word, before_collapse, loops, nothing_said, text_of
from models.core.language import Language
from models.core.naming import with_names
from models.core.phrase import Phrase, prefix_of
from models.core.voice import FRAME, Voice, begins

# Sound before the detector is sure belongs to the first word.
LEAD = 0.4
# Sound after the last frame of speech belongs to the last word; more of it makes the decoder run on.
TRAIL = 0.25
# The first pass over less than this mostly guesses.
FIRST_PASS = 1.2
# After so much silence nothing can be added to the last word, and the phrase may be over: it is heard out.
PAUSE = 0.25
# A phrase ends after so much silence; the longer it already is, the shorter the breath that will do.
ENDPOINTS = ((8.0, 0.5), (15.0, 0.35), (float("inf"), 0.25))
# Nobody breathed for so long: cut at the last word on the screen.  Also bounds what a worker's death can cost.
LONGEST_PHRASE = 24.0
# Finals wait for the model when many people speak at once; audio older than this is not heard again.
GIVE_UP_AFTER = 30.0
# Until the language is known a first guess needs more sound: a wrong language is a phrase of nonsense.
FIRST_GUESS = 2.4
# English is spoken at 3-4 tokens a second, Mandarin at up to 7; a decoder that wants more is inventing.
TOKENS_PER_SECOND = 7
TOKENS_SPARE = 6
# While an English phrase grows a decoder that has come to its end begins it again, one pass in fourteen: that costs
# half as much again as the pass.  What is cut off of somebody who speaks faster comes with the next pass.
GROWING_TOKENS = {"en": (5, 5)}
FINALS = (Kind.FINAL, Kind.HASTY, Kind.CAREFUL)
# After so much silence a pause has perhaps begun: the model is kept free for what a pause asks of it.
LULL = 0.13


@dataclass(frozen=True, slots=True)
class Caption:
    """A segment as it stands: `text` is `committed + tail`, joined without adding a space."""

    segment: int
    committed: str
    tail: str
    final: bool
    language: str
    start: float
    end: float
    confidence: float


@dataclass(slots=True)
class Captioner:
    """`hints`: names and words that this person will probably say, the likeliest first."""

    language: Language = field(default_factory=Language)
    hints: tuple[str, ...] = ()
    step: float = STEP[Effort.FULL]
    edge: float = 0.0
    _phrase: Phrase | None = None
    _ended: deque[Phrase] = field(default_factory=deque)
    _settled: float = 0.0
    _segment: int = 0
    _next_pass: float = 0.0
    _last: Caption | None = None
    _out: list[Caption] = field(default_factory=list)

    def resume(self, position: float) -> None:
        """What was said before `position` is final already, by another worker."""
        self._settled = max(self._settled, position)

    def voice(self, until: float, probability: float) -> None:
        """The 32 ms of audio that end at `until` were speech with this probability."""
        self.edge = until
        if self._phrase is None:
            if not begins(probability) or until <= self._settled:
                return
            began = until - FRAME
            self._phrase = Phrase(max(self._settled, began - LEAD, 0.0), Voice(began, until))
        phrase = self._phrase
        phrase.voice.hear(until, probability)
        if phrase.voice.silence(until) >= _endpoint(until - phrase.voice.since):
            self.pause()
        elif until - phrase.voice.since >= LONGEST_PHRASE:
            self._split(phrase)

    def pause(self) -> None:
        """Speech has ended (or no more sound will come): the phrase awaits its final."""
        phrase, self._phrase = self._phrase, None
        if phrase is None:
            return
        self._settled = min(phrase.voice.last + TRAIL, self.edge)
        if self._ended and self._ended[-1].takes_up(phrase):
            return
        self._ended.append(phrase)

    def discard(self, since: float) -> None:
        """What was said after `since` was somebody else: the phrase ends there, or is dropped if it began later."""
        phrase = self._phrase
        if phrase is None:
            return
        if phrase.voice.since >= since:
            self._phrase = None
            self._drop(phrase)
        else:
            phrase.end_at(since, since + TRAIL)
            self.pause()

    def refuse(self, ask: Ask) -> None:
        """The phrase that the latest `want` asked about was somebody else."""
        if self._ended and ask.kind in FINALS:
            self._drop(self._ended.popleft())
        elif self._phrase is not None:
            phrase, self._phrase = self._phrase, None
            self._drop(phrase)

    def _drop(self, phrase: Phrase) -> None:
        self._settled = max(self._settled, phrase.voice.last)
        self._conclude(phrase, [], self.language.known, end=phrase.voice.last)

    def want(self, now: float) -> Ask | None:
        """The pass this speaker's captions need most, if any is due."""
        self._end_without_pass()
        if self._ended:
            return self._final_ask(self._ended[0])
        phrase = self._phrase
        if phrase is None:
            return None
        silence = phrase.voice.silence(self.edge)
        if silence >= PAUSE:
            if phrase.rest():
                self._say(phrase, phrase.language)
            # When somebody waits for the model, first see whether the phrase ends here.
            early = self.step <= STEP[Effort.FULL] and phrase.voice.worth_hearing and not phrase.heard_out
            return self._final_ask(phrase) if early else None
        if silence >= LULL:
            return None
        first = FIRST_PASS if self.language.known or phrase.language else FIRST_GUESS
        if now < self._next_pass or self.edge - phrase.window < first:
            return None
        return self._ask(Kind.PARTIAL, phrase, self.edge, phrase.committed)

    def heard(self, ask: Ask, heard: Heard, now: float) -> None:
        """The answer to the latest `want`, asked at `now`."""
        if self._ended and ask.kind in FINALS:
            self._hear_final(self._ended[0], ask, heard)
        elif self._phrase is not None:
            self._next_pass = now + self.step
            if ask.kind is Kind.PARTIAL:
                self._hear_partial(self._phrase, ask, heard)
            else:
                self._hear_out(self._phrase, ask, heard)

    def take(self) -> list[Caption]:
        """Captions since the last call, in order."""
        out, self._out = self._out, []
        return out

    @property
    def needs_from(self) -> float:
        """Audio before this position will not be asked for again."""
        phrases = [*self._ended, *([self._phrase] if self._phrase else [])]
        return min((phrase.begin for phrase in phrases), default=self.edge - LEAD - FRAME)

    @property
    def idle(self) -> bool:
        """Nothing is being said and nothing awaits its final."""
        return self._phrase is None and not self._ended

    # -- passes ----------------------------------------------------------------------------------------------

    def _ask(self, kind: Kind, phrase: Phrase, end: float, kept: Sequence[Word]) -> Ask:
        language = self.language.known or phrase.language
        tokens = _tokens(end - (kept[-1].end if kept else phrase.window), language)
        prefix = prefix_of(kept)
        return Ask(kind, phrase.window, end, prefix, language, tokens, len(kept), draft=phrase.after(prefix))

    def _final_ask(self, phrase: Phrase) -> Ask:
        usual = Kind.HASTY if self.step >= STEP[Effort.SLOW] else Kind.FINAL
        kind = Kind.CAREFUL if phrase.careful else usual
        end = self._speech_end(phrase)
        language = phrase.rival[1].guess if phrase.rival is not None else self.language.known or phrase.language
        # They cost a second reading, and in passes over a growing phrase made three times as many words change.
        hints = self.hints if kind is Kind.FINAL else ()
        tokens = _tokens(end - phrase.begin)
        return Ask(kind, phrase.begin, end, (), language, tokens, 0, hints, self.language.guesses)

    def _speech_end(self, phrase: Phrase) -> float:
        return min(phrase.voice.last + TRAIL, self.edge)

    def _hear_partial(self, phrase: Phrase, ask: Ask, heard: Heard) -> None:
        phrase.language = heard.language
        if ask.kept == len(phrase.committed):
            phrase.hear(heard.words, ask.end)
        if phrase.on_screen():
            self._say(phrase, heard.language)

    def _hear_out(self, phrase: Phrase, ask: Ask, heard: Heard) -> None:
        """What will be the final if the phrase has ended; shown meanwhile."""
        phrase.foreseen, phrase.paused_at = (ask, heard), phrase.voice.last
        wanted = phrase.language in ("", heard.language) and not self._is_foreign(phrase, heard)
        if not wanted or _is_doubtful(heard) or nothing_said(heard):
            return
        phrase.language = heard.language
        phrase.hear_out(heard.words, ask.end)
        if phrase.on_screen():
            self._say(phrase, heard.language)

    def _is_foreign(self, phrase: Phrase, heard: Heard) -> bool:
        return phrase.rival is None and self.language.doubts(heard, phrase.voice.speech_s)

    def _hear_final(self, phrase: Phrase, ask: Ask, heard: Heard) -> None:
        if _is_doubtful(heard) and not phrase.careful:
            phrase.careful = True
            return
        if self._is_foreign(phrase, heard):
            phrase.rival = ask, heard
            return
        if phrase.rival is not None and phrase.rival[1].mean_logprob >= heard.mean_logprob:
            ask, heard = phrase.rival
        self._ended.popleft()
        self.language.heard(heard.guess, heard.guess_probability, phrase.voice.speech_s)
        if loops(heard.words) or (nothing_said(heard) and not phrase.committed):
            words: Sequence[Word] = phrase.on_screen() if phrase.committed else []
        else:
            words = with_names(phrase.finish(heard), heard.told, ask.hints)
        self._conclude(phrase, words, heard.language, end=max(ask.end - TRAIL, ask.start))

    def _end_without_pass(self) -> None:
        """Ended phrases that no pass can better: heard to their end, too little speech, or too long ago."""
        while self._ended:
            phrase = self._ended[0]
            if (foreseen := phrase.take_foreseen()) is not None:
                self._hear_final(phrase, *foreseen)
                continue
            late = self.edge - phrase.voice.last > GIVE_UP_AFTER
            if phrase.voice.worth_hearing and not late:
                return
            self._ended.popleft()
            words = phrase.on_screen() if late else []
            self._conclude(phrase, words, self.language.known, end=phrase.voice.last)

    def _split(self, phrase: Phrase) -> None:
        """Cut a phrase without a breath at its last word on the screen, so that nothing there moves."""
        words = phrase.on_screen()
        if not words or self._ended:
            self.pause()
            return
        cut = words[-1].end
        self._conclude(phrase, words, self.language.known or phrase.language, end=cut)
        self._settled = cut
        self._phrase = Phrase(cut, Voice(cut, phrase.voice.last, phrase.voice.speech_s))

    # -- saying ----------------------------------------------------------------------------------------------

    def _say(self, phrase: Phrase, language: str) -> None:
        if not phrase.segment:
            self._segment += 1
            phrase.segment = self._segment
        words, committed, text = phrase.on_screen(), phrase.committed_text, phrase.text
        self._emit(
            Caption(
                phrase.segment, committed, text[len(committed) :], False, language,
                words[0].start, max(words[0].start, words[-1].end), _confidence(words),
            )
        )

    def _conclude(self, phrase: Phrase, words: Sequence[Word], language: str, end: float) -> None:
        """The phrase's one final; an empty one withdraws what was shown."""
        text = text_of(words)
        if inventions.is_one(text, phrase.voice.speech_s):
            words, text = [], ""
        if not text and not phrase.segment:
            return
        if not phrase.segment:
            self._segment += 1
            phrase.segment = self._segment
        start = min(words[0].start, end) if words else min(phrase.voice.since, end)
        self._emit(Caption(phrase.segment, text, "", True, language, start, end, _confidence(words)))

    def _emit(self, caption: Caption) -> None:
        before = self._last
        if before and (before.segment, before.committed, before.tail, before.final) == (
            caption.segment, caption.committed, caption.tail, caption.final
        ):
            return
        self._last = caption
        self._out.append(caption)


def _is_doubtful(heard: Heard) -> bool:
    return not heard.words or loops(heard.words) or before_collapse(heard.words) is not heard.words


def _tokens(seconds: float, growing: str = "") -> int:
    """The most there can be in so many seconds; `growing`: language of a phrase that goes on."""
    rate, spare = GROWING_TOKENS.get(growing, (TOKENS_PER_SECOND, TOKENS_SPARE))
    return int(max(0.3, seconds) * rate) + spare


def _endpoint(length: float) -> float:
    return next(silence for limit, silence in ENDPOINTS if length < limit)


def _confidence(words: Sequence[Word]) -> float:
    return sum(word.probability for word in words) / len(words) if words else 0.0
