"""The recorder as the process it is: told to finish, killed, left alone by its host, out of room."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import pytest
import zmq

from sfu.link.channel import Channel, LinkClosed
from sfu.link.recording import EVENT, Finish, NeedsKeyframe, Progress, Stopped
from sfu.link.tape import Taped, pack
from tests.recorder.senders import camera, together, voice
from tests.recorder.small_disk import SmallDisk, small_disk

DEADLINE = 20.0
Event = NeedsKeyframe | Progress | Stopped


class Running:
    """A recorder with a tape and a link of the test's own; on `disk`, or else in `folder`."""

    def __init__(self, folder: Path, *arguments: str, disk: SmallDisk | None = None) -> None:
        self.tracks = (disk.outside if disk is not None else folder) / "tracks"
        self.tracks.mkdir()
        ours, theirs = socket.socketpair()
        self.zero = time.monotonic()
        command = [*(disk.command() if disk is not None else []), sys.executable, "-m", "sfu.recorder"]
        where = disk.inside / "tracks" if disk is not None else self.tracks
        command += ["--link-fd", str(theirs.fileno()), "--folder", str(where)]
        command += ["--tape", f"ipc://{folder}/tape", "--zero", repr(self.zero)]
        command += ["--room", str(1 << 30), "--reserve", "0", *arguments]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()
        self.link: Channel[Event] = Channel(ours, EVENT)
        self.events: list[Event] = []
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._tape = self._context.socket(zmq.PUSH)
        self._tape.connect(f"ipc://{folder}/tape")

    def play(self, packets: Iterable[Taped]) -> None:
        batch: list[bytes] = []
        for packet in packets:
            batch.append(pack(packet))
            if len(batch) == 64:
                self._tape.send(b"".join(batch))
                batch.clear()
        if batch:
            self._tape.send(b"".join(batch))

    def until(self, kind: type[Event], octets: int = 0) -> Event:
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            try:
                self.events += self.link.receive()
            except LinkClosed:
                pytest.fail("the recorder has closed the link")
            for event in self.events:
                if isinstance(event, kind) and getattr(event, "octets", octets) >= octets:
                    self.events.remove(event)
                    return event
            time.sleep(0.02)
        pytest.fail(f"no {kind.__name__} came")

    def ended(self) -> int:
        return self.process.wait(DEADLINE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._tape.close(linger=0)
        self._context.term()
        self.link.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    recorder = Running(tmp_path)
    yield recorder
    recorder.close()


def seconds_of(path: Path) -> float:
    """The time of the last frame."""
    with av.open(str(path)) as container:
        return max(float(packet.pts * packet.time_base) for packet in container.demux() if packet.pts is not None)


def people(running: Running, seconds: float) -> list[Taped]:
    sound, picture = voice("p1-microphone-1", running.zero, seconds), camera("p1-camera-2", running.zero, seconds)
    return together(sound, picture)


def test_told_to_finish_it_has_written_everything(running: Running) -> None:
    running.play(people(running, 5.0))
    running.until(Progress, octets=1000)

    running.link.send(Finish())

    assert running.ended() == 0
    assert seconds_of(running.tracks / "p1-microphone-1.1.webm") == pytest.approx(4.98, abs=0.01)
    assert seconds_of(running.tracks / "p1-camera-2.1.webm") == pytest.approx(4.96, abs=0.01)


def test_killed_it_loses_less_than_two_seconds_and_what_is_left_opens(running: Running) -> None:
    running.play(people(running, 10.0))
    running.until(Progress, octets=1000)
    running.until(Progress)

    os.kill(running.process.pid, signal.SIGKILL)
    running.ended()

    for name in ("p1-microphone-1.1.webm", "p1-camera-2.1.webm"):
        assert 10.0 - seconds_of(running.tracks / name) <= 2.0


def test_when_its_host_is_killed_it_closes_its_files(running: Running) -> None:
    running.play(people(running, 2.0))
    running.until(Progress, octets=1000)

    running.link.close()

    assert running.ended() == 0
    assert seconds_of(running.tracks / "p1-microphone-1.1.webm") == pytest.approx(1.98, abs=0.01)


def test_a_picture_that_begins_in_the_middle_has_its_key_frame_asked_for(running: Running) -> None:
    running.play(list(camera("p1-camera-2", running.zero, 0.9))[3:])

    asked = running.until(NeedsKeyframe)

    assert asked == NeedsKeyframe(stream="p1-camera-2")


def test_without_room_it_says_so_and_what_was_recorded_is_kept(tmp_path: Path) -> None:
    running = Running(tmp_path, "--room", "20000")
    try:
        running.play(people(running, 10.0))

        stopped = running.until(Stopped)

        assert isinstance(stopped, Stopped)
        assert stopped.code == "disk_full"
        assert running.ended() == 0
        assert seconds_of(running.tracks / "p1-microphone-1.1.webm") > 5.0
    finally:
        running.close()


def test_a_disk_that_is_nearly_full_is_left_to_others(tmp_path: Path) -> None:
    running = Running(tmp_path, "--reserve", str(1 << 60))
    try:
        stopped = running.until(Stopped)

        assert isinstance(stopped, Stopped)
        assert "disk is full" in stopped.sentence
        assert running.ended() == 0
    finally:
        running.close()


def test_a_disk_that_runs_full_ends_it_with_a_sentence_and_what_was_written_opens(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 300_000) as disk:
        running = Running(tmp_path, disk=disk)
        try:
            running.play(people(running, 60.0))

            stopped = running.until(Stopped)

            assert isinstance(stopped, Stopped)
            assert "disk is full" in stopped.sentence
            assert running.ended() == 0
            assert seconds_of(running.tracks / "p1-microphone-1.1.webm") > 3.0
            assert seconds_of(running.tracks / "p1-camera-2.1.webm") > 3.0
        finally:
            running.close()


def test_a_disk_that_is_full_before_it_begins_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 300_000) as disk:
        disk.fill()
        running = Running(tmp_path, disk=disk)
        try:
            running.play(people(running, 5.0))

            stopped = running.until(Stopped)

            assert isinstance(stopped, Stopped)
            assert "disk is full" in stopped.sentence
            assert running.ended() == 0
        finally:
            running.close()
