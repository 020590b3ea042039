"""Files of recordings, read from any place, whole or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.engine.playback.files import FilmFile, Unplayable, VoiceFile
from app.engine.sources import RATE
from tests.engine.playback.reels import BEEP_S, make_film, make_voice, number_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("files")
    make_film(here / "film.mp4", 8)
    make_voice(here / "voice.webm", 8)
    return here


@pytest.mark.parametrize("second", [0.0, 2.5, 6.9])
def test_a_voice_is_found_where_it_was_to_the_millisecond(folder: Path, second: float) -> None:
    voice = VoiceFile(str(folder / "voice.webm"))
    voice.seek(second)
    sound = np.zeros(8 * RATE, np.float32)
    begin = None
    while (piece := voice.read()) is not None:
        start, samples = piece
        begin = start if begin is None else begin
        sound[start : start + len(samples)] = samples[: len(sound) - start]
    voice.close()

    loud = np.flatnonzero(np.abs(sound) > 0.1)
    first = int(np.ceil(second))
    assert begin == pytest.approx(second * RATE, abs=1)
    assert loud[loud >= first * RATE][0] / RATE == pytest.approx(first, abs=0.003)
    assert loud[-1] / RATE == pytest.approx(7 + BEEP_S, abs=0.01)


@pytest.mark.parametrize("second", [0.0, 3.0, 7.4])
def test_a_picture_is_found_from_the_key_frame_before_it(folder: Path, second: float) -> None:
    film = FilmFile(str(folder / "film.mp4"))
    film.seek(second)
    pictures = []
    while (found := film.read()) is not None and found[0] <= second:
        pictures.append(found)
    film.close()

    at, picture = pictures[-1]
    assert number_of(picture) == round(at * 25) == round(second * 25)


def test_what_is_cut_off_is_read_up_to_there(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "voice.webm").read_bytes()
    (tmp_path / "cut.webm").write_bytes(whole[: len(whole) // 2])
    voice = VoiceFile(str(tmp_path / "cut.webm"))
    voice.seek(0.0)

    ends = [0]
    while (piece := voice.read()) is not None:
        ends.append(piece[0] + len(piece[1]))
    voice.close()

    assert 2 * RATE < ends[-1] < 6 * RATE


@pytest.mark.parametrize(("content", "why"), [(None, "gone"), (b"", "damaged"), (b"no film at all" * 99, "damaged")])
def test_what_cannot_be_opened_says_why(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "film.mp4").write_bytes(content)

    with pytest.raises(Unplayable) as refused:
        FilmFile(str(tmp_path / "film.mp4"))

    assert refused.value.why == why


def test_a_film_without_a_picture_is_damaged(folder: Path) -> None:
    with pytest.raises(Unplayable) as refused:
        FilmFile(str(folder / "voice.webm"))

    assert refused.value.why == "damaged"
