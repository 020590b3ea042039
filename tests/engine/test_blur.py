from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest

from app.engine.blur import Blur
from app.engine.capture import Capture
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.sources import RAW, Devices
from app.engine.speaker import NullSpeaker
from app.engine.voice import Voice
from app.session.events import LocalMedia
from models.registry import Registry, default_models_dir
from sfu.rtp.errors import ErrorCode, UserError

FACE = Path(__file__).resolve().parents[2] / "resources" / "media" / "pyfeat_single_face.mp4"
MISSING = UserError(ErrorCode.MISSING_MODEL, "Fetch the weights.")


def weights() -> Path:
    try:
        return Registry(default_models_dir()).path("selfie-segmentation")
    except UserError as error:
        pytest.skip(error.sentence)


def face() -> av.VideoFrame:
    with av.open(str(FACE)) as container:
        return next(container.decode(video=0)).reformat(640, 360, "yuv420p")


def detail(picture: av.VideoFrame, rows: slice, columns: slice) -> float:
    """How sharp that part is: how much the steps from pixel to pixel differ."""
    luma = picture.to_ndarray(format="gray").astype(np.int16)[rows, columns]
    return float(np.abs(np.diff(luma, n=2, axis=1)).mean())


def refuse() -> Path:
    raise MISSING


def test_a_blur_that_is_off_changes_nothing_and_needs_no_weights() -> None:
    picture = face()

    assert Blur(refuse).apply(picture) is picture


@pytest.mark.weights
def test_the_room_is_blurred_and_the_face_is_not() -> None:
    picture, blur = face(), Blur(weights)
    blur.set(True)
    for _ in range(8):
        blurred = blur.apply(picture)

    eyes, wall = (slice(140, 230), slice(230, 350)), (slice(0, 360), slice(520, 640))
    assert (blurred.width, blurred.height) == (640, 360)
    assert detail(blurred, *eyes) > 0.9 * detail(picture, *eyes)
    assert detail(blurred, *wall) < 0.6 * detail(picture, *wall)


@pytest.mark.weights
def test_the_first_picture_already_hides_the_room_and_another_size_goes_on() -> None:
    picture, blur = face(), Blur(weights)
    blur.set(True)

    first = blur.apply(picture)
    upright = blur.apply(picture.reformat(180, 320, "yuv420p"))

    assert detail(first, slice(0, 360), slice(520, 640)) < 0.6 * detail(picture, slice(0, 360), slice(520, 640))
    assert (upright.width, upright.height) == (180, 320)


def told(blur: Blur) -> list[LocalMedia]:
    said: list[LocalMedia] = []
    devices = Devices(
        lambda device: FileMicrophone(FACE, Schedule()), lambda device: FileCamera(FACE, Schedule()),
        lambda device: NullSpeaker(), blur=blur.set,
    )  # fmt: skip
    capture = Capture(devices, Voice(RAW, lambda event: None), said.append)
    asyncio.run(capture.blur(True))
    return said


def test_without_weights_it_is_said_and_nobody_believes_that_the_room_is_hidden() -> None:
    [said] = told(Blur(refuse))

    assert said == LocalMedia(False, False, MISSING.sentence, blurred=False)


@pytest.mark.weights
def test_that_the_room_is_hidden_is_told() -> None:
    [said] = told(Blur(weights))

    assert said == LocalMedia(False, False, blurred=True)
