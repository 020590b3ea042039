"""Weights in one file, to carry to a computer that never sees the internet.

A bundle is a ZIP with a folder a model, stored as it is (weights do not compress).  It is believed no more than any
other source: what comes out of it must have the digests of the catalogue.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from models.catalogue import Model, WeightFile
from models.sources import Report, SourceFailed, place
from sfu.rtp.errors import ErrorCode, UserError

CHUNK = 1 << 20


def write_bundle(path: Path, models: Sequence[tuple[Model, Path]], progress: Callable[[str, int, int], None]) -> None:
    """Writes the ready folders of `models` to `path`, whole or not at all; `progress` is told name, bytes, total.

    UserError when the disk will not take it.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    total, done = sum(model.size for model, _ in models), 0
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED, strict_timestamps=False) as bundle:
            for model, folder in models:
                for file in model.files:
                    progress(model.id, done, total)
                    bundle.write(folder / file.name, f"{model.id}/{file.name}")
                    done += file.size
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UserError(
            ErrorCode.MISSING_MODEL, f"The bundle could not be written to {path} ({error.strerror or error})."
        ) from error
    progress("", total, total)


def from_bundle(path: Path, model: str, wanted: Sequence[WeightFile], stage: Path, report: Report) -> None:
    """Takes the files of `model` out of a bundle; SourceFailed names what is not in it, or not right."""
    total, done = sum(file.size for file in wanted), 0
    try:
        with zipfile.ZipFile(path) as bundle:
            for file in wanted:
                report(done, total, f"unpacking {file.name}")
                _unpack(bundle, f"{model}/{file.name}", file, stage)
                done += file.size
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceFailed(f"{path.name} cannot be read: {error}") from error


def _unpack(bundle: zipfile.ZipFile, member: str, file: WeightFile, stage: Path) -> None:
    try:
        info = bundle.getinfo(member)
    except KeyError:
        raise SourceFailed(f"{member} is not in it") from None
    if info.file_size != file.size:
        raise SourceFailed(f"{member} has {info.file_size} bytes, not {file.size}")
    with place(stage, file) as part, bundle.open(info) as source:
        shutil.copyfileobj(source, part, CHUNK)
