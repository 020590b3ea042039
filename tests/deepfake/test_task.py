"""A check at its worker: pictures and a voice go in, one verdict comes out when it is closed, and nothing after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from models.deepfake.task import KEPT, MOST_WAITING, Checks
from models.deepfake.witness import Look
from models.faces.points import Picture
from models.runtime.task import Setup
from models.wire import (
    Body,
    CheckEvidence,
    CheckVerdict,
    Chunk,
    CloseStream,
    Failure,
    OpenStream,
    Result,
    Tune,
    decode,
    encode,
)
from tests.deepfake.people import look
from tests.emotion.films import Film

WANTS = OpenStream(stream="ana", task="deepfake", codec="vp8", clock_rate=90_000)
NOISE = [np.random.default_rng(n).integers(0, 255, (180, 320, 3), np.uint8) for n in range(3)]


class Clock:
    """Stands still, or goes on by so much whenever it is read."""

    def __init__(self) -> None:
        self.now, self.step = 100.0, 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Eyes:
    """See a face at rest in every picture, and write down when each was taken."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def look(self, at: float, picture: Picture) -> Look:
        self.seen.append(at)
        return look(at)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
def checks(clock: Clock, eyes: Eyes) -> Checks:
    task = Checks(Setup("face-landmarker", Path(), "cpu", "float32", 1, clock), lambda: eyes)
    task.load()
    eyes.seen.clear()
    task.open(WANTS)
    return task


def film(seconds: float, start: float = 100.0) -> Iterator[tuple[float, list[tuple[Chunk, bytes]]]]:
    camera = Film("ana")
    for at, packets in camera.frames([NOISE[n % 3] for n in range(round(seconds * 15))], start):
        for chunk, _ in packets:
            chunk.video = True
        yield at, packets


def hum(seconds: float, start: float = 100.0) -> Iterator[tuple[Chunk, bytes]]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"     # type: ignore[attr-defined]
    for number in range(round(seconds * 50)):
        at = (np.arange(960) + 960 * number) / 48_000
        sound = (8_000 * np.sin(2 * np.pi * 700 * at) * (1 + np.sin(9 * at))).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(sound[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 960 * number
        for packet in encoder.encode(frame):                 # type: ignore[attr-defined]
            yield Chunk(stream="ana", sequence=number, capture_us=int((start + number / 50) * 1e6)), bytes(packet)


def verdicts(out: list[Body]) -> list[CheckVerdict]:
    return [body.check for body in out if isinstance(body, Result) and body.HasField("check")]


def test_every_picture_is_looked_at_and_the_verdict_comes_with_the_close(
    checks: Checks, eyes: Eyes, clock: Clock
) -> None:
    for at, packets in film(4.0):
        clock.now = at
        for chunk, payload in packets:
            checks.feed(chunk, payload)
        assert checks.work() == []
    for chunk, payload in hum(4.0):
        checks.feed(chunk, payload)
    evidence = CheckEvidence(acts=[CheckEvidence.Act(name="nod", at_s=101.0)], same_certificate=True, voice=True)
    checks.tune(Tune(stream="ana", evidence=evidence))
    checks.close("ana")
    out = checks.work()

    assert len(eyes.seen) == 60
    (verdict,) = verdicts(out)
    assert {one.name for one in verdict.witnesses} >= {"repetition", "lips", "liveness", "challenge"}
    assert verdict.pictures == 60
    assert out[-1] == CloseStream(stream="ana")
    assert decode(encode(out[0]))[0] == out[0]
    assert checks.work() == []


def test_what_was_not_looked_at_yet_is_looked_at_before_the_verdict(checks: Checks, eyes: Eyes, clock: Clock) -> None:
    clock.step = 0.06
    for _, packets in film(0.4):
        for chunk, payload in packets:
            checks.feed(chunk, payload)
    checks.tune(Tune(stream="ana", evidence=CheckEvidence()))
    checks.close("ana")
    turns = [checks.work() for _ in range(9)]

    assert len([out for out in turns if verdicts(out)]) == 1
    assert len(eyes.seen) == 6


def test_a_computer_that_cannot_keep_up_looks_at_every_other_picture(checks: Checks, eyes: Eyes) -> None:
    for _, packets in film(2.0):
        for chunk, payload in packets:
            checks.feed(chunk, payload)
    checks.work()

    assert MOST_WAITING // 2 <= len(eyes.seen) <= KEPT // 2


def test_a_check_that_was_called_off_says_nothing(checks: Checks) -> None:
    for chunk, payload in hum(0.1):
        checks.feed(chunk, payload)
    checks.close("ana")

    assert checks.work() == [CloseStream(stream="ana")]
    checks.close("ana")
    assert checks.work() == [CloseStream(stream="ana")]


def test_pictures_that_are_stamped_backwards_are_left_out(checks: Checks, eyes: Eyes) -> None:
    for number, (_, packets) in enumerate(film(0.4)):
        for chunk, payload in packets:
            chunk.capture_us -= 200_000 if number > 2 else 0
            checks.feed(chunk, payload)
        checks.work()

    assert eyes.seen == sorted(eyes.seen)
    assert len(eyes.seen) == 3


def test_a_check_of_nobody_is_inconclusive(checks: Checks) -> None:
    checks.tune(Tune(stream="ana", evidence=CheckEvidence(voice=True)))
    checks.close("ana")

    (verdict,) = verdicts(checks.work())
    assert (verdict.verdict, verdict.reason) == ("inconclusive", "few_pictures")


def test_another_codec_is_refused(checks: Checks) -> None:
    checks.open(OpenStream(stream="ben", task="deepfake", codec="h264", clock_rate=90_000))

    (failure,) = checks.work()
    assert isinstance(failure, Failure)
    assert failure.cause == Failure.UNSUPPORTED
