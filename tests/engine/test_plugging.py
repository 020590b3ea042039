"""A desk with sockets: devices of our own that are plugged in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.engine.capture import Capture
from app.engine.loudspeaker import Loudspeaker
from app.engine.plugging import Plugging
from app.engine.sources import RAW, Devices, Failed, Samples, SoundDevices
from app.engine.speaker import NullSpeaker
from app.engine.voice import Voice
from app.session.devices import Device, DeviceKind
from app.session.events import DevicesChanged, Event, LocalMedia
from sfu.rtp.errors import ErrorCode, UserError

LAPTOP, HEADSET = Device("laptop", "Laptop", default=True), Device("headset", "Headset")
WEBCAM = Device("0", "Webcam", default=True)


class Thing(NullSpeaker):
    """A device that is there while its id is in a socket."""

    def __init__(self, desk: Desk, kind: str, identity: str) -> None:
        super().__init__()
        self.desk, self.name = desk, f"{kind}:{identity or 'default'}"
        self.failed: Failed = lambda error: None

    def start(self, *wanted: Callable[..., None]) -> None:
        if not self.desk.sockets:
            raise UserError(ErrorCode.NO_DEVICE, "Nothing is plugged in.")
        self.failed = wanted[-1]
        self.desk.open.append(self)

    def close(self) -> None:
        if self in self.desk.open:
            self.desk.open.remove(self)

    def play(self, samples: Samples) -> None:
        pass


class Desk:
    def __init__(self, *sockets: Device) -> None:
        self.sockets = list(sockets)
        self.open: list[Thing] = []
        self.open_while_counted: list[str] = []
        self.events: list[Event] = []
        devices = Devices(
            lambda device: Thing(self, "mic", device),  # type: ignore[arg-type, return-value]
            lambda device: Thing(self, "cam", device),  # type: ignore[arg-type, return-value]
            lambda device: Thing(self, "out", device),
            RAW,
            self.count,
        )
        self.capture = Capture(devices, Voice(RAW, self.events.append), self.events.append)
        speaker_choice = self.capture.choices[DeviceKind.SPEAKER]
        self.speaker = Loudspeaker(lambda: devices.speaker(speaker_choice.used), self.capture.say)
        self.plugging = Plugging(self.capture, self.speaker, devices.sound_devices, self.events.append)

    def count(self) -> SoundDevices:
        self.open_while_counted += [thing.name for thing in self.open if not thing.name.startswith("cam")]
        return tuple(self.sockets), tuple(self.sockets)

    @property
    def opened(self) -> set[str]:
        return {thing.name for thing in self.open}

    async def begin(self) -> None:
        await self.plugging.look((WEBCAM,))
        await self.capture.hear(True)
        await self.capture.camera.set(True)
        await self.speaker.open()

    def unplug(self, name: str) -> None:
        thing = next(thing for thing in self.open if thing.name == name)
        thing.failed(UserError(ErrorCode.NO_DEVICE, f"{name} was unplugged."))


async def test_devices_are_counted_while_none_is_open_and_then_go_on() -> None:
    desk = Desk(LAPTOP)
    await desk.begin()
    desk.sockets.append(HEADSET)

    await desk.plugging.look((WEBCAM,))

    assert desk.open_while_counted == []
    assert desk.opened == {"mic:default", "cam:default", "out:default"}
    last = [event for event in desk.events if isinstance(event, DevicesChanged)][-1]
    assert last.plugged.microphones == (LAPTOP, HEADSET)


async def test_another_microphone_in_the_middle_of_a_sentence() -> None:
    desk = Desk(LAPTOP, HEADSET)
    await desk.begin()

    await desk.plugging.choose(DeviceKind.MICROPHONE, "headset")
    await desk.plugging.choose(DeviceKind.SPEAKER, "headset")

    assert desk.opened == {"mic:headset", "cam:default", "out:headset"}
    assert desk.capture.heard


async def test_an_unplugged_headset_is_said_and_the_laptop_takes_over_until_it_is_back() -> None:
    desk = Desk(LAPTOP, HEADSET)
    await desk.begin()
    await desk.plugging.choose(DeviceKind.MICROPHONE, "headset")
    desk.sockets.remove(HEADSET)
    desk.unplug("mic:headset")
    await asyncio.sleep(0)
    said = [event for event in desk.events if isinstance(event, LocalMedia)][-1]
    assert (said.microphone, said.sentence) == (False, "mic:headset was unplugged.")

    await desk.plugging.look((WEBCAM,))
    assert "mic:default" in desk.opened
    assert desk.capture.heard

    desk.sockets.append(HEADSET)
    await desk.plugging.look((WEBCAM,))
    assert "mic:headset" in desk.opened


async def test_a_microphone_that_was_switched_off_stays_off_whatever_is_plugged_in() -> None:
    desk = Desk(LAPTOP)
    await desk.begin()
    await desk.capture.hear(False)

    await desk.plugging.look((WEBCAM,))

    assert desk.opened == {"cam:default", "out:default"}


async def test_without_any_device_one_sentence_says_so_and_a_clock_takes_the_sound() -> None:
    desk = Desk()

    await desk.begin()

    sentences = {event.sentence for event in desk.events if isinstance(event, LocalMedia)}
    assert sentences == {"Nothing is plugged in."}
    assert desk.speaker.room(1.0) == 1


async def test_a_loudspeaker_that_goes_away_leaves_the_meeting_running_in_silence() -> None:
    desk = Desk(LAPTOP)
    await desk.begin()

    desk.unplug("out:default")
    await asyncio.sleep(0)

    assert "out:default" not in desk.opened
    assert desk.speaker.room(1.0) == 1
    await desk.plugging.look((WEBCAM,))
    assert "out:default" in desk.opened
