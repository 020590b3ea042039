"""How a film looks: who is large, what is written where; by pixels of films that are really made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from sfu.core.recorded import Chapter, Cut, Span
from sfu.core.transcript import Line
from sfu.tasks.recording import film, lettering
from sfu.tasks.recording.facts import Cast
from sfu.tasks.recording.scene import BAND
from sfu.wire.http import FilmChoice
from tests.recorder.senders import camera, h264_camera, voice
from tests.tasks.test_recording import tape

SECONDS = 6.0
ANA, BEN, SLIDES = 90, 150, 210


@cache
def grey(value: int, width: int = 320, height: int = 180) -> tuple[bytes, ...]:
    """A second of VP8 in one brightness."""
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.bit_rate = width, height, "yuv420p", 200_000
    encoder.time_base, encoder.framerate = Fraction(1, 25), Fraction(25)
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    frames = []
    for number in range(25):
        plane = np.full((height * 3 // 2, width), value, np.uint8)
        plane[height:] = 128
        frame = av.VideoFrame.from_ndarray(plane, format="yuv420p")
        frame.pts = number
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(frames)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cast]:
    """Ana speaks first, then Ben, while Ana shares her screen for a second near the end."""
    folder = tmp_path_factory.mktemp("tracks")
    tape(
        folder, voice("p1-microphone-1", 0.0, 1.5), camera("p1-camera-2", 0.0, SECONDS, pictures=grey(ANA)),
        voice("p2-microphone-3", 1.6, 4.4), camera("p2-camera-4", 0.0, SECONDS, pictures=grey(BEN)),
    )  # fmt: skip
    tape(folder, camera("p1-screen-5", 4.5, 0.4, pictures=grey(SLIDES)))

    def of(kind: str) -> list[Path]:
        return sorted(folder.glob(f"{kind}-*"))

    return {
        "p1": Cast("Ana", of("p1-microphone"), [], of("p1-camera"), of("p1-screen")),
        "p2": Cast("王小明", of("p2-microphone"), [], of("p2-camera"), []),
    }


def line(start: float, name: str, text: str) -> Line:
    return Line(
        segment=f"s{start}", speaker=name, name=name, text=text, language="", start=start, end=start + 1.0,
        confidence=1.0,
    )  # fmt: skip


LINES = (line(1.0, "Ana", "Hello, all."), line(3.0, "王小明", "你好。"))


def made(people: dict[str, Cast], target: Path, seconds: float = SECONDS, **choice: str) -> Path:
    script = film.Script(
        Cut([Span(0.0, seconds)]), [Chapter(0.0)], LINES, FilmChoice.model_validate(choice)
    )
    film.make(target, people, script, lambda part: None)
    return target


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Brightness of every fifth."""
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 5 == 0:
                yield frame.to_ndarray()[:720]


def test_whoever_speaks_is_large_from_when_they_begin_and_a_screen_comes_first(
    people: dict[str, Cast], tmp_path: Path
) -> None:
    centre = [int(picture[260, 640]) for picture in pictures(made(people, tmp_path / "a.mp4", layout="speaker"))]

    def large(second: float) -> int:
        return centre[round(second * 5)]

    assert large(1.0) == pytest.approx(ANA, abs=6)
    assert large(4.2) == pytest.approx(BEN, abs=6)
    assert large(5.0) == pytest.approx(SLIDES, abs=6)
    turned = next(number for number, value in enumerate(centre) if abs(value - BEN) < 6) / 5
    assert 1.0 <= turned <= 4.2  # as soon as Ana was shown for long enough


def test_who_left_has_no_tile_and_who_comes_back_has_one_again(people: dict[str, Cast], tmp_path: Path) -> None:
    ana, ben = people["p1"], replace(people["p2"], screen=[])
    cast = {"p1": replace(ana, screen=[], went=1.0), "p2": ben, "p3": replace(ana, screen=[], came=2.0)}
    shown = list(pictures(made(cast, tmp_path / "a.mp4", 3.0)))

    def at(second: float) -> tuple[int, int]:
        picture = shown[round(second * 5)]
        return int(picture[360, 320]), int(picture[360, 960])

    assert at(0.6) == (pytest.approx(ANA, abs=6), pytest.approx(BEN, abs=6))
    assert at(2.6) == (pytest.approx(BEN, abs=6), pytest.approx(ANA, abs=6))
    assert at(1.6) == (pytest.approx(BEN, abs=6), pytest.approx(BEN, abs=6))  # Ben alone, over the whole width


def test_another_codec_and_another_size_in_one_stream_are_one_picture(tmp_path: Path) -> None:
    vp8 = camera("p1-camera-1", 0.0, 1.0, pictures=grey(ANA))
    small = camera("p1-camera-1", 1.0, 1.0, first=(1 << 16) + 500, pictures=grey(BEN, 160, 120))
    h264 = h264_camera("p1-camera-1", 2.0, 1.0, first=(1 << 16) + 1000)
    tape(tmp_path / "tracks", vp8, small, h264)
    files = sorted((tmp_path / "tracks").iterdir())
    shown = list(pictures(made({"p1": Cast("", [], [], files, [])}, tmp_path / "a.mp4", 3.0)))

    assert {path.suffix for path in files} == {".webm", ".mkv"}
    assert int(shown[3][360, 640]) == pytest.approx(ANA, abs=6)
    assert int(shown[8][360, 640]) == pytest.approx(BEN, abs=6)
    assert int(shown[14][360, 640]) > int(shown[11][360, 640]) + 20  # brightness counts up there


def test_captions_in_the_picture_have_a_band_of_their_own(people: dict[str, Cast], tmp_path: Path) -> None:
    shown = list(pictures(made(people, tmp_path / "a.mp4", 5.0, captions="burnt")))
    bands = [picture[720 - BAND :] for picture in shown]
    ink = [int((band > 180).sum()) for band in bands]

    assert ink[round(0.6 * 5)] == 0
    assert ink[round(1.6 * 5)] > 200
    assert ink[round(3.6 * 5)] > 200
    columns = np.flatnonzero((bands[8] > 180).any(axis=0))
    assert columns[0] < 40
    assert 200 < columns[columns > 150][0] < 260  # the words stand to the left, in a column of their own
    assert columns[-1] < 640


def test_captions_in_a_track_of_their_own_are_text_with_names(people: dict[str, Cast], tmp_path: Path) -> None:
    with av.open(str(made(people, tmp_path / "a.mp4", 5.0, captions="embedded"))) as container:
        stream: Any = container.streams.subtitles[0]
        told = {
            float(packet.pts * packet.time_base): bytes(packet)[2:].decode()
            for packet in container.demux(stream) if packet.pts is not None and packet.size > 2
        }  # fmt: skip

    assert stream.codec_context.name == "mov_text"
    assert told == {1.0: "Ana: Hello, all.", 3.0: "王小明: 你好。"}


def test_a_film_with_captions_beside_it_has_none_in_it(people: dict[str, Cast], tmp_path: Path) -> None:
    with av.open(str(made(people, tmp_path / "a.mp4", 1.0))) as container:
        assert not container.streams.subtitles


@pytest.mark.parametrize("text", ["Müller", "王小明", "Ωμέγα", "Привет"])
def test_letters_of_several_scripts_are_drawn_and_differ(text: str) -> None:
    drawn = lettering.plate(text, 24, 400)

    assert (drawn > 128).sum() > 40
    assert drawn.shape != lettering.plate("", 24, 400).shape
    assert drawn.shape[0] % 2 == drawn.shape[1] % 2 == 0


def test_a_name_that_is_too_long_ends_in_an_ellipsis() -> None:
    text = lettering.shortened("x" * 300, 20, 200)

    assert text.endswith("…")
    assert lettering.width_of(text, 20) <= 200
