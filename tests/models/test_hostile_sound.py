"""Whatever a speaker's packets are like, captions go on, their times make sense, and everything ends in a final."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from models.captions.audio import Samples
from models.captions.task import Captions
from models.core.hearing import Ask, Heard, Word
from models.runtime.task import Setup
from models.wire import CaptionText, Chunk, CloseStream, OpenStream, Result
from tests.models.test_plane import CLIP, opus

Tapped = tuple[Chunk, bytes]
Spoiled = Callable[[int, Chunk, bytes], Sequence[Tapped]]

SENTENCE = opus(CLIP)
BEGAN = 1000.0


class Steady:
    """Hears a word every 0.4 s, numbered by its place."""

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        places = range(round(ask.start / 0.4), int(ask.end / 0.4))
        words = (Word(f" word{at}", (at,), 0.4 * at, 0.4 * at + 0.3, 0.95) for at in places)
        return Heard(tuple(words), "en", 0.0, -0.2, "en", 0.95)


class Speaker:
    """Ana's packets reach the captions worker as they come."""

    def __init__(self) -> None:
        self.now = BEGAN
        self.task = Captions(Setup("none", Path(), "cpu", "int8", 1, lambda: self.now), Steady())
        self.task.load()
        self.task.open(OpenStream(stream="ana", task="captions", codec="opus", clock_rate=48_000, language="en"))
        self.captions: list[CaptionText] = []
        self.ended = False

    def say(self, packets: Sequence[bytes], spoiled: Spoiled) -> None:
        for number, packet in enumerate(packets):
            captured = int((BEGAN + 0.02 * number) * 1e6)
            chunk = Chunk(stream="ana", sequence=number, timestamp=960 * number, capture_us=captured, level_dbov=1)
            for each, payload in spoiled(number, chunk, packet):
                self.task.feed(each, payload)
            self._work(0.02)

    def leave(self) -> None:
        self.task.close("ana")
        self._work(0.1)

    @property
    def finals(self) -> list[CaptionText]:
        return [caption for caption in self.captions if caption.final]

    def _work(self, seconds: float) -> None:
        self.now += seconds
        while answers := self.task.work():
            for answer in answers:
                self.ended |= isinstance(answer, CloseStream)
                if isinstance(answer, Result) and answer.HasField("caption"):
                    self.captions.append(answer.caption)


def truncated(number: int, chunk: Chunk, payload: bytes) -> list[Tapped]:
    return [(chunk, payload[: number % 9] if number % 5 == 0 else payload)]


def miscounted(number: int, chunk: Chunk, payload: bytes) -> list[Tapped]:
    """Their first byte says 60 ms, or 2.5, where their timestamps go on by 20."""
    configuration = {0: 11 << 3, 6: 16 << 3}.get(number % 12)
    return [(chunk, payload if configuration is None else bytes([configuration | payload[0] & 7]) + payload[1:])]


def twice_and_backwards(number: int, chunk: Chunk, payload: bytes) -> list[Tapped]:
    old = Chunk()
    old.CopyFrom(chunk)
    old.timestamp = max(0, chunk.timestamp - 9_600)
    return [(chunk, payload), (chunk, payload), (old, payload)]


def an_hour_ahead(number: int, chunk: Chunk, payload: bytes) -> list[Tapped]:
    chunk.capture_us += 3_600_000_000 if 100 <= number < 130 else 0
    return [(chunk, payload)]


def a_clock_that_jumps(number: int, chunk: Chunk, payload: bytes) -> list[Tapped]:
    chunk.timestamp = (chunk.timestamp + (0x9000_0000 if number > 150 else 0)) & 0xFFFF_FFFF
    return [(chunk, payload)]


@pytest.mark.parametrize("spoiled", [truncated, miscounted, twice_and_backwards, an_hour_ahead, a_clock_that_jumps])
def test_captions_of_damaged_sound_go_on_and_end(spoiled: Spoiled) -> None:
    ana = Speaker()
    ana.say(SENTENCE, spoiled)
    ana.leave()

    assert ana.ended
    assert ana.finals
    assert ana.captions[-1].final
    assert all(caption.start_s <= caption.end_s for caption in ana.captions)
    assert [caption.segment for caption in ana.finals] == list(range(1, len(ana.finals) + 1))
    assert sum(len(caption.committed.split()) for caption in ana.finals) >= 8


def test_who_leaves_in_the_middle_of_a_word_has_said_the_words_before_it() -> None:
    ana = Speaker()
    ana.say(SENTENCE[:171], lambda number, chunk, payload: [(chunk, payload)])
    shown = ana.captions[-1]
    ana.leave()

    assert not shown.final
    assert ana.ended
    assert ana.finals[-1].committed.startswith(shown.committed + shown.tail)
