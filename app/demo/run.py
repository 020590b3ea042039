"""`parley demo`: starts a real host, three people without a window and one with, waits, judges.

Everything runs as a user would run it: separate processes, the same commands, TLS and SRTP on loopback.  Nothing is
simulated but the cameras and microphones.  This file starts and stops processes; `script` says who speaks when,
`media` makes their files, `report` judges.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.demo import words
from app.demo.measure import Meter
from app.demo.report import GOALS, Meeting, build
from app.demo.script import SHORTEST, START_AT, Part, cast, media_seconds
from models.registry import Registry, default_models_dir
from sfu.roles import command
from sfu.rtp.errors import ErrorCode, UserError

MODEL = "whisper-base"
# The recordings are English.  Left to find out by itself, the model needs a second more for everybody's first words.
LANGUAGE = "en"
# The window's picture of the meeting is taken this long into the script: in the overlap, with two people's captions
# on the screen.
PORTRAIT_AFTER = 28.0
# How long after the script's end everybody has to leave and write their report.
GRACE_S = 20.0


@dataclass(frozen=True, slots=True)
class Options:
    seconds: float
    out: Path
    keep_open: bool


@dataclass(frozen=True, slots=True)
class Host:
    process: subprocess.Popen[str]
    ready: dict[str, Any]


def main(argv: Sequence[str]) -> int:
    """Exit status 0 only if everybody saw and heard everybody and captions carried the right names: what takes longer
    than it should on a busy computer is said, and fails nothing."""
    options = _options(argv)
    try:
        Registry(default_models_dir()).path(MODEL)
        complaints, missed = hold(options)
    except UserError as error:
        print(f"parley demo: {error.sentence}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nparley demo: stopped.", file=sys.stderr)
        return 130
    for complaint in complaints:
        print(f"  not good: {complaint}")
    print(_verdict(complaints, missed))
    return 1 if complaints else 0


def _verdict(complaints: Sequence[str], missed: Sequence[str]) -> str:
    if complaints:
        return "Not a good meeting."
    if missed:
        return f"Everybody was seen, heard and named, but {len(missed)} of {len(GOALS)} goals are missed."
    return "A good meeting."


def hold(options: Options) -> tuple[list[str], list[str]]:
    """One meeting from start to report; returns what was wrong with it, and which figures miss their goals."""
    shutil.rmtree(options.out, ignore_errors=True)
    people = cast(options.seconds)
    options.out.mkdir(parents=True)
    from app.demo import media  # OpenCV and PyAV are slow to load: not for --help

    length = media_seconds(options.seconds)
    with ExitStack() as stack:
        _say("Starting the host…")
        host = stack.enter_context(_host(options))
        print(f"  link  {host.ready['link']}\n  code  {host.ready['code']}")
        _say("Making the participants' media, while the captions worker loads its model…")
        for part in people:
            media.make(part, length, words.SOURCES, options.out / f"{part.name}.mkv")
        audible = {part.name: media.audible_seconds(part, length, words.SOURCES) for part in people}
        meter = stack.enter_context(Meter({"host": host.process.pid, **host.ready["children"]}))
        start_at = time.monotonic() - host.ready["began"] + START_AT
        joined = [_join(stack, options, host, part, start_at) for part in people]
        meter.watch({part.name: process.pid for part, process in zip(people, joined, strict=True)})
        _wait(people, joined, options)
        figures = meter.figures()
    reports = _reports(options, people)
    _keep_transcript(options)
    found = build(Meeting(people, reports, words.load(), audible, media.FPS, length), figures)
    (options.out / "report.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    _print(found, options.out)
    return list(found["complaints"]), list(found["missed"])


@contextmanager
def _host(options: Options) -> Iterator[Host]:
    """The host's control process, which starts all others; it is stopped, with its children, on the way out."""
    arguments = ["--title", "Demo", "--port", "0", "--bind", "127.0.0.1", "--data", str(_data(options))]
    arguments += ["--model", MODEL, "--language", LANGUAGE, "--json", "--with-parent"]
    log = (options.out / "host.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        command("sfu.host", *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        yield Host(process, _ready(process, options))
    finally:
        _stop(process)
        log.close()


def _ready(process: subprocess.Popen[str], options: Options) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    said = json.loads(line) if line else {}
    if said.get("event") != "ready":
        why = said.get("sentence", f"see {options.out / 'host.log'}")
        raise UserError(ErrorCode.HOST_UNREACHABLE, f"The host did not start: {why}")
    return dict(said)


def _join(
    stack: ExitStack, options: Options, host: Host, part: Part, start_at: float
) -> subprocess.Popen[str]:
    """One participant in a process of its own, playing its file from meeting time `start_at` on."""
    report = options.out / f"{part.name}.json"
    arguments = ["join", host.ready["link"], "--name", part.name]
    arguments += ["--media", str(options.out / f"{part.name}.mkv"), "--start-at", f"{start_at:.2f}"]
    arguments += ["--consent-captions", "yes", "--report", str(report)]
    environment = dict(os.environ)
    if part.window:
        at = start_at + min(PORTRAIT_AFTER, media_seconds(options.seconds) - 2)
        arguments += ["--screenshot", f"{options.out / 'meeting.png'}@{at:.2f}"]
        environment["PARLEY_HOST_TOKEN"] = host.ready["host_token"]
    else:
        arguments += ["--headless"]
    if not (part.window and options.keep_open):
        arguments += ["--seconds", str(options.seconds)]
    log: IO[str] = stack.enter_context((options.out / f"{part.name}.log").open("w", encoding="utf-8"))
    process = subprocess.Popen(
        command("app", *arguments), stdout=log, stderr=subprocess.STDOUT, text=True, env=environment)
    stack.callback(_stop, process)
    return process


def _wait(people: Sequence[Part], joined: Sequence[subprocess.Popen[str]], options: Options) -> None:
    """Until everybody has left; with --keep-open until the window is closed, however long that takes."""
    _say(f"{len(people)} people meet for {options.seconds:.0f} seconds…")
    until = None if options.keep_open else time.monotonic() + options.seconds + GRACE_S
    while any(process.poll() is None for process in joined):
        if until is not None and time.monotonic() > until:
            late = [part.name for part, process in zip(people, joined, strict=True) if process.poll() is None]
            _say(f"Still running, stopped: {', '.join(late)}.")
            return
        time.sleep(0.2)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _reports(options: Options, people: Sequence[Part]) -> dict[str, Any]:
    found = {}
    for part in people:
        file = options.out / f"{part.name}.json"
        if file.exists():
            found[part.name] = json.loads(file.read_text("utf-8"))
    return found


def _keep_transcript(options: Options) -> None:
    """Beside the report, where people look for it."""
    for file in sorted(_data(options).rglob("transcript.*")):
        if file.suffix in {".json", ".vtt"}:
            shutil.copyfile(file, options.out / file.name)


def _data(options: Options) -> Path:
    return options.out / "data"


def _print(found: dict[str, Any], out: Path) -> None:
    def show(key: str, unit: str = " s", scale: float = 1) -> str:
        value, goal = found[key], GOALS.get(key)
        shown = "–" if value is None else f"{value * scale:.2f}{unit}"
        if goal is None:
            return shown
        return f"{shown} ({'missed' if key in found['missed'] else 'goal'}: ≤ {goal * scale:g}{unit})"

    print(f"  word error rate     {show('wer', ' %', 100)} of {found['words']} words")
    print(f"  captions shown      p50 {show('shown_p50_s')}, p95 {show('shown_p95_s')}")
    print(f"  captions final      p50 {show('final_p50_s')}, p95 {show('final_p95_s')}")
    print(f"  first remote frame  p50 {show('first_frame_p50_s')}; freezes: {show('freezes', '')}")
    print(f"  forwarder           {show('forwarder_core', ' % of a core', 100)}")
    print(f"  everything is in    {out}")


def _say(what: str) -> None:
    print(what, flush=True)


def _options(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="parley demo", description="A whole meeting on this computer, judged.")
    parser.add_argument("--seconds", type=float, default=60, help=f"length of the meeting, at least {SHORTEST}")
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="emptied first (default: %(default)s)")
    parser.add_argument("--keep-open", action="store_true", help="the window stays until you close it")
    given = parser.parse_args(argv)
    if given.seconds < SHORTEST:
        parser.error(f"--seconds must be at least {SHORTEST}: a shorter demo holds no whole turn")
    return Options(given.seconds, given.out.resolve(), given.keep_open)
