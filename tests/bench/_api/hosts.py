"""A host as a user starts it, without captions, for benches that ask it things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil


class Host:
    """`ready_s` from its start to the line that says that people can join."""

    def __init__(self, folder: str, *options: str) -> None:
        command = [sys.executable, "-m", "sfu.host", "--title", "Bench", "--port", "0", "--bind", "127.0.0.1"]
        command += ["--data", folder, "--no-captions", "--unlisted", "--json", "--with-parent", "--capacity", "500"]
        command += options
        began = time.perf_counter()
        with open(f"{folder}/host.log", "wb") as log:
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.ready_s = time.perf_counter() - began
        self.ready: dict[str, Any] = json.loads(line) if line else {}
        if self.ready.get("event") != "ready":
            raise OSError(f"the host did not start: {line or Path(folder, 'host.log').read_text('utf-8')}")
        self.control = psutil.Process(self.ready["children"].get("control", self.ready["pid"]))

    def cpu_s(self) -> float:
        spent = self.control.cpu_times()
        return float(spent.user + spent.system)

    def hold_to(self, core: int) -> None:
        """The control process; the forwarder has nothing to do here."""
        for thread in self.control.threads():
            os.sched_setaffinity(thread.id, {core})

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()


def apart(host: Host) -> bool:
    """The host on the first core and we on the others, where that can be."""
    if not hasattr(os, "sched_setaffinity") or len(cores := sorted(os.sched_getaffinity(0))) < 2:
        return False
    host.hold_to(cores[0])
    os.sched_setaffinity(0, set(cores[1:]))
    return True


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
