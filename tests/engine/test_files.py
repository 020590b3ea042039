"""The test double of camera and microphone, in real time but for fractions of a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.engine.files import FileCamera, FileMicrophone, Schedule, audio_blocks, frame_rate, open_media, pictures
from app.engine.sources import BLOCK_S, AudioBlock, CameraFrame, level_dbov
from sfu.rtp.errors import ErrorCode, UserError
from tests.engine.clips import FRAMES_PER_SECOND, write_clip

SECONDS = 1.0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "tone.webm", SECONDS)


class Listener:
    """Collects what a device delivers until there is enough."""

    def __init__(self) -> None:
        self.items: list[AudioBlock | CameraFrame] = []
        self._more = threading.Condition()

    def deliver(self, item: AudioBlock | CameraFrame) -> None:
        with self._more:
            self.items.append(item)
            self._more.notify()

    def until(self, enough: Callable[[], bool]) -> None:
        with self._more:
            assert self._more.wait_for(enough, timeout=10)


def unexpected(error: UserError) -> None:
    raise AssertionError(error.sentence)


def test_a_file_is_read_as_blocks_and_pictures(clip: Path) -> None:
    blocks, frames = list(audio_blocks(clip)), list(pictures(clip))

    assert len(blocks) * BLOCK_S == pytest.approx(SECONDS, abs=0.05)
    assert len(frames) == FRAMES_PER_SECOND
    assert frames[0][0] == 0
    assert frame_rate(clip) == FRAMES_PER_SECOND


def test_the_microphone_is_silent_until_its_moment_and_then_plays_at_that_very_instant(clip: Path) -> None:
    schedule, listener = Schedule(begin=time.monotonic() + 0.25), Listener()
    microphone = FileMicrophone(clip, schedule)

    microphone.start(listener.deliver, unexpected)
    listener.until(lambda: len(listener.items) > 25)
    microphone.close()

    loud = [block.at for block in listener.items if isinstance(block, AudioBlock) and level_dbov(block.samples) > -50]
    assert schedule.media_started == schedule.begin
    assert loud[0] == pytest.approx(schedule.begin, abs=2 * BLOCK_S)  # Opus begins with a little silence of its own


def test_the_camera_shows_its_first_frame_while_it_waits(clip: Path) -> None:
    listener = Listener()
    camera = FileCamera(clip, Schedule())

    camera.start(listener.deliver, unexpected)
    listener.until(lambda: len(listener.items) > 3)
    camera.close()

    times = [item.at for item in listener.items]
    assert times[1] - times[0] == pytest.approx(1 / FRAMES_PER_SECOND)


def test_after_its_end_the_file_is_silent_and_holds_its_last_picture(clip: Path) -> None:
    began = time.monotonic() - SECONDS - 0.05
    schedule, sound, sight = Schedule(began), Listener(), Listener()
    schedule.media_started = began
    microphone, camera = FileMicrophone(clip, schedule), FileCamera(clip, schedule)

    microphone.start(sound.deliver, unexpected)
    camera.start(sight.deliver, unexpected)
    sound.until(lambda: len(sound.items) > 5)
    sight.until(lambda: len(sight.items) > 3)
    microphone.close()
    camera.close()

    last = sound.items[-1]
    assert isinstance(last, AudioBlock)
    assert level_dbov(last.samples) == -127


def test_whoever_was_muted_goes_on_where_the_others_hear_the_file(clip: Path) -> None:
    schedule = Schedule()
    schedule.media_started = schedule.begin = time.monotonic() - SECONDS / 2
    listener = Listener()
    microphone = FileMicrophone(clip, schedule)

    microphone.start(listener.deliver, unexpected)
    listener.until(lambda: time.monotonic() > schedule.media_started + SECONDS + 0.2)
    microphone.close()

    loud = [block for block in listener.items if isinstance(block, AudioBlock) and level_dbov(block.samples) > -50]
    assert len(loud) * BLOCK_S == pytest.approx(SECONDS / 2, abs=0.1)


def test_who_comes_late_plays_from_the_beginning() -> None:
    schedule = Schedule(begin=10.0)

    assert schedule.started(9.9) is None
    assert schedule.started(60.0) == 60.0
    assert schedule.started(61.0) == 60.0


def test_closing_ends_the_thread_and_may_be_repeated(clip: Path) -> None:
    listener = Listener()
    microphone = FileMicrophone(clip, Schedule())
    microphone.start(listener.deliver, unexpected)
    listener.until(lambda: len(listener.items) > 1)

    microphone.close()
    microphone.close()

    assert "file.microphone" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("content", [None, b"", b"not a video"])
def test_a_file_that_cannot_be_played_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.mp4"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UserError, match=r"broken\.mp4 cannot be played") as error:
        open_media(path)

    assert error.value.code is ErrorCode.NO_DEVICE
