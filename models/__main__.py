"""`parley models list|fetch|verify|delete|recommend|bundle`: the registry at the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from models.carried import Fate, survey
from models.recommend import Machine, recommended
from models.registry import Progress, Registry, State, Status, default_models_dir, remedy
from models.weights import sha256
from sfu.rtp.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one subcommand; 0 when every model asked for is ready, 1 when one is not, 2 for bad usage."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.command == "fetch" and not options.models and options.folder is None:
        parser.error("say which models to fetch, or give a bundle with --from FILE")
    registry = Registry(options.models_dir or default_models_dir())
    try:
        ids = options.models or [model.id for model in registry.models()]
        match options.command:
            case "fetch":
                return _fetch(registry, options)
            case "delete":
                return _show([registry.delete(model_id) for model_id in ids], options.json, strict=False)
            case "bundle":
                return _bundle(registry, options)
            case "recommend":
                return _recommend(registry, options)
            case "verify":
                return _show([registry.verify(model_id) for model_id in ids], options.json, strict=True)
            case _:
                return _show([registry.status(model_id) for model_id in ids], options.json, strict=False)
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What has arrived is kept; fetching again goes on from there.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--models-dir", type=Path,
                        help="where weights live (default: PARLEY_MODELS, or the data folder)")
    common.add_argument("--json", action="store_true", help="for programs: one JSON document on standard output")

    parser = argparse.ArgumentParser(prog="parley models",
                                     description="Model weights: what is here, and getting the rest.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in [("list", "every model in the catalogue and whether it is ready"),
                       ("fetch", "get models that are not ready, from wherever they can be had"),
                       ("verify", "compare every byte with the catalogue's SHA-256"),
                       ("delete", "take fetched models away"),
                       ("recommend", "say which captions model suits this computer"),
                       ("bundle", "write what is ready into one file, for a computer without internet")]:
        command = commands.add_parser(name, parents=[common], help=text, description=text.capitalize() + ".")
        command.add_argument("models", nargs="+" if name == "delete" else "*", metavar="ID",
                             help="for example whisper-base")
        if name == "fetch":
            command.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                                 help="a folder with the files, or a bundle, searched before anything else; "
                                      "without IDs, everything that is in it")
        if name == "bundle":
            command.add_argument("--out", type=Path, default=Path("parley-models.zip"), metavar="FILE",
                                 help="where to write it (default: %(default)s)")
    return parser


def _fetch(registry: Registry, options: argparse.Namespace) -> int:
    wanted = [(name, options.folder) for name in options.models] or _carried(registry, options.folder)
    for model_id, given in wanted:
        line = _ProgressLine()
        try:
            registry.fetch(model_id, line.show, given)
        finally:
            line.end()
    return _show([registry.status(model_id) for model_id, _ in wanted], options.json, strict=True)


def _carried(registry: Registry, place: Path) -> list[tuple[str, Path]]:
    """What can be used of a bundle or a folder; what cannot is said."""
    found = survey(place, registry)
    for carried in found:
        if carried.fate in _NO_USE:
            print(f"{carried.name}: {_NO_USE[carried.fate]}", file=sys.stderr)
    return [(carried.name, carried.place) for carried in found if carried.fate not in _NO_USE]


_NO_USE = {
    Fate.OTHER: "left out, its files belong to another version of Parley",
    Fate.PART: "left out, some of its files are missing",
    Fate.UNKNOWN: "left out, this version of Parley does not know it",
}


def _bundle(registry: Registry, options: argparse.Namespace) -> int:
    line = _ProgressLine()
    try:
        registry.bundle(options.out, options.models, line.show)
    finally:
        line.end()
    print(f"Written: {options.out}, SHA-256 {sha256(options.out)}. "
          f"There: parley models fetch --from {options.out.name}")
    return 0


def _recommend(registry: Registry, options: argparse.Namespace) -> int:
    model_id, why = recommended(Machine.this(), [model.id for model in registry.models()])
    if options.json:
        print(json.dumps({"model": model_id, "why": why}))
    else:
        print(f"{model_id}: {why}")
    return 0


class _ProgressLine:
    """Progress on standard error: one line that changes on a terminal, one line per ten percent in a log."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._said = ""

    def show(self, progress: Progress) -> None:
        percent = 100 * progress.received // max(progress.total, 1)
        if not self._on_terminal:
            percent -= percent % 10
        line = f"{progress.model}: {percent:3d} % of {progress.total / 1e6:.0f} MB  {progress.doing}"
        if line == self._said:
            return
        self._said = line
        start, end = ("\r\x1b[K", "") if self._on_terminal else ("", "\n")
        print(f"{start}{line}", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._on_terminal and self._said:
            print(file=sys.stderr)


def _show(statuses: Sequence[Status], as_json: bool, strict: bool) -> int:
    if as_json:
        print(json.dumps([_as_dict(status) for status in statuses], indent=2))
    else:
        for status in statuses:
            print(_as_line(status))
    ready = all(status.state is State.READY for status in statuses)
    return 0 if ready or not strict else 1


def _as_line(status: Status) -> str:
    model = status.model
    line = f"{model.id:22} {status.state:8} {model.size / 1e6:7.1f} MB  {model.title}"
    return line if status.problem is None else f"{line}\n    {status.problem}. {remedy(status)}"


def _as_dict(status: Status) -> dict[str, object]:
    model = status.model
    return {"id": model.id, "state": status.state, "path": str(status.path), "problem": status.problem,
            "title": model.title, "task": model.task, "format": model.format, "licence": model.licence,
            "input": model.input, "bytes": model.size, "memory_mb": model.memory_mb, "needs": model.needs,
            "speed": model.speed}


if __name__ == "__main__":
    sys.exit(main())
