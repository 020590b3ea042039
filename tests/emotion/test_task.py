"""Many cameras, one pair of eyes: who is looked at when, and what is said of those who are gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.core.expressions import LABELS, Unclear
from models.emotion.fit import CLASSIFIER, load_reader
from models.emotion.reader import Face, Reading
from models.emotion.task import BATCH_CPU, Emotions
from models.faces.finder import Finder, Seen, Trace
from models.faces.model import Points
from models.faces.points import Picture
from models.runtime.task import Setup
from models.wire import Body, CloseStream, FaceGuess, Failure, OpenStream, Result
from tests.emotion.films import RATE, Film, grey
from tests.faces import portraits

HAPPY = tuple(0.94 if label == "happy" else 0.01 for label in LABELS)


class Eyes:
    """Sees a face in every picture that is not black; two in a white one."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def find(self, pictures: Sequence[Picture], traces: Sequence[Trace], now: float) -> list[Seen | None]:
        self.batches.append(len(pictures))
        return [self._one(picture) for picture in pictures]

    def read(self, faces: Sequence[Face]) -> list[Reading]:
        return [Reading(None, HAPPY) for _ in faces]

    def _one(self, picture: Picture) -> Seen | None:
        if picture.mean() < 30:
            return None
        points = np.zeros((478, 3), np.float32)
        points[0, :2], points[1, :2] = (80, 45), (160, 90)
        return Seen(Points(points, 1.0), several=bool(picture.mean() > 240))


class Show:
    """A task on a virtual clock, and cameras for it."""

    def __init__(self, task: Emotions | None = None, *streams: str) -> None:
        self.now = 100.0
        self.eyes = Eyes()
        setup = Setup(CLASSIFIER, Path(), "cpu", "float32", 1, lambda: self.now)
        self.task = task or Emotions(setup, self.eyes, self.eyes)
        self.task.load()
        self.films = {stream: Film(stream) for stream in streams or ("ana",)}
        for stream in self.films:
            self.task.open(OpenStream(stream=stream, task="emotion", codec="vp8", clock_rate=90_000))

    def play(self, picture: Picture, seconds: float, *streams: str) -> list[Body]:
        """Every camera sends this picture; what the task says."""
        said: list[Body] = []
        for _ in range(round(seconds * RATE)):
            for stream in streams or tuple(self.films):
                for chunk, payload in self.films[stream].packets(picture, self.now):
                    self.task.feed(chunk, payload)
            self.now += 1 / RATE
            said += self.work()
        return said

    def work(self) -> list[Body]:
        said: list[Body] = []
        while news := self.task.work():
            said += news
        return said


def faces(said: Sequence[Body], stream: str = "ana") -> list[FaceGuess]:
    return [one.face for one in said if isinstance(one, Result) and one.HasField("face") and one.stream == stream]


def test_a_person_is_looked_at_three_times_a_second_and_labelled() -> None:
    show = Show()

    said = faces(show.play(grey(), 4))

    assert 8 <= len(said) <= 13
    assert (said[-1].label, said[-1].unclear, said[-1].present) == ("happy", "", True)
    assert (said[-1].x, said[-1].y) == pytest.approx((0.0, 0.0))
    assert (said[-1].width, said[-1].height) == pytest.approx((0.5, 0.5))


def test_people_are_looked_at_together() -> None:
    show = Show(None, *"abcdefgh")

    show.play(grey(), 2)

    assert max(show.eyes.batches) == BATCH_CPU


def test_everybody_has_their_turn() -> None:
    show = Show(None, *"abcdefghij")

    said = show.play(grey(), 2)

    counts = [len(faces(said, name)) for name in "abcdefghij"]
    assert min(counts) >= max(counts) - 1 > 2


def test_a_face_that_goes_is_said_to_be_gone_once_and_soon() -> None:
    show = Show()
    show.play(grey(), 3)

    said = faces(show.play(grey(0), 3))

    assert [face.present for face in said] == [False]
    assert faces(show.play(grey(), 0.5))[0].label == ""


def test_a_camera_that_stops_leaves_no_face_behind() -> None:
    show = Show()
    show.play(grey(), 2)

    show.now += 1.1

    assert [face.present for face in faces(show.work())] == [False]
    assert show.work() == []


def test_more_than_one_face_is_not_read() -> None:
    show = Show()

    said = faces(show.play(grey(255), 2))

    assert {(face.label, face.unclear) for face in said} == {("", Unclear.SEVERAL)}


def test_a_picture_that_is_late_is_not_looked_at() -> None:
    show = Show()
    for chunk, payload in show.films["ana"].packets(grey(), show.now):
        show.task.feed(chunk, payload)
    show.now += 0.9

    assert show.work() == []
    assert show.task.late == 1


def test_closing_takes_effect_before_the_next_look() -> None:
    show = Show()
    for chunk, payload in show.films["ana"].packets(grey(), show.now):
        show.task.feed(chunk, payload)

    show.task.close("ana")

    assert show.work() == [CloseStream(stream="ana")]
    assert show.eyes.batches == []
    assert show.play(grey(), 1) == []


def test_a_codec_that_is_not_known_is_refused_by_name() -> None:
    show = Show()

    show.task.open(OpenStream(stream="eva", task="emotion", codec="av1", clock_rate=90_000))

    (refusal,) = show.work()
    assert isinstance(refusal, Failure)
    assert "av1" in refusal.sentence


def test_a_lost_key_frame_is_asked_for() -> None:
    show = Show()
    film = show.films["ana"]
    film.packets(grey(), show.now)

    said = show.play(grey(90), 1)

    assert any(isinstance(one, Result) and one.health.wants_keyframe for one in said)


@pytest.mark.weights
def test_a_real_face_is_followed_and_labelled_and_gone_when_it_goes() -> None:
    portraits.weights("face-landmarker")
    portraits.weights(CLASSIFIER)
    networks, reader = load_reader()
    now = [100.0]
    task = Emotions(Setup(CLASSIFIER, Path(), "cpu", "float32", 1, lambda: now[0]), Finder(networks), reader)
    show = Show(task)
    smiles = portraits.clip()[40]

    said = []
    for picture, seconds in [(smiles, 4.0), (grey(20), 1.0)]:
        for _ in range(round(seconds * RATE)):
            now[0] = show.now
            said += show.play(picture, 1 / RATE)
    seen = faces(said)

    assert [face.label for face in seen if face.present][-1] == "happy"
    assert [face.present for face in seen][-1] is False
    box = seen[0]
    assert 0.2 < box.x < 0.5
    assert 0.15 < box.width < 0.4


def real() -> Show:
    """With the real networks."""
    portraits.weights("face-landmarker")
    portraits.weights(CLASSIFIER)
    networks, reader = load_reader()
    show = Show()
    show.task = Emotions(Setup(CLASSIFIER, Path(), "cpu", "float32", 1, lambda: show.now), Finder(networks), reader)
    show.task.open(OpenStream(stream="ana", task="emotion", codec="vp8", clock_rate=90_000))
    return show


@pytest.mark.weights
@pytest.mark.parametrize("size", [(16, 16), (320, 180)])
def test_black_frames_of_any_size_say_nothing(size: tuple[int, int]) -> None:
    show = real()
    show.films["ana"] = Film("ana", *size)

    assert show.play(grey(0), 1.0) == []


@pytest.mark.weights
def test_the_size_may_change_in_mid_sight() -> None:
    show = real()
    smiles = portraits.clip()[40]

    before = faces(show.play(smiles, 1.0))
    show.films["ana"].resize(240, 136)
    after = faces(show.play(smiles, 1.0))

    assert before[-1].present
    assert after[-1].present
    assert after[-1].x == pytest.approx(before[-1].x, abs=0.05)
