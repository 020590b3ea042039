"""The others in the meeting: `python -m tests.bench._client.crowd LINK`, or with `once` at the end.

Ana is a whole participant who writes the time into her picture and talks through the sound card.  With `once` many fit
into one process beside the window on a small computer: whole participants too, but for pictures that were encoded once
and microphones that are silent, all but one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import av
import cv2

from app.engine import picture_out
from app.engine.codecs import Vp8Encoder
from app.engine.engine import Engine
from app.engine.files import Runner, pictures
from app.engine.ladder import needs
from app.engine.microphone import SystemMicrophone
from app.engine.sources import BLOCK, AudioBlock, CameraFrame, Devices, Failed
from app.engine.speaker import NullSpeaker, SystemSpeaker
from app.session import commands
from app.session.commands import SetSound
from app.session.events import Event
from sfu.wire import messages as wire
from tests.bench._client import timecode
from tests.bench._client.card import Card, install
from tests.bench._client.speech import MEDIA, speech
from tests.bench._client.talk import say

ANA = "Ana"
ANA_SIZE, ANA_RATE = (1280, 720), 24
SIZE, RATE = (640, 360), 15
SMALL = 320, 180
"""One layer, so that this is what everybody gets."""
TALKER = "Guest 1"
LOOP = 60


@cache
def faces(size: tuple[int, int]) -> list[Any]:
    """A real face, as planes of YUV 4:2:0 under each other."""
    found = []
    for _, picture in pictures(MEDIA / "pyfeat_single_face.mp4"):
        image = cv2.resize(picture.to_ndarray(format="bgr24"), size, interpolation=cv2.INTER_LINEAR)
        found.append(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420))
        if len(found) == LOOP:
            break
    return found + found[-2:0:-1]


class FaceCamera:
    """`coded`: with the instant of its capture in the picture."""

    def __init__(self, size: tuple[int, int], rate: int, *, coded: bool) -> None:
        self._faces, self._rate, self._coded = faces(size), rate, coded
        self._size = size
        self._runner = Runner("bench.camera")

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        self._runner.start(lambda: self._play(deliver))

    def close(self) -> None:
        self._runner.close()

    def _play(self, deliver: Callable[[CameraFrame], None]) -> None:
        due, number = time.monotonic(), 0
        while self._runner.wait_until(due):
            image = self._faces[number % len(self._faces)]
            now = time.monotonic()
            if self._coded:
                image = image.copy()
                timecode.write(image[: self._size[1]], now)
            deliver(CameraFrame(av.VideoFrame.from_ndarray(image, format="yuv420p"), now))
            number += 1
            due = max(due + 1 / self._rate, now - 1 / self._rate)


class OnceEncoder:
    """In the place of `Vp8Encoder`: some seconds of 360p, encoded once for all, whatever camera is before it."""

    _loop: ClassVar[list[bytes]] = []

    def __init__(self, bitrate: int, frame_rate: int, sharp: bool = False) -> None:
        self._next = 0

    @classmethod
    def prepare(cls) -> None:
        encoder = Vp8Encoder(needs(SIZE[1]), RATE)
        cls._loop = [
            encoder.encode(av.VideoFrame.from_ndarray(image, format="yuv420p"), number / RATE, number == 0)
            for number, image in enumerate(faces(SIZE))
        ]  # fmt: skip

    def set_bitrate(self, bitrate: float) -> None:
        pass

    def encode(self, picture: av.VideoFrame, seconds: float, keyframe: bool) -> bytes:
        if keyframe:
            self._next = 0
        self._next += 1
        return self._loop[(self._next - 1) % len(self._loop)]


class Silent:
    """A microphone in a silent room."""

    def start(self, deliver: Callable[[AudioBlock], None], failed: Failed) -> None:
        pass

    def close(self) -> None:
        pass


class Member:
    def __init__(self, name: str, link: str) -> None:
        self.name = name
        self._people: dict[str, wire.Participant] = {}
        self._you = ""
        self._there = asyncio.Event()
        self._engine = Engine(_devices(name), self._happened, client=wire.ClientKind.HEADLESS)
        self._running = asyncio.create_task(self._engine.run())
        for command in (
            commands.SetMicrophone(on=name in (ANA, TALKER)), commands.SetCamera(on=True), commands.Join(link, name),
        ):  # fmt: skip
            self._engine.post(command)

    async def there(self) -> None:
        await self._there.wait()

    async def leave(self) -> None:
        self._engine.post(commands.Leave())
        await asyncio.sleep(0.3)
        self._running.cancel()
        await asyncio.wait([self._running])

    def _happened(self, event: Event) -> None:
        if isinstance(event, wire.Welcome):
            self._there.set()
            self._engine.post(commands.Watch(()))


def _devices(name: str) -> Devices:
    if name != ANA:
        camera, microphone = FaceCamera(SMALL, RATE, coded=False), SystemMicrophone() if name == TALKER else Silent()
        return Devices(lambda device: microphone, lambda device: camera, lambda device: NullSpeaker())
    return Devices(
        SystemMicrophone, lambda device: FaceCamera(ANA_SIZE, ANA_RATE, coded=True), SystemSpeaker, SetSound()
    )


async def main(link: str, once: str = "") -> None:
    said = speech()
    card = Card(lambda at: said.get(at, BLOCK))
    install(card)
    if once:
        OnceEncoder.prepare()
        vars(picture_out)["Vp8Encoder"] = OnceEncoder
    members: dict[str, Member] = {}
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        told = json.loads(line)
        match told["do"]:
            case "come":
                coming = [name for name in told["names"] if name not in members]
                members |= {name: Member(name, link) for name in coming}
                for name in coming:
                    await members[name].there()
            case "go":
                going = [members.pop(name) for name in told["names"] if name in members]
                await asyncio.gather(*[member.leave() for member in going])
            case "sound":
                card.played.save(told["path"])
        say(event=told["do"])
    await asyncio.gather(*[member.leave() for member in members.values()])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
