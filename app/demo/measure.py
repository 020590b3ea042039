"""CPU and memory of other processes, sampled once a second while the demo runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType

import psutil

from app.demo.report import Json, steady

EVERY_S = 1.0


class Meter:
    """Samples from entering to leaving the context; a process that is gone keeps its last sample."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._samples: dict[str, list[tuple[float, float, float]]] = {}
        self._processes: dict[str, psutil.Process] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo.meter", daemon=True)
        self.watch(pids)

    def watch(self, pids: Mapping[str, int]) -> None:
        """Also measure these."""
        processes = {name: psutil.Process(pid) for name, pid in pids.items() if psutil.pid_exists(pid)}
        self._samples |= {name: [] for name in processes}
        self._processes = self._processes | processes

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def figures(self) -> Json:
        """Per process: mean cores, the busiest second, the largest resident size in MB."""
        return {name: steady(samples) for name, samples in self._samples.items()}

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            for name, process in self._processes.items():
                self._sample(name, process)

    def _sample(self, name: str, process: psutil.Process) -> None:
        try:
            times, memory = process.cpu_times(), process.memory_info()
        except psutil.NoSuchProcess:
            return
        self._samples[name].append((time.monotonic(), times.user + times.system, memory.rss / 1e6))
