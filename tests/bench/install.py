"""`install`: what the finished packages cost, and how long it takes until somebody is in a meeting.

On a computer of its own without a network (`tests.system.machine`), as a person would: dpkg, the menu entry, *Start
meeting*, a second one who joins and speaks.  Needs packages: `make packages`, or `--packages DIR`.

- `installed_mb`: of the lean package, on the disk, in 10^6 bytes.  `full_mb`: with weights inside.
- `start_s`: from the command to the first picture of the window, median; `first_start_s`: right after installing.
- `install_to_meeting_s`: dpkg, starting the window, and from the press of *Start meeting* to the link on the clipboard.
- `stray_processes`: of Parley's, forty seconds after everybody has left (work on a meeting's minutes ends by itself).
  `captions`: final ones that the second instance received.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.system import visit
from tests.system.machine import UNABLE, WHY, machine

SHORT = ()
PACKAGES = Path(__file__).resolve().parents[2] / "dist"


def run(argv: Sequence[str]) -> dict[str, Any]:
    """The keys above.  Raises OSError where packages or tools are lacking."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench install")
    parser.add_argument("--packages", type=Path, default=PACKAGES, metavar="DIR", help="default: %(default)s")
    packages = parser.parse_args(argv).packages
    if UNABLE or visit.LACKING:
        raise OSError(", ".join([WHY, *visit.LACKING]))
    lean, full = (_package(packages, name) for name in ("parley", "parley-full"))
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="parley-pictures-") as pictures, machine() as computer:
        story = visit.tell(computer, full, Path(pictures))
    return {
        "installed_mb": _installed_mb(lean), "full_mb": _installed_mb(full),
        "package_mb": round(lean.stat().st_size / 1e6), "full_package_mb": round(full.stat().st_size / 1e6),
        "start_s": round(statistics.median(story.start_s[1:]), 2), "first_start_s": story.start_s[0],
        "install_s": round(story.install_s, 1), "install_to_meeting_s": round(story.install_to_meeting_s, 1),
        "stray_processes": len(story.stray), "captions": sum(caption["final"] for caption in story.captions),
        "load": load,
    }  # fmt: skip


def _package(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"{name}_*.deb"))
    if not found:
        raise OSError(f"{name}_*.deb is not in {folder}; `make packages` makes it")
    return found[-1]


def _installed_mb(package: Path) -> float:
    said = subprocess.run(["dpkg-deb", "--field", str(package), "Installed-Size"], capture_output=True, text=True,
                          check=True).stdout
    return round(int(said) * 1024 / 1e6, 1)
