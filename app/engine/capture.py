"""Microphone and camera as the person wants them, and as they really are.

Opening a device may take a second or fail with a reason; both must reach the window as one true statement of what is
captured.  Devices outlive a lost connection.  Where captured sound and pictures go is set by whoever sends them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from app.engine.sources import AudioBlock, CameraFrame, Devices, Microphone, Source
from app.engine.voice import Voice
from app.session.commands import Quality, SetSound, ShareScreen
from app.session.devices import Choice, DeviceKind
from app.session.events import LocalMedia
from sfu.rtp.errors import ErrorCode, UserError

Item = TypeVar("Item")

MOST_WAITING = 10
"""Blocks of 20 ms: what comes later is no conversation."""


class Switch(Generic[Item]):
    """One device, on or off, in the order in which it was asked."""

    def __init__(self, make: Callable[[], Source[Item]], changed: Callable[[str], None]) -> None:
        self._make = make
        self._changed = changed
        self._source: Source[Item] | None = None
        self._order = asyncio.Lock()
        self._held = False
        self._lost_sentence = ""
        """Why it went away by itself; then it is opened again when something is plugged in."""
        self.target: Callable[[Item], None] | None = None
        """Called on the device's thread with all that it captures; None: captured for nobody."""

    @property
    def on(self) -> bool:
        return self._source is not None

    async def set(self, on: bool) -> None:
        """Says what came of it, in one sentence if it did not work."""
        async with self._order:
            if not on:
                self._lost_sentence = ""
            if on != self.on:
                self._changed(await self._open() if on else await self._close())

    async def between(self, change: Callable[[], None]) -> None:
        """Changes something about it in a thread: whoever asks for the device after this gets it changed."""
        async with self._order:
            await asyncio.to_thread(change)

    async def close(self) -> None:
        """Idempotent; says nothing."""
        async with self._order:
            await self._close()
            self._lost_sentence = ""

    async def let_go(self) -> None:
        """Closed for a moment, silently; `take_back` comes next."""
        async with self._order:
            self._held = self.on or bool(self._lost_sentence)
            await self._close()

    async def take_back(self) -> None:
        """Opened again if it was open, or if it had been unplugged."""
        async with self._order:
            if self._held:
                self._held = False
                self._changed(await self._open())

    async def _open(self) -> str:
        try:
            source = self._make()
        except UserError as error:
            return error.sentence
        loop = asyncio.get_running_loop()

        def failed(error: UserError) -> None:
            loop.call_soon_threadsafe(self._lost, source, error)

        try:
            await asyncio.to_thread(source.start, self._deliver, failed)
        except UserError as error:
            return error.sentence
        self._source = source
        self._lost_sentence = ""
        return ""

    async def _close(self) -> str:
        source, self._source = self._source, None
        if source is not None:
            await asyncio.to_thread(source.close)
        return ""

    def _deliver(self, item: Item) -> None:
        target = self.target
        if target is not None:
            target(item)

    def _lost(self, source: Source[Item], error: UserError) -> None:
        if self._source is source:
            self._source = None
            source.close()
            self._lost_sentence = error.sentence
            self._changed(error.sentence)


class Capture:
    """Both devices, and what is told about them."""

    def __init__(self, devices: Devices, voice: Voice, announce: Callable[[LocalMedia], None]) -> None:
        self._announce = announce
        self._voice = voice
        self._hearing = asyncio.Lock()
        self.choices = {kind: Choice() for kind in DeviceKind}
        microphone, camera = self.choices[DeviceKind.MICROPHONE], self.choices[DeviceKind.CAMERA]
        self.microphone: Switch[AudioBlock] = Switch(lambda: devices.microphone(microphone.used), self._changed)
        self.camera: Switch[CameraFrame] = Switch(lambda: devices.camera(camera.used), self._changed)
        self._blur = devices.blur
        self.blurred = False
        self.quality = Quality.BEST
        self.shared = ShareScreen("")
        self.screen: Switch[CameraFrame] = Switch(
            lambda: devices.screen(self.shared.what, self.shared.mode), self._changed
        )
        self.screen_sound: Switch[AudioBlock] = Switch(lambda: _given(devices.system_sound()), self._changed)

    @property
    def heard(self) -> bool:
        """Whether what the microphone captures is sent."""
        return self.microphone.on and not self._voice.muted

    async def hear(self, on: bool) -> None:
        """Opens the microphone, or mutes it: then it is closed, or stays open for nobody but the notice."""
        async with self._hearing:
            if on and self.microphone.target is None:
                self.microphone.target = self._to_voice()
            if on == self.heard:
                return
            self._voice.mute(not on)
            if on != self.microphone.on and not (self.microphone.on and self._voice.notices_while_muted):
                await self.microphone.set(on)
            else:
                self._changed("")

    async def process(self, sound: SetSound) -> None:
        self._voice.set_sound(sound)
        async with self._hearing:
            if self._voice.muted and not sound.notice_muted:
                await self.microphone.set(False)

    def _to_voice(self) -> Callable[[AudioBlock], None]:
        """Blocks come on the device's thread and are judged and sent on the loop."""
        return Handover(asyncio.get_running_loop(), self._voice.take)

    def say(self, sentence: str) -> None:
        """Something about a device that is not captured from: the loudspeaker."""
        self._announce(
            LocalMedia(self.heard, self.camera.on, sentence, self.screen.on, self.screen_sound.on, self.blurred)
        )

    def _changed(self, sentence: str) -> None:
        if not self.microphone.on:
            self._voice.closed()
        self.say(sentence)

    async def share(self, wanted: ShareScreen) -> None:
        """Another screen, window or mode takes the place of what was shared."""
        await self.unshare()
        self.shared = wanted
        await self.screen.set(True)
        if wanted.sound and self.screen.on:
            await self.screen_sound.set(True)

    async def blur(self, on: bool) -> None:
        """The picture that follows is blurred already; what is missing for that is said."""
        try:
            await self.camera.between(lambda: self._blur(on))
        except UserError as error:
            self._changed(error.sentence)
            return
        self.blurred = on
        self._changed("")

    async def unshare(self) -> None:
        await self.screen_sound.set(False)
        await self.screen.set(False)

    async def close(self) -> None:
        for switch in (self.microphone, self.camera, self.screen_sound, self.screen):
            await switch.close()


def _given(sound: Microphone | None) -> Microphone:
    if sound is None:
        raise UserError(
            ErrorCode.NO_DEVICE, "This system does not let programs hear what it plays. The screen is shown without."
        )
    return sound


class Handover:
    """Blocks of sound, from a device's thread to the loop.

    Of a loop that cannot keep up the oldest are lost: what waits is `MOST_WAITING` at most.  Without that bound a
    computer that was busy for some seconds was behind for good, and did not even come to leave the meeting.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, take: Callable[[AudioBlock], None]) -> None:
        self._loop = loop
        self._take = take
        self._waiting: deque[AudioBlock] = deque(maxlen=MOST_WAITING)

    def __call__(self, block: AudioBlock) -> None:
        self._waiting.append(block)
        with suppress(RuntimeError):  # the loop was closed between two blocks: the program ends
            self._loop.call_soon_threadsafe(self._next)

    def _next(self) -> None:
        if self._waiting:
            self._take(self._waiting.popleft())
