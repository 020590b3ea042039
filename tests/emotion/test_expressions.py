"""What two witnesses say is weighed; what cannot be seen is not guessed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.expressions import ACTION_UNITS, LABELS, Unclear, View, Weighing, features
from models.emotion.reader import load_weighing

FRONTAL = View(presence=1.0, yaw=2.0, pitch=6.0, eyes_apart=60.0, brightness=120.0, contrast=45.0, least_detail=0.6)
SHAPES = [name for names in ACTION_UNITS.values() for name in names]
SHARE = st.floats(0, 1)


def at_rest() -> dict[str, float]:
    return dict.fromkeys(SHAPES, 0.02)


def believes(label: str, share: float = 0.6) -> list[float]:
    rest = (1 - share) / (len(LABELS) - 1)
    return [share if one == label else rest for one in LABELS]


def test_a_frontal_face_in_good_light_may_be_judged() -> None:
    assert FRONTAL.unclear is None


@pytest.mark.parametrize(("changed", "why"), [
    ({"yaw": -40.0}, Unclear.TURNED),
    ({"pitch": 35.0}, Unclear.TURNED),
    ({"eyes_apart": 10.0}, Unclear.SMALL),
    ({"brightness": 12.0}, Unclear.DARK),
    ({"contrast": 3.0}, Unclear.DARK),
    ({"least_detail": 0.05}, Unclear.COVERED),
    ({"presence": 0.4}, Unclear.COVERED),
])  # fmt: skip
def test_what_cannot_be_seen_is_unclear_and_says_why(changed: dict[str, float], why: Unclear) -> None:
    assert replace(FRONTAL, **changed).unclear is why


def test_muscles_that_smile_outweigh_a_classifier_that_sees_anger() -> None:
    smiling = at_rest() | {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9, "mouthUpperUpLeft": 0.5}

    judged = load_weighing().probabilities(smiling, believes("angry"))

    assert LABELS[judged.index(max(judged))] == "happy"


def test_a_face_at_rest_is_neutral_though_the_classifier_leans_to_sad() -> None:
    judged = load_weighing().probabilities(at_rest(), [0.15, 0.01, 0.05, 0.02, 0.42, 0.01, 0.34])

    assert LABELS[judged.index(max(judged))] == "neutral"


@given(st.lists(SHARE, min_size=len(SHAPES), max_size=len(SHAPES)), st.lists(SHARE, min_size=7, max_size=7))
def test_whatever_the_witnesses_say_the_probabilities_are_some_of_one(shapes: list[float], belief: list[float]) -> None:
    judged = load_weighing().probabilities(dict(zip(SHAPES, shapes, strict=True)), belief)

    assert sum(judged) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in judged)


def test_a_classifier_that_rules_something_out_does_not_get_the_last_word() -> None:
    assert min(features(at_rest(), [1.0, 0, 0, 0, 0, 0, 0])) == pytest.approx(math.log(1e-4))


def test_a_table_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="7 rows of 23"):
        Weighing(((0.0,) * 22,) * 7, (0.0,) * 7)
