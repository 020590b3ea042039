"""What one forwarded packet costs Debian's Janus, and what it costs us, at the same load in the same run.

One publisher, `--subscribers` subscribers, real SRTP with the same cipher, one after the other in a network namespace
of their own (Janus offers no loopback address).  The packets come at a fixed rate, since as fast as each can go would
be two loads; where `janus_delivered` is below 1 they are two all the same.  Subscribers verify, report, send
transport-wide feedback and ask again, as in `forward`, and both forwarders send again when asked (`repeated`).

What differs: members of Janus' video room join by its own signalling, and it has a thread for each of them unless
`--event-loops` says otherwise.  It takes feedback only behind a report block and keeps packets only once that told
it a time there and back, so its subscribers say 32 bytes more every 100 ms.  It does not say what it sent: its
`forwarded` is what arrived.  1.1.2 does not estimate what a subscriber can take, and we do.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from tests.bench import _janus, _lan, forward, load

SHORT = ("--seconds", "4")


def run(argv: Sequence[str]) -> dict[str, Any]:
    """Ours as in `forward`, Janus' with `janus_` before, `ratio` of the two costs; or why it was `skipped`."""
    options = _parser().parse_args(argv)
    lacking = _janus.missing() or ("" if _lan.able() else "network namespaces need root, unshare and iproute2")
    if lacking:
        return {"skipped": lacking}
    if not _lan.inside():
        return _lan.again("janus", argv, "ip route add default dev lan")
    theirs = measure(options)
    ours = forward.run(["--no-floor", "--subscribers", str(options.subscribers), "--size", str(options.size),
                        "--pps", str(options.pps), "--seconds", str(options.seconds)])  # fmt: skip
    ratio = round(theirs["us_per_forwarded"] / ours["us_per_forwarded"], 2)
    return {"ratio": ratio, "pps": options.pps, **ours, **{f"janus_{key}": value for key, value in theirs.items()}}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench janus")
    parser.add_argument("--subscribers", type=int, default=10)
    parser.add_argument("--size", type=int, default=1100, help="bytes of an SRTP packet")
    parser.add_argument("--pps", type=int, default=800, help="packets a second in")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--event-loops", type=int, default=0, help="threads of Janus for all; 0: one each, its default")
    return parser


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Janus under the load."""
    janus = _janus.Janus(options.event_loops)
    try:
        publisher, *subscribers = [load.Peer(number, _lan.ADDRESS) for number in range(options.subscribers + 1)]
        janus.publish(publisher)
        for subscriber in subscribers:
            janus.subscribe(subscriber)
        running = load.Running([(publisher, forward.shape(options))], subscribers)
        known = _janus.EXTENSIONS
        running.load.mid_id, running.load.transport_id = known.mid, known.transport_cc
        running.load.time_id, running.load.compound = known.absolute_send_time, 1
        janus.forwarded = lambda: running.counts().received + running.counts().repeated
        figures = load.measure(janus, running, options.seconds, options.subscribers)
        del figures["us_per_received"]  # not known of Janus
        return figures
    finally:
        janus.close()
