"""What of one phrase is on the screen: words that hold still.

A recogniser that hears a growing phrase again and again changes its mind about the newest words.  People who read
must not see that.  So a word is *shown* only when enough sound has followed it, is *committed* soon after and then
never changes until the final (the next passes are forced to begin with it), and what contradicts a shown word must be
heard twice, and more surely, before the screen changes.  The screen text is `committed + tail`, and `committed` only
ever grows.

This module neither knows silence from speech nor when to ask; see `captioner`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from models.core.hearing import Ask, Heard, Word, before_collapse, loops, normal, same, text_of
from models.core.settling import heard_too, settled
from models.core.voice import Voice

# Measured on read speech (models/captions/README.md): showing earlier makes more words change, later makes all of them
# late.  A word that the pass is sure of, and an earlier one heard too, may come soonest.
SHOW_AFTER = 0.5
SHOW_SURE_AFTER = 0.25
SURE = 0.9
# Two passes prove something by agreeing when the second has heard so much more.
APART = 0.25
SHOW_DOUBTFUL_AFTER = 1.0
DOUBTFUL = 0.6
COMMIT_AFTER = 2.0
COMMIT_DOUBTFUL_AFTER = 4.0
# How much likelier other words have to be to take the place of what is on the screen: while the phrase grows; in its
# final, of what was committed; and of the tail, which the final has heard with more around it (measured:
# models/captions/README.md).
SURER = 0.5
SURER_OF_COMMITTED = 0.3
SURER_OF_TAIL = -0.1
# A word less likely than this is committed late, and so is one that the latest pass heard differently.
DISBELIEF = 0.2
# Longer windows cost more and are no better; the window is cut back to KEEP at a committed word.
WINDOW_LONGEST = 6.5
WINDOW_KEEP = 3.5
# Phrases that wait together are heard in one pass up to this length: the window of a final holds it without growing.
TOGETHER_LONGEST = 13.0
# Word ends are estimates; the next window may begin this much before one.
WORD_OVERLAP = 0.02


@dataclass(slots=True)
class Phrase:
    """One phrase of one speaker, while it is spoken and until it is final."""

    begin: float                # of its audio
    voice: Voice
    window: float = 0.0         # where the next pass over the growing phrase begins to listen
    language: str = ""          # what its first pass heard
    segment: int = 0            # 0: nothing of it was ever shown
    fixed: list[Word] = field(default_factory=list)         # committed, and before the window
    committed: list[Word] = field(default_factory=list)     # committed, inside the window
    shown: list[Word] = field(default_factory=list)
    latest: list[Word] = field(default_factory=list)        # what the latest pass heard, committed words included
    passes: list[tuple[float, Sequence[Word]]] = field(default_factory=list)    # what was heard up to where
    paused_at: float = 0.0      # the end of the speech that a pass in a pause has heard
    foreseen: tuple[Ask, Heard] | None = None   # what that pass heard
    careful: bool = False       # its final needs the full window
    rival: tuple[Ask, Heard] | None = None      # its final in the language expected; another sounds likelier

    def __post_init__(self) -> None:
        self.window = self.begin

    def hear(self, words: Sequence[Word], edge: float) -> None:
        """A pass over the audio up to `edge` heard `words`, beginning with the committed ones."""
        if len(words) < len(self.committed) or loops(words):
            return
        words = before_collapse(words)
        before = self._witness(edge)
        self._remember(words, edge)
        standing, beyond = settled(
            self.shown, self.latest[len(self.committed) :], SURER, lambda others: heard_too(others, before)
        )
        self.shown = standing + _ripe(beyond, before, edge)
        self._commit(edge)
        self._cut(edge)

    def rest(self) -> bool:
        """A pause has begun.  Whether words came onto the screen by it: those that a pass over all of the speech is
        sure of, because nothing will be heard any more that could make others of them."""
        if not self.passes or self.passes[-1][0] < self.voice.last:
            return False
        _, beyond = settled(self.shown, self.latest[len(self.committed) :], SURER, lambda others: False)
        sure = list(takewhile(lambda word: word.probability >= SURE and normal(word.text), beyond))
        self.shown += sure
        return bool(sure)

    def hear_out(self, words: Sequence[Word], edge: float) -> None:
        """A pass over the whole phrase, up to a pause at `edge`, heard `words`: those after the committed are shown."""
        _, tail = settled([*self.fixed, *self._latest_committed], words, SURER_OF_COMMITTED)
        standing, beyond = settled(self.shown, tail, SURER_OF_TAIL)
        self.shown = standing + [word for word in beyond if normal(word.text)]
        self._remember([*self._latest_committed, *tail], edge)
        self._commit(edge)
        self._cut(edge)

    def after(self, prefix: tuple[int, ...]) -> tuple[int, ...]:
        """The tokens that the latest pass heard after `prefix`."""
        said = tuple(token for word in self.latest for token in word.tokens)
        return said[len(prefix) :] if said[: len(prefix)] == prefix else ()

    def take_foreseen(self) -> tuple[Ask, Heard] | None:
        """What a pass over all of it has heard already; once."""
        foreseen, self.foreseen = self.foreseen, None
        return foreseen if self.heard_out else None

    def finish(self, heard: Heard) -> Sequence[Word]:
        """All words of the phrase after a pass over all of it."""
        if self.language and heard.language != self.language:
            return heard.words      # what was committed is nonsense
        committed, beyond = settled([*self.fixed, *self._latest_committed], heard.words, SURER_OF_COMMITTED)
        shown, beyond = settled(self.shown, beyond, SURER_OF_TAIL)
        return committed + shown + beyond

    def end_at(self, last: float, no_word_after: float) -> None:
        """The speech that belongs to this phrase ended at `last`, whatever was heard since."""
        self.voice.last = min(self.voice.last, last)
        self.committed = [word for word in self.committed if word.end <= no_word_after]
        self.shown = [word for word in self.shown if word.end <= no_word_after]
        self.latest = self.latest[: len(self.committed)]

    def takes_up(self, later: Phrase) -> bool:
        """Both have ended and wait for their final, and nothing of `later` was shown: one pass may do for both."""
        too_long = later.voice.last - self.begin > TOGETHER_LONGEST
        if too_long or self.careful or self.rival or later.segment or later.shown:
            return False
        self.voice.last = later.voice.last
        self.voice.speech_s += later.voice.speech_s
        return True

    def on_screen(self) -> list[Word]:
        return [*self.fixed, *self.committed, *self.shown]

    @property
    def committed_text(self) -> str:
        """Ends with a letter: the punctuation after the last word may still change, and comes with the tail."""
        words = [*self.fixed, *self.committed]
        return text_of([*words[:-1], replace(words[-1], text=words[-1].bare)]) if words else ""

    @property
    def text(self) -> str:
        return text_of(self.on_screen())

    @property
    def heard_out(self) -> bool:
        """A pass has heard all speech there is so far."""
        return self.paused_at == self.voice.last

    @property
    def _latest_committed(self) -> list[Word]:
        """Committed words as likely as the latest pass, with all that followed, found them."""
        latest = [*self.latest, *self.committed[len(self.latest) :]]
        return [
            replace(word, probability=heard.probability) if same(word, heard) else word
            for word, heard in zip(self.committed, latest, strict=False)
        ]

    def _witness(self, edge: float) -> Sequence[Word]:
        """What the newest pass heard that had noticeably less sound than one up to `edge`."""
        return next((words for until, words in reversed(self.passes) if until <= edge - APART), ())

    def _remember(self, words: Sequence[Word], edge: float) -> None:
        self.latest = list(words)
        old = [each for each in self.passes if each[0] <= edge - APART]
        self.passes = [*old[-1:], *self.passes[len(old) :], (edge, tuple(words))]

    def _commit(self, edge: float) -> None:
        """The first shown words, as far as they lie far enough back, become unchangeable."""
        fresh = self.latest[len(self.committed) :]
        count = 0
        while count < len(self.shown) and self.shown[count].end <= edge - _commit_after(self.shown[count], fresh):
            count += 1
        if not count:
            return
        if self.committed:
            self._refresh_last(self.latest)
        self.committed += self.shown[:count]
        self.shown = self.shown[count:]

    def _refresh_last(self, words: Sequence[Word]) -> None:
        """The last committed word takes the punctuation (or ending) that it got once the sentence went on."""
        place = len(self.committed) - 1
        if place < len(words) and words[place].text.startswith(self.committed[place].bare):
            self.committed[place] = words[place]

    def _cut(self, edge: float) -> None:
        if edge - self.window <= WINDOW_LONGEST:
            return
        count = sum(1 for word in self.committed if word.end <= edge - WINDOW_KEEP)
        if count:
            self.window = self.committed[count - 1].end - WORD_OVERLAP
            self.fixed += self.committed[:count]
            del self.committed[:count]
            del self.latest[:count]


def _ripe(words: Sequence[Word], before: Sequence[Word], edge: float) -> list[Word]:
    """The first words that may be shown; `before` is what the last pass heard."""
    count = 0
    for word in words:
        if not normal(word.text) or edge - word.end < _show_after(word, before):
            break
        count += 1
    return list(words[:count])


def _show_after(word: Word, before: Sequence[Word]) -> float:
    if word.probability < DOUBTFUL:
        return SHOW_DOUBTFUL_AFTER
    return SHOW_SURE_AFTER if word.probability >= SURE and heard_too([word], before) else SHOW_AFTER


def _commit_after(word: Word, latest: Sequence[Word]) -> float:
    sure = word.probability >= DISBELIEF and heard_too([word], latest)
    return COMMIT_AFTER if sure else COMMIT_DOUBTFUL_AFTER


def prefix_of(words: Sequence[Word]) -> tuple[int, ...]:
    """Tokens of `words`, the last without the punctuation that may still change."""
    if not words:
        return ()
    *before, last = words
    return tuple(token for word in before for token in word.tokens) + (last.bare_tokens or last.tokens)

