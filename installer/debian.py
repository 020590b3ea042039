"""Debian packages from the finished folder: `python -m installer.debian [--full]`.

Two variants of one program.  `parley` is lean: weights are fetched, or brought on a stick.  `parley-full` has them
inside, so that a computer that never saw the internet has captions.  Installing one replaces the other.  Nothing is
run as root when a package is installed or removed, no port is opened and nobody's data is touched: what people and
meetings made lies in their home folders.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import build, freezing, linux_files
from models.registry import default_models_dir
from sfu.rtp.errors import UserError

PROGRAM = "usr/lib/parley"
MAINTAINER = "The Parley authors <parley@localhost>"
DEADLINE_S = 900


def main(argv: Sequence[str] | None = None) -> int:
    """Makes one package; prints where it is and what it weighs."""
    parser = argparse.ArgumentParser(description="Make a Debian package of dist/parley.")
    parser.add_argument("--full", action="store_true", help="with weights inside")
    parser.add_argument("--folder", type=Path, default=build.FOLDER, help="the finished program (%(default)s)")
    parser.add_argument("--models-dir", type=Path, default=default_models_dir(), help="where the weights are")
    parser.add_argument("--dist", type=Path, default=build.DIST, metavar="DIR", help="where to (default: %(default)s)")
    options = parser.parse_args(argv)
    if not (options.folder / "parley").exists():
        parser.error(f"{options.folder} is not there yet: `make installer` makes it")
    try:
        package = make(options.folder, options.dist, options.models_dir if options.full else None)
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    print(f"{package} ({package.stat().st_size / 1e6:.0f} MB)")
    return 0


def make(folder: Path, dist: Path, weights: Path | None, version: str = linux_files.VERSION) -> Path:
    """The package file.  `weights`: the models folder for the full variant; None for the lean one."""
    name = "parley-full" if weights else "parley"
    root = dist / f"{name}.tree"
    shutil.rmtree(root, ignore_errors=True)
    fill(root, folder, weights)
    control(root, name, version)
    package = dist / f"{name}_{version}_{architecture()}.deb"
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


def control(root: Path, name: str, version: str) -> None:
    """What dpkg has to know."""
    other = "parley" if name == "parley-full" else "parley-full"
    size = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    fields = {
        "Package": name, "Version": version, "Architecture": architecture(), "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024), "Section": "net", "Priority": "optional",
        "Depends": ", ".join(linux_files.dependencies(build.contents(root / PROGRAM))),
        "Recommends": ", ".join(linux_files.recommended()),
        "Conflicts": other, "Replaces": other, **({"Provides": "parley"} if other == "parley" else {}),
        "Description": "meetings on the local network, with live captions and without a cloud\n"
                       " One person hosts, everybody else joins from the same program or a browser. Captions carry\n"
                       " the speaker's exact name; speech is recognised on the host's computer and leaves it nowhere."
                       + ("\n .\n This variant has the weights for captions inside." if other == "parley" else ""),
    }
    folder = root / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text("".join(f"{key}: {value}\n" for key, value in fields.items()), "utf-8")
    (folder / "conffiles").write_text("/etc/ufw/applications.d/parley\n", "utf-8")


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True)
    shutil.copyfile(linux_files.SOURCES / name, target)


if __name__ == "__main__":
    sys.exit(main())
