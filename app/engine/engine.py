"""The engine: commands in, facts out, one meeting at a time.

It turns what the person wants into calls, joins again when a link is lost, and says truthfully how the link stands.
It runs on any asyncio loop: in the app on a thread of its own (`bridge`), in a headless participant on the main one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial

from app.engine.call import Call, CallOver
from app.engine.capture import Capture
from app.engine.conversation import Door
from app.engine.doorstep import Doorstep
from app.engine.h264 import Chip
from app.engine.invite import Invite
from app.engine.known_hosts import KnownHosts
from app.engine.lifeline import PASSING, LinkLost, Retries, gave_up
from app.engine.loudspeaker import Loudspeaker
from app.engine.media import TICK, MediaSetup, MeetingClock
from app.engine.pictures import PictureSink
from app.engine.place import Place
from app.engine.playout import Playout
from app.engine.plugging import Plugging
from app.engine.sources import Devices
from app.engine.tally import Tally
from app.engine.transfers import Transfers
from app.engine.voice import Voice
from app.session import commands
from app.session.devices import DeviceKind
from app.session.events import Event, LinkChanged, LinkState, LocalMedia
from sfu.rtp.errors import ParleyError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

MAX_WAITING = 256


class Engine:
    """`run()` until cancelled; `post` a command from the loop's own thread at any time."""

    def __init__(
        self,
        devices: Devices,
        announce: Callable[[Event], None],
        sink: PictureSink | None = None,
        client: wire.ClientKind = wire.ClientKind.DESKTOP,
        known_hosts: KnownHosts | None = None,
    ) -> None:
        self.tally = Tally()
        self.clock = MeetingClock()
        self._announce = announce
        self._client = client
        self._doorstep = Doorstep(known_hosts or KnownHosts(), announce)
        self._voice = Voice(devices.sound, announce, real=devices.real)
        self._capture = Capture(devices, self._voice, self._local_media_changed)
        self._speaker = Loudspeaker(
            lambda: devices.speaker(self._capture.choices[DeviceKind.SPEAKER].used), self._capture.say
        )
        self._plugging = Plugging(self._capture, self._speaker, devices.sound_devices, announce)
        self._setup = MediaSetup(
            self._capture, self._voice, self._speaker, sink, self.tally, self.clock, announce,
            devices.chip or Chip(()),
        )
        self._transfers = Transfers(announce, self._say)
        self._commands: asyncio.Queue[commands.Command] = asyncio.Queue(MAX_WAITING)
        self._call: Call | None = None
        self._place: Place | None = None
        """Where to go on, between two calls of one meeting."""
        self._meeting: asyncio.Task[None] | None = None
        self._consent: bool | None = None
        self._hand = False
        self._you = ""
        self._state = LinkState.IDLE
        self._captioning = False

    @property
    def packets(self) -> tuple[int, int]:
        """Media packets sent and received so far, over every reconnect."""
        return self._setup.sent, self._setup.received

    @property
    def underruns(self) -> int:
        """Blocks of 20 ms that the loudspeaker had to invent so far."""
        return self._speaker.underruns

    def post(self, command: commands.Command) -> None:
        self._commands.put_nowait(command)

    async def run(self) -> None:
        """Runs until cancelled; devices and sockets are closed by the time this returns."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    self._obey(await self._commands.get(), tasks)
        finally:
            await self._capture.close()
            await self._speaker.close()

    def _obey(self, command: commands.Command, tasks: asyncio.TaskGroup) -> None:
        match command:
            case commands.Join():
                if self._meeting is None or self._meeting.done():
                    self._meeting = tasks.create_task(self._meet(command), name="engine.meeting")
            case commands.TrustHost():
                self._doorstep.answer(command.agree)
            case commands.Leave():
                self._leave()
            case commands.SetMicrophone():
                tasks.create_task(self._capture.hear(command.on), name="engine.microphone")
            case commands.SetSound():
                tasks.create_task(self._capture.process(command), name="engine.sound")
            case commands.Ring():
                tasks.create_task(self._ring(command.sound), name="engine.ring")
            case commands.ChooseDevice():
                tasks.create_task(self._plugging.choose(command.kind, command.device), name="engine.choose")
            case commands.LookAtDevices():
                tasks.create_task(self._plugging.look(command.cameras), name="engine.look")
            case commands.ShareScreen():
                tasks.create_task(self._capture.share(command), name="engine.share")
            case commands.StopSharing():
                tasks.create_task(self._capture.unshare(), name="engine.unshare")
            case commands.SetCamera():
                tasks.create_task(self._capture.camera.set(command.on), name="engine.camera")
            case commands.Blur():
                tasks.create_task(self._capture.blur(command.on), name="engine.blur")
            case commands.SetQuality():
                self._capture.quality = command.quality
            case commands.Watch():
                self._setup.views.watch({view.source: (view.width, view.height) for view in command.views})
                self._say(wire.Watch(views=list(command.views)))
            case commands.AnswerConsent():
                self._consent = command.captions
                self._say(wire.AnswerConsent(captions=command.captions))
            case commands.SetCaptions():
                self._say(wire.SetCaptions(on=command.on))
            case commands.RaiseHand():
                self._say(wire.Hand(up=command.up))
            case commands.Chat():
                self._say(wire.Say(text=command.text, to=command.to))
            case commands.ShareFile():
                self._transfers.share(command, tasks)
            case commands.FetchFile():
                self._transfers.fetch(command, tasks)
            case commands.CancelTransfer():
                self._transfers.cancel(command.key)
            case commands.EndMeeting():
                self._say(wire.End())
            case wire.Message():
                self._say(command)

    async def _ring(self, sound: commands.Sound) -> None:
        """In a meeting the chime is mixed into what is played; before one it is all that there is to hear."""
        chimes, speaker = self._setup.chimes, self._speaker
        alone = not speaker.wanted
        chimes.ring(sound)
        if not alone:
            return
        await speaker.open()
        playout = Playout([chimes], speaker, self._voice.played)
        try:
            while chimes.ringing:
                playout.fill(time.monotonic())
                await asyncio.sleep(TICK)
            await asyncio.sleep(speaker.delay(time.monotonic()))
        finally:
            if self._call is None:
                await speaker.close()

    def _leave(self) -> None:
        """Politely while connected; before that, and between two attempts, there is nobody to tell."""
        if self._call is not None and self._call.connected:
            self._call.say(wire.Leave())
        elif self._meeting is not None:
            self._meeting.cancel()

    def _say(self, message: wire.ClientMessage) -> None:
        """Between two calls it is said when the place is taken again."""
        if self._call is not None:
            self._call.say(message)
        elif self._place is not None:
            self._place.say(message)

    async def _meet(self, join: commands.Join) -> None:
        """One meeting, over as many connections as it takes."""
        self._link(LinkState.CONNECTING)
        self._consent, self._hand = None, False
        try:
            invite = await self._doorstep.invite(join.link)
            await self._stay(Door(invite, join.name.strip(), self._client, join.host_token, join.passcode))
        except CallOver as over:
            self._link(LinkState.LEFT, sentence=over.reason)
        except ParleyError as error:
            self._link(LinkState.FAILED, error.code, error.sentence)
        except asyncio.CancelledError:
            self._link(LinkState.LEFT)
            raise
        finally:
            self._call = self._place = None
            self._transfers.leave()
            self.tally.stopped_all(time.monotonic())

    async def _stay(self, door: Door) -> None:
        """Connects again and again; raises what ended it for good."""
        retries, self._place = Retries(), None
        try:
            while True:
                call = Call(door, self._setup, partial(self._heard, door.invite), retries.patience, self._place)
                call.on_live = lambda: self._went_live(retries, door.invite)
                call.on_silent = lambda: self._link(LinkState.RECONNECTING)
                self._introduce(call)
                self._call = call
                try:
                    await call.run()
                except LinkLost:
                    log.info("link lost")
                except ParleyError as error:
                    if not retries.trying or error.code not in PASSING:
                        raise
                finally:
                    self._call, self._place = None, call.place
                pause = retries.pause(time.monotonic())
                if pause is None:
                    raise gave_up()
                self._link(LinkState.RECONNECTING)
                await asyncio.sleep(pause)
        finally:
            await self._speaker.close()

    def _introduce(self, call: Call) -> None:
        """What a new connection has to be told first.  Who comes back to their place is known but for the media."""
        capture = self._capture
        call.say(media_message(capture.heard, capture.camera.on, capture.screen.on, capture.screen_sound.on))
        call.on_welcome = lambda: self._introduce_anew(call)

    def _introduce_anew(self, call: Call) -> None:
        if self._consent is not None:
            call.say(wire.AnswerConsent(captions=self._consent))
        if self._hand:
            call.say(wire.Hand(up=True))

    def _went_live(self, retries: Retries, invite: Invite) -> None:
        retries.recovered()
        self._doorstep.met(invite)
        self._link(LinkState.LIVE)

    def _local_media_changed(self, media: LocalMedia) -> None:
        self._announce(media)
        self._say(media_message(media.microphone, media.camera, media.screen, media.screen_sound))

    def _heard(self, invite: Invite, event: Event) -> None:
        """What the host said, on its way to the window."""
        self._transfers.heard(event, invite)
        match event:
            case wire.Welcome():
                self._captioning = event.captions.on
                self._you = event.you
            case wire.Changed() if event.participant.id == self._you:
                self._hand = event.participant.hand is not None
            case wire.CaptionsChanged():
                self._captioning = event.captions.on
            case wire.Muted(kind=wire.SourceKind.MICROPHONE):
                self.post(commands.SetMicrophone(on=False))
            case wire.Muted(kind=wire.SourceKind.CAMERA):
                self.post(commands.SetCamera(on=False))
        self._voice.captioned(self._captioning and bool(self._consent))
        self._announce(event)

    def _link(self, state: LinkState, code: str = "", sentence: str = "") -> None:
        again = state is self._state is LinkState.RECONNECTING  # first silent, then lost: one thing to the person
        self._state = state
        if not again:
            self._announce(LinkChanged(state, code, sentence))


def media_message(microphone: bool, camera: bool, screen: bool, screen_sound: bool) -> wire.SetMedia:
    return wire.SetMedia(microphone=microphone, camera=camera, screen=screen, screen_audio=screen_sound)
