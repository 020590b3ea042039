"""`parley join LINK --headless`: a whole participant without a window.

The same engine as the app's, with a media file in place of camera and microphone and a clock in place of the speaker.
It watches everybody, plays its file at the given meeting time, and writes down what it saw and heard.  The demo, the
system tests and the benches are made of these.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.engine.engine import Engine
from app.engine.files import FileCamera, FileMicrophone, Schedule, open_media
from app.engine.journal import Journal, write_report
from app.engine.known_hosts import KnownHosts
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import Event, HostUnverified, LinkChanged, LinkState
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

THUMBNAIL = (320, 180)
MOST_VIEWS = 64
"""As many as one `watch` may name."""
LEAVE_TIMEOUT = 3.0
USER_ERROR = 2
ENDED = (LinkState.LEFT, LinkState.FAILED)


@dataclass(frozen=True, slots=True)
class Options:
    """One line of the command."""

    link: str
    name: str
    media: Path | None
    report: Path | None
    seconds: float | None
    start_at: float
    consent: bool | None
    data: Path | None = None
    words: tuple[str, ...] = ()
    """What the host's screen shows, for a host that no link vouches for."""
    recorded: bool | None = None
    """What it says when the meeting is recorded; None: nothing, so it is left out."""


class HeadlessParticipant:
    """One participant; `run` to its end, then `report`."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._schedule = Schedule()
        self._journal = Journal()
        self._roster: dict[str, wire.Participant] = {}
        self._ended = asyncio.Event()
        self._watched: tuple[str, ...] = ()
        self._phase = wire.Phase.OFF
        media = options.media or Path()
        devices = Devices(
            microphone=lambda device: FileMicrophone(media, self._schedule),
            camera=lambda device: FileCamera(media, self._schedule),
            speaker=lambda device: NullSpeaker(),
        )
        known = KnownHosts(options.data)
        self.engine = Engine(devices, self._happened, client=wire.ClientKind.HEADLESS, known_hosts=known)

    async def run(self, stop: asyncio.Event) -> None:
        """Until the time is up, the meeting ends or `stop` is set; raises UserError when it could not join."""
        options = self._options
        running = asyncio.create_task(self.engine.run(), name="headless.engine")
        if options.media is not None:
            self.engine.post(commands.SetMicrophone(on=True))
            self.engine.post(commands.SetCamera(on=True))
        self.engine.post(commands.Join(options.link, options.name))
        waits = [asyncio.ensure_future(event.wait()) for event in (stop, self._ended)]
        try:
            await asyncio.wait([running, *waits], timeout=options.seconds, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await self._leave()
        finally:
            for wait in (running, *waits):
                wait.cancel()
            await asyncio.wait([running, *waits])
        if not running.cancelled() and (bug := running.exception()) is not None:
            raise bug
        if self._journal.state is LinkState.FAILED:
            raise UserError(ErrorCode(self._journal.code), self._journal.sentence)

    async def _leave(self) -> None:
        if self._ended.is_set():
            return
        self.engine.post(commands.Leave())
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT):
                await self._ended.wait()
        except TimeoutError:
            self._journal.sentence = "left without the host's answer"

    # -- what happens ----------------------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        self._journal.happened(event)
        match event:
            case LinkChanged() if event.state in ENDED:
                self._ended.set()
            case HostUnverified():
                self.engine.post(commands.TrustHost(event.words == self._options.words))
            case wire.Welcome():
                self._welcomed(event)
            case wire.RecordingChanged():
                self._answer_recording(event.recording.phase)
            case wire.Joined() | wire.Changed():
                self._roster[event.participant.id] = event.participant
                self._watch_everybody()
            case wire.Left():
                self._roster.pop(event.participant, None)
                self._watch_everybody()

    def _welcomed(self, welcome: wire.Welcome) -> None:
        self._roster = {person.id: person for person in welcome.roster}
        if self._schedule.begin is None:
            self._schedule.begin = self.engine.clock.meeting_began + self._options.start_at
        if self._options.consent is not None:
            self.engine.post(commands.AnswerConsent(self._options.consent))
        self._phase = wire.Phase.OFF  # whoever joins again is asked again
        self._answer_recording(welcome.recording.phase)
        self._watched = ()
        self._watch_everybody()

    def _answer_recording(self, phase: wire.Phase) -> None:
        before, self._phase = self._phase, phase
        if before is wire.Phase.OFF and phase is not wire.Phase.OFF and self._options.recorded is not None:
            self.engine.post(wire.AnswerRecording(yes=self._options.recorded))

    def _watch_everybody(self) -> None:
        """As a gallery would: every camera that is on, all equally small."""
        cameras = tuple(
            f"{person.id}/{wire.SourceKind.CAMERA}"
            for person in sorted(self._roster.values(), key=lambda person: person.order)
            if person.camera and person.id != self._journal.you
        )[:MOST_VIEWS]
        if cameras != self._watched:
            self._watched = cameras
            width, height = THUMBNAIL
            views = (wire.View(source=source, width=width, height=height, priority=4) for source in cameras)
            self.engine.post(commands.Watch(tuple(views)))

    # -- what is written down --------------------------------------------------------------------------------

    def report(self) -> dict[str, Any]:
        """Plain values for JSON; instants are monotonic seconds."""
        engine = self.engine
        report = self._journal.report(engine.tally, engine.packets, engine.clock.meeting_began)
        return {**report, "name": self._options.name, "media_started": self._schedule.media_started}


async def take_part(options: Options) -> None:
    """One participant from start to report; SIGINT and SIGTERM leave politely."""
    if options.media is not None:
        open_media(options.media).close()
    participant = HeadlessParticipant(options)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt instead
            break
    try:
        await participant.run(stop)
    finally:
        if options.report is not None:
            write_report(options.report, participant.report())


def main(argv: Sequence[str]) -> int:
    """0: took part.  2: could not, for a reason that is printed as one sentence."""
    options = parse_arguments(argv)
    try:
        asyncio.run(take_part(options))
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        return 0
    return 0


def parse_arguments(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="parley join --headless", description="Join a meeting without a window.")
    parser.add_argument("link", help="the meeting's link; or its code; or an address and the code, in quotes")
    parser.add_argument("--words", default="", help="what the host's screen shows, if the link has no fingerprint")
    parser.add_argument("--name", required=True, help="the name that others see")
    parser.add_argument("--media", type=Path, help="a file that plays as microphone and camera")
    parser.add_argument("--headless", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help="write what was seen and heard to this JSON file")
    parser.add_argument("--seconds", type=float, help="leave after so many seconds")
    parser.add_argument("--start-at", type=float, default=0.0, metavar="S", help="play the file at this meeting time")
    parser.add_argument("--consent-captions", choices=("yes", "no"), help="answer to the captions notice")
    parser.add_argument("--consent-recording", choices=("yes", "no"), help="answer when the meeting is recorded")
    parser.add_argument("--data", type=Path, metavar="DIR", help="remember trusted hosts in this folder")
    given = parser.parse_args(argv)
    consent, recorded = map(_answer, (given.consent_captions, given.consent_recording))
    words = tuple(given.words.lower().split())
    return Options(
        given.link, given.name, given.media, given.report, given.seconds, given.start_at, consent, given.data,
        words, recorded,
    )


def _answer(given: str | None) -> bool | None:
    return None if given is None else given == "yes"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
