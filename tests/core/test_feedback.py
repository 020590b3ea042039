"""What senders and receivers are told: arrivals, reports, and one clock for a person's voice and picture."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.rtcp import Nack, ReceiverReport, ReportBlock, SenderReport
from sfu.rtp.transport_feedback import TransportFeedback
from tests.core.stage import Stage


def numbers(feedback: TransportFeedback) -> list[int]:
    return [arrival.sequence for arrival in feedback.arrivals]


def test_a_sender_is_told_every_tenth_of_a_second_what_came() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ana.take()

    ana.frame(key=True, packets=3, skip={1})
    stage.pass_time(0.12)

    (feedback,) = ana.told(TransportFeedback)
    assert (feedback.base, feedback.count, numbers(feedback)) == (1, 3, [1, 3])


def test_what_is_missing_between_two_feedbacks_is_told() -> None:
    log = ArrivalLog(sender=1)
    log.feedback([(1, 10.0)], media=7)

    (later,) = log.feedback([(4, 10.1)], media=7)

    assert (later.base, later.count, numbers(later)) == (2, 3, [4])


def test_a_late_packet_does_not_make_its_neighbours_look_lost() -> None:
    log = ArrivalLog(sender=1)
    log.feedback([(1, 10.0), (3, 10.01)], media=7)

    (again,) = log.feedback([(2, 10.2)], media=7)

    assert numbers(again) == [2, 3]


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.floats(0, 1e6)), max_size=60))
def test_whatever_numbers_a_peer_makes_up_the_feedback_fits_a_datagram(arrivals: list[tuple[int, float]]) -> None:
    as_they_came = sorted(arrivals, key=lambda arrival: arrival[1])
    for feedback in ArrivalLog(sender=1).feedback(as_they_came, media=7):
        (read,) = rtcp.parse(rtcp.serialize([feedback]))  # parsing refuses what is too long
        assert isinstance(read, TransportFeedback)
        assert numbers(read) == numbers(feedback)


def test_many_who_join_at_once_have_their_turns_one_after_the_other() -> None:
    """All in one turn of the loop, a hundred kept everybody's packets waiting for some fifty milliseconds."""
    stage = Stage()
    people = [stage.client(f"p{number}").join() for number in range(40)]
    for person in people:
        person.take()
        person.frame(key=True)

    told = []
    for _ in range(20):
        stage.pass_time(0.005, step=0.005)
        told.append(sum(bool(person.told(TransportFeedback)) for person in people))

    new = [now - before for before, now in zip([0, *told], told, strict=False)]
    assert told[-1] == len(people)
    assert max(new) <= len(people) // 3


def test_after_a_stall_everybody_is_back_at_their_own_moment_and_no_turn_is_about_many() -> None:
    stage = Stage()
    people = [stage.client(f"p{number}").join() for number in range(40)]
    told: list[tuple[float, int]] = []

    def tell(until: float) -> None:
        """As the loop does: at once where somebody is overdue."""
        while stage.now < until:
            for person in people:
                person.take()
            stage.now = min(max(stage.now, stage.plane.wake_at() or until), until)
            stage.turn()
            told.append((stage.now, sum(bool(person.told(TransportFeedback)) for person in people)))
            for person in people:
                person.frame()

    tell(stage.now + 1.0)
    stage.now += 0.37  # the computer did something else
    tell(stage.now + 1.0)

    last = [(at, count) for at, count in told if at > stage.now - 0.1]
    assert max(count for _, count in told) <= 8
    assert sum(count for _, count in last) >= len(people) - 8
    for begin in range(10):
        window = [count for at, count in last if begin <= (stage.now - at) * 100 < begin + 1]
        assert sum(window) <= len(people) // 3


def test_of_many_slots_each_is_reported_within_five_seconds_and_never_all_at_once() -> None:
    stage = Stage()
    people = [stage.client(f"p{number}").join() for number in range(30)]
    lines = [link.SlotLine(mid=f"v{at}", kind="video", ssrc=1_900_000 + at) for at in range(len(people))]
    eva = stage.client("eva").join(slots=lines, watching=[person.name for person in people])
    for person in people:
        person.frame(key=True)
    stage.pass_time(1.0)  # each is new, and reported at once
    assert len({report.ssrc for report in eva.told(SenderReport)}) == len(people)

    reported: list[set[int]] = []
    for _ in range(5):
        eva.take()
        stage.pass_time(1.0)
        reported.append({report.ssrc for report in eva.told(SenderReport)})

    assert set().union(*reported) == {line.ssrc for line in lines}
    assert all(len(slots) <= 2 * len(people) // 5 for slots in reported)


def test_a_publisher_gets_a_report_of_its_losses_each_second() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    for _ in range(9):
        ana.voice()
    ana.audio_sequence += 1  # one that never arrives
    ana.voice()

    stage.pass_time(1.2)

    blocks = {block.ssrc: block for r in ana.told(ReceiverReport) for block in r.blocks}
    assert blocks[ana.audio_ssrc].lost == 1


def test_voice_and_picture_of_one_person_are_reported_on_one_clock() -> None:
    """The sender's reports say what belongs together; ours say the same on the slots."""
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    ana.voice(timestamp=48_000)
    ana.frame(key=True, timestamp=90_000)
    heard, seen = ben.heard("a0")[0], ben.heard("v0")[0]
    for ssrc, clock in ((ana.audio_ssrc, 48_000), (ana.video_ssrc, 90_000)):
        ana.rtcp(SenderReport(ssrc, rtcp.to_ntp(5.0), clock, 1, 1))
    ben.take()

    stage.pass_time(1.2)

    reports = {report.ssrc: report for report in ben.told(SenderReport)}
    voice, picture = reports[ben.ssrc("a0")], reports[ben.ssrc("v0")]
    captured_voice = rtcp.from_ntp(voice.ntp) - ((voice.rtp_time - heard.timestamp) & 0xFFFFFFFF) / 48_000
    captured_picture = rtcp.from_ntp(picture.ntp) - ((picture.rtp_time - seen.timestamp) & 0xFFFFFFFF) / 90_000
    assert abs(captured_voice - captured_picture) < 0.001
    assert abs(captured_voice - 1000.0) < 0.001


def test_the_round_trip_to_a_peer_is_what_its_losses_wait_before_they_are_asked_for_again() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join()
    ben.voice()
    stage.pass_time(1.2)
    report = ana.told(SenderReport)[0]
    trip = stage.now + 0.05 - rtcp.from_ntp(report.ntp)

    stage.pass_time(0.05)
    last = rtcp.middle_ntp(report.ntp)
    ana.rtcp(ReceiverReport(ana.audio_ssrc, (ReportBlock(report.ssrc, 0, 0, 1, 0, last, 0),)))

    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert peer.round_trip is not None
    assert abs(peer.round_trip - trip) < 0.001


def test_lost_sound_is_repeated_with_the_very_same_datagram() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    ana.voice()
    (datagram,) = [data for data in ben.take() if data[1] & 0x7F == 111]
    sequence = int.from_bytes(datagram[2:4], "big")

    stage.pass_time(0.04)
    ben.take()
    ben.rtcp(Nack(1, ben.ssrc("a0"), (sequence,)))

    assert [data for data in ben.take() if data[1] & 0x7F == 111] == [datagram]
