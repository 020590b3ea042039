"""All witnesses of one check, what they say together, and what spoilt it.

Two faces, sunglasses or a microphone that is off leave a check without what it needs to call a camera *consistent*;
that a loop was seen is seen all the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.core.expressions import Unclear
from models.deepfake.challenge import EACH_S, Act, Question, challenge
from models.deepfake.detector import detector
from models.deepfake.fusion import Finding, Verdict, fuse
from models.deepfake.illumination import Shown, illumination
from models.deepfake.lips import lips
from models.deepfake.liveness import liveness
from models.deepfake.provenance import provenance
from models.deepfake.repetition import repetition
from models.deepfake.speech import Speech
from models.deepfake.witness import Look, Opinion, Reason

# Fewer than this a second, where fifteen are meant: gestures are missed.
FEWEST = 10.0
# A second of looking away is no reason; these shares of the check are.
SEVERAL, AWAY, UNCLEAR = 0.2, 0.3, 0.5
_SPOILT = {Unclear.COVERED: Reason.COVERED, Unclear.DARK: Reason.TOO_DARK, Unclear.SMALL: Reason.TOO_SMALL}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked of the person, and what else is known.  `heard` None: there were no captions; `voice`: their
    microphone was on."""

    asked: tuple[Question, ...] = ()
    shown: tuple[Shown, ...] = ()
    code: str = ""
    heard: str | None = None
    same_certificate: bool = True
    voice: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """`spoilt`: what kept the check from telling more."""

    verdict: Verdict
    spoilt: Reason | None
    opinions: tuple[Opinion, ...]


def judge(
    looks: Sequence[Look], speech: Speech, others: Sequence[Speech], evidence: Evidence, chance: random.Random
) -> Judgement:
    """`others`: what strangers said (see `lips`)."""
    trained = [detector(looks)] if any(look.forged is not None for look in looks) else []
    finding = fuse([
        *trained,
        repetition(looks),
        lips(_reading(looks, evidence), speech, others),
        liveness(looks),
        challenge(looks, evidence.asked),
        illumination(looks, evidence.shown, chance),
        provenance(evidence.code, evidence.heard, evidence.same_certificate),
    ])
    return _judged(finding, spoilt(looks, speech, evidence))


def spoilt(looks: Sequence[Look], speech: Speech, evidence: Evidence) -> Reason | None:
    """The gravest first."""
    seconds = looks[-1].at - looks[0].at if looks else 0.0
    if len(looks) < FEWEST * max(seconds, _asked_for(evidence), 1.0):
        return Reason.FEW_PICTURES
    still = [look for look in looks if not _is_busy(look.at, evidence.asked)]
    if _share(look.faces > 1 for look in still) > SEVERAL:
        return Reason.SEVERAL_FACES
    if _share(look.faces == 0 for look in still) > AWAY:
        return Reason.NO_FACE
    seen = [look.unclear for look in still if look.faces == 1]
    for unclear, reason in _SPOILT.items():
        if _share(each is unclear for each in seen) > UNCLEAR:
            return reason
    return Reason.NO_SOUND if not evidence.voice or speech.silent else None


def _judged(finding: Finding, spoilt: Reason | None) -> Judgement:
    if finding.verdict is Verdict.INCONSISTENT:
        return Judgement(finding.verdict, None, finding.opinions)
    verdict = finding.verdict if spoilt is None else Verdict.INCONCLUSIVE
    return Judgement(verdict, spoilt, finding.opinions)


def _reading(looks: Sequence[Look], evidence: Evidence) -> list[Look]:
    """While nobody turns away or covers the mouth."""
    return [look for look in looks if not _is_busy(look.at, evidence.asked)]


def _is_busy(at: float, asked: Sequence[Question]) -> bool:
    """Something was asked that hides or turns the face."""
    return any(each.at <= at < each.at + EACH_S and each.act is not Act.BLINK for each in asked)


def _asked_for(evidence: Evidence) -> float:
    """How long the pictures should cover, at least."""
    moments = [*(each.at for each in evidence.asked), *(each.at for each in evidence.shown)]
    return max(moments) - min(moments) if moments else 0.0


def _share(facts: Iterable[bool]) -> float:
    counted = list(facts)
    return float(np.mean(counted)) if counted else 0.0
