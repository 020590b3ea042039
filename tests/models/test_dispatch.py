"""Streams find workers, and outlive them."""

from __future__ import annotations

import pytest

from models.core.dispatch import DEAD_AFTER, Dispatch, Send
from models.core.members import Peer
from models.core.streams import STRAYS_FOR
from models.wire import (
    Body,
    Call,
    CaptionText,
    Chunk,
    Claim,
    CloseStream,
    Failure,
    Hello,
    OpenStream,
    Pong,
    Ready,
    Reply,
    Result,
    Subscribe,
    Terminate,
    Translation,
    Tune,
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


def test_a_stream_stays_with_its_worker_when_the_broker_is_another() -> None:
    desk = Desk()
    desk.say(FIRST, Hello(role=Hello.WORKER, name="w1", task="captions", model="whisper-base"))
    reopened = OpenStream(stream="ana", task="captions", codec="opus", clock_rate=48_000, finals=7)
    desk.say(HOST, reopened)

    desk.say(FIRST, Ready(claims=[Claim(stream="ana", finals=5)]))
    desk.talk(1)
    assert desk.sent(FIRST, OpenStream) == []
    desk.caption(FIRST, 6, "Hello.")

    (told,) = [send.body for send in desk.sent(HOST, Result) if send.body.HasField("caption")]
    assert told.caption.segment == 8


def test_a_claim_that_comes_before_the_client_waits_for_it() -> None:
    desk = Desk()
    desk.say(FIRST, Hello(role=Hello.WORKER, name="w1", task="captions", model="whisper-base"))
    desk.say(FIRST, Ready(claims=[Claim(stream="ana", finals=0)]))

    desk.say(HOST, CAPTIONS)

    assert desk.sent(FIRST, OpenStream) == []


def test_a_claim_for_which_nobody_comes_is_closed() -> None:
    desk = Desk()
    desk.say(FIRST, Hello(role=Hello.WORKER, name="w1", task="captions", model="whisper-base"))
    desk.say(FIRST, Ready(claims=[Claim(stream="gone", finals=0)]))
    desk.dispatch.poll(desk.now)

    desk.now += 4
    for peer in (HOST, FIRST):
        desk.say(peer, Pong())
    desk.now += 4
    for peer in (HOST, FIRST):
        desk.say(peer, Pong())
    desk.now += 3

    assert [send.body.stream for send in desk.sent(FIRST, CloseStream)] == ["gone"]


def test_packets_that_come_before_their_stream_after_a_restart_are_kept_for_it() -> None:
    desk = Desk()
    desk.dispatch.poll(desk.now)
    desk.worker(FIRST)
    desk.talk(2)

    desk.say(HOST, CAPTIONS)

    assert len(desk.sent(FIRST, Chunk)) == 100


def test_packets_for_which_no_stream_is_opened_are_not_kept() -> None:
    desk = Desk()
    desk.dispatch.poll(desk.now)
    desk.worker(FIRST)
    desk.talk(2)
    desk.now += STRAYS_FOR
    desk.dispatch.poll(desk.now)

    desk.say(HOST, Hello(role=Hello.CLIENT, name="host"))
    desk.say(HOST, CAPTIONS)
    desk.worker(FIRST)

    assert desk.sent(FIRST, Chunk) == []


def test_a_worker_with_other_files_under_the_same_name_is_not_taken() -> None:
    desk = Desk()
    desk.dispatch = Dispatch(weights={"whisper-base": "right"})
    desk.say(HOST, Hello(role=Hello.CLIENT, name="host"))
    desk.say(FIRST, Hello(role=Hello.WORKER, name="w1", task="captions", model="whisper-base"))

    desk.say(FIRST, Ready(weights="wrong"))

    out = desk.dispatch.poll(desk.now)
    assert any(send.peer == FIRST and isinstance(send.body, Terminate) for send in out)
    assert any(isinstance(send.body, WorkerState) and send.body.state == WorkerState.DEAD for send in out)


def test_from_another_computer_only_workers_are_taken() -> None:
    desk = Desk()
    stranger = Peer(b"Rstranger")

    desk.say(stranger, Hello(role=Hello.CLIENT, name="spy"))

    assert len(desk.sent(stranger, Terminate)) == 1
    assert desk.dispatch.stats().clients == 1


def test_a_subscriber_hears_what_another_client_asked_for() -> None:
    desk, reader = Desk(), Peer(b"reader")
    desk.say(reader, Hello(role=Hello.CLIENT, name="recorder"))
    desk.say(reader, Subscribe())
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(1)

    desk.caption(FIRST, 1, "Hello.")

    out = [send for send in desk.dispatch.poll(desk.now) if isinstance(send.body, Result)]
    assert {send.peer for send in out} == {HOST, reader}


def test_a_reply_reaches_its_caller_under_the_callers_own_number() -> None:
    desk = Desk()
    desk.say(FIRST, Hello(role=Hello.WORKER, name="w1", task="faces", model="landmarks"))
    desk.say(FIRST, Ready(batch=8))
    desk.dispatch.poll(desk.now)
    desk.dispatch.received(HOST, Call(id=41, task="faces", has_payload=True), desk.now, b"picture")

    (given,) = desk.sent(FIRST, Call)
    assert given.payload == b"picture"
    desk.dispatch.received(FIRST, Reply(id=given.body.id, has_payload=True), desk.now, b"answer")

    (reply,) = desk.sent(HOST, Reply)
    assert (reply.body.id, reply.payload) == (41, b"answer")


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_a_capture_clock_that_jumps_is_believed_only_within_reason(jump: float) -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(1)
    desk.sent(FIRST, Chunk)

    jumped = Chunk(stream="ana", sequence=99_999, capture_us=int(max(0.0, desk.now + jump) * 1e6))
    desk.dispatch.tapped(jumped, b"opus", desk.now)

    (send,) = desk.sent(FIRST, Chunk)
    assert isinstance(send.body, Chunk)
    assert desk.now - 5.001 <= send.body.capture_us / 1e6 <= desk.now


def test_a_worker_whose_clock_runs_ahead_is_dismissed_and_its_stream_moves() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.worker(SECOND)
    desk.talk(1)

    desk.caption(FIRST, 1, "from tomorrow", end=desk.now + 3600)

    sends = desk.dispatch.poll(desk.now)
    assert [send.peer for send in sends if isinstance(send.body, Terminate)] == [FIRST]
    assert [send.peer for send in sends if isinstance(send.body, OpenStream)][-1] == SECOND
    assert not [send for send in sends if isinstance(send.body, Result) and send.body.HasField("caption")]


def test_an_open_stream_is_tuned_at_its_worker_and_at_every_later_one() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)

    desk.say(HOST, Tune(stream="ana", language="zh", hints=["Crianan"]))

    assert [send.body for send in desk.sent(FIRST, Tune)] == [Tune(stream="ana", language="zh", hints=["Crianan"])]
    desk.worker(SECOND)
    desk.dispatch.lost(FIRST, "killed", desk.now)
    (opening,) = (send.body for send in desk.sent(SECOND, OpenStream))
    assert isinstance(opening, OpenStream)
    assert (opening.language, list(opening.hints)) == ("zh", ["Crianan"])


def test_nobody_tunes_the_streams_of_others() -> None:
    desk = Desk()
    desk.say(HOST, CAPTIONS)
    other = Peer(b"tool")
    desk.say(other, Hello(role=Hello.CLIENT, name="tool"))

    desk.say(other, Tune(stream="ana", language="zh"))
    desk.say(HOST, Tune(stream="gone"))

    assert [send.peer for send in desk.dispatch.poll(desk.now) if isinstance(send.body, Failure)] == [other]


def test_a_translation_belongs_to_the_segment_that_the_client_knows() -> None:
    desk = Desk()
    desk.worker(FIRST)
    desk.say(HOST, CAPTIONS)
    desk.talk(2)
    desk.caption(FIRST, 1, "Eins.")
    desk.worker(SECOND)
    desk.dispatch.lost(FIRST, "killed", desk.now)
    desk.talk(2)
    desk.caption(SECOND, 1, "Zwei.")

    desk.say(SECOND, Result(stream="ana", translation=Translation(segment=1, text="Two.")))

    (told,) = (send.body for send in desk.sent(HOST, Result) if send.body.HasField("translation"))  # type: ignore[union-attr]
    assert told.translation.segment == 2  # type: ignore[union-attr]
