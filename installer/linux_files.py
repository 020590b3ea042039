"""What a Linux desktop wants to know of a program: its menu entry, its icons, its ports, what it needs.

The same for the Debian package and for the tarball (`packages.py`); who puts it where is in `debian.py` and
`tarball.py`.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path

from app import __version__
from installer import freezing, slimming
from installer.system_packages import RUNTIME
from models.registry import Registry, State
from models.weights import note_verified

SOURCES = freezing.ROOT / "installer" / "linux"
ICON = freezing.ROOT / "resources" / "web" / "icon.svg"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
VERSION = __version__
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

class Variant(StrEnum):
    """One program, packed in three ways; installing one replaces another.  The value is the package's name."""

    LEAN = "parley"
    """Weights are fetched, or brought on a stick."""
    FULL = "parley-full"
    """Weights inside, so that a computer that never saw the internet has captions."""
    CUDA = "parley-cuda"
    """Without weights; with NVIDIA's libraries inside, so that captions can run on a graphics card."""

    @property
    def folder(self) -> str:
        """Of the finished program, in `dist`."""
        return freezing.CUDA_FOLDER if self is Variant.CUDA else freezing.LEAN_FOLDER


# Captions, guesses from faces, and blur, on a computer that never sees the internet.
FULL_WEIGHTS = ("whisper-base", "face-landmarker", "expressions-fer2013", "selfie-segmentation")
_IN_CACHE = re.compile(r"^\s(\S+) \(([^)]*)\) => (\S+)$")


def desktop_files(share: Path) -> None:
    """Menu entry, `parley:` links and icons, below a `share` folder."""
    applications = share / "applications"
    applications.mkdir(parents=True)
    shutil.copyfile(SOURCES / "parley.desktop", applications / "parley.desktop")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(ICON, scalable / "parley.svg")
    for size in ICON_SIZES:
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        draw_icon(folder / "parley.png", size)


def draw_icon(file: Path, size: int) -> None:
    """The icon as a square PNG of `size` pixels."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    if not picture.save(str(file)):
        raise OSError(f"{file} could not be written")


def put_weights(inside: Path, models_dir: Path) -> None:
    """Copies the weights of the full variant into the program.  Raises UserError when one is not ready."""
    registry = Registry(models_dir)
    for name in FULL_WEIGHTS:
        status = registry.status(name)
        source = status.path if status.state is State.READY else registry.path(name)
        target = inside / "weights" / name
        target.mkdir(parents=True)
        for file in status.model.files:
            shutil.copyfile(source / file.name, target / file.name)
            # Packages keep whole seconds; with these the note is still true on the computer it is installed on.
            os.utime(target / file.name, (1_700_000_000, 1_700_000_000))
        note_verified(target, status.model.files)


def dependencies(inside: Path) -> list[str]:
    """Debian packages without which the program does not start: those known, and those whose libraries it links."""
    known = [package.name for package in RUNTIME if not package.name.startswith("fonts-")]
    # What was compiled here asks for this C library or a newer one.
    return sorted({*known, *linked(inside) - {"libc6"}, f"libc6 (>= {platform.libc_ver()[1]})"})


def recommended() -> list[str]:
    """Fonts: without them there are boxes for letters, on a desktop that has none of its own."""
    return [package.name for package in RUNTIME if package.name.startswith("fonts-")]


def linked(inside: Path) -> set[str]:
    """Packages that own the libraries which the program needs and does not bring."""
    if shutil.which("dpkg") is None:   # a tarball made elsewhere: its INSTALL names those known
        return set()
    owners = set()
    wanted = slimming.wanted_elsewhere(inside)
    for path in (where for name, where in _cache().items() if name in wanted):
        asked = subprocess.run(["dpkg", "--search", path, os.path.realpath(path), f"/usr{path}"], capture_output=True,
                               text=True, check=False)
        owners |= {line.split(":")[0] for line in asked.stdout.splitlines() if not line.startswith("diversion")}
    return owners


def _cache() -> dict[str, str]:
    """The dynamic linker's own list: library and path, for this machine's kind."""
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found = [match for line in listed.splitlines() if (match := _IN_CACHE.match(line.replace("\t", " ")))]
    return {match[1]: match[3] for match in found if "x86-64" in match[2] or "AArch64" in match[2]}
