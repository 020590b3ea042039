"""The `parley` command: which program was meant.

Parley is several programs: a window, a host, a participant without a window, tools.  Each has its own options and
its own help; this file only knows their names.  It imports none of them until one is chosen, because `parley --help`
must answer at once and a host must not load a window.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from sfu.roles import mend
from sfu.rtp.errors import ParleyError


@dataclass(frozen=True, slots=True)
class Program:
    """One program: the module whose `main(argv) -> int` runs it, and what it is for."""

    module: str
    purpose: str


WINDOW = "app.window"
HEADLESS = "app.headless"

PROGRAMS = {
    "run": Program(WINDOW, "open the window (also what plain `parley` does)"),
    "host": Program("sfu.host.main", "hold a meeting on this computer, without a window; prints its link"),
    "join": Program(WINDOW, "join a meeting by its link; --headless joins without a window"),
    "demo": Program("app.demo.run", "hold a whole meeting with recorded people, and judge it"),
    "worker": Program("models.runtime.worker", "lend this computer to a host on the network, for captions"),
    "models": Program("models.__main__", "model weights: list, fetch, verify, delete, recommend, bundle"),
    "store": Program("sfu.store.__main__", "what a host keeps: backup, restore, erase one person, delete old meetings"),
    "recording": Program("sfu.tasks.recording.__main__", "recordings: list, make films, check a bundle"),
    "doctor": Program("app.doctor", "what is here, what is missing, and what to do about it"),
    "report": Program("app.report", "write what whoever helps needs to know: no names, no keys, no words"),
    "licenses": Program("app.licences", "whose work is in this program; --sbom for a bill of materials"),
    "updates": Program("app.updates", "ask a place that your administrator named for a newer version"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the chosen program and returns its exit status: 0 well, 1 a stated problem, 2 bad usage, 130 Ctrl-C."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments[0] if arguments else "run"
    if name not in PROGRAMS:
        return _speak_for_itself(arguments)
    try:
        return run(name, arguments[1:])
    except ParleyError as error:
        print(f"parley: {error.sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(name: str, arguments: Sequence[str]) -> int:
    """Loads and runs one program with its own arguments."""
    module = PROGRAMS[name].module
    if name == "join" and "--headless" in arguments:
        module = HEADLESS
        arguments = [argument for argument in arguments if argument != "--headless"]
    try:
        program = import_module(module)
    except ImportError as error:
        return _cannot_load(name, error)
    status: int = program.main(list(arguments))
    return status


def _cannot_load(name: str, error: ImportError) -> int:
    """A missing package or system library is for the user to mend; a missing module of ours is our bug."""
    if (error.name or "").split(".")[0] in {"app", "sfu", "models"}:
        raise error
    print(f"parley: `{name}` cannot start, because something it needs is missing: {error}. "
          f"{mend()} `parley doctor` says what else is wrong.", file=sys.stderr)
    return 1


def _speak_for_itself(arguments: Sequence[str]) -> int:
    """Help, version, or what was wrong with the command line."""
    commands = "\n".join(f"  {name:8} {program.purpose}" for name, program in PROGRAMS.items())
    parser = argparse.ArgumentParser(
        prog="parley", usage="parley [COMMAND] [OPTIONS]",
        description="Meetings on a LAN, with live captions and without a cloud.",
        epilog=f"commands:\n{commands}\n\n`parley COMMAND --help` explains a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    options, rest = parser.parse_known_args(arguments)
    if options.version and not rest:
        from app import __version__

        print(f"parley {__version__}")
        return 0
    unknown = rest[0] if rest else arguments[0]
    near = difflib.get_close_matches(unknown, PROGRAMS, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    print(f"parley: there is no command {unknown!r}.{hint} The commands are {', '.join(PROGRAMS)}; "
          "`parley --help` explains them.", file=sys.stderr)
    return 2
