"""Debian packages from the finished folder.

Nothing is run as root when a package is installed or removed, no port is opened and nobody's data is touched: what
people and meetings made lies in their home folders.
"""

from __future__ import annotations

import gzip
import os
import platform
import shutil
import subprocess
from pathlib import Path

from installer import build, freezing, linux_files
from installer.linux_files import Variant

PROGRAM = "usr/lib/parley"
MAINTAINER = "The Parley authors <parley@localhost>"
DEADLINE_S = 1800


def make(variant: Variant, folder: Path, dist: Path, models_dir: Path, version: str = linux_files.VERSION) -> Path:
    """The package file of the program in `folder`.  `models_dir`: where the weights of the full variant are."""
    root = dist / f"{variant}.tree"
    shutil.rmtree(root, ignore_errors=True)
    fill(root, folder, models_dir if variant is Variant.FULL else None)
    control(root, variant, version)
    package = dist / f"{variant}_{version}_{architecture()}.deb"
    # zstd: dpkg of Debian 12 and Ubuntu 22.04 reads it, and installing takes seconds instead of a minute.
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z6", "--build", str(root), str(package)]
    subprocess.run(command, check=True, timeout=DEADLINE_S, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)
    return package


def architecture() -> str:
    """Debian's name for this kind of machine."""
    return linux_files.ARCHITECTURES[platform.machine()]


def fill(root: Path, folder: Path, weights: Path | None) -> None:
    """The files as they will lie on the disk."""
    program = root / PROGRAM
    # Links, not copies: the tree lives for as long as dpkg-deb reads it.
    shutil.copytree(folder, program, symlinks=True, copy_function=os.link)
    if weights is not None:
        linux_files.put_weights(build.contents(program), weights)
    linux_files.desktop_files(root / "usr/share")
    command = root / "usr/bin/parley"
    command.parent.mkdir(parents=True)
    command.symlink_to("../lib/parley/parley")
    _copy("ufw.profile", root / "etc/ufw/applications.d/parley")
    _copy("firewalld.xml", root / "usr/lib/firewalld/services/parley.xml")
    _documents(root / "usr/share/doc")


def _documents(doc: Path) -> None:
    doc = doc / "parley"
    doc.mkdir(parents=True)
    notice, licence = ((freezing.ROOT / name).read_text("utf-8") for name in ("NOTICE", "LICENSE"))
    (doc / "copyright").write_text(f"{notice}\n{licence}", "utf-8")
    with gzip.GzipFile(doc / "changelog.gz", "wb", mtime=0) as changelog:
        changelog.write((freezing.ROOT / "CHANGELOG.md").read_bytes())


_ABOUT = {
    Variant.LEAN: "",
    Variant.FULL: "\n .\n This variant has the weights for captions inside.",
    Variant.CUDA: "\n .\n This variant has NVIDIA's libraries inside, for captions on a graphics card.",
}


def control(root: Path, variant: Variant, version: str) -> None:
    """What dpkg has to know."""
    others = ", ".join(other for other in Variant if other is not variant)
    size = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    fields = {
        "Package": variant, "Version": version, "Architecture": architecture(), "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024), "Section": "net", "Priority": "optional",
        "Depends": ", ".join(linux_files.dependencies(build.contents(root / PROGRAM))),
        "Recommends": ", ".join(linux_files.recommended()),
        "Conflicts": others, "Replaces": others, **({} if variant is Variant.LEAN else {"Provides": Variant.LEAN}),
        "Description": "meetings on the local network, with live captions and without a cloud\n"
                       " One person hosts, everybody else joins from the same program or a browser. Captions carry\n"
                       " the speaker's exact name; speech is recognised on the host's computer and leaves it nowhere."
                       + _ABOUT[variant],
    }
    folder = root / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text("".join(f"{key}: {value}\n" for key, value in fields.items()), "utf-8")
    (folder / "conffiles").write_text("/etc/ufw/applications.d/parley\n", "utf-8")


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True)
    shutil.copyfile(linux_files.SOURCES / name, target)
