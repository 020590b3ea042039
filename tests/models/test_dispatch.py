"""Streams find workers, and outlive them."""

from __future__ import annotations

from models.core.dispatch import DEAD_AFTER, Dispatch, Send
from models.core.members import Peer
from models.wire import (
    Body,
    CaptionText,
    Chunk,
    CloseStream,
    Failure,
    Hello,
    OpenStream,
    Pong,
    Ready,
    Result,
    Terminate,
    WorkerState,
)

HOST, FIRST, SECOND = Peer(b"host"), Peer(b"w1"), Peer(b"w2")
CAPTIONS = OpenStream(stream="ana", task="captions", codec="opus", clock_rate=48_000)


class Desk:
    """A broker's judgement on a clock of its own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.dispatch = Dispatch()
        self.answering = [HOST]
        self.say(HOST, Hello(role=Hello.CLIENT, name="host"))

    def say(self, peer: Peer, body: Body) -> None:
        self.dispatch.received(peer, body, self.now)

    def worker(self, peer: Peer, model: str = "whisper-base") -> None:
        self.say(peer, Hello(role=Hello.WORKER, name=peer.decode(), task="captions", model=model))
        self.say(peer, Ready())
        self.answering.append(peer)

    def talk(self, seconds: float) -> None:
        for _ in range(int(seconds / 0.02)):
            self.now += 0.02
            chunk = Chunk(stream="ana", sequence=int(self.now * 50), capture_us=int(self.now * 1e6))
            self.dispatch.tapped(chunk, b"opus", self.now)
        for peer in self.answering:
            self.say(peer, Pong())

    def caption(self, peer: Peer, segment: int, text: str, *, final: bool = True, end: float | None = None) -> None:
        end = self.now if end is None else end
        said = CaptionText(segment=segment, committed=text, final=final, start_s=end - 1, end_s=end)
        self.say(peer, Result(stream="ana", caption=said))

    def sent(self, to: Peer, kind: type[Body]) -> list[Send]:
        out = [send for send in self.dispatch.poll(self.now) if send.peer == to]
        return [send for send in out if isinstance(send.body, kind)]


def test_a_stream_waits_for_its_worker_and_nothing_said_meanwhile_is_lost() -> None:
    desk = Desk()
    desk.say(HOST, CAPTIONS)
    desk.talk(3)

    desk.worker(FIRST)

    assert len(desk.sent(FIRST, Chunk)) == 150


def test_when_a_worker_dies_its_unfinished_audio_is_replayed_to_another() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(20)
    desk.caption(FIRST, 1, "Hello.", end=desk.now - 4)
    desk.worker(SECOND)
    desk.dispatch.poll(desk.now)

    desk.dispatch.lost(FIRST, "killed", desk.now)

    out = desk.dispatch.poll(desk.now)
    opening = next(send.body for send in out if send.peer == SECOND and isinstance(send.body, OpenStream))
    replayed = [send.body for send in out if send.peer == SECOND and isinstance(send.body, Chunk)]
    assert isinstance(opening, OpenStream)
    assert opening.resume_s == desk.now - 4
    assert (replayed[-1].capture_us - replayed[0].capture_us) / 1e6 >= 4  # type: ignore[union-attr]
    assert any(isinstance(send.body, WorkerState) and send.body.state == WorkerState.DEAD for send in out)


def test_segments_go_on_counting_after_a_worker_is_replaced() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(2)
    desk.caption(FIRST, 1, "One.")
    desk.worker(SECOND)
    desk.dispatch.lost(FIRST, "killed", desk.now)
    desk.talk(2)

    desk.caption(SECOND, 1, "Two.")

    told = [send.body.caption for send in desk.sent(HOST, Result) if isinstance(send.body, Result)]
    assert [(caption.segment, caption.committed) for caption in told if caption.final] == [(1, "One."), (2, "Two.")]


def test_a_silent_worker_is_dead_after_five_seconds() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    for _ in range(int(DEAD_AFTER) + 2):
        desk.now += 1
        desk.say(HOST, Pong())
        desk.dispatch.poll(desk.now)

    assert desk.dispatch.stats().workers == 0
    assert desk.dispatch.stats().streams == 1


def test_a_worker_that_answers_for_anothers_stream_is_dismissed() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.worker(SECOND)

    desk.caption(SECOND, 1, "I never heard this.")

    assert desk.sent(SECOND, Terminate)
    assert desk.dispatch.stats().workers == 1


def test_a_late_answer_of_a_replaced_worker_is_ignored_not_punished() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.worker(SECOND)
    desk.dispatch.lost(FIRST, "slow", desk.now)
    desk.worker(FIRST)
    desk.dispatch.poll(desk.now)

    desk.caption(FIRST, 1, "too late")

    assert desk.sent(HOST, Result) == []
    assert desk.dispatch.stats().late == 1


def test_audio_that_kills_three_workers_is_given_up_not_passed_on() -> None:
    desk = Desk()
    desk.say(HOST, CAPTIONS)
    for number in range(3):
        desk.worker(Peer(b"w%d" % number))
        desk.talk(1)
        desk.dispatch.lost(Peer(b"w%d" % number), "crashed", desk.now)
    desk.dispatch.poll(desk.now)

    desk.worker(SECOND)

    assert desk.sent(SECOND, Chunk) == []


def test_a_closed_stream_ends_when_the_worker_has_said_its_last_words() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(1)
    desk.say(HOST, CloseStream(stream="ana"))
    desk.caption(FIRST, 1, "Bye.")
    desk.say(FIRST, CloseStream(stream="ana"))

    kinds = [type(send.body) for send in desk.dispatch.poll(desk.now) if send.peer == HOST]
    assert kinds.index(Result) < kinds.index(CloseStream)
    assert desk.dispatch.stats().streams == 0


def test_who_has_not_said_hello_is_told_so() -> None:
    desk = Desk()
    stranger = Peer(b"stranger")

    desk.say(stranger, CAPTIONS)

    (refusal,) = desk.sent(stranger, Failure)
    assert isinstance(refusal.body, Failure)
    assert "hello" in refusal.body.sentence
