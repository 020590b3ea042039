"""What the host makes of the broker's news; the processes themselves are in tests/system."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.deepfake import judge
from models.deepfake.challenge import Act, Question
from models.deepfake.illumination import Shown
from models.deepfake.task import evidence_of
from models.runtime.client import Restarted
from models.wire import (
    CaptionText,
    CheckVerdict,
    CloseStream,
    FaceGuess,
    Failure,
    Result,
    StreamHealth,
    Translation,
    WorkerState,
)
from sfu.core.captions import Heard
from sfu.core.captions_health import Health, Pace
from sfu.core.check_results import Said, Weighed
from sfu.core.effects import Evidence
from sfu.core.emotions import Seen
from sfu.host import checking
from sfu.host.inference import Inference, Settings
from sfu.wire.messages import CaptionsWorker, Effort

READY = WorkerState(name="captions-1", task="captions", state=WorkerState.READY)
DEAD = WorkerState(name="captions-1", task="captions", state=WorkerState.DEAD)


class Notes:
    def __init__(self) -> None:
        self.states: list[tuple[bool, bool, str]] = []
        self.paces: list[Pace] = []
        self.workers_are: list[list[str]] = []
        self.last: list[CaptionsWorker] = []
        self.captions: list[Heard] = []
        self.notices: list[str] = []
        self.translations: list[tuple[str, int, str]] = []
        self.interruptions: list[tuple[str, ...]] = []
        self.sights: list[tuple[bool, str, list[str]]] = []
        self.checks: list[tuple[bool, str, list[str]]] = []
        self.verdicts: list[Weighed] = []
        self.begun = 0
        self.faces: list[Seen] = []
        self.blind_streams: list[str] = []

    def inference(self, health: Health) -> None:
        self.states.append((health.up, health.available, health.sentence))
        self.paces.append(health.pace)

    def workers(self, workers: Sequence[CaptionsWorker]) -> None:
        self.workers_are.append([worker.name for worker in workers])
        self.last = list(workers)

    def heard(self, heard: Heard) -> None:
        self.captions.append(heard)

    def translated(self, stream: str, segment: int, text: str) -> None:
        self.translations.append((stream, segment, text))

    def interrupted(self, streams: Sequence[str]) -> None:
        self.interruptions.append(tuple(streams))

    def notice(self, code: str, sentence: str) -> None:
        self.notices.append(sentence)

    def sight(self, up: bool) -> None:
        """Whether streams of faces may be opened."""

    def sight_available(self, available: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None:
        self.sights.append((available, sentence, [worker.name for worker in workers]))

    def checks_available(self, possible: bool, sentence: str, workers: Sequence[CaptionsWorker]) -> None:
        self.checks.append((possible, sentence, [worker.name for worker in workers]))

    def weighed(self, weighed: Weighed) -> None:
        self.verdicts.append(weighed)

    def sight_began(self) -> None:
        self.begun += 1

    def saw(self, seen: Seen) -> None:
        self.faces.append(seen)

    def blind(self, stream: str) -> None:
        self.blind_streams.append(stream)


@pytest.fixture
def inference(tmp_path: Path) -> Inference:
    return Inference(tmp_path, Settings("whisper-base", tmp_path / "models", "cpu", 1, "en"))


def test_a_caption_is_passed_on_as_the_worker_said_it(inference: Inference) -> None:
    notes = Notes()
    said = CaptionText(segment=3, committed="Hello", tail="wor", language="en", start_s=5.0, end_s=6.5, confidence=0.5)

    inference._happened(Result(stream="p1-1", caption=said), notes)

    assert notes.captions == [Heard("p1-1", 3, "Hello", "wor", False, "en", 5.0, 6.5, 0.5)]


def test_a_dead_worker_is_told_once_and_so_is_its_return(inference: Inference) -> None:
    notes = Notes()
    for event in (READY, READY, DEAD, DEAD, READY):
        inference._happened(event, notes)

    assert [available for _, available, _ in notes.states] == [True, False, True]
    assert len(notes.notices) == 1
    assert "started again" in notes.notices[0]


def test_a_death_is_not_told_while_another_worker_has_its_streams(inference: Inference) -> None:
    notes = Notes()
    other = WorkerState(name="laptop", task="captions", state=WorkerState.READY)
    for event in (READY, other, DEAD):
        inference._happened(event, notes)

    assert [available for _, available, _ in notes.states] == [True]
    assert notes.notices == []


def test_it_is_told_which_computer_captions_and_by_what(inference: Inference) -> None:
    notes = Notes()
    laptop = WorkerState(
        name="laptop", task="captions", state=WorkerState.READY, machine="ada", device="cuda:0", compute="float16",
        model="whisper-base",
    )
    for event in (READY, laptop, DEAD):
        inference._happened(event, notes)

    assert notes.workers_are == [["captions-1"], ["captions-1", "laptop"], ["laptop"]]
    assert notes.last == [
        CaptionsWorker(name="laptop", machine="ada", device="cuda:0", compute="float16", model="whisper-base")
    ]


def test_a_restarted_broker_is_passed_on_with_the_streams_that_may_have_lost_something(inference: Inference) -> None:
    notes = Notes()

    inference._happened(READY, notes)
    inference._happened(Restarted(("p1-1",)), notes)

    assert notes.interruptions == [("p1-1",)]
    assert notes.workers_are == [["captions-1"], []]


def test_a_delay_is_told_with_what_to_do(inference: Inference) -> None:
    notes = Notes()
    inference._happened(READY, notes)

    inference._happened(Result(stream="p1-1", health=StreamHealth(behind_s=7.2)), notes)

    up, available, sentence = notes.states[-1]
    assert (up, available) == (True, True)
    assert "7 s behind" in sentence
    assert "Close other programs" in sentence


async def test_last_words_are_waited_for_until_every_stream_is_done(inference: Inference) -> None:
    notes = Notes()
    inference.open("p1-1", ["Ana"])
    inference.open("p2-2", ["Ana"])
    inference.close("p1-1")
    waiting = asyncio.create_task(inference.drained())
    inference._happened(CloseStream(stream="p1-1"), notes)
    await asyncio.sleep(0)

    assert not waiting.done()
    inference._happened(Failure(stream="p2-2", cause=Failure.NO_WORKER), notes)

    await asyncio.wait_for(waiting, 1)


async def test_without_weights_people_are_told_how_to_get_them_and_looking_goes_on(
    inference: Inference, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notes()
    monkeypatch.setattr("sfu.host.inference.LOOK_AGAIN", 0.01)
    looking = asyncio.create_task(inference._weights(notes))

    async with asyncio.timeout(5):
        await inference.settled.wait()
    (tmp_state,) = notes.states

    assert tmp_state[:2] == (False, False)
    assert "parley models fetch whisper-base" in tmp_state[2]
    assert not looking.done()
    looking.cancel()


def test_how_busy_the_worker_is_reaches_the_meeting(inference: Inference) -> None:
    notes = Notes()
    inference._happened(READY, notes)
    busy = StreamHealth(behind_s=5.2, effort=StreamHealth.SMALL, model="whisper-tiny.en")

    inference._happened(Result(stream="p1-1", health=busy), notes)

    assert notes.paces[-1] == Pace(5.0, Effort.SMALL, "whisper-tiny.en")


def test_a_translation_is_passed_on(inference: Inference) -> None:
    notes = Notes()

    inference._happened(Result(stream="p1-1", translation=Translation(segment=2, text="Hello")), notes)

    assert notes.translations == [("p1-1", 2, "Hello")]


EYES = WorkerState(name="emotion-1", task="emotion", device="cpu", state=WorkerState.READY)


def test_a_guess_is_passed_on_as_the_worker_said_it(inference: Inference) -> None:
    notes = Notes()
    guess = FaceGuess(present=True, x=0.25, y=0.5, width=0.5, height=0.25, label="happy", confidence=0.5, captured_s=7)

    inference._happened(Result(stream="p1-face-1", face=guess), notes)

    assert notes.faces == [Seen("p1-face-1", True, (0.25, 0.5, 0.5, 0.25), "happy", 0.5, "", 7.0)]


def test_a_worker_that_lacks_a_key_frame_is_heard(inference: Inference) -> None:
    notes = Notes()

    inference._happened(Result(stream="p1-face-1", health=StreamHealth(wants_keyframe=True)), notes)

    assert notes.blind_streams == ["p1-face-1"]
    assert notes.states == []


def test_a_worker_for_faces_is_no_worker_for_captions(inference: Inference) -> None:
    notes = Notes()

    inference._happened(EYES, notes)
    inference._happened(WorkerState(name="emotion-1", task="emotion", state=WorkerState.DEAD), notes)

    assert notes.sights == [(True, "", ["emotion-1"]), (False, "", [])]
    assert notes.begun == 1
    assert (notes.states, notes.workers_are, notes.notices) == ([], [], [])


CHECKER = WorkerState(name="checks-1", task="deepfake", device="cpu", state=WorkerState.READY)


def test_a_worker_for_checks_is_no_other_worker(inference: Inference) -> None:
    notes = Notes()

    inference._happened(CHECKER, notes)
    inference._happened(WorkerState(name="checks-1", task="deepfake", state=WorkerState.DEAD), notes)

    assert [workers for _, _, workers in notes.checks] == [["checks-1"], []]
    assert (notes.states, notes.workers_are, notes.sights) == ([], [], [])


def test_a_verdict_is_passed_on_as_the_worker_said_it(inference: Inference) -> None:
    notes = Notes()
    witness = CheckVerdict.Witness(name="lips", score=-0.5, measured=0.25, seconds=[0, 1], values=[2, 3])
    verdict = CheckVerdict(verdict="inconclusive", reason="no_sound", witnesses=[witness])

    inference._happened(Result(stream="p1-check-c1", check=verdict), notes)

    said = Said("lips", -0.5, 0.25, 0.0, "", (0.0, 1.0), (2.0, 3.0), ())
    assert notes.verdicts == [Weighed("p1-check-c1", "inconclusive", "no_sound", (said,))]


def test_evidence_survives_the_way_to_the_worker() -> None:
    evidence = Evidence((("nod", 5.0),), (((255, 60, 1), 8.0),), "4711", "four seven", True, True)

    said = evidence_of(checking.weighing("s", evidence).evidence)

    assert said == judge.Evidence((Question(Act.NOD, 5.0),), (Shown(8.0, (255, 60, 1)),), "4711", "four seven")


async def test_without_weights_people_are_told_why_there_are_no_checks(tmp_path: Path) -> None:
    inference = Inference(tmp_path, Settings("whisper-base", tmp_path / "models", "cpu", 1, "en"))
    notes = Notes()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await inference._checking.run(notes, lambda *_: None)

    assert not notes.checks[-1][0]
    assert "parley models fetch face-landmarker" in notes.checks[-1][1]


async def test_without_weights_people_are_told_how_to_have_guesses(tmp_path: Path) -> None:
    inference = Inference(tmp_path, Settings("whisper-base", tmp_path / "models", "cpu", 1, "en"))
    notes = Notes()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await inference._sight.run(notes, lambda *_: None)

    assert not notes.sights[-1][0]
    assert "parley models fetch face-landmarker" in notes.sights[-1][1]
