"""The finished folder with what a desktop wants to know, in one archive.

For Linux without dpkg, and for people who may not install packages.
"""

from __future__ import annotations

import os
import platform
import shutil
import tarfile
from pathlib import Path

from installer import build, freezing, linux_files
from installer.linux_files import Variant


def make(variant: Variant, folder: Path, dist: Path, models_dir: Path) -> Path:
    """The archive of the program in `folder`; in it one folder of the archive's name."""
    name = f"{variant}-{linux_files.VERSION}-linux-{platform.machine()}"
    root = dist / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "parley", symlinks=True, copy_function=os.link)
    inside = build.contents(root / "parley")
    if variant is Variant.FULL:
        linux_files.put_weights(inside, models_dir)
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
