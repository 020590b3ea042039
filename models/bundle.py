"""Weights in one file, to carry to a computer that never sees the internet.

A bundle is a ZIP with a folder a model, stored as it is (weights do not compress).  It is believed no more than any
other source: what comes out of it must have the digests of the catalogue.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from models.catalogue import Model, WeightFile
from models.sources import FetchFrom, Report, SourceFailed, copy, place
from models.weights import fault
from sfu.rtp.errors import ErrorCode, UserError

# What zipfile says of a member whose bytes are wrong, or that needs a password or an unknown method.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def write_bundle(path: Path, models: Sequence[tuple[Model, Path]], progress: Callable[[str, int, int], None]) -> None:
    """Writes the ready folders of `models` to `path`, whole or not at all; `progress` is told name, bytes, total.

    UserError when the disk will not take it.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    total, done = sum(model.size for model, _ in models), 0
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as bundle:
            for model, folder in models:
                for file in model.files:
                    def received(so_far: int, before: int = done, name: str = model.id) -> None:
                        progress(name, before + so_far, total)

                    _pack(bundle, folder / file.name, f"{model.id}/{file.name}", received)
                    done += file.size
        draft.replace(path)
    except (OSError, SourceFailed) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise UserError(
            ErrorCode.MISSING_MODEL, f"The bundle could not be written to {path} ({reason})."
        ) from error
    finally:
        draft.unlink(missing_ok=True)   # stopped, or the stick is full


def _pack(bundle: zipfile.ZipFile, path: Path, member: str, received: Callable[[int], None]) -> None:
    info = zipfile.ZipInfo.from_file(path, member, strict_timestamps=False)
    with path.open("rb") as source, bundle.open(info, "w") as target:
        copy(source, target, received, path.name)


def from_zip(path: Path, prefix: str, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Takes files out of a bundle (`prefix`: the model's folder in it) or a publisher's archive (`prefix`: "").

    SourceFailed names what is not in it, or not right; OSError when the disk will not take it.
    """
    total, done = sum(file.size for file in wanted), 0
    with _opened(path) as bundle:
        for file in wanted:
            def received(so_far: int, before: int = done, name: str = file.name) -> None:
                report(before + so_far, total, f"unpacking {name}")

            _unpack(bundle, prefix + file.name, file, stage, received)
            done += file.size


def from_archive(
    archive: WeightFile, fetch: FetchFrom, wanted: Sequence[WeightFile], stage: Path, report: Report
) -> None:
    """Fetches `archive` by `fetch`, compares its digest, and takes the files out of it."""
    if fault(stage / archive.name, archive) is not None:   # an earlier, interrupted fetch may have had it already
        fetch([archive], stage, report)
    from_zip(stage / archive.name, "", wanted, stage, report)
    (stage / archive.name).unlink()


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceFailed(f"{path.name} cannot be read: {error}") from error


def _unpack(
    bundle: zipfile.ZipFile, member: str, file: WeightFile, stage: Path, received: Callable[[int], None]
) -> None:
    try:
        info = bundle.getinfo(member)
    except KeyError:
        raise SourceFailed(f"{member} is not in it") from None
    if info.file_size != file.size:
        raise SourceFailed(f"{member} has {info.file_size} bytes, not {file.size}")
    with place(stage, file) as part:
        try:
            with bundle.open(info) as source:
                copy(source, part, received, member)
        except DAMAGED as error:
            raise SourceFailed(f"{member} is damaged: {error}") from error
