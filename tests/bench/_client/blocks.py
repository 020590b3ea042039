"""What the window's thread was at whenever it did not come back: its Python stack, looked at from another thread.

A look needs the interpreter's lock, so native code that keeps it is seen when it is over; `perf record -g` on the
window's process says more about such pieces.
"""

from __future__ import annotations

import resource
import sys
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

LATE_S = 0.02
LOOK_EVERY_S = 0.004
DEPTH = 12
"""Innermost frames that are told."""


def queued() -> float:
    """Seconds in which this thread was ready but had no processor, so far (proc(5)); 0 where there is no telling."""
    waits = Path("/proc/thread-self/schedstat")
    return int(waits.read_text("ascii").split()[1]) / 1e9 if waits.exists() else 0.0


@dataclass(slots=True)
class Block:
    """`at`: time.monotonic() of its beginning; `seen`: how often which stack was found in it.

    Of the seconds it `lasted`, the thread computed for `cpu` and was ready but had no processor for `queued`; in the
    rest it waited, most often for the interpreter's lock, or for the disk where there were `faults` (pages that had to
    be read; getrusage(2)).
    """

    at: float
    doing: str
    lasted: float = 0.0
    cpu: float = 0.0
    queued: float = 0.0
    faults: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        parts = {"cpu": self.cpu, "queued": self.queued, "waited": self.lasted - self.cpu - self.queued}
        shares = ", ".join(f"{name} {seconds * 1000:.0f}" for name, seconds in parts.items())
        stacks = "".join(f"\n  {times} x\n{stack}" for stack, times in self.seen.most_common(3))
        faults = f", {self.faults} pages from disk" if self.faults else ""
        return f"{self.at:.3f}: {self.lasted * 1000:.0f} ms ({shares}{faults}) {self.doing}{stacks}"


class Blocks:
    """Make it on the thread that is watched, and call `beat` there, often; `doing` is what it was told to do."""

    def __init__(self) -> None:
        self.doing = "start"
        self.found: list[Block] = []
        self._thread = threading.get_ident()
        self._beaten, self._spent = time.monotonic(), self._spending()
        self._now: Block | None = None
        threading.Thread(target=self._look, name="blocks", daemon=True).start()

    def beat(self) -> None:
        block, self._now = self._now, None
        at, (cpu, waited, faults) = self._beaten, self._spent
        self._beaten, self._spent = time.monotonic(), self._spending()
        if self._beaten - at > LATE_S:
            block = block or Block(at, self.doing)
            block.lasted, block.cpu = self._beaten - at, self._spent[0] - cpu
            block.queued, block.faults = self._spent[1] - waited, self._spent[2] - faults
            self.found.append(block)

    def _spending(self) -> tuple[float, float, int]:
        """Of this thread, so far: seconds that it computed, `queued`, and pages that it had to wait for."""
        return time.thread_time(), queued(), resource.getrusage(resource.RUSAGE_THREAD).ru_majflt

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            if time.monotonic() - self._beaten < LATE_S:
                continue
            block = self._now or Block(self._beaten, self.doing)
            self._now = block
            frame = sys._current_frames().get(self._thread)
            stack = traceback.extract_stack(frame)[-DEPTH:]
            block.seen["\n".join(f"    {at.filename}:{at.lineno} {at.name}" for at in stack)] += 1
