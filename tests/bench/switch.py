"""How long a viewer waits for another layer or another person's picture, in a real Chromium.

Two painted cameras in three layers and one viewer, all Chromium, through a real host on loopback.  The viewer asks
over the session socket, and a reader on the slot's track sees the first frame of the size that was asked for (the
two cameras differ by a few lines, so a size names both person and layer): `p95_ms` is from asking to that frame, of
all switches; `freezes` is the viewer's own `freezeCount`; `keyframes_per_switch` is how many key frames the camera
encoded in the target layer for it.  `cold_ms` is the median wait for a layer that had been switched off at its sender,
which is not among the others.  Everything shares this machine's cores with three encoders: delays are upper bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.hosting import hosting
from tests.system.watching import enter, layers, watch

SHORT = ["--switches", "8", "--cold", "1"]
DEADLINE_S = 10.0
PRIORITIES = {"h": 9, "m": 6, "l": 2}
# Less than the five seconds after which a layer is switched off at its sender.
PAUSE_S = 0.9
COLD_S = 6.5

# Frames of the first picture slot, as they leave the decoder, whether or not the tab is painted.
_READ = """
(() => {
  const receiving = testPeer.getTransceivers().filter((line) => line.direction === "recvonly");
  const { track } = receiving.find((line) => line.receiver.track.kind === "video").receiver;
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  window.testSizes = [];
  (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      testSizes.push([performance.now(), value.displayWidth, value.displayHeight]);
      if (testSizes.length > 500) testSizes.shift();
      value.close();
    }
  })();
})()
"""
_SWITCH = """
(async () => {
  const asked = performance.now();
  testWatch(%s);
  while (performance.now() - asked < %d) {
    const hit = testSizes.find(([at, width, height]) => at > asked && width === %d && height === %d);
    if (hit) return hit[0] - asked;
    await new Promise((wake) => setTimeout(wake, 5));
  }
  return null;
})()
"""


@dataclass(slots=True)
class Camera:
    page: Page
    width: int
    height: int
    source: str = ""

    def size(self, layer: str) -> tuple[int, int]:
        factor = {"h": 1, "m": 2, "l": 4}[layer]
        return self.width // factor, self.height // factor


@dataclass(slots=True)
class Bench:
    viewer: Page
    cameras: list[Camera]
    waits: list[float] = field(default_factory=list)
    missed: int = 0
    keyframes: int = 0

    async def switch(self, camera: Camera, layer: str) -> float | None:
        """Milliseconds until the first frame of it; None: it never came."""
        views = json.dumps([{"source": camera.source, "width": 1280, "height": 720, "priority": PRIORITIES[layer]}])
        wait = await self.viewer.evaluate(_SWITCH % (views, DEADLINE_S * 1000, *camera.size(layer)))
        return float(wait) if wait is not None else None

    async def measured(self, camera: Camera, layer: str) -> None:
        before = (await layers(camera.page))[layer]["keyFramesEncoded"]
        wait = await self.switch(camera, layer)
        await asyncio.sleep(PAUSE_S)
        self.keyframes += (await layers(camera.page))[layer]["keyFramesEncoded"] - before
        if wait is None:
            self.missed += 1
        else:
            self.waits.append(wait)

    async def freezes(self) -> int:
        inbound = (await self.viewer.evaluate("window.parley.statistics()"))["inbound"]
        return int(sum(one["freezeCount"] for one in inbound if one["kind"] == "video"))

    async def cold(self) -> float | None:
        """A layer that nobody has watched for a while, of the person in sight."""
        camera = self.cameras[0]
        await self.switch(camera, "l")
        await asyncio.sleep(COLD_S)
        return await self.switch(camera, "h")


def _plan(switches: int) -> list[tuple[int, str]]:
    """Every layer to every other, of the same person and of the other, in turn."""
    first = [(0, "m"), (0, "h"), (1, "h"), (1, "l"), (0, "l"), (0, "h"), (0, "m"), (1, "m"), (1, "h")]
    steps = [*first, (0, "h"), (0, "l"), (0, "m"), (1, "l"), (0, "h"), (1, "m"), (1, "l"), (1, "h"), (0, "l")]
    return [steps[at % len(steps)] for at in range(switches)]


async def _bench(arguments: argparse.Namespace) -> dict[str, Any]:
    width, height = arguments.width, arguments.width * 9 // 16
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        async with hosting(Path(folder, "data")) as host, chromium(profile) as browser:
            sizes = [(width, height), (width, height - 16)]
            pages = [await enter(browser, host, f"Camera {n}", camera=size) for n, size in enumerate(sizes)]
            cameras = [Camera(page, *size) for page, size in zip(pages, sizes, strict=True)]
            for camera in cameras:
                camera.source = (await camera.page.evaluate("window.parley.statistics()"))["you"] + "/camera"
            viewer = await enter(browser, host, "Viewer", camera=(320, 180))
            await watch(viewer, (cameras[0].source, PRIORITIES["l"]))
            await viewer.evaluate(_READ)
            bench = Bench(viewer, cameras)
            for camera in reversed(cameras):
                await bench.switch(camera, "l")
            await asyncio.sleep(3)
            return await _figures(bench, arguments)


async def _figures(bench: Bench, arguments: argparse.Namespace) -> dict[str, Any]:
    frozen, began = await bench.freezes(), time.monotonic()
    for camera, layer in _plan(arguments.switches):
        await bench.measured(bench.cameras[camera], layer)
    frozen, seconds = await bench.freezes() - frozen, time.monotonic() - began
    cold = [wait for _ in range(arguments.cold) if (wait := await bench.cold()) is not None]
    ordered = sorted(bench.waits)
    return {
        "switches": arguments.switches,
        "missed": bench.missed,
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "freezes": frozen,
        "keyframes_per_switch": round(bench.keyframes / arguments.switches, 2),
        "cold_ms": round(statistics.median(cold), 1) if cold else None,
        "seconds": round(seconds, 1),
    }


def run(argv: list[str]) -> dict[str, Any]:
    """The figures.  Raises LookupError where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench switch", description=__doc__)
    parser.add_argument("--switches", type=int, default=36)
    parser.add_argument("--cold", type=int, default=3, help="waits for a layer that was switched off")
    parser.add_argument("--width", type=int, default=1024, help="of the cameras, in pixels; 16:9")
    arguments = parser.parse_args(argv)
    if EXECUTABLE is None:
        raise LookupError(MISSING)
    return asyncio.run(_bench(arguments))
