"""H264 as an encoder chip gives it; libx264 stands in for the chip."""

from __future__ import annotations

import threading

import av
import numpy as np
import pytest

from app.engine import h264
from app.engine.codecs import H264Decoder
from app.engine.h264 import Chip, H264Encoder, prove, works
from sfu.rtp.h264 import packetize, parameter_sets
from tests.engine.clips import picture

SIZE = (640, 360)


def film(encoder: H264Encoder, first: int, last: int, keys: tuple[int, ...] = ()) -> list[bytes]:
    return [encoder.encode(picture(number, SIZE), number / 24, number in keys) for number in range(first, last)]


def test_every_picture_is_a_frame_at_once_that_a_decoder_shows() -> None:
    decoder = H264Decoder()

    shown = [decoder.decode(frame) for frame in film(H264Encoder("libx264", 500_000, 24), 0, 5, keys=(0,))]

    assert [(one.width, one.height) for one in shown if one is not None] == [SIZE] * 5


def test_a_key_frame_comes_when_asked_with_all_that_a_decoder_needs_to_begin() -> None:
    frames = film(H264Encoder("libx264", 500_000, 24), 0, 6, keys=(0, 4))

    assert [bool(parameter_sets(frame)) for frame in frames] == [True, False, False, False, True, False]
    assert H264Decoder().decode(frames[4]) is not None


def test_a_chip_that_says_its_parameter_sets_once_is_helped() -> None:
    encoder = H264Encoder("libx264", 500_000, 24)
    (first,) = film(encoder, 0, 1, keys=(0,))
    bare = first[len(parameter_sets(first)) :]

    assert parameter_sets(encoder._whole(bare)) == parameter_sets(first)
    assert encoder._whole(first) == first


def test_a_lower_bitrate_is_kept_without_a_new_encoder() -> None:
    encoder = H264Encoder("libx264", 600_000, 24)
    chance = np.random.default_rng(1)

    def bits(first: int, last: int) -> float:
        """A second, of a picture with some noise in it."""
        size = 0
        for number in range(first, last):
            planes = np.full((540, 640), 128, np.uint8) + chance.integers(0, 12, (540, 640), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            size += len(encoder.encode(frame, number / 24, number == 0))
        return size * 8 / (last - first) * 24

    usual, context = bits(0, 48), encoder._context
    encoder.set_bitrate(200_000)
    bits(48, 72)

    assert bits(72, 120) < 0.5 * usual
    assert encoder._context is context


def test_another_size_makes_another_encoder() -> None:
    encoder = H264Encoder("libx264", 500_000, 24)
    encoder.encode(picture(0, SIZE), 0.0, keyframe=True)

    small = encoder.encode(picture(1, (320, 180)), 0.1, keyframe=False)

    shown = H264Decoder().decode(small)
    assert shown is not None
    assert (shown.width, shown.height) == (320, 180)


def test_a_frame_of_a_key_fits_into_packets() -> None:
    (frame,) = film(H264Encoder("libx264", 2_000_000, 24), 0, 1, keys=(0,))

    assert max(map(len, packetize(frame, 1_150))) <= 1_150


def test_what_encodes_is_proved_and_what_does_not_is_not() -> None:
    assert prove("libx264")
    assert h264.main("no such encoder") == 1


def test_an_encoder_is_tried_in_a_process_of_its_own_within_a_time() -> None:
    assert works("libx264", patience=120.0)
    assert not works("libx264", patience=0.0)


def test_the_first_that_works_is_found_and_what_failed_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def fake(name: str) -> bool:
        tried.append(name)
        return name == "libx264"

    monkeypatch.setattr(h264, "works", fake)
    found = threading.Event()
    chip = Chip(("h264_nvenc", "no such encoder", "libx264"))

    chip.look(found.set)
    assert found.wait(10)
    assert chip.name == "libx264"
    chip.failed()
    chip.look(found.set)

    assert tried == ["h264_nvenc", "libx264"]
    assert chip.name is None
