"""What was said in another language, in English: which finals wait for it.

A translation is a second hearing of a whole phrase.  It comes after its final and before nothing: while the computer
cannot keep up none is begun, and of those that wait only the newest few are kept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from models.captions.audio import Samples
from models.core.captioner import LEAD, TOKENS_PER_SECOND, TOKENS_SPARE, TRAIL, Caption
from models.core.hearing import Ask, Heard, Kind, loops, text_of
from models.wire import Result
from models.wire import Translation as Translated

# Somebody who speaks without a breath has a final every few seconds.
MOST_WAITING = 2
ENGLISH = "en"


@dataclass(slots=True)
class Translations:
    """Those of one stream.  `on`: somebody wants to read them."""

    stream: str
    on: bool = False
    _waiting: deque[tuple[int, Ask, Samples]] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))

    def wants(self, caption: Caption) -> bool:
        return self.on and caption.final and bool(caption.committed) and caption.language not in ("", ENGLISH)

    def add(self, caption: Caption, samples: Samples) -> None:
        """`samples`: the sound of a caption that is wanted, `around` it."""
        start, end = around(caption)
        tokens = int((end - start) * TOKENS_PER_SECOND) + TOKENS_SPARE
        ask = Ask(Kind.TRANSLATION, start, end, (), caption.language, tokens)
        self._waiting.append((caption.segment, ask, samples))

    @property
    def next(self) -> Ask | None:
        return self._waiting[0][1] if self._waiting else None

    @property
    def samples(self) -> Samples:
        """Of the next."""
        return self._waiting[0][2]

    def heard(self, heard: Heard) -> list[Result]:
        """The answer to the next.  A recogniser that repeats itself has said nothing."""
        segment, _, _ = self._waiting.popleft()
        text = text_of(heard.words)
        if not text or loops(heard.words):
            return []
        return [Result(stream=self.stream, translation=Translated(segment=segment, text=text))]


def around(caption: Caption) -> tuple[float, float]:
    return max(0.0, caption.start - LEAD), caption.end + TRAIL
