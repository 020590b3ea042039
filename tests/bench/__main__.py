"""`python -m tests.bench NAME [--json] …` runs `tests/bench/NAME.py` (dashes for underscores), prints its figures.

Without a name: the short form of every bench, one after the other, written to docs/benchmarks.md.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "docs" / "benchmarks.md"


def names() -> list[str]:
    return sorted(path.stem.replace("_", "-") for path in HERE.glob("[!_]*.py"))


def load(name: str) -> ModuleType:
    return importlib.import_module(f"tests.bench.{name.replace('-', '_')}")


def run(name: str, arguments: Sequence[str]) -> dict[str, Any]:
    figures: dict[str, Any] = load(name).run(list(arguments))
    return figures


def short(name: str) -> list[str]:
    """What makes a bench short enough for `make bench` (its own `SHORT`); the figures are then those of few samples."""
    return list(getattr(load(name), "SHORT", []))


def run_all() -> None:
    """A bench that lacks something says so in its place; the others go on."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = ["# Benchmarks", "", f"Short forms, written by `make bench` on {time.strftime('%Y-%m-%d')}: {machine}."]
    lines += ["Trust ratios, not absolute figures, and run again before you compare.", ""]
    for name in names():
        command = " ".join(["python -m tests.bench", name, *short(name)])
        print(f"{command} …", flush=True)
        lines += [f"## {name}", "", f"`{command}`", ""]
        try:
            figures = run(name, short(name))
        except (OSError, LookupError) as lacking:
            lines += [f"Not run: {lacking}", ""]
            continue
        lines += ["| key | value |", "|---|---|", *(f"| `{key}` | {value} |" for key, value in figures.items()), ""]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines), "utf-8")
    print(f"written: {REPORT}")


def main() -> int:
    # As in a worker (models.runtime.worker): numpy's own threads would be counted as the model's.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    name, *rest = [*sys.argv[1:], ""]
    if not name:
        run_all()
        return 0
    if name not in names():
        print(f"usage: python -m tests.bench [NAME [--json] …]; NAME: {', '.join(names())}", file=sys.stderr)
        return 2
    figures = run(name, [argument for argument in rest if argument not in ("--json", "")])
    if "--json" in rest:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{key:24} {value}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
