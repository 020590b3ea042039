"""`python -m sfu.host` and `parley host`: reads the arguments, holds one meeting, leaves with a status.

Run by a user it is the keeper (`sfu.host.keeper`), which runs it again, with `--estate`, as the control process.

Status 0: the meeting was held and ended; 2: it could not begin, and a sentence said why.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import os
import selectors
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sfu.host import endpoints
from sfu.host.addresses import Address, everywhere
from sfu.host.announce import Announcer
from sfu.host.estate import Estate
from sfu.host.keeper import Keeper, follow_input
from sfu.host.logs import to_stderr
from sfu.portable import PORTABLE
from sfu.roles import command
from sfu.rtp.errors import UserError
from sfu.wire.languages import LANGUAGES
from sfu.wire.messages import Audience

if TYPE_CHECKING:
    from sfu.host.host import Host, Options

DEFAULT_PORT = 7443
DEFAULT_CAPACITY = 100
# Some hundred hours of four people.
DEFAULT_RECORDINGS_GB = 100.0
MAX_CAPACITY = 1_000
MAX_TITLE = 120


def main(argv: Sequence[str] | None = None) -> int:
    """Holds a meeting until it is ended; returns the exit status."""
    parser = _parser()
    given = parser.parse_args(argv)
    if len({bind.version for bind in given.bind or ()}) != len(given.bind or ()):
        parser.error("argument --bind: give one address of each family; without any, all are used")
    to_stderr()
    announcer = Announcer(given.json)
    if given.new_worker is not None:
        return _new_worker(given, announcer)
    try:
        return _control(given, announcer) if given.estate is not None else _keep(given, announcer, argv)
    except UserError as refused:
        announcer.error(refused)
        return 2


def _keep(given: argparse.Namespace, announcer: Announcer, argv: Sequence[str] | None) -> int:
    """We hold the port; a child holds the meeting.  Where sockets cannot be passed on, we hold both."""
    with contextlib.closing(Estate.open(_binds(given), given.port)) as estate:
        if estate.door is None:
            return _meet(given, estate, announcer, given.with_parent)
        program = command("sfu.host", *(sys.argv[1:] if argv is None else argv))
        return Keeper(program, estate, announcer).run(given.with_parent)


def _control(given: argparse.Namespace, announcer: Announcer) -> int:
    return _meet(given, Estate.inherit(given.estate), announcer, with_parent=True)


def _meet(given: argparse.Namespace, estate: Estate, announcer: Announcer, with_parent: bool) -> int:
    """Raises UserError when the meeting cannot be held."""
    from sfu.host.host import Host  # a second's worth of libraries, which the keeper does without: here and below

    try:
        with asyncio.Runner(loop_factory=_fast_loop) as runner:
            runner.run(_hold(Host(_options(given), estate, announcer), with_parent))
    except* UserError as refused:
        first: BaseException = refused
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return 0


def _new_worker(given: argparse.Namespace, announcer: Announcer) -> int:
    from models.runtime.curve import new_worker

    try:
        new_worker(_keys(given), given.new_worker)
    except UserError as refused:
        announcer.error(refused)
        return 2
    print(f"Made {given.new_worker}. Copy it to the other computer and start there: parley worker --broker "
          f"tcp://THIS-COMPUTER:PORT --key {given.new_worker.name}. Start the host with --workers-port PORT.")
    return 0


def _fast_loop() -> asyncio.AbstractEventLoop:
    """It serves twice the requests on a core.  Else one that waits for sockets of others, too, as ZeroMQ's."""
    if PORTABLE or sys.platform == "win32":
        return asyncio.SelectorEventLoop(selectors.SelectSelector())
    import uvloop

    return uvloop.new_event_loop()


async def _hold(host: Host, with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if with_parent:
        follow_input(partial(loop.call_soon_threadsafe, stop.set))
    await host.run(stop)


def _binds(given: argparse.Namespace) -> tuple[Address, ...]:
    return tuple(given.bind) if given.bind else everywhere()


def _options(given: argparse.Namespace) -> Options:
    from models.registry import default_data_dir, default_models_dir
    from sfu.host import glossary
    from sfu.host.host import Options
    from sfu.host.inference import Settings

    binds = _binds(given)
    settings = Settings(
        model=given.model,
        models=given.models if given.models is not None else default_models_dir(),
        device=given.device,
        threads=given.threads,
        language=given.language,
        workers_at=f"tcp://{binds[0]}:{given.workers_port}" if given.workers_port else "",
        keys=_keys(given),
        emotion_model=given.emotion_model,
    )
    data = given.data if given.data is not None else default_data_dir()
    return Options(
        title=given.title,
        port=given.port,
        binds=binds,
        data=data,
        capacity=given.capacity,
        captions=not given.no_captions,
        accounts_only=given.accounts_only,
        keep_days=given.keep_days,
        listed=not given.unlisted,
        grpc=given.grpc,
        queue=given.queue,
        emotions=Audience.EVERYONE if given.setting == "private" else Audience.ME,
        recordings_gb=given.recordings_gb,
        inference=settings,
        glossary=given.glossary if given.glossary is not None else data / glossary.FILE,
    )


def _keys(given: argparse.Namespace) -> Path:
    from models.registry import default_data_dir

    return (given.data if given.data is not None else default_data_dir()) / "inference_keys.json"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley host", description="Hold a meeting on this computer.")
    parser.add_argument("--title", type=_title, default="Meeting", help="what people see (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="N",
                        help="one number for TCP and UDP; 0: any that is free (default: %(default)s)")
    parser.add_argument("--bind", type=_address, action="append", metavar="ADDRESS",
                        help="where to listen, once for each address family; 127.0.0.1: this computer only "
                             "(default: all addresses, IPv4 and IPv6)")
    parser.add_argument("--capacity", type=_capacity, default=DEFAULT_CAPACITY, metavar="N",
                        help="most people at once (default: %(default)s)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keys and transcripts (default: $PARLEY_DATA)")
    parser.add_argument("--models-dir", "--models", dest="models", type=Path, metavar="DIR",
                        help="weights (default: $PARLEY_MODELS)")
    parser.add_argument("--model", default="whisper-base", help="captions model (default: %(default)s)")
    parser.add_argument("--glossary", type=Path, metavar="FILE",
                        help="names and words that captions should get right, one a line (default: glossary.txt with "
                             "the data; editing it in a meeting writes it)")
    parser.add_argument("--language", type=_language, default="", metavar="CODE",
                        help="what is spoken as a rule, such as en or zh; who speaks another is followed "
                             "(default: detected)")
    parser.add_argument("--device", default="auto",
                        help="auto, cpu, cuda:0, or several with commas: a worker each (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) - 1), metavar="N",
                        help="threads of the model (default: %(default)s)")
    parser.add_argument("--workers-port", type=_port, default=0, metavar="N",
                        help="take workers from other computers on this TCP port (default: none)")
    parser.add_argument("--new-worker", type=Path, metavar="FILE",
                        help="make a key file with which another computer may lend a hand, and stop")
    parser.add_argument("--no-captions", action="store_true", help="no speech recognition in this meeting")
    parser.add_argument("--accounts-only", action="store_true", help="only people with an account here may join")
    parser.add_argument("--keep-days", type=_days, default=0, metavar="N",
                        help="delete meetings that ended longer ago (default: keep them)")
    parser.add_argument("--queue", default="", metavar="URL",
                        help="let Redis queue background work: redis://HOST:PORT/N (default: a file with the data)")
    parser.add_argument("--recordings-gb", type=_gigabytes, default=DEFAULT_RECORDINGS_GB, metavar="N",
                        help="the most that recordings may take on this disk (default: %(default)s)")
    parser.add_argument("--setting", choices=["work", "school", "private"], default="work",
                        help="where this is used: at work and at school guesses about faces are for oneself alone "
                             "(default: %(default)s)")
    parser.add_argument("--emotion-model", default="expressions-fer2013", metavar="ID",
                        help="expression classifier of the catalogue (default: %(default)s)")
    parser.add_argument("--grpc", type=_endpoint, metavar="[ADDRESS:]PORT",
                        help="answer other programs by gRPC: on this computer, or where ADDRESS says (default: do not)")
    parser.add_argument("--unlisted", action="store_true", help="do not announce the meeting on the network")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of sentences")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    parser.add_argument("--estate", type=Path, help=argparse.SUPPRESS)  # what the keeper leaves to us, its child
    return parser


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not 0 < len(title) <= MAX_TITLE:
        raise argparse.ArgumentTypeError(f"a title has 1 to {MAX_TITLE} characters")
    return title


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise argparse.ArgumentTypeError(f"captions do not know the language {text!r}; say en, zh, de, fr, …")
    return text


def _port(text: str) -> int:
    return _within(text, 0, 65_535)


def _endpoint(text: str) -> endpoints.Endpoint:
    found = endpoints.parsed(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a port nor ADDRESS:PORT")
    return found


def _capacity(text: str) -> int:
    return _within(text, 1, MAX_CAPACITY)


def _days(text: str) -> int:
    return _within(text, 1, 36_500)


def _gigabytes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number <= 1e6:
        raise argparse.ArgumentTypeError("give a number of gigabytes above 0")
    return number


def _within(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
    return int(text)


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an IP address") from None
