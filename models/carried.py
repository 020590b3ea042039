"""What somebody brings to a computer without internet: a file that `parley models bundle` wrote, or a folder.

Says what is in it before anything is copied: what can be taken, what is here already, what is no use and why.  Names
and sizes are looked at here; whether the bytes are right shows when they are copied (`Registry.take`).  A folder may
hold the files of one model, a folder for each, or bundles: the stick itself can be given.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.catalogue import WEIGHTS_OF, Model
from models.registry import Registry, State
from sfu.rtp.errors import ErrorCode, UserError

_ZIP_BEGINS = b"PK\x03\x04"
_LOOSE = ""
"""Where files lie that are in no folder of their own."""


class Fate(StrEnum):
    """What can be done with a model that is in it."""

    WANTED = "wanted"
    HERE = "here"
    OTHER = "other"
    """Its files are not those that this version of Parley needs."""
    PART = "part"
    """Some of its files are missing."""
    UNKNOWN = "unknown"
    """This version of Parley knows no model of that name."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One model; `place` is the bundle or the folder that has it, `size` what it takes in bytes, 0 if unknown."""

    name: str
    fate: Fate
    place: Path
    title: str = ""
    size: int = 0


class Reason(StrEnum):
    """Why nothing can be taken from a place."""

    NO_BUNDLE = "no_bundle"
    CUT_OFF = "cut_off"
    NOTHING = "nothing"
    UNREADABLE = "unreadable"


class Useless(UserError):
    """Nothing can be taken from there; `reason` for programs."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(ErrorCode.MISSING_MODEL, sentence)
        self.reason = reason


Listing = Mapping[str, Mapping[str, int]]
"""Bytes of each file, by folder and name."""


def survey(place: Path, registry: Registry) -> list[Carried]:
    """What of the catalogue is in `place`, each model once, the most useful copy of it.  Raises Useless."""
    found: dict[str, Carried] = {}
    for carried in _everything(place, registry):
        old = found.get(carried.name)
        if old is None or _use(carried) < _use(old):
            found[carried.name] = carried
    if not found:
        raise Useless(Reason.NOTHING, f"There is nothing in {place} that Parley could use. Choose a file that "
                                      "`parley models bundle` made, or the folder with a model's files.")
    return list(found.values())


def _use(carried: Carried) -> int:
    return list(Fate).index(carried.fate)


def _everything(place: Path, registry: Registry) -> Iterator[Carried]:
    try:
        if not place.is_dir():
            yield from _judged(_in_bundle(place), place, registry)
            return
        listing, bundles = _in_folder(place)
    except OSError as error:
        raise Useless(Reason.UNREADABLE, f"{place} cannot be read ({error.strerror or error}).") from error
    yield from (carried for carried in _judged(listing, place, registry) if carried.fate is not Fate.UNKNOWN)
    for bundle in bundles:
        yield from _judged(_bundle_or_nothing(bundle), bundle, registry)


def _in_bundle(file: Path) -> Listing:
    with file.open("rb") as opened:
        begins = opened.read(len(_ZIP_BEGINS))
    try:
        with zipfile.ZipFile(file) as bundle:
            members = [(info.filename.rpartition("/"), info.file_size) for info in bundle.infolist()]
    except zipfile.BadZipFile as error:
        if begins == _ZIP_BEGINS:   # its list of contents stands at the end
            raise Useless(Reason.CUT_OFF, f"{file.name} is damaged, or was not copied to its end. "
                                          "Copy it to the stick again.") from error
        raise Useless(Reason.NO_BUNDLE, f"{file.name} is no bundle of models. "
                                        "Choose a file that `parley models bundle` made.") from error
    listing: dict[str, dict[str, int]] = {}
    for (folder, _, name), size in members:
        if name:
            listing.setdefault(folder, {})[name] = size
    return listing


def _bundle_or_nothing(file: Path) -> Listing:
    """A stick carries all sorts of archives; only one that was given by itself is complained of."""
    try:
        return _in_bundle(file)
    except (Useless, OSError):
        return {}


def _in_folder(folder: Path) -> tuple[Listing, list[Path]]:
    listing: dict[str, dict[str, int]] = {_LOOSE: {}}
    bundles = []
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.name.startswith("."):
            listing[entry.name] = {file.name: file.stat().st_size for file in entry.iterdir() if file.is_file()}
        elif entry.suffix.lower() == ".zip":
            bundles.append(entry)
        elif entry.is_file():
            listing[_LOOSE][entry.name] = entry.stat().st_size
    return listing, bundles


def _judged(listing: Listing, place: Path, registry: Registry) -> Iterator[Carried]:
    models = [model for model in registry.models() if model.bundled is None]
    for model in models:
        if (files := _files_of(model, listing)) is not None:
            yield Carried(model.id, _fate(model, files, registry), place, model.title, model.size)
    known = {model.id for model in registry.models()} | {_LOOSE}
    for folder, files in listing.items():
        if folder not in known and any(_is_weights(name) for name in files):
            yield Carried(folder, Fate.UNKNOWN, place)


def _files_of(model: Model, listing: Listing) -> Mapping[str, int] | None:
    """Those in the folder of its name, or loose ones that are exactly its own: many models have a `model.bin`."""
    if model.id in listing:
        return listing[model.id]
    loose = listing.get(_LOOSE, {})
    return loose if all(loose.get(file.name) == file.size for file in model.files) else None


def _fate(model: Model, files: Mapping[str, int], registry: Registry) -> Fate:
    if registry.status(model.id).state is State.READY:
        return Fate.HERE
    if any(files.get(file.name, file.size) != file.size for file in model.files):
        return Fate.OTHER
    return Fate.WANTED if all(file.name in files for file in model.files) else Fate.PART


def _is_weights(name: str) -> bool:
    return name.endswith(tuple(WEIGHTS_OF.values()))
