"""One MP4 of a recording: the grid of everybody, their voices mixed, chapters; and each voice as a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from sfu.core.recorded import Chapter, Cut
from sfu.tasks.recording.picture import HEIGHT, WIDTH, Tile, blank, clear, grid
from sfu.tasks.recording.sound import RATE, Person, limited

FRAMES_A_SECOND = 25
# A picture a piece: the sound between two pictures.
_SAMPLES = RATE // FRAMES_A_SECOND
_SOUND_BITS, _VOICE_BITS = 96_000, 48_000
# Constant quality; faster presets make files half as large again, slower ones take more than the meeting took.
_ENCODER = {"preset": "superfast", "crf": "26"}


@dataclass(frozen=True, slots=True)
class Cast:
    """One person's files, each in the order in which they were begun."""

    microphone: Sequence[Path]
    computer: Sequence[Path]
    camera: Sequence[Path]
    screen: Sequence[Path]


def make(
    target: Path, people: Mapping[str, Cast], cut: Cut, chapters: Sequence[Chapter], progress: Callable[[float], None]
) -> None:
    """Writes `target`; `progress` hears how much is done, 0 to 1, and may raise."""
    pictures = [cast.camera for cast in people.values()] + [cast.screen for cast in people.values() if cast.screen]
    canvas, boxes = blank(), grid(len(pictures))
    for box in boxes:
        clear(canvas, box)
    tiles = [Tile(files, box) for files, box in zip(pictures, boxes, strict=True)]
    voices = [Person(cast.microphone, cast.computer) for cast in people.values()]
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as film:
        writer = _Film(film, chapters, cut.length)
        total = max(1, int(cut.length * FRAMES_A_SECOND))
        for number, second in enumerate(_seconds(cut)):
            for tile in tiles:
                tile.show(second, canvas)
            at, mixed = round(second * RATE), np.zeros(_SAMPLES, np.float32)
            for voice in voices:
                mixed += voice.read(at, _SAMPLES)
            writer.write(number, canvas, limited(mixed))
            if number % FRAMES_A_SECOND == 0:
                progress(number / total)
        writer.finish()


def make_voice(target: Path, cast: Cast, cut: Cut, check: Callable[[], None]) -> None:
    """One person's sound, as long as the film."""
    person = Person(cast.microphone, cast.computer)
    with av.open(str(target), "w", format="webm") as file:
        stream: Any = file.add_stream("libopus", rate=RATE)
        stream.layout, stream.bit_rate = "mono", _VOICE_BITS
        for number, second in enumerate(_seconds(cut)):
            sound = limited(person.read(round(second * RATE), _SAMPLES))
            file.mux(stream.encode(_audio(sound, number * _SAMPLES)))
            if number % FRAMES_A_SECOND == 0:
                check()
        file.mux(stream.encode(None))


def _seconds(cut: Cut) -> Sequence[float]:
    """The second of the recording that each picture of the film shows."""
    return [
        span.start + number / FRAMES_A_SECOND
        for span in cut.spans for number in range(int((span.end - span.start) * FRAMES_A_SECOND))
    ]  # fmt: skip


class _Film:
    def __init__(self, container: Any, chapters: Sequence[Chapter], length: float) -> None:
        self._container = container
        self._picture: Any = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=_ENCODER)
        self._picture.width, self._picture.height, self._picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._sound: Any = container.add_stream("aac", rate=RATE)
        self._sound.layout, self._sound.bit_rate = "mono", _SOUND_BITS
        ends = [*[chapter.start for chapter in chapters[1:]], length]
        container.set_chapters([
            {"id": number, "start": round(chapter.start * 1000), "end": round(end * 1000),
             "time_base": Fraction(1, 1000), "metadata": {"title": chapter.title}}
            for number, (chapter, end) in enumerate(zip(chapters, ends, strict=True))
        ])  # fmt: skip

    def write(self, number: int, canvas: Any, sound: Any) -> None:
        frame: Any = av.VideoFrame.from_ndarray(canvas, format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
        self._container.mux(self._picture.encode(frame))
        self._container.mux(self._sound.encode(_audio(sound, number * _SAMPLES)))

    def finish(self) -> None:
        self._container.mux(self._picture.encode(None))
        self._container.mux(self._sound.encode(None))


def _audio(sound: Any, at: int) -> Any:
    frame: Any = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame
