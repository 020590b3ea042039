"""What of one phrase is on the screen: words that hold still.

A recogniser that hears a growing phrase again and again changes its mind about the newest words.  People who read
must not see that.  So a word is *shown* only when enough sound has followed it, is *committed* soon after and then
never changes (the next passes are forced to begin with it), and what contradicts a shown word must be heard twice in
a row before the screen changes.  The screen text is `committed + tail`, and `committed` only ever grows.

This module neither knows silence from speech nor when to ask; see `captioner`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.core.hearing import Ask, Heard, Word, before_collapse, common, loops, normal, text_of
from models.core.voice import Voice

# Measured on read speech (models/captions/README.md): showing earlier makes more words change, later makes all of them
# late.  A word that two passes in a row heard, and are sure of, may come soonest.
SHOW_AFTER = 0.5
SHOW_SURE_AFTER = 0.25
SURE = 0.9
SHOW_DOUBTFUL_AFTER = 1.0
DOUBTFUL = 0.6
COMMIT_AFTER = 2.0
COMMIT_DOUBTFUL_AFTER = 4.0
# So many passes in a row must contradict what is shown before the screen changes.
PATIENCE = 4
# A word less likely than this is committed late; when a later pass, with all that followed, finds a committed word
# so unlikely, it is heard again, freely, when the phrase ends.
DISBELIEF = 0.2
# Longer windows cost more and are no better; the window is cut back to KEEP at a committed word.
WINDOW_LONGEST = 8.0
WINDOW_KEEP = 4.0
# Word ends are estimates; the next window may begin this much before one.
WORD_OVERLAP = 0.02


@dataclass(frozen=True, slots=True)
class LastWords:
    """A pass over everything up to the end of the speech at `until`: the final, should nothing more be said."""

    ask: Ask
    heard: Heard
    until: float


@dataclass(slots=True)
class Phrase:
    """One phrase of one speaker, while it is spoken and until it is final."""

    window: float               # where the audio still needed begins
    voice: Voice
    language: str = ""          # what its first pass heard
    segment: int = 0            # 0: nothing of it was ever shown
    fixed: list[Word] = field(default_factory=list)         # committed, and before the window
    committed: list[Word] = field(default_factory=list)     # committed, inside the window
    shown: list[Word] = field(default_factory=list)
    heard_until: float = 0.0    # the end of the audio of the latest pass
    latest: list[Word] = field(default_factory=list)        # what the latest pass heard, committed words included
    last_words: LastWords | None = None
    careful: bool = False       # its final needs the full window
    dissent: int = 0

    def hear(self, words: Sequence[Word], edge: float, *, paused: bool) -> None:
        """A pass over the audio up to `edge` heard `words`, beginning with the committed ones."""
        self.heard_until = edge
        if len(words) < len(self.committed) or loops(words):
            return
        words = before_collapse(words)
        agreed_before = common(self.latest, words)
        self.latest = list(words)
        fresh = self.latest[len(self.committed) :]
        agreed = common(self.shown, fresh)
        if agreed < len(self.shown):
            self.dissent += 1
            if self.dissent < PATIENCE:
                self._commit(fresh[:agreed], edge)
                return
            agreed = 0
        self.dissent = 0
        ripe = _ripe(fresh, edge, paused=paused, twice=agreed_before - len(self.committed))
        self.shown = fresh[: max(ripe, agreed)]
        self._commit(self.shown, edge)
        if not paused:
            self._cut(edge)     # after a pause the pass may yet be the final, which counts words from its window

    def finish(self, words: Sequence[Word], kept: int) -> list[Word]:
        """All words of the phrase when the last pass heard `words`, of which `kept` were given to it."""
        if len(words) < kept:
            return self.on_screen()
        if kept and words[kept - 1].text.startswith(self.committed[kept - 1].bare):
            self.committed[kept - 1] = words[kept - 1]
        return [*self.fixed, *self.committed[:kept], *words[kept:]]

    def end_at(self, last: float, no_word_after: float) -> None:
        """The speech that belongs to this phrase ended at `last`, whatever was heard since."""
        self.voice.last = min(self.voice.last, last)
        self.last_words = None
        self.committed = [word for word in self.committed if word.end <= no_word_after]
        self.shown = [word for word in self.shown if word.end <= no_word_after]
        self.latest = self.latest[: len(self.committed)]

    def takes_up(self, later: Phrase) -> bool:
        """Both have ended and wait for their final, and nothing of `later` was shown: one pass may do for both."""
        too_long = later.voice.last - self.window > WINDOW_LONGEST
        if too_long or self.heard_out or self.careful or later.segment or later.shown:
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
        return self.last_words is not None and self.last_words.until == self.voice.last

    @property
    def believed(self) -> list[Word]:
        """Committed words up to the first that, with all that followed, the recogniser no longer finds likely."""
        for place, word in enumerate(self.latest[: len(self.committed)]):
            if word.probability < DISBELIEF:
                return self.committed[:place]
        return self.committed

    def _commit(self, candidates: Sequence[Word], edge: float) -> None:
        """The first of `candidates`, equal to what is shown, that lie far enough back become unchangeable."""
        count = 0
        while count < len(candidates) and candidates[count].end <= edge - _commit_after(candidates[count]):
            count += 1
        if not count:
            return
        if self.committed:
            self._refresh_last(self.latest)
        self.committed += candidates[:count]
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


def _ripe(words: Sequence[Word], edge: float, *, paused: bool, twice: int) -> int:
    """How many of the first words may be shown; the first `twice` of them were heard by the last pass as well."""
    count = 0
    for word in words:
        if not normal(word.text) or not (paused or edge - word.end >= _show_after(word, twice=count < twice)):
            break
        count += 1
    return count


def _show_after(word: Word, *, twice: bool) -> float:
    if word.probability < DOUBTFUL:
        return SHOW_DOUBTFUL_AFTER
    return SHOW_SURE_AFTER if twice and word.probability >= SURE else SHOW_AFTER


def _commit_after(word: Word) -> float:
    return COMMIT_AFTER if word.probability >= DISBELIEF else COMMIT_DOUBTFUL_AFTER


def prefix_of(words: Sequence[Word]) -> tuple[int, ...]:
    """Tokens of `words`, the last without the punctuation that may still change."""
    if not words:
        return ()
    *before, last = words
    return tuple(token for word in before for token in word.tokens) + (last.bare_tokens or last.tokens)
