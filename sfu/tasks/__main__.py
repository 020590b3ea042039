"""`python -m sfu.tasks`: does a host's background work until it is told to stop, or there is none.

The host starts it and watches it.  Outliving its host it finishes what there is, because nobody else would.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import select
import sys
from collections.abc import Sequence
from pathlib import Path

from models.registry import MODELS_DIR
from models.runtime.process import StopSignal, be_polite
from sfu.store.holder import is_alive
from sfu.store.thread import Store
from sfu.tasks.kinds import KINDS, Kinds
from sfu.tasks.queue import consumer, open_queue
from sfu.tasks.runner import TICK_S, Runner


def main(argv: Sequence[str] | None = None, kinds: Kinds = KINDS) -> int:
    """Raises UserError when the store or the queue cannot be used."""
    given = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    for name in ("Worker", "Scheduler"):
        logging.getLogger(f"huey.consumer.{name}").addFilter(_is_news)
    be_polite()
    if given.models is not None:
        os.environ[MODELS_DIR] = str(given.models)
    with contextlib.closing(Store(given.data)) as store:
        queue = open_queue(given.data, given.queue)
        runner = Runner(given.data, store, queue, kinds)
        threads = consumer(queue)
        threads.start()
        with StopSignal() as stop:  # after huey, which wants the same signals
            _run(runner, stop, given.host)
        threads.stop()
        runner.stop()
    return 0


def _run(runner: Runner, stop: StopSignal, host: str) -> None:
    while not stop.asked:
        runner.tick()
        if not is_alive(host) and runner.idle():
            return
        select.select([stop], [], [], TICK_S)


def _is_news(record: logging.LogRecord) -> bool:
    """huey says four times a second that its queue is out of reach; the runner does whenever that matters."""
    return not str(record.msg).startswith("Error reading")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sfu.tasks", description="A host's background work.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the host's folder")
    parser.add_argument("--queue", default="", metavar="URL", help="redis://… instead of a file in the folder")
    parser.add_argument("--models", type=Path, metavar="DIR", help="where weights are, if not where usual")
    parser.add_argument("--host", default="", metavar="HOLDER",
                        help="stay as long as this process lives (default: until nothing is left to do)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
