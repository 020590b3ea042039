"""A trained detector as one more witness, where somebody has installed one; never the judge.

None ships: of the weights that can be had, none told our forgeries from people better than chance (README).  Who trusts
one puts it into the folder of models, as `deepfake-detector/detector.onnx`, with a `detector.json` beside it that says
what it wants and what its bytes must be (`Described`).  A file that is not what it says is refused, and said so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell, score_of
from models.faces.points import Picture
from models.faces.regions import Region
from models.onnx_session import open_session
from sfu.rtp.errors import ErrorCode, UserError

NAME = "detector"
FOLDER, NETWORK, DESCRIPTION = "deepfake-detector", "detector.onnx", "detector.json"
# A network of somebody else's may be slow; a forgery does not come and go within half a second.
ASK_EVERY_S = 0.5
FEWEST = 6
# Mean probability of a forgery.
FORGED, GENUINE = 0.8, 0.2

_Triple = Annotated[list[float], Field(min_length=3, max_length=3)]


class Described(BaseModel):
    """`detector.json`.  The network takes one face, (1, 3, side, side) RGB, 0..1, less `mean`, over `std`; its output's
    number at `forged` is the probability, or where it has several numbers (`logits`) the share after a softmax."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    side: Annotated[int, Field(ge=16, le=1024)]
    mean: _Triple = [0.0, 0.0, 0.0]
    std: _Triple = [1.0, 1.0, 1.0]
    forged: Annotated[int, Field(ge=0, le=1000)] = 0
    output: Literal["probability", "logits"] = "probability"


class Detector:
    def __init__(self, folder: Path, device: str, threads: int) -> None:
        """Raises UserError when its files are not what they say, or the device cannot be used."""
        network = (folder / NETWORK).read_bytes()
        try:
            self._wants = Described.model_validate_json((folder / DESCRIPTION).read_bytes())
        except (ValidationError, OSError) as error:
            raise _refused(f"{DESCRIPTION} does not describe it") from error
        if hashlib.sha256(network).hexdigest() != self._wants.sha256:
            raise _refused(f"{NETWORK} is not the file that {DESCRIPTION} names")
        self._session = open_session(network, device, threads)
        self._input = self._session.get_inputs()[0].name

    def forged(self, picture: Picture, region: Region) -> float:
        """Probability, 0..1, that this face is a forgery; NaN where the network answers nonsense."""
        wants = self._wants
        face = region.cut(picture, wants.side).astype(np.float32) / 255
        face = (face - np.array(wants.mean, np.float32)) / np.array(wants.std, np.float32)
        answer = np.ravel(self._session.run(None, {self._input: face.transpose(2, 0, 1)[None]})[0]).astype(float)
        if wants.forged >= len(answer):
            return float("nan")
        return float(_shares(answer)[wants.forged] if wants.output == "logits" else answer[wants.forged])


def installed(models: Path, device: str, threads: int) -> Detector | None:
    """The one in the folder of models, if there is one.  Raises UserError as `Detector`."""
    folder = models / FOLDER
    return Detector(folder, device, threads) if (folder / NETWORK).exists() else None


def detector(looks: Sequence[Look]) -> Opinion:
    said = [(look.at, look.forged) for look in looks if look.forged is not None and 0 <= look.forged <= 1]
    if len(said) < FEWEST:
        return cannot_tell(NAME, Reason.TOO_SHORT)
    plot = np.array(said) - (said[0][0], 0.0)
    mean = float(plot[:, 1].mean())
    return Opinion(NAME, score_of(mean, FORGED, GENUINE), mean, (FORGED + GENUINE) / 2, plot=plot)


def _shares(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum())


def _refused(why: str) -> UserError:
    return UserError(ErrorCode.MISSING_MODEL, f"The installed deepfake detector is not used: {why}. Remove or mend it.")
