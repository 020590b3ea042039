"""Makes the program that people install: one folder, with everything in it (`make installer`).

    python -m installer.build            dist/parley, and what it weighs in dist/sizes.json
    python -m installer.build --cuda     dist/parley-cuda, with NVIDIA's libraries (`make installer CUDA=1`)

The folder runs on any computer of the same system and kind, without Python.  All programs of a meeting are the one
executable in it (`sfu/roles.py`).  Packages for an operating system are made from this folder by other files here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from installer import compiling, freezing, slimming
from sfu.forwarder import form

DIST = freezing.ROOT / "dist"
WORK = freezing.ROOT / "build"
MOST_MB = 600.0
"""What the lean program may take on a disk: what the issue about installing allows."""
DEADLINE_S = 1800
# Names that must not be inside, whatever path led there.
FORBIDDEN = ("WebEngine", "opencv_python.libs", "Cython", "pytest")


class BuildFailed(Exception):
    """The folder could not be made, or is not what it should be; the message says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Builds, checks and weighs; 0 if the folder is there and not too heavy."""
    parser = argparse.ArgumentParser(description="Make the program that people install, in one folder.")
    parser.add_argument("--dist", type=Path, default=DIST, metavar="DIR", help="where to (default: %(default)s)")
    parser.add_argument("--cuda", action="store_true", help="with NVIDIA's libraries, which must be installed")
    options = parser.parse_args(argv)
    name = freezing.CUDA_FOLDER if options.cuda else freezing.LEAN_FOLDER
    try:
        folder = freeze(options.dist, name)
        sizes = weigh(folder)
        (options.dist / ("sizes-cuda.json" if options.cuda else "sizes.json")).write_text(
            json.dumps(sizes, indent=1) + "\n", "utf-8")
        print(as_text(sizes))
        if not options.cuda and sys.platform.startswith("linux"):   # elsewhere it was never weighed
            check_weight(sizes)
    except BuildFailed as failure:
        print(f"The program was not made. {failure}", file=sys.stderr)
        return 1
    return 0


def freeze(dist: Path, name: str) -> Path:
    """The finished folder `dist/name`.  Raises BuildFailed."""
    if reason := compiling.ensure(sys.executable):
        raise BuildFailed(f"The forwarder's hot path must be compiled: {reason}.")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(dist),
               "--workpath", str(WORK / f"frozen-{name}"), str(freezing.ROOT / "installer" / "parley.spec")]
    environment = {**os.environ, "PYTHONPATH": str(freezing.ROOT), form.VARIABLE: form.INTERPRETED,
                   freezing.FOLDER: name}
    made = subprocess.run(command, cwd=freezing.ROOT, env=environment, timeout=DEADLINE_S, check=False)
    if made.returncode != 0:
        raise BuildFailed("PyInstaller stopped (see above).")
    folder = dist / name
    check(folder)
    if sys.platform.startswith("linux"):
        slimming.slim(contents(folder))
    return folder


def check_weight(sizes: dict[str, float]) -> None:
    """BuildFailed when it is more than we promise: something came in that nobody decided about."""
    if sizes["total"] > MOST_MB:
        raise BuildFailed(f"It weighs {sizes['total']} MB, and may weigh {MOST_MB:.0f} MB. See above what is heavy, "
                          "and leave something out in installer/freezing.py or installer/slimming.py.")


def check(folder: Path) -> None:
    """Nothing that must not be inside is, and what is found by name is."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    if bad := [name for name in names if any(word in name for word in FORBIDDEN)]:
        raise BuildFailed(f"These do not belong in it: {', '.join(sorted(bad)[:5])}.")
    inside = contents(folder)
    wanted = [str(place / file.name) for file, place in freezing.data()]
    if lacking := [name for name in wanted if not (inside / name).exists()]:
        raise BuildFailed(f"These are missing in it: {', '.join(lacking[:5])}.")


def contents(folder: Path) -> Path:
    """Where the libraries and our files lie in it."""
    return folder / "_internal"


def weigh(folder: Path) -> dict[str, float]:
    """MB of each part, largest first, and of all (`total`): what it takes on a disk."""
    inside = contents(folder)
    parts: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts[_part(path, inside)] += path.stat().st_size
    sizes = {name: round(size / 1e6, 1) for name, size in parts.most_common()}
    return {"total": round(sum(parts.values()) / 1e6, 1), **sizes}


def _part(path: Path, inside: Path) -> str:
    """`numpy` and `numpy.libs` are one part; what lies about by itself is the system's or Python's."""
    if not path.is_relative_to(inside):
        return "program"
    first, *others = path.relative_to(inside).parts
    return first.removesuffix(".libs") if others else "shared libraries"


def as_text(sizes: dict[str, float]) -> str:
    """For people: the parts over one MB."""
    shown = {name: size for name, size in sizes.items() if size >= 1 and name != "total"}
    rest = sizes["total"] - sum(shown.values())
    shown |= {"the rest": rest, "total": sizes["total"]}
    return "\n".join(f"{size:8.1f} MB  {name}" for name, size in shown.items())


if __name__ == "__main__":
    sys.exit(main())
