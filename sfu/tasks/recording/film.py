"""One MP4 of a recording: everybody in it, their voices mixed, chapters, subtitles; and each voice as a file."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from sfu.core.recorded import Chapter, Cut
from sfu.core.staging import SPEAKS_FOR, Director
from sfu.core.subtitles import Cue, cues
from sfu.core.transcript import Line
from sfu.tasks.recording import lettering
from sfu.tasks.recording.facts import Cast
from sfu.tasks.recording.picture import HEIGHT, WIDTH
from sfu.tasks.recording.scene import BAND, TEXT_SIZE, TEXT_WIDTH, Band, Scene
from sfu.tasks.recording.sound import RATE, Person, Sound, limited
from sfu.wire.http import FilmChoice

FRAMES_A_SECOND = 25
# A picture a piece: the sound between two pictures.
_SAMPLES = RATE // FRAMES_A_SECOND
_AHEAD = round(SPEAKS_FOR * FRAMES_A_SECOND)
_MILLISECOND = Fraction(1, 1000)
_SOUND_BITS, _VOICE_BITS = 96_000, 48_000
# Constant quality; faster presets make files half as large again, slower ones take more than the meeting took.
_ENCODER = {"preset": "superfast", "crf": "26"}
# What subtitles in a track of their own are wrapped to, as broadcasters do; players draw them.
_COLUMNS = 42
# The least that FFmpeg's encoder of tx3g (3GPP TS 26.245) takes for a style; players have their own.
_STYLE = b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Sans,18\n"


@dataclass(frozen=True, slots=True)
class Script:
    """What a film is made of besides its people; `lines` and `chapters` on the film's clock."""

    cut: Cut
    chapters: Sequence[Chapter]
    lines: Sequence[Line]
    choice: FilmChoice


def make(target: Path, people: Mapping[str, Cast], script: Script, progress: Callable[[float], None]) -> None:
    """Writes `target`; `progress` hears how much is done, 0 to 1, and may raise."""
    burnt, embedded = script.choice.captions == "burnt", script.choice.captions == "embedded"
    scene = Scene(people, script.choice.layout, HEIGHT - BAND if burnt else HEIGHT)
    drawn = cues(script.lines, lambda text: lettering.width_of(text, TEXT_SIZE), TEXT_WIDTH) if burnt else ()
    band, director = Band(drawn), Director(list(people))
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as film:
        writer = _Film(film, script, cues(script.lines, _columns, _COLUMNS) if embedded else ())
        total = max(1, int(script.cut.length * FRAMES_A_SECOND))
        for number, (second, sound) in enumerate(_sounds(people, script.cut, director)):
            scene.show(second, director)
            band.show(number / FRAMES_A_SECOND, scene.canvas)
            writer.write(number, scene.canvas, sound)
            if number % FRAMES_A_SECOND == 0:
                progress(number / total)
        writer.finish()


def _sounds(people: Mapping[str, Cast], cut: Cut, director: Director) -> Iterator[tuple[float, Sound]]:
    """The second of the recording of each picture, and its sound; the director has heard SPEAKS_FOR beyond it."""
    voices = {person: Person(cast.microphone, cast.computer) for person, cast in people.items()}
    waiting: deque[tuple[float, Sound]] = deque()
    for number, second in enumerate(_seconds(cut)):
        at, mixed, powers = round(second * RATE), np.zeros(_SAMPLES, np.float32), {}
        for person, voice in voices.items():
            sound = voice.read(at, _SAMPLES)
            mixed += sound
            powers[person] = float(np.dot(sound, sound)) / _SAMPLES
        director.hear(powers, number / FRAMES_A_SECOND)
        waiting.append((second, limited(mixed)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


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
    def __init__(self, container: Any, script: Script, subtitles: Iterable[Cue]) -> None:
        self._container = container
        self._subtitles = deque(subtitles)
        self._picture: Any = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=_ENCODER)
        self._picture.width, self._picture.height, self._picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._sound: Any = container.add_stream("aac", rate=RATE)
        self._sound.layout, self._sound.bit_rate = "mono", _SOUND_BITS
        self._text: Any = container.add_stream("mov_text") if self._subtitles else None
        if self._text is not None:
            self._text.codec_context.subtitle_header = _STYLE
        chapters = script.chapters
        ends = [*[chapter.start for chapter in chapters[1:]], script.cut.length]
        container.set_chapters([
            {"id": number, "start": round(chapter.start * 1000), "end": round(end * 1000),
             "time_base": _MILLISECOND, "metadata": {"title": chapter.title}}
            for number, (chapter, end) in enumerate(zip(chapters, ends, strict=True))
        ])  # fmt: skip

    def write(self, number: int, canvas: Any, sound: Any) -> None:
        frame: Any = av.VideoFrame.from_ndarray(canvas, format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
        self._container.mux(self._picture.encode(frame))
        self._container.mux(self._sound.encode(_audio(sound, number * _SAMPLES)))
        while self._subtitles and self._subtitles[0].start <= number / FRAMES_A_SECOND:
            self._subtitle(self._subtitles.popleft())

    def finish(self) -> None:
        self._container.mux(self._picture.encode(None))
        self._container.mux(self._sound.encode(None))

    def _subtitle(self, cue: Cue) -> None:
        """A sample of tx3g: how long the text is, and the text; the muxer writes empty ones between."""
        text = cue.text.encode("utf-8", errors="replace")
        packet: Any = av.Packet(len(text).to_bytes(2, "big") + text)
        packet.stream, packet.time_base = self._text, _MILLISECOND
        packet.pts = packet.dts = round(cue.start * 1000)
        packet.duration = round((cue.end - cue.start) * 1000)
        self._container.mux_one(packet)


def _columns(text: str) -> int:
    """A Chinese character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _audio(sound: Any, at: int) -> Any:
    frame: Any = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame
