"""`python -m tests.bench NAME [--json] …` runs `tests/bench/NAME.py` (dashes for underscores), prints its figures."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main() -> int:
    benches = sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[!_]*.py"))
    name, *rest = [*sys.argv[1:], ""]
    if name not in benches:
        print(f"usage: python -m tests.bench NAME [--json] …   with NAME one of: {', '.join(benches)}", file=sys.stderr)
        return 2
    arguments = [argument for argument in rest if argument not in ("--json", "")]
    figures = importlib.import_module(f"tests.bench.{name.replace('-', '_')}").run(arguments)
    if "--json" in rest:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{key:24} {value}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
