"""`client`: the desktop client as its user lives it, from a window on a display of 1280x720 (Xvfb, software drawn).

Ana, in a process of her own, writes the instant of capture into her 720p picture and talks; the bench reads the
display's own memory and what the window gave to its sound card, so a delay is from the sensor's side of her computer
to the screen's side of this one.  Buffers of real hardware come on top.  The window runs in a network namespace where
there may be one (root), else without outages.  Everything is on one computer: figures of delay are upper bounds.

- `start_s`: from the command to the first frame on screen, median.  `first_frame_p50_s`: from the press of *Join* to
  the first frame with a remote picture.
- `tiles9_core`: CPU of the window's whole process, in cores, with nine 360p tiles at 15 pictures a second and no hands
  on it.  `ui_block_max_ms`: the longest the window's thread answered nothing, over joins, leaves and fidgeting;
  `ui_block_queued_ms`: of that, what it stood in line for a processor; `ui_block_cpu_max_ms`: the most that it computed
  meanwhile, which other programs do not change (`--blocks` says what).
- `audio_underruns_per_min`: blocks the card did not get in time while somebody opens and closes everything eight times
  a second, nine tiles in sight; `underruns_of_card`: those, and calm ones, for which the card's own thread was late.
- `echo_return_loss_db`: how much quieter Ana hears herself than the window's microphone did.
- `av_skew_p95_ms`: picture against voice of the same person while every packet is held up by 0 to 50 ms.
- `reconnect_p95_s`: from the network's return after `--outage` seconds to Ana's next picture on screen.
- `memory_growth_mb`: resident memory after `--minutes` in which people, and the window itself, join and leave all the
  time, over that of the first sixth.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench._client.card import Tape
from tests.bench._client.hearing import echo_loss, skews, voice
from tests.bench._client.screen import Screen, screen
from tests.bench._client.talk import Told, told
from tests.system import netns
from tests.system.hosting import hosting

log = logging.getLogger(__name__)

SHORT = ("--starts", "2", "--joins", "3", "--seconds", "8", "--outages", "1", "--minutes", "0.5")
JITTER_S = 0.05
ANA = "Ana"
CROWD = [f"Guest {number}" for number in range(1, 10)]
CONVERGED_S = 5.0
"""Echo cancellation and jitter buffers have learnt the room by then."""
FIRST = -15
"""Priority of an undisturbed bench, and of its session (sched(7), autogroup): run it under `setsid`."""
STUCK = 5
"""Rounds in a row in which somebody does not come within `talk.PATIENCE`: then memory is no longer watched."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where everybody runs: the window's computer, and everybody else's."""

    address: str
    here: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    laptop: netns.Computer | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    given: argparse.Namespace
    folder: Path
    place: Place
    screen: Screen
    link: str
    port: int


def run(argv: Sequence[str]) -> dict[str, Any]:
    """The keys above, and how they were measured.  Raises OSError where there is no Xvfb."""
    given = _parser().parse_args(argv)
    if given.undisturbed:
        _go_first()
    with tempfile.TemporaryDirectory(prefix="parley-client-") as folder, _place() as place:
        return asyncio.run(_measure(Path(folder), given, place))


def _go_first() -> None:
    """Before the programs of others; the bench's processes keep their order among themselves."""
    os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    with contextlib.suppress(OSError):  # a kernel without groups for sessions: priorities count everywhere
        Path("/proc/self/autogroup").write_text(str(FIRST), "ascii")


@contextlib.contextmanager
def _place() -> Iterator[Place]:
    if netns.UNABLE:
        yield Place("127.0.0.1")
        return
    with netns.networks() as network:
        desktop, laptop = network.computer(0), network.computer(0)
        laptop.run("nft", "add table inet cable")
        yield Place(desktop.addresses[0], desktop.prefix, laptop.prefix, laptop)


async def _measure(folder: Path, given: argparse.Namespace, place: Place) -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)
    options = ("--no-captions", "--unlisted", "--bind", place.address)
    with screen(folder) as shown:
        async with hosting(folder / "data", options, place.here) as host:
            scene = Scene(given, folder, place, shown, host.link, int(host.ready["port"]))
            figures = await _figures(scene)
    return {**figures, "namespaces": place.laptop is not None, "load": load}


async def _figures(scene: Scene) -> dict[str, Any]:
    starts = [await _start(scene) for _ in range(scene.given.starts)]
    watched = ["blocks"] if scene.given.blocks else []
    async with (
        told("tests.bench._client.crowd", scene.link, prefix=scene.place.here) as ana,
        told("tests.bench._client.crowd", scene.link, "once", prefix=scene.place.here) as crowd,
        _relay(scene) as relay,
        _window(scene, await _port(relay), *watched) as window,
    ):
        await window.until("shown")
        await ana.ask("come", names=[ANA])
        firsts = [await _first_frame(scene, window) for _ in range(scene.given.joins)]
        figures = {"start_s": _median(starts), "first_frame_p50_s": _median(firsts)}
        for name, part in (
            ("delays", lambda: _delays(scene, window, ana, relay)), ("outages", lambda: _outages(scene, window)),
            ("nine", lambda: _nine(scene, window, ana, crowd)), ("churn", lambda: _churn(scene, window, crowd)),
        ):  # fmt: skip
            if scene.given.only in (None, name):
                figures |= await part()
    return figures


# -- beginnings -------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _window(scene: Scene, *arguments: str) -> Any:
    env = {"DISPLAY": scene.screen.display, "QT_QUICK_BACKEND": "software", "QT_QPA_PLATFORM": "xcb"}
    data = str(scene.folder / "window")
    async with told(
        "tests.bench._client.window", data, *arguments, prefix=scene.place.there, env=env
    ) as window:
        yield window


@contextlib.asynccontextmanager
async def _relay(scene: Scene) -> Any:
    address = scene.place.address
    async with told(
        "tests.bench._client.relay", address, address, str(scene.port), prefix=scene.place.here
    ) as relay:
        yield relay


async def _port(relay: Told) -> str:
    assert relay.process.stdout is not None
    return (await relay.process.stdout.readline()).decode().strip()


async def _start(scene: Scene) -> float:
    began = time.monotonic()
    async with _window(scene) as window:
        return float((await window.until("shown"))["at"]) - began


async def _first_frame(scene: Scene, window: Told) -> float:
    """Leaves what went before and joins again."""
    await window.ask("leave")
    began = (await window.ask("join", link=scene.link))["at"]
    return float((await window.until("pictured"))["at"]) - float(began)


# -- delays -----------------------------------------------------------------------------------------------------


async def _delays(scene: Scene, window: Told, ana: Told, relay: Told) -> dict[str, Any]:
    await asyncio.sleep(CONVERGED_S)
    await _watch_ana(scene, window)
    began = time.monotonic()
    await asyncio.sleep(scene.given.seconds)
    seen = list(scene.screen.seen)
    heard, hers = await _tape(scene, window), await _tape(scene, ana)
    figures = {
        "camera_to_tile_p50_ms": _ms(statistics.median([at - code for at, code in seen])),
        "mic_to_speaker_p50_ms": _ms(statistics.median(voice(heard, began).values())),
        "echo_return_loss_db": echo_loss(heard, hers, began),
    }
    await _jitter(relay, JITTER_S)
    await asyncio.sleep(CONVERGED_S + 2)
    await _watch_ana(scene, window)
    began = time.monotonic()
    await asyncio.sleep(scene.given.seconds)
    apart = skews(list(scene.screen.seen), voice(await _tape(scene, window), began))
    await _jitter(relay, 0.0)
    return {**figures, "av_skew_p95_ms": _ms(_p95(apart))}


async def _watch_ana(scene: Scene, window: Told) -> None:
    """Tells the screen where her picture is."""
    tile = next(tile for tile in (await window.ask("where"))["tiles"] if tile["source"] != "self/camera")
    scene.screen.watch(tile["x"], tile["y"], tile["width"], tile["height"])


async def _jitter(relay: Told, seconds: float) -> None:
    assert relay.process.stdin is not None
    relay.process.stdin.write(f"{seconds}\n".encode())
    await relay.process.stdin.drain()


async def _tape(scene: Scene, process: Told) -> Tape:
    path = scene.folder / "sound.npy"
    await process.ask("sound", path=str(path))
    return Tape(np.load(path))


# -- outages ----------------------------------------------------------------------------------------------------


async def _outages(scene: Scene, window: Told) -> dict[str, Any]:
    laptop = scene.place.laptop
    if laptop is None or not scene.given.outages:
        return {"reconnect_p95_s": None}
    await _watch_ana(scene, window)
    backs = []
    for _ in range(scene.given.outages):
        for hook in ("input", "output"):
            laptop.run("nft", f"add chain inet cable {hook} {{ type filter hook {hook} priority 0 ; policy drop ; }}")
        await asyncio.sleep(scene.given.outage)
        laptop.run("nft", "flush table inet cable")
        for hook in ("input", "output"):
            laptop.run("nft", f"delete chain inet cable {hook}")
        backs.append(await _back(scene, time.monotonic()))
        await asyncio.sleep(2)
    await window.ask("count")
    return {"reconnect_p95_s": round(_p95(backs), 2), "reconnects": len(backs)}


async def _back(scene: Scene, back: float) -> float:
    """Seconds until a picture is on screen that was taken after the network's return."""
    async with asyncio.timeout(40):
        while True:
            for at, code in scene.screen.seen:
                if code > back:
                    return at - back
            await asyncio.sleep(0.05)


# -- a full and busy window -------------------------------------------------------------------------------------


async def _nine(scene: Scene, window: Told, ana: Told, crowd: Told) -> dict[str, Any]:
    """Nine take Ana's place; the own tile and the side pane are put away."""
    await ana.ask("go", names=[ANA])
    await crowd.ask("come", names=CROWD)
    window.tell("act", name="transcript")
    await asyncio.sleep(4)
    before = await window.ask("count")
    await asyncio.sleep(scene.given.seconds)
    after = await window.ask("count")
    window.tell("busy", on=True)
    calm = await window.ask("count")
    if scene.given.picture is not None:
        await window.ask("grab", path=str(scene.given.picture.resolve()))
    await asyncio.sleep(scene.given.seconds * 2)
    busy = await window.ask("count")
    window.tell("busy", on=False)
    minutes = (busy["at"] - calm["at"]) / 60
    counts = (before, after, calm, busy)
    longest = max(counts, key=lambda said: said["blocked_ms"])
    return {
        "tiles9_core": round((after["cpu_s"] - before["cpu_s"]) / (after["at"] - before["at"]), 3),
        "audio_underruns_per_min": round((busy["underruns"] - calm["underruns"]) / minutes, 1),
        "ui_block_max_ms": round(longest["blocked_ms"], 1),
        "ui_block_queued_ms": round(longest["blocked_queued_ms"], 1),
        "ui_block_cpu_max_ms": round(max(said["blocked_cpu_ms"] for said in counts), 1),
        "underruns_calm": after["underruns"] - before["underruns"],
        "underruns_of_card": busy["late_itself"] - before["late_itself"],
        **_tiles(before, after),
    }


def _tiles(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What was really in sight: how many pictures came, how often, how large."""
    drawn = {source: count - before["drawn"].get(source, 0) for source, count in after["drawn"].items()}
    drawn = {source: count for source, count in drawn.items() if count}
    seconds = after["at"] - before["at"]
    return {
        "tiles": len(drawn),
        "tiles_fps": round(min(drawn.values()) / seconds, 1) if drawn else 0.0,
        "tiles_height": min(after["heights"][source] for source in drawn) if drawn else 0,
    }  # fmt: skip


async def _churn(scene: Scene, window: Told, crowd: Told) -> dict[str, Any]:
    """Three come and go, the window leaves and comes back.  What was seen counts, also of a run that got stuck."""
    await crowd.ask("come", names=CROWD)  # who is not there yet
    until = time.monotonic() + scene.given.minutes * 60
    resident: list[float] = []
    stuck = in_a_row = 0
    while (time.monotonic() < until or len(resident) < 2) and in_a_row < STUCK:
        try:
            resident.append(await _round(scene, window, crowd))
            in_a_row = 0
        except TimeoutError:
            stuck, in_a_row = stuck + 1, in_a_row + 1
            log.warning("somebody did not come, or go, in time", extra={"round": len(resident)})
    if len(resident) < 2:
        raise TimeoutError("nobody came and went")
    settled = resident[len(resident) // 6]
    return {
        "memory_growth_mb": round(resident[-1] - settled, 1),
        "memory_minutes": round((time.monotonic() - until) / 60 + scene.given.minutes, 1),
        "memory_rounds": len(resident), "memory_stuck": stuck, "memory_mb": round(resident[-1]),
        "memory_course_mb": [round(value) for value in resident[:: max(1, len(resident) // 12)]],
    }  # fmt: skip


async def _round(scene: Scene, window: Told, crowd: Told) -> float:
    """MB that the window's process holds at its end.  Raises TimeoutError."""
    await crowd.ask("go", names=CROWD[:3])
    await _first_frame(scene, window)
    await crowd.ask("come", names=CROWD[:3])
    await asyncio.sleep(0.5)
    return float((await window.ask("count"))["rss_mb"])


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 2)


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench client")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--joins", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each stretch that is measured")
    parser.add_argument("--outages", type=int, default=5)
    parser.add_argument("--outage", type=float, default=10.0, metavar="S")
    parser.add_argument("--only", choices=("delays", "outages", "nine", "churn"), help="and nothing else")
    parser.add_argument("--undisturbed", action="store_true",
                        help="for root on a computer that others use: the bench goes before their programs")
    parser.add_argument("--picture", type=Path, metavar="PATH", help="of the window with nine people")
    parser.add_argument("--blocks", action="store_true",
                        help="tells what held up the window's thread for more than 20 ms; costs a few percent")
    parser.add_argument("--minutes", type=float, default=30.0, help="of joins and leaves")
    return parser
