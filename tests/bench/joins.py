"""A hundred people join within ten seconds: how long until each sees somebody, and what it costs those who are there.

At the forwarder, as the control process drives it: announced, checked, given keys and views; DTLS and signalling are
in `guest` and `failover`.  Everybody sends a picture and watches up to 24 others, and who is there already takes a
newcomer on a free tile.  A key frame is sent when it is asked for and not otherwise, so `join` ends with the first
packet of a key frame that had to be asked for.  `keyframes_per_layer_max` is the most that any camera was asked for
within half a second.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from sfu.forwarder import form
from tests.bench import load, mix

SHORT: list[str] = []
TILES = 24
FPS = 15.0
SETTLES_S = 3.0


def run(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench joins")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--within", type=float, default=10.0, help="seconds from the first to the last")
    parser.add_argument("--interpreted", action="store_true", help="without the compiled form")
    options = parser.parse_args(arguments)
    forwarder = load.Forwarder(form=form.INTERPRETED if options.interpreted else "")
    try:
        return _measure(forwarder, options)
    finally:
        forwarder.close()


def _measure(forwarder: load.Forwarder, options: argparse.Namespace) -> dict[str, Any]:
    peers = [load.Peer(number) for number in range(options.people)]
    running = load.Running([(peer, load.Shape(0.0, 1, mix.PACKET, 600)) for peer in peers], peers)
    running.load.keyframes = 0
    running.load.pause = 0
    began, joined = time.monotonic(), []
    watched: dict[int, list[load.Peer]] = {}
    for number, peer in enumerate(peers):
        while time.monotonic() < began + number * options.within / options.people:
            forwarder.pump(0.001)
        joined.append(time.monotonic())
        _join(forwarder, peer, peers[:number], watched)
        if number == 0:
            running.start()
        running.begin(number, FPS)
    until = time.monotonic() + SETTLES_S
    while time.monotonic() < until:
        forwarder.pump(0.05)
    last = forwarder.snapshot()
    running.stop()
    waits = sorted(first - at for at, first in zip(joined[1:], running.first_media()[1:], strict=True) if first)
    return {
        "joined": len(waits) + 1,
        "join_p50_s": mix.percentile(waits, 0.5),
        "join_p95_s": mix.percentile(waits, 0.95),
        "keyframes_per_layer_max": running.most_asked(),
        "memory_mb": round(last.rss_mb),
        "cpu_s": round(last.cpu_s, 2),
        "compiled": forwarder.compiled,
    }


def _join(
    forwarder: load.Forwarder, peer: load.Peer, present: list[load.Peer], watched: dict[int, list[load.Peer]]
) -> None:
    peer.announce(forwarder.channel, TILES)
    peer.check(forwarder.address)
    watched[peer.number] = list(present[-TILES:])
    peer.secure(forwarder.channel, True, watched[peer.number])
    for other in present:
        if len(watched[other.number]) < TILES:
            watched[other.number].append(peer)
            other.watch(forwarder.channel, watched[other.number])
    forwarder.pump(0)
