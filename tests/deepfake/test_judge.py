"""What spoils a check, and what it may still say then."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.core.expressions import Unclear
from models.deepfake.challenge import Act, Question
from models.deepfake.fusion import Verdict
from models.deepfake.judge import Evidence, Judgement, judge
from models.deepfake.speech import Speech, speech_of
from models.deepfake.strangers import strangers
from models.deepfake.witness import Floats, Look, Reason
from tests.deepfake.people import head, look, moments, scene, shapes, syllables, voice

SECONDS = 8.0
OPENING = syllables(1, SECONDS + 1)
SPOKEN = speech_of(voice(OPENING, SECONDS + 1, 1), 0.0)
SILENT = Speech(SPOKEN.at, SPOKEN.level, silent=True)


def talks(seconds: float = SECONDS) -> list[Look]:
    return [look(at, points=head(OPENING(at)), shapes=shapes(OPENING(at))) for at in moments(seconds)]


def judged(looks: Sequence[Look], speech: Speech = SPOKEN, evidence: Evidence = Evidence()) -> Judgement:  # noqa: B008
    return judge(looks, speech, strangers(), evidence, random.Random(1))


def test_somebody_who_speaks_and_moves_is_consistent() -> None:
    judgement = judged(talks())

    assert (judgement.verdict, judgement.spoilt) == (Verdict.CONSISTENT, None)
    assert {opinion.witness for opinion in judgement.opinions} == {
        "repetition", "lips", "liveness", "challenge", "illumination", "provenance",
    }  # fmt: skip


def spoiling(looks: Sequence[Look], **changes: object) -> list[Look]:
    return [replace(each, **changes) if place % 10 < 6 else each for place, each in enumerate(looks)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("changes", "reason"), [
    ({"faces": 2}, Reason.SEVERAL_FACES),
    ({"faces": 0, "points": None, "shapes": None}, Reason.NO_FACE),
    ({"unclear": Unclear.COVERED}, Reason.COVERED),
    ({"unclear": Unclear.DARK}, Reason.TOO_DARK),
    ({"unclear": Unclear.SMALL}, Reason.TOO_SMALL),
])  # fmt: skip
def test_two_faces_a_face_that_leaves_sunglasses_darkness_and_distance_are_inconclusive(
    changes: dict[str, object], reason: Reason
) -> None:
    judgement = judged(spoiling(talks(), **changes))

    assert (judgement.verdict, judgement.spoilt) == (Verdict.INCONCLUSIVE, reason)


def test_without_sound_it_is_inconclusive() -> None:
    assert judged(talks(), SILENT).spoilt is Reason.NO_SOUND
    assert judged(talks(), SPOKEN, Evidence(voice=False)).spoilt is Reason.NO_SOUND
    assert judged(talks(), SILENT).verdict is Verdict.INCONCLUSIVE


def test_a_network_that_loses_most_pictures_or_the_rest_of_them_is_inconclusive() -> None:
    asked = (Question(Act.BLINK, 1.0), Question(Act.BLINK, 12.0))

    assert judged(talks()[::3]).spoilt is Reason.FEW_PICTURES
    assert judged(talks(4.0), evidence=Evidence(asked)).spoilt is Reason.FEW_PICTURES
    assert judged([], SILENT).verdict is Verdict.INCONCLUSIVE


def test_a_loop_is_a_loop_whatever_else_is_wrong() -> None:
    def looped(at: float) -> Floats:
        return scene(at % 1.5)

    looks = [replace(each, thumb=looped(each.at), faces=2) for each in talks()]

    assert judged(looks, SILENT).verdict is Verdict.INCONSISTENT


def test_who_turns_away_because_they_were_asked_to_has_not_left() -> None:
    asked = (Question(Act.TURN_LEFT, 1.0), Question(Act.COVER, 4.0))
    away = {"faces": 0, "points": None, "shapes": None, "mouth": None}
    looks = [replace(each, **away) if 1.5 < each.at < 6.5 else each for each in talks(12.0)]

    assert judged(looks, evidence=Evidence(asked)).spoilt is None
