"""A hundred people who all see each other: one large picture, nine middle ones and the rest small, for everybody.

Each person's camera has one rate (1.5 Mbps, 600 or 200 kbps), so that everyone receives that mix; some 350,000 packets
a second leave.  `even`: frames of two to six equal packets and a shorter one, as many a second as the rate needs;
`real`: 30 frames a second as an encoder makes them (15 of small pictures), whose runs are shorter.  Subscribers are
woken, answer and verify (see `load`).  All in one process of the forwarder; `cores` is what that process used, and
`deciding_us` what a packet costs its first thread, of which there is one whatever `--sealers` take off it.
`ratio_to_c` compares with the bare forwarder in C, which gives as many frames of their mean size from one publisher to
all the others and does nothing else: no streams of a hundred people, no reports, no feedback.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from sfu.forwarder import form
from tests.bench import load
from tests.bench.load import floor

SHORT = ["--seconds", "4"]
PACKET = 1056
EVEN_PACKET = 976
"""Bytes of VP8 in a full packet; an even frame has four of them on average, and 500 bytes more."""
RATES = (1_500_000, 600_000, 200_000)


def run(arguments: list[str]) -> dict[str, Any]:
    known = parser("mix")
    known.add_argument("--no-floor", action="store_true", help="without the comparison in C")
    options = known.parse_args(arguments)
    figures, _ = measure(options, 1.0)
    if not options.no_floor:
        alike = _alike([_shape(_rate(number), options.frames) for number in range(options.people)])
        least = floor.measure(options.people - 1, alike, False, options.seconds)
        figures["c_us_per_forwarded"] = least
        figures["ratio_to_c"] = round(figures["us_per_forwarded"] / least, 2)
    return figures


def parser(name: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog=f"python -m tests.bench {name}")
    made.add_argument("--people", type=int, default=100)
    made.add_argument("--frames", choices=("even", "real"), default="even")
    made.add_argument("--seconds", type=float, default=6.0)
    made.add_argument("--interpreted", action="store_true", help="without the compiled form")
    made.add_argument("--sealers", type=int, default=0, help="threads of the forwarder that seal and send")
    return made


def measure(
    options: argparse.Namespace, share: float, meanwhile: Callable[[float], None] | None = None,
    joined: Callable[[load.Forwarder], None] | None = None,
) -> tuple[dict[str, Any], list[float]]:  # fmt: skip
    """Figures, and sorted milliseconds from a packet's departure to its arrival, under `share` of the full load.

    `joined` is called once everybody is in, for somebody who comes besides.
    """
    forwarder = load.Forwarder(
        "--sealers", str(options.sealers), form=form.INTERPRETED if options.interpreted else ""
    )
    peers = [load.Peer(number) for number in range(options.people)]
    try:
        load.join(
            forwarder, peers, publishes=lambda _: True, watches=lambda peer: [one for one in peers if one is not peer]
        )
        if joined is not None:
            joined(forwarder)
        shapes = [_shape(_rate(number) * share, options.frames) for number in range(options.people)]
        running = load.Running(list(zip(peers, shapes, strict=True)), peers)
        more = {} if meanwhile is None else {"meanwhile": meanwhile}
        figures = load.measure(forwarder, running, options.seconds, options.people - 1, **more)
        figures["packets_per_core"] = round(figures["forwarded_per_s"] / max(figures["cores"], 0.001))
        return figures | {"compiled": forwarder.compiled}, running.latencies_ms()
    finally:
        forwarder.close()


def _rate(number: int) -> int:
    return RATES[0] if number == 0 else RATES[1] if number < 10 else RATES[2]


def _shape(rate: float, frames: str) -> load.Shape:
    if frames == "even":
        return load.Shape(rate / 8 / (4 * EVEN_PACKET + 500), 0, EVEN_PACKET, vary=True)
    fps = 30 if rate > RATES[2] else 15
    full, rest = divmod(int(rate / 8 / fps), PACKET)
    return load.Shape(fps, full, PACKET, rest)


def _alike(shapes: Sequence[load.Shape]) -> load.Shape:
    """One publisher that sends as many frames as all these, of their mean size."""
    fps = sum(shape.fps for shape in shapes)
    full, rest = (round(sum(shape.fps * part for shape, part in zip(shapes, parts, strict=True)) / fps)
                  for parts in ([shape.full for shape in shapes], [shape.rest for shape in shapes]))  # fmt: skip
    return load.Shape(fps, full, shapes[0].size, rest, shapes[0].vary)


def percentile(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0
