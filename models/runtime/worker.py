"""One model in one process.

    python -m models.runtime.worker --task captions --model whisper-base --broker ipc://DIR/broker \
        --models FOLDER --device cpu --threads 1 --name captions-1

Two threads: `labour` loads the model, warms it up, waits for work and does it; the main one answers for it while the
model works (`conversation`).  The worker may be killed at any moment: everything that matters is in the broker.  It
ends when told, when its parent is gone, when it has grown beyond its ceiling of memory, or loudly on a bug.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import select
import sys
from collections.abc import Sequence
from pathlib import Path

from models.runtime.conversation import EVERY_S, Conversation, Link
from models.runtime.devices import CPU, chosen, compute_type
from models.runtime.labour import Labour
from models.runtime.process import StopSignal, be_polite, keep_blocks
from models.runtime.task import Setup, load_task
from models.wire import Hello
from sfu.rtp.errors import UserError

# Exit status of a worker that left because of its memory.
OUTGROWN = 3


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="parley worker", description="Lends this computer to a host on the network: one model, one process."
    )
    parser.add_argument("--broker", required=True, help="tcp://HOST:PORT, as the host prints it; or ipc://DIR/broker")
    parser.add_argument("--key", type=Path, metavar="FILE", help="made on the host with --new-worker FILE")
    parser.add_argument("--task", default="captions", help="captions, or a module with create(setup)")
    parser.add_argument("--model", default="whisper-base", help="catalogue id (default: %(default)s)")
    parser.add_argument("--models-dir", "--models", dest="models", type=Path,
                        help="folder of fetched models (default: the usual one)")
    parser.add_argument("--device", default=CPU, help="cpu, cuda:0, …, or auto (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--memory-mb", type=int, default=0, metavar="MB", help="leave when it has grown beyond this")
    parser.add_argument("--name", default="", help="for people: captions-1 (default: this computer's name)")
    options = parser.parse_args(argv)
    if options.broker.startswith("tcp://") and options.key is None:
        parser.error("a worker on another computer needs --key FILE")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0: it was told to leave.  2: it could not serve, and a sentence said why.  3: it had outgrown its
    ceiling of memory."""
    options = _options(argv)
    level = os.environ.get("PARLEY_LOG", "INFO")    # DEBUG: every pass of the captions task, for its bench
    logging.basicConfig(stream=sys.stderr, level=level, format="%(name)s: %(message)s")
    # One caption pass is too small to share between threads; the model gets its own number.
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    be_polite()
    keep_blocks()
    with StopSignal() as stop:
        try:
            return _serve(options, stop)
        except UserError as error:
            print(json.dumps({"event": "failed", "code": error.code, "sentence": error.sentence}), flush=True)
            print(error.sentence, file=sys.stderr)
            return 2


def _serve(options: argparse.Namespace, stop: StopSignal) -> int:
    from models.catalogue import shipped_catalogue
    from models.registry import default_models_dir

    link = Link.to(options.broker, options.key)
    folder = options.models or default_models_dir()
    device = chosen(options.device)[0]
    model = shipped_catalogue().get(options.model)
    compute = compute_type(device) if model is None or model.format == "ctranslate2" else "float32"
    setup = Setup(options.model, folder, device, compute, options.threads, link.clock)
    hello = Hello(
        role=Hello.WORKER, name=options.name or f"{platform.node()[:40]}-{os.getpid()}", task=options.task,
        model=options.model, device=device, compute=setup.compute, pid=os.getpid(),
        machine="" if link.keys is None else platform.node()[:64],
    )
    task = load_task(options.task, setup)
    conversation = Conversation(link, hello, stop, options.memory_mb)
    labour = Labour(task, conversation, model.fingerprint if model is not None else "")
    try:
        labour.start()
        while not conversation.over and labour.failure is None:
            select.select([] if stop.asked else [stop.fileno()], [], [], EVERY_S)
            conversation.look_in()
        labour.join()
    finally:
        conversation.close()
    if labour.failure is not None:
        raise labour.failure
    return OUTGROWN if conversation.outgrown else 0


if __name__ == "__main__":
    sys.exit(main())
