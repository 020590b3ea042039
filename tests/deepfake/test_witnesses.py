"""Each witness on people and on attacks that it is there for; what it cannot tell, it does not."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest

from models.deepfake.challenge import EACH_S, Act, Question, challenge
from models.deepfake.fusion import Verdict, fuse
from models.deepfake.illumination import Shown, illumination, sequence
from models.deepfake.lips import lips
from models.deepfake.liveness import blinking, blinks, liveness
from models.deepfake.repetition import repetition
from models.deepfake.speech import Speech, speech_of
from models.deepfake.witness import Floats, Look, Opinion, Reason, score_of
from models.faces.pose import yaw_pitch
from tests.deepfake.people import HAND, MOUTH, Curve, head, look, moments, questions, scene, shapes, syllables, voice

SECONDS = 6.0
SEEDS = range(6)
ME, OTHERS = 1, (11, 12, 13)
HUES = [(255, 60, 60), (60, 255, 60), (80, 80, 255), (255, 230, 60), (60, 230, 255), (255, 70, 230)]


def noise(seed: int, thumb: Floats, how_much: float = 0.4) -> Floats:
    return np.asarray(thumb + np.random.default_rng(seed).normal(0, how_much, thumb.shape))


# -- repetition ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_people_never_repeat(seed: int) -> None:
    opinion = repetition([Look(at, scene(at, seed)) for at in moments(SECONDS)])
    assert opinion.score > 0.5
    assert opinion.plot is not None


@pytest.mark.parametrize("period", [0.9, 1.35, 2.5])
def test_a_loop_is_found_through_the_encoders_noise(period: float) -> None:
    looped = [Look(at, noise(place, scene(at % period))) for place, at in enumerate(moments(SECONDS))]
    assert repetition(looped).score < -0.5


def test_a_loop_that_is_brightened_over_time_is_still_one() -> None:
    looped = [Look(at, noise(place, scene(at % 1.5) + 3 * at)) for place, at in enumerate(moments(SECONDS))]
    assert repetition(looped).score < -0.5


def test_a_frozen_picture_is_found() -> None:
    frozen = [Look(at, noise(place, scene(0.0), 0.01)) for place, at in enumerate(moments(SECONDS))]
    assert repetition(frozen).score == -1.0


def test_a_very_still_room_is_no_evidence() -> None:
    still = [Look(at, noise(place, scene(0.0), 0.15)) for place, at in enumerate(moments(SECONDS))]
    assert repetition(still).reason is Reason.TOO_STILL


def test_two_pictures_say_nothing() -> None:
    assert repetition([Look(0.0, scene(0.0))]).reason is Reason.TOO_SHORT
    assert repetition([]).reason is Reason.TOO_SHORT


# -- lips ----------------------------------------------------------------------------------------------------


def talking(opening: Curve, seconds: float = SECONDS) -> list[Look]:
    return [look(at, points=head(opening(at)), shapes=shapes(opening(at))) for at in moments(seconds)]


def speeches(seeds: Sequence[int], seconds: float = SECONDS + 2) -> list[Speech]:
    return [speech_of(voice(syllables(seed, seconds), seconds, seed), 0.0) for seed in seeds]


@pytest.mark.parametrize("seed", SEEDS)
def test_lips_that_say_it_are_believed(seed: int) -> None:
    opening = syllables(seed, SECONDS)
    opinion = lips(talking(opening), speech_of(voice(opening, SECONDS), 0.0), speeches(OTHERS))
    assert opinion.score > 0.5
    assert opinion.plot is not None
    assert opinion.plot.shape[1] == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_somebody_elses_voice_is_not(seed: int) -> None:
    dubbed = speech_of(voice(syllables(seed + 100, SECONDS), SECONDS), 0.0)
    assert lips(talking(syllables(seed, SECONDS)), dubbed, speeches(OTHERS)).score < 0.3


def test_a_voice_that_comes_a_second_late_is_not() -> None:
    opening = syllables(ME, SECONDS)
    late = speech_of(voice(opening, SECONDS, late_s=1.0), 0.0)
    assert lips(talking(opening), late, speeches(OTHERS)).score < 0


def test_a_voice_without_any_movement_of_the_mouth_speaks_against_it() -> None:
    speech = speech_of(voice(syllables(ME, SECONDS), SECONDS), 0.0)
    assert lips(talking(lambda _: 0.1), speech, speeches(OTHERS)).score == -1.0


def test_a_photo_whose_outlines_tremble_does_not_speak() -> None:
    """Landmarks of a small picture jitter by a hundredth of the face; nothing else in it moves."""
    speech = speech_of(voice(syllables(ME, SECONDS), SECONDS), 0.0)
    chance = np.random.default_rng(ME)
    photo = [look(at, points=head(chance.normal(0.1, 0.067))) for at in moments(SECONDS)]
    assert lips(photo, speech, speeches(OTHERS)).score == -1.0


def test_who_hardly_opens_the_mouth_but_lives_is_compared_with_the_voice() -> None:
    opening = syllables(ME, SECONDS)
    mumbling = [look(at, points=head(0.25 * opening(at)), shapes=shapes(2 * opening(at))) for at in moments(SECONDS)]
    assert lips(mumbling, speech_of(voice(opening, SECONDS), 0.0), speeches(OTHERS)).score > 0.5


def test_silence_and_absence_are_no_evidence() -> None:
    opening = syllables(ME, SECONDS)
    quiet = speech_of(np.zeros(round(SECONDS * 16_000)), 0.0)
    speech = speech_of(voice(opening, SECONDS), 0.0)
    assert lips(talking(opening), quiet, []).reason is Reason.NO_SPEECH
    assert lips(talking(opening), speech_of(np.zeros(3), 0.0), []).reason is Reason.NO_SPEECH
    assert lips([look(at, faces=0, points=None) for at in moments(3)], speech, []).reason is Reason.NO_FACE
    assert lips([look(at, faces=2) for at in moments(3)], speech, []).reason is Reason.NO_FACE
    assert lips(talking(opening, 1.5), speech, speeches(OTHERS)).reason is Reason.TOO_SHORT


# -- liveness ------------------------------------------------------------------------------------------------


def test_a_face_that_speaks_and_blinks_lives() -> None:
    opening = syllables(ME, SECONDS)
    alive = [look(at, shapes=shapes(2 * opening(at), float(at % 3 < 0.2))) for at in moments(SECONDS)]
    assert liveness(alive).score > 0.5


def test_a_photo_that_is_waved_about_does_not() -> None:
    waved = [look(at, points=head(yaw=5 * np.sin(at), pitch=3 * np.cos(at))) for at in moments(SECONDS)]
    assert liveness(waved).score == -1.0


def test_a_cut_is_faster_than_any_head() -> None:
    opening = syllables(ME, SECONDS)
    cut = [
        look(at, points=head(yaw=-35.0 if at < 3 else 35.0), shapes=shapes(2 * opening(at)))
        for at in moments(SECONDS)
    ]
    assert liveness(cut).score == -1.0


def test_one_wrong_landmark_is_no_cut() -> None:
    opening = syllables(ME, SECONDS)
    glitch = [
        look(at, points=head(yaw=40.0 if abs(at - 3) < 0.01 else 0.0), shapes=shapes(2 * opening(at)))
        for at in moments(SECONDS)
    ]
    assert liveness(glitch).score > 0


def test_two_faces_or_none_cannot_be_told() -> None:
    assert liveness([look(at, faces=2) for at in moments(4)]).reason is Reason.SEVERAL_FACES
    assert liveness([look(at, faces=0, shapes=None) for at in moments(4)]).reason is Reason.NO_FACE
    assert liveness([look(at) for at in moments(1)]).reason is Reason.TOO_SHORT


def test_a_blink_is_counted_once_however_long_and_only_after_open_eyes() -> None:
    closed = {0.0: 0.9, 0.1: 0.9, 0.2: 0.1, 0.3: 0.6, 0.4: 0.8, 0.5: 0.2, 0.6: 0.4, 0.7: 0.7}
    looks = [look(at, shapes=shapes(0.0, how_far)) for at, how_far in closed.items()]
    assert blinks(*blinking(looks)) == [0.3, 0.7]


@pytest.mark.parametrize(("yaw", "pitch"), [(0.0, 0.0), (25.0, 0.0), (-40.0, 0.0), (0.0, 15.0), (0.0, -10.0)])
def test_the_pose_is_read_from_the_points(yaw: float, pitch: float) -> None:
    assert yaw_pitch(head(yaw=yaw, pitch=pitch)) == pytest.approx((yaw, pitch), abs=0.5)


# -- challenge -----------------------------------------------------------------------------------------------

DOES = {
    Act.TURN_LEFT: lambda at: look(at, points=head(yaw=40.0)),
    Act.TURN_RIGHT: lambda at: look(at, points=head(yaw=-40.0)),
    Act.NOD: lambda at: look(at, points=head(pitch=20.0)),
    Act.BLINK: lambda at: look(at, shapes=shapes(closed=0.9)),
    Act.COVER: lambda at: look(at, mouth=HAND),
}


def answering(asked: Sequence[Question], acts: Sequence[Act], after: float = 1.0) -> list[Look]:
    """Does each of `acts`, so long after each question, for 0.8 s."""
    looks = []
    for at in moments(len(asked) * EACH_S + 2.0):
        doing = [act for question, act in zip(asked, acts, strict=True) if 0 <= at - question.at - after < 0.8]
        looks.append(DOES[doing[0]](at) if doing else look(at))
    return looks


@pytest.mark.parametrize("seed", SEEDS)
def test_who_does_what_was_asked_is_believed(seed: int) -> None:
    asked = questions(1.0, 4, random.Random(seed))
    assert challenge(answering(asked, [each.act for each in asked]), asked).score == 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_recording_of_the_same_acts_in_another_order_is_not(seed: int) -> None:
    asked = questions(1.0, 4, random.Random(seed))
    acts = [each.act for each in asked]
    assert challenge(answering(asked, acts[1:] + acts[:1]), asked).score < 0


def test_who_looks_aside_all_the_time_has_not_turned() -> None:
    asked = [Question(Act.TURN_LEFT, 1.0)]
    aside = [look(at, points=head(yaw=40.0)) for at in moments(4)]
    assert challenge(aside, asked).score == 0.0


def test_a_mouth_that_is_covered_until_the_face_is_lost_is_covered() -> None:
    looks = [look(at, faces=0, points=None, shapes=None, mouth=None) if 2 < at < 3 else look(at) for at in moments(5)]
    assert challenge(looks, [Question(Act.COVER, 1.0)]).score == 1.0


def test_a_mouth_that_speaks_is_not_covered() -> None:
    looks = [look(at, mouth=MOUTH + 20 * np.sin(9 * at)) for at in moments(5)]
    assert challenge(looks, [Question(Act.COVER, 1.0)]).score < 1.0


def test_who_does_nothing_of_it_is_not_accused_of_that_alone() -> None:
    asked = questions(1.0, 4, random.Random(0))
    opinion = challenge([look(at) for at in moments(14)], asked)
    assert opinion.score < 0
    assert fuse([opinion]).verdict is Verdict.INCONCLUSIVE


def test_one_missed_act_is_a_misunderstanding() -> None:
    asked = [Question(Act.NOD, 1.0), Question(Act.BLINK, 4.0), Question(Act.COVER, 7.0)]
    assert challenge(answering(asked, [Act.NOD, Act.NOD, Act.COVER]), asked).score == 0.0


def test_nothing_asked_and_nobody_there() -> None:
    assert challenge([look(0.0)], []).reason is Reason.NOT_ASKED
    assert challenge([look(0.0, faces=0)], [Question(Act.NOD, 0.0)]).reason is Reason.NO_FACE


# -- illumination --------------------------------------------------------------------------------------------


def lit(shown: Sequence[Shown], seed: int, lag: float = 0.3, part: float = 0.02) -> list[Look]:
    """A face that takes on so much of the screen's colour; its own drifts and flickers."""
    chance = np.random.default_rng(seed)
    looks = []
    for at in moments(10.0):
        past = [each for each in shown if each.at <= at - lag]
        glow = np.array(past[-1].colour if past else (0, 0, 0)) * part
        skin = np.array([170.0, 130.0, 110.0]) + glow + chance.normal(0, 0.8, 3) + (0.3 * at, 0, 0)
        looks.append(look(at, skin=skin))
    return looks


@pytest.mark.parametrize("seed", SEEDS)
def test_a_face_in_the_screens_light_is_believed(seed: int) -> None:
    shown = sequence(0.0, 10.0, HUES, random.Random(seed))
    assert illumination(lit(shown, seed), shown, random.Random(0)).score > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_face_in_another_light_is_not(seed: int) -> None:
    shown, other = (sequence(0.0, 10.0, HUES, random.Random(each)) for each in (seed, seed + 50))
    assert illumination(lit(other, seed), shown, random.Random(0)).score < 0.3
    assert illumination(lit(shown, seed, part=0.0), shown, random.Random(0)).score < 0.3


def test_light_that_comes_seconds_late_is_not_this_screens() -> None:
    shown = sequence(0.0, 10.0, HUES, random.Random(3))
    assert illumination(lit(shown, 3, lag=2.5), shown, random.Random(0)).score < 0.3


def test_darkness_and_haste_are_no_evidence() -> None:
    shown = sequence(0.0, 10.0, HUES, random.Random(3))
    dark = [look(at, skin=np.array([9.0, 7.0, 6.0])) for at in moments(10)]
    assert illumination(dark, shown, random.Random(0)).reason is Reason.TOO_DARK
    assert illumination(lit(shown, 3)[:40], shown, random.Random(0)).reason is Reason.TOO_SHORT
    assert illumination(lit(shown, 3), [], random.Random(0)).reason is Reason.NOT_ASKED


def test_a_sequence_never_shows_the_same_hue_twice_in_a_row() -> None:
    shown = sequence(5.0, 14.0, HUES, random.Random(1))
    assert len(shown) == 20
    assert all(one.colour != other.colour for one, other in itertools.pairwise(shown))


# -- fusion --------------------------------------------------------------------------------------------------


def says(**scores: float | None) -> list[Opinion]:
    return [
        Opinion(name, score or 0.0, reason=Reason.NO_FACE if score is None else None) for name, score in scores.items()
    ]


@pytest.mark.parametrize(("opinions", "verdict"), [
    ({"repetition": -1.0, "lips": 0.2, "liveness": 1.0}, Verdict.INCONSISTENT),
    ({"repetition": 1.0, "lips": 1.0, "liveness": 1.0}, Verdict.CONSISTENT),
    ({"repetition": 1.0, "lips": None, "liveness": None}, Verdict.INCONCLUSIVE),
    ({"repetition": 1.0, "lips": -0.4, "liveness": 1.0}, Verdict.INCONCLUSIVE),
    ({"liveness": -1.0}, Verdict.INCONCLUSIVE),         # people sit still
    ({"lips": -1.0, "repetition": 1.0, "liveness": 1.0}, Verdict.INCONSISTENT),
    ({"lips": -1.0, "challenge": 1.0}, Verdict.INCONCLUSIVE),       # witnesses that contradict each other
    ({"lips": None, "repetition": None}, Verdict.INCONCLUSIVE),
    ({}, Verdict.INCONCLUSIVE),
])  # fmt: skip
def test_several_witnesses_are_weighed(opinions: dict[str, float | None], verdict: Verdict) -> None:
    assert fuse(says(**opinions)).verdict is verdict


def test_the_weightiest_is_named_first() -> None:
    assert next(each.witness for each in fuse(says(liveness=1.0, repetition=-1.0, lips=0.1)).opinions) == "repetition"


def test_scores_are_bounded_either_way_round() -> None:
    assert [score_of(value, 1.0, 3.0) for value in (-9.0, 1.0, 2.0, 3.0, 99.0)] == [-1, -1, 0, 1, 1]
    assert [score_of(value, 3.0, 1.0) for value in (0.0, 2.0, 9.0)] == [1, 0, -1]
