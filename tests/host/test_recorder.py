"""The recorder as the host sees it: begun, finished, killed and started again, given up with a sentence."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import av
import pytest
import zmq

from sfu.host.recorder import Recorder, size_of
from sfu.link.tape import Taped, pack
from tests.recorder.senders import camera, voice

PATIENCE = 20.0


class Notes:
    """A meeting and a watcher that remember."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self.needs: list[str] = []
        self.sentences: list[str] = []

    def recording_needs_keyframe(self, stream: str) -> None:
        self.needs.append(stream)

    def recording_stopped(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def child_started(self, name: str, pid: int) -> None:
        self.pids.append(pid)

    def child_died(self, name: str, code: int, again_in: float | None) -> None:
        pass


class Tape:
    """The forwarder's end."""

    def __init__(self, endpoint: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.PUSH)
        self._socket.connect(endpoint)

    def play(self, *packets: Taped) -> None:
        self._socket.send(b"".join([pack(packet) for packet in packets]))

    def close(self) -> None:
        self._socket.close(linger=0)
        self._context.term()


@asynccontextmanager
async def running(folder: Path, quota: int = 1 << 40) -> AsyncIterator[tuple[Recorder, Notes, Tape]]:
    recorder = Recorder(f"ipc://{folder}/tape", folder / "recordings", quota, lambda: "m1")
    notes, tape = Notes(), Tape(recorder.endpoint)
    try:
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            task = tasks.create_task(recorder.run(notes, notes))
            yield recorder, notes, tape
            task.cancel()
    finally:
        tape.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110  (what changes is another process)
            await asyncio.sleep(0.02)


def packets_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(packet.size > 0 for packet in container.demux())


async def test_what_was_taped_is_in_a_folder_of_the_meetings_when_it_is_finished(tmp_path: Path) -> None:
    async with running(tmp_path) as (recorder, notes, tape):
        zero = monotonic()
        recorder.begin("r1", zero)
        tape.play(*voice("p1-microphone-1", zero, 2.0))
        await until(lambda: recorder.progress is not None and recorder.progress.octets > 0)

        recorder.finish()
        await recorder.finished()

    assert packets_in(tmp_path / "recordings/m1/r1/tracks/p1-microphone-1.1.webm") == 100
    assert notes.sentences == []
    assert len(notes.pids) == 1
    assert size_of(tmp_path / "recordings") > 1000


async def test_a_recorder_that_is_killed_is_started_again_and_what_it_had_written_stays(tmp_path: Path) -> None:
    async with running(tmp_path) as (recorder, notes, tape):
        zero = monotonic()
        recorder.begin("r1", zero)
        tape.play(*voice("p1-microphone-1", zero, 5.0))
        await until(lambda: recorder.progress is not None and recorder.progress.octets > 0)

        os.kill(notes.pids[0], signal.SIGKILL)
        await until(lambda: len(notes.pids) == 2)
        recorder.progress = None
        tape.play(*voice("p1-microphone-1", zero + 5, 1.0, first=1 << 17))
        await until(lambda: recorder.progress is not None and recorder.progress.octets > 0)
        recorder.finish()
        await recorder.finished()

    tracks = tmp_path / "recordings/m1/r1/tracks"
    assert packets_in(tracks / "p1-microphone-1.1.webm") >= 150
    assert packets_in(tracks / "p1-microphone-1.2.webm") == 50
    assert notes.sentences == []


async def test_without_room_the_meeting_is_told_and_it_is_not_started_again(tmp_path: Path) -> None:
    async with running(tmp_path, quota=1) as (recorder, notes, tape):
        zero = monotonic()
        recorder.begin("r1", zero)
        tape.play(*voice("p1-microphone-1", zero, 2.0))

        await until(lambda: bool(notes.sentences))
        await recorder.finished()

    assert "may take no more room" in notes.sentences[0]
    assert len(notes.pids) == 1


async def test_a_missing_key_frame_is_asked_for_through_the_meeting(tmp_path: Path) -> None:
    async with running(tmp_path) as (recorder, notes, tape):
        zero = monotonic()
        recorder.begin("r1", zero)
        tape.play(*list(camera("p1-camera-2", zero, 0.9))[3:])

        await until(lambda: bool(notes.needs))
        recorder.finish()
        await recorder.finished()

    assert notes.needs[0] == "p1-camera-2"


async def test_two_recordings_of_one_meeting_lie_apart(tmp_path: Path) -> None:
    async with running(tmp_path) as (recorder, _notes, tape):
        for name in ("r1", "r2"):
            zero = monotonic()
            recorder.begin(name, zero)
            tape.play(*voice("p1-microphone-1", zero, 1.0))
            await until(lambda: recorder.progress is not None and recorder.progress.octets > 0)
            recorder.finish()
            await recorder.finished()
            recorder.progress = None

    for name in ("r1", "r2"):
        assert packets_in(tmp_path / "recordings/m1" / name / "tracks/p1-microphone-1.1.webm") == 50


@pytest.mark.parametrize("name", ["../../evil", "a/b", "CON", "..", "x" * 300])
def test_no_name_of_a_person_is_in_a_path(name: str) -> None:
    """Streams are named after participants' ids, which are ours; what people call themselves is nowhere in it."""
    from sfu.wire import messages as wire
    from tests.core.people import meeting, offer
    from tests.core.people import ticket as shown

    held = meeting()
    host, _ = held.admit(shown(name[:64], wire.Role.HOST), wire.ClientKind.DESKTOP, now=101.0, wall=0.0)
    held.handle(host, offer(), now=101.0)
    held.handle(host, wire.Record(phase=wire.Phase.ON), now=110.0)

    streams = held._people[host].tapes.values()
    assert sorted(streams) == ["p1-camera-1", "p1-microphone-2"]
