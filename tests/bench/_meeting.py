"""A real meeting for the caption benches: a host as a user starts it, and headless people who play sound files.

Everything is a process of its own and runs at real speed: client, Opus, TLS, SRTP, forwarder, tap, broker, worker.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.bench._speech import OPUS_RATE, Samples

# From the first person's arrival to the first sample of sound: joining, consent, the model's first load.
LEAD = 12.0
STOP_WITHIN = 15.0
# `undisturbed`: how much every process of the meeting is raised above the programs of others on this computer.
RAISE = 15
WORKER = "captions-1"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    sound: Samples
    """What they say, 48 kHz."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What happened.  `captions` are events as a member received them; instants are monotonic seconds."""

    captions: list[dict[str, Any]]
    began: float
    """Meeting time 0."""
    started: dict[str, float]
    """When each person's sound began."""
    worker_cpu_s: float
    """Of the captions worker, while anybody's sound played."""
    worker_mb: tuple[float, float]
    """Its resident memory when the sound began and ended."""


class Meeting:
    """A host that is up, and people who are about to speak."""

    def __init__(self, folder: Path, host: subprocess.Popen[str], ready: dict[str, Any], undisturbed: bool) -> None:
        self._folder = folder
        self._undisturbed = undisturbed
        self._members: list[int] = []
        self._raised: set[int] = set()
        self.host = host
        self.ready = ready

    def worker(self) -> psutil.Process:
        """The captions worker that runs now."""
        for child in psutil.Process(self.host.pid).children(recursive=True):
            if WORKER in child.cmdline():
                return child
        raise TimeoutError("the captions worker does not run")

    def hold(self, people: Sequence[Person], middle: Sequence[tuple[float, Any]] = ()) -> Witness:
        """Everybody speaks; `middle`: things to do so many seconds after the sound began."""
        seconds = max(len(person.sound) for person in people) / OPUS_RATE
        start_at = time.monotonic() - self.ready["began"] + LEAD
        with ExitStack() as stack:
            processes = [stack.enter_context(self._person(person, start_at, seconds)) for person in people]
            self._sleep_until(start_at - 1.0)
            self._members = [self.host.pid, *(process.pid for process in processes)] if self._undisturbed else []
            self._sleep_until(start_at)
            cpu, before = _cpu(self.worker()), _resident(self.worker())
            for after, act in middle:
                self._sleep_until(start_at + after)
                act(self)
            self._sleep_until(start_at + seconds)
            worker = self.worker()
            spent, memory = _cpu(worker) - cpu, (before, _resident(worker))
            for process in processes:
                process.wait(STOP_WITHIN + 10)
        reports = {person.name: json.loads(self._report(person.name).read_text("utf-8")) for person in people}
        first = reports[people[0].name]
        started = {name: float(report["media_started"]) for name, report in reports.items()}
        return Witness(first["captions"], float(first["meeting_began"]), started, spent, memory)

    def _sleep_until(self, meeting_time: float) -> None:
        while (left := self.ready["began"] + meeting_time - time.monotonic()) > 0:
            _raise(self._members, self._raised)     # a worker may have been replaced meanwhile
            time.sleep(min(left, 0.5))

    def _report(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    @contextmanager
    def _person(self, person: Person, start_at: float, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
        sound = self._folder / f"{person.name}.wav"
        write_wav(sound, person.sound)
        stay = LEAD + seconds + 3.0
        command = [sys.executable, "-m", "app", "join", self.ready["link"], "--headless", "--name", person.name]
        command += ["--media", str(sound), "--start-at", f"{start_at:.2f}", "--consent-captions", "yes"]
        command += ["--report", str(self._report(person.name)), "--seconds", f"{stay:.1f}"]
        with (self._folder / f"{person.name}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield process
            finally:
                _stop(process)


@contextmanager
def meeting(folder: Path, options: Sequence[str], *, undisturbed: bool = False) -> Iterator[Meeting]:
    """A host with captions; it has gone, with its children, when the block ends.

    `undisturbed` (for root): on a computer that others use, all of the meeting goes before their programs; among
    themselves the meeting's processes keep their order.
    """
    command = [sys.executable, "-m", "sfu.host", "--title", "Bench", "--port", "0", "--bind", "127.0.0.1"]
    command += ["--data", str(folder / "data"), "--json", "--with-parent", *options]
    with (folder / "host.log").open("w", encoding="utf-8") as log:
        host = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert host.stdout is not None
        line = host.stdout.readline()
        said = json.loads(line) if line else {}
        if said.get("event") != "ready":
            raise OSError(f"the host did not start: {said.get('sentence', (folder / 'host.log').read_text('utf-8'))}")
        yield Meeting(folder, host, said, undisturbed)
    finally:
        _stop(host)


def write_wav(path: Path, sound: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(OPUS_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def _raise(pids: Sequence[int], raised: set[int]) -> None:
    """On Linux priority belongs to each thread within its session, and to each session (sched(7), autogroup)."""
    family = [each for pid in pids for each in _family(pid) if each.pid not in raised]
    for process in family:
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            for thread in process.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, os.getpriority(os.PRIO_PROCESS, thread.id) - RAISE)
            session = Path(f"/proc/{process.pid}/autogroup")
            if session.exists():
                session.write_text(str(-RAISE))
        raised.add(process.pid)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def _stop(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
