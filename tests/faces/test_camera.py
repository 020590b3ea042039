"""Every frame is decoded, the newest is handed out, and no damage raises anything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.faces.camera import Camera
from models.wire import Chunk
from tests.emotion.films import Film, grey

NOISE = [np.random.default_rng(n).integers(0, 255, (180, 320, 3), np.uint8) for n in range(3)]


def feed(camera: Camera, film: Film, values: list[int], *, skip: int | None = None, start: float = 100.0) -> None:
    for number, (at, packets) in enumerate(film.frames([grey(value) for value in values], start)):
        for chunk, payload in packets:
            if number != skip:
                camera.feed(chunk, payload, at)


def test_every_frame_is_decoded_and_the_newest_is_handed_out_once() -> None:
    camera = Camera()

    feed(camera, Film("s"), [60, 90, 120, 200])

    shot = camera.take()
    assert shot is not None
    assert camera.frames == 4
    assert shot.captured == pytest.approx(100.2, abs=1e-3)
    assert shot.picture().mean() == pytest.approx(200, abs=6)
    assert camera.take() is None


def test_a_lost_frame_costs_pictures_until_the_next_key_frame_which_is_asked_for() -> None:
    camera, film = Camera(), Film("s")
    feed(camera, film, [60, 70, 80, 90, 100, 110], skip=2)
    assert camera.wants_keyframe(101.0)
    assert not camera.wants_keyframe(101.1)
    assert camera.wants_keyframe(102.5)
    camera.take()

    film.resize(320, 180)
    feed(camera, film, [150, 150], start=103.0)

    shot = camera.take()
    assert shot is not None
    assert shot.picture().mean() == pytest.approx(150, abs=6)


def test_a_picture_of_another_size_is_just_another_picture() -> None:
    camera, film = Camera(), Film("s")
    feed(camera, film, [60, 60])
    film.resize(160, 90)

    feed(camera, film, [90, 90], start=101.0)

    shot = camera.take()
    assert shot is not None
    assert shot.picture().shape == (90, 160, 3)


def test_video_of_sixteen_pixels_is_decoded_too() -> None:
    camera = Camera()

    feed(camera, Film("s", 16, 16), [60, 90])

    shot = camera.take()
    assert shot is not None
    assert shot.picture().shape == (16, 16, 3)


def test_a_key_frame_of_rubbish_is_counted_and_forgotten() -> None:
    camera, film = Camera(), Film("s")
    chunk = Chunk(stream="s", sequence=65_536, timestamp=1, capture_us=1, marker=True)

    camera.feed(chunk, b"\x10\x00\x9d\x01\x2a\x40\x01\xb4\x00" + bytes(range(60)), 100.0)
    feed(camera, film, [60, 90], start=101.0)

    assert camera.take() is not None


@given(st.lists(st.tuples(st.integers(0, 40), st.binary(max_size=40), st.booleans()), max_size=20))
@settings(deadline=None)
def test_any_packets_are_pictures_or_damage_and_nothing_is_raised(packets: list[tuple[int, bytes, bool]]) -> None:
    camera = Camera()

    for sequence, payload, marker in packets:
        camera.feed(Chunk(stream="s", sequence=sequence, timestamp=sequence // 3, marker=marker), payload, 100.0)


@given(at=st.integers(0, 400), value=st.binary(min_size=1, max_size=30))
@settings(deadline=None, max_examples=40)
def test_a_damaged_film_recovers(at: int, value: bytes) -> None:
    camera, film = Camera(), Film("s")
    for number, (taken, packets) in enumerate(film.frames(NOISE)):
        for chunk, payload in packets:
            body = bytearray(payload)
            if number == 1 and at < len(body):
                body[at : at + len(value)] = value
            camera.feed(chunk, bytes(body), taken)
    film.resize(320, 180)

    feed(camera, film, [200, 200], start=103.0)

    shot = camera.take()
    assert shot is not None
    assert shot.picture().mean() == pytest.approx(200, abs=8)


def test_whoever_wants_every_picture_has_them_in_order_up_to_so_many() -> None:
    camera = Camera(keep=3)

    feed(camera, Film("s"), [60, 90, 120, 200])

    assert len(camera) == 3
    shots = [camera.take() for _ in range(4)]
    assert [shot.captured for shot in shots[:3] if shot is not None] == pytest.approx([100 + n / 15 for n in (1, 2, 3)])
    assert shots[3] is None


def test_whoever_cannot_keep_up_gives_up_every_other() -> None:
    camera = Camera(keep=8)
    feed(camera, Film("s"), [60, 90, 120, 200])

    camera.thin()

    assert len(camera) == 2
