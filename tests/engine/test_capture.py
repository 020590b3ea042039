from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.engine.capture import MOST_WAITING, Capture, Handover
from app.engine.sources import BLOCK, RAW, AudioBlock, Devices, Failed
from app.engine.speaker import NullSpeaker
from app.engine.voice import Voice
from app.session.commands import SetSound
from app.session.events import LocalMedia
from sfu.rtp.errors import ErrorCode, UserError

MISSING = UserError(ErrorCode.NO_DEVICE, "No microphone was found.")


class Device:
    """A microphone or camera that does what the test says."""

    def __init__(self, missing: UserError | None = None) -> None:
        self.missing = missing
        self.deliver: Callable[[object], None] = lambda item: None
        self.failed: Failed = lambda error: None
        self.closed = 0

    def start(self, deliver: Callable[[object], None], failed: Failed) -> None:
        if self.missing is not None:
            raise self.missing
        self.deliver, self.failed = deliver, failed

    def close(self) -> None:
        self.closed += 1


def capturing(
    microphone: Device, camera: Device | None = None, sound: SetSound = RAW
) -> tuple[Capture, list[LocalMedia]]:
    said: list[LocalMedia] = []
    devices = Devices(lambda device: microphone, lambda device: camera or Device(), lambda device: NullSpeaker())
    return Capture(devices, Voice(sound, lambda event: None), said.append), said


async def test_what_is_captured_is_said_each_time_it_changes() -> None:
    capture, said = capturing(Device())

    await capture.microphone.set(True)
    await capture.camera.set(True)
    await capture.microphone.set(True)
    await capture.microphone.set(False)

    assert said == [LocalMedia(True, False), LocalMedia(True, True), LocalMedia(False, True)]


async def test_a_missing_device_is_a_sentence_and_stays_off() -> None:
    capture, said = capturing(Device(missing=MISSING))

    await capture.microphone.set(True)

    assert said == [LocalMedia(False, False, MISSING.sentence)]
    assert not capture.microphone.on


async def test_an_unplugged_device_is_noticed_and_closed() -> None:
    device = Device()
    capture, said = capturing(device)
    await capture.microphone.set(True)

    await asyncio.to_thread(device.failed, UserError(ErrorCode.NO_DEVICE, "Unplugged."))
    await asyncio.sleep(0)

    assert said[-1] == LocalMedia(False, False, "Unplugged.")
    assert device.closed == 1


async def test_bad_news_from_a_device_that_is_closed_already_is_old_news() -> None:
    device = Device()
    capture, said = capturing(device)
    await capture.microphone.set(True)
    await capture.microphone.set(False)

    await asyncio.to_thread(device.failed, UserError(ErrorCode.NO_DEVICE, "Unplugged."))
    await asyncio.sleep(0)

    assert said[-1] == LocalMedia(False, False)


async def test_wishes_in_quick_succession_end_in_the_last_one() -> None:
    capture, said = capturing(Device())

    async with asyncio.TaskGroup() as tasks:
        for on in (True, False, True, False):
            tasks.create_task(capture.microphone.set(on))

    assert [media.microphone for media in said] == [True, False, True, False]
    assert not capture.microphone.on


async def test_sound_goes_to_whoever_wants_it_now_and_else_nowhere() -> None:
    device = Device()
    capture, _ = capturing(device)
    await capture.microphone.set(True)
    heard: list[AudioBlock] = []

    device.deliver("before")
    capture.microphone.target = heard.append
    device.deliver("during")
    capture.microphone.target = None
    device.deliver("after")

    assert heard == ["during"]


async def test_closing_twice_closes_each_device_once() -> None:
    microphone, camera = Device(), Device()
    capture, _ = capturing(microphone, camera)
    await capture.microphone.set(True)
    await capture.camera.set(True)

    await capture.close()
    await capture.close()

    assert (microphone.closed, camera.closed) == (1, 1)


async def test_a_muted_microphone_is_closed_where_nobody_wants_to_be_told() -> None:
    device = Device()
    capture, said = capturing(device)
    await capture.hear(True)
    await capture.hear(False)

    assert device.closed == 1
    assert [media.microphone for media in said] == [True, False]


async def test_a_muted_microphone_that_may_notice_stays_open_and_counts_as_off() -> None:
    device = Device()
    capture, said = capturing(device, sound=replace(RAW, notice_muted=True))
    await capture.hear(True)
    await capture.hear(False)
    await capture.hear(True)

    assert device.closed == 0
    assert [media.microphone for media in said] == [True, False, True]


async def test_taking_the_notice_back_while_muted_closes_the_microphone() -> None:
    device = Device()
    capture, _ = capturing(device, sound=replace(RAW, notice_muted=True))
    await capture.hear(True)
    await capture.hear(False)

    await capture.process(RAW)

    assert device.closed == 1


async def test_unmute_and_mute_at_once_end_muted() -> None:
    capture, said = capturing(Device())

    async with asyncio.TaskGroup() as tasks:
        for on in (True, False):
            tasks.create_task(capture.hear(on))

    assert not capture.heard
    assert not said[-1].microphone


async def test_of_a_loop_that_cannot_keep_up_the_oldest_sound_is_lost() -> None:
    taken: list[float] = []
    handover = Handover(asyncio.get_running_loop(), lambda block: taken.append(block.at))

    for number in range(MOST_WAITING + 5):
        handover(AudioBlock(np.zeros(BLOCK, np.int16), float(number)))
    await asyncio.sleep(0.01)

    assert taken == [float(number) for number in range(5, MOST_WAITING + 5)]
