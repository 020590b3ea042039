"""The finished folder with what a desktop wants to know, in one archive: `python -m installer.tarball [--full]`.

For Linux without dpkg, and for people who may not install packages.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from installer import build, freezing, linux_files
from models.registry import default_models_dir
from sfu.rtp.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Makes one archive; prints where it is and what it weighs."""
    parser = argparse.ArgumentParser(description="Make a tarball of dist/parley.")
    parser.add_argument("--full", action="store_true", help="with weights inside")
    parser.add_argument("--folder", type=Path, default=build.FOLDER, help="the finished program (%(default)s)")
    parser.add_argument("--models-dir", type=Path, default=default_models_dir(), help="where the weights are")
    parser.add_argument("--dist", type=Path, default=build.DIST, metavar="DIR", help="where to (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        archive = make(options.folder, options.dist, options.models_dir if options.full else None)
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    print(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB)")
    return 0


def make(folder: Path, dist: Path, weights: Path | None) -> Path:
    """The archive; in it one folder of the archive's name."""
    name = f"parley{'-full' if weights else ''}-{linux_files.VERSION}-linux-{platform.machine()}"
    root = dist / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "parley", symlinks=True, copy_function=os.link)
    inside = build.contents(root / "parley")
    if weights is not None:
        linux_files.put_weights(inside, weights)
    linux_files.desktop_files(root / "share")
    line = f"sudo apt-get install {' '.join([*linux_files.dependencies(inside), *linux_files.recommended()])}"
    told = (linux_files.SOURCES / "INSTALL").read_text("utf-8").replace("@DEPENDENCIES@", line)
    (root / "INSTALL").write_text(told, "utf-8")
    for document in freezing.BESIDE:
        shutil.copyfile(freezing.ROOT / document, root / document)
    archive = dist / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=5) as tar:
        tar.add(root, name, filter=_nobodys)
    shutil.rmtree(root)
    return archive


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name of who built it."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


if __name__ == "__main__":
    sys.exit(main())
