"""Sound comes unevenly and is played evenly."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.jitter import MOST_PACKETS, AudioJitterBuffer, Conceal, Play, Silence, Wait
from sfu.rtp.packet import RtpPacket

STEP = 0.02
SPEECH, COMFORT = b"\x78" + b"s" * 60, b"\x78"
FIRST_TIMESTAMP, FIRST_SEQUENCE = 0xFFFF_F000, 65_530  # both wrap soon
Step = Play | Conceal | Silence | Wait
Arrivals = Sequence[tuple[float, RtpPacket]]


def sound(sequence: int, step: float, payload: bytes = SPEECH) -> RtpPacket:
    """The packet `sequence`, spoken `step` steps of 20 ms after the beginning."""
    timestamp = FIRST_TIMESTAMP + int(step * 960) & 0xFFFF_FFFF
    return RtpPacket(111, FIRST_SEQUENCE + sequence & 0xFFFF, timestamp, 1, payload)


def spoken(step: Play) -> float:
    """When it was spoken, in steps after the beginning."""
    return (step.timestamp - FIRST_TIMESTAMP & 0xFFFF_FFFF) / 960


def play(arrivals: Arrivals, seconds: float, buffer: AudioJitterBuffer | None = None) -> list[Step]:
    """Feeds the buffer on time and pulls every 20 ms."""
    buffer = buffer or AudioJitterBuffer()
    waiting = sorted(arrivals, key=lambda arrival: arrival[0])
    steps: list[Step] = []
    for turn in range(round(seconds / STEP)):
        now = 0.007 + turn * STEP
        while waiting and waiting[0][0] <= now:
            at, packet = waiting.pop(0)
            buffer.push(packet, at)
        steps.append(buffer.pull(now))
    return steps


def speech(packets: int, jitter: float = 0.0, seed: int = 1) -> list[tuple[float, RtpPacket]]:
    random = Random(seed)
    return [(number * STEP + jitter * random.random(), sound(number, number)) for number in range(packets)]


def kinds(steps: Sequence[Step]) -> Counter[type]:
    return Counter(type(step) for step in steps)


def numbers(steps: Sequence[Step]) -> list[float]:
    return [spoken(step) for step in steps if isinstance(step, Play)]


def test_before_anybody_speaks_there_is_nothing_to_play() -> None:
    assert play([], seconds=0.1) == [Wait()] * 5


def test_even_sound_is_played_without_a_gap_after_one_step() -> None:
    steps = play(speech(500), seconds=10)

    assert [type(step) for step in steps[:2]] == [Wait, Play]
    assert numbers(steps) == list(range(499))
    assert steps[1] == Play(SPEECH, FIRST_TIMESTAMP)


@pytest.mark.parametrize("jitter", [0.01, 0.04, 0.1])
def test_uneven_sound_is_played_in_order_and_almost_without_a_gap(jitter: float) -> None:
    buffer = AudioJitterBuffer()

    steps = play(speech(1500, jitter), seconds=30, buffer=buffer)

    assert numbers(steps) == sorted(numbers(steps))
    assert len(numbers(steps)) > 1480
    assert kinds(steps)[Conceal] <= 10
    assert jitter <= buffer.stats().target_delay <= jitter + 0.025


def test_a_lost_packet_is_one_step_of_concealment() -> None:
    arrivals = [arrival for number, arrival in enumerate(speech(200)) if number not in (50, 100)]

    steps = play(arrivals, seconds=4)

    assert kinds(steps)[Conceal] == 2
    assert numbers(steps) == [number for number in range(199) if number not in (50, 100)]


def test_a_long_loss_is_concealed_for_60_ms_and_then_silent() -> None:
    arrivals = [arrival for number, arrival in enumerate(speech(200)) if not 50 <= number < 100]

    steps = play(arrivals, seconds=4)

    hole = [type(step) for step in steps[51:101]]
    assert hole == [Conceal] * 3 + [Silence] * 47
    assert numbers(steps)[50:52] == [100, 101]


def test_a_pause_of_dtx_is_silence_and_not_loss() -> None:
    talk = [(n * STEP, sound(n, n)) for n in range(50)]
    # Discontinuous transmission: a packet of a byte each 400 ms, the sequence goes on, the timestamps jump.
    comfort = [(1.0 + 0.4 * n, sound(50 + n, 50 + 20 * n, COMFORT)) for n in range(5)]
    again = [(3.0 + n * STEP, sound(55 + n, 150 + n)) for n in range(50)]

    steps = play(talk + comfort + again, seconds=4)

    assert kinds(steps)[Conceal] == 0
    assert kinds(steps)[Silence] >= 90
    assert len(numbers(steps)) == 104


def test_a_forwarder_that_withholds_silence_costs_60_ms_of_concealment_at_most() -> None:
    talk = [(n * STEP, sound(n, n)) for n in range(50)]
    again = [(5.0 + n * STEP, sound(50 + n, 250 + n)) for n in range(50)]

    steps = play(talk + again, seconds=6)

    assert kinds(steps)[Conceal] == 3
    assert kinds(steps)[Silence] > 190
    assert numbers(steps) == [*range(50), *range(250, 299)]


def test_the_delay_shrinks_in_pauses_when_the_network_calms_down() -> None:
    rough = speech(300, jitter=0.15)
    spoken_at = [(300 + turn * 50 + n, 300 + turn * 100 + n) for turn in range(10) for n in range(50)]
    calm = [(step * STEP, sound(number, step)) for number, step in spoken_at]

    buffer = AudioJitterBuffer()
    steps = play(rough + calm, seconds=25, buffer=buffer)

    last = [(turn, spoken(step)) for turn, step in enumerate(steps) if isinstance(step, Play)][-1]
    assert last[0] - last[1] <= 2
    assert buffer.stats().skipped <= 8  # the rest of the delay went unheard


@pytest.mark.parametrize("calm", range(240, 252))
def test_a_delay_that_is_no_longer_needed_shortens_the_pause_and_not_the_words_behind_it(calm: int) -> None:
    before = speech(300, jitter=0.1) + [(n * STEP, sound(n, n)) for n in range(300, 300 + calm)]
    # A pause of 60 ms: when it is to be played, the words behind it are there already.
    behind = range(303 + calm, 353 + calm)
    arrivals = before + [(step * STEP, sound(step - 3, step)) for step in behind]

    steps = play(arrivals, seconds=13)

    assert behind[0] in numbers(steps)


def test_without_a_pause_a_packet_a_second_is_left_out_until_the_delay_is_small() -> None:
    steady = [(number * STEP, sound(number, number)) for number in range(300, 2000)]

    buffer = AudioJitterBuffer()
    steps = play(speech(300, jitter=0.19) + steady, seconds=39, buffer=buffer)

    last = [(turn, spoken(step)) for turn, step in enumerate(steps) if isinstance(step, Play)][-1]
    assert last[0] - last[1] <= 5
    assert 1 <= buffer.stats().skipped <= 10


def test_a_packet_that_comes_while_nothing_is_there_is_still_heard() -> None:
    arrivals = [(at + (0.05 if at >= 1.0 else 0.0), packet) for at, packet in speech(200)]

    steps = play(arrivals, seconds=4)

    assert kinds(steps)[Conceal] == 2
    assert numbers(steps) == list(range(len(numbers(steps))))


def test_packets_in_the_wrong_order_are_played_in_the_right_one() -> None:
    arrivals = speech(300, jitter=0.03)
    arrivals[100], arrivals[101] = (arrivals[101][0], arrivals[100][1]), (arrivals[100][0], arrivals[101][1])

    steps = play(arrivals, seconds=6)

    assert numbers(steps) == sorted(numbers(steps))


def test_duplicates_are_played_once_and_counted() -> None:
    buffer = AudioJitterBuffer()

    steps = play(speech(100) + speech(100), seconds=2, buffer=buffer)

    assert numbers(steps) == list(range(99))
    assert buffer.stats().duplicates == 100


def test_after_a_stall_of_three_seconds_playing_goes_on_with_what_is_said_now() -> None:
    arrivals = [(max(at, 5.0) if at > 2.0 else at, packet) for at, packet in speech(500)]

    steps = play(arrivals, seconds=10)

    after = [(turn, spoken(step)) for turn, step in enumerate(steps) if isinstance(step, Play) and turn * STEP > 5.05]
    assert all(turn - number <= 14 for turn, number in after)
    assert len(after) > 235


@pytest.mark.parametrize("jump", [-1_000_000, -100, 100, 1_000_000])
def test_a_sender_whose_clock_jumps_is_heard_again_at_once(jump: int) -> None:
    arrivals = [(n * STEP, sound(n, n if n < 100 else n + jump)) for n in range(300)]

    steps = play(arrivals, seconds=6)

    assert kinds(steps[140:])[Play] >= 155
    assert kinds(steps[:99])[Play] == 98


def test_a_sender_that_starts_at_other_numbers_is_heard_again_at_once() -> None:
    arrivals = [(n * STEP, sound(n if n < 100 else n - 20_000, n)) for n in range(300)]

    steps = play(arrivals, seconds=6)

    assert kinds(steps[120:])[Play] >= 175


@pytest.mark.parametrize("drift", [-3e-4, 3e-4])
def test_clocks_that_run_apart_cost_a_step_now_and_then(drift: float) -> None:
    arrivals = [(at * (1 + drift), packet) for at, packet in speech(15_000)]

    steps = play(arrivals, seconds=299)

    assert kinds(steps)[Conceal] + kinds(steps)[Silence] <= 10
    assert len(numbers(steps)) > 14_900


def test_a_sound_card_that_fetches_three_steps_at_once_is_served() -> None:
    buffer, waiting, steps = AudioJitterBuffer(), speech(1500), list[Step]()
    for turn in range(500):
        now = 0.007 + turn * 3 * STEP
        while waiting and waiting[0][0] <= now:
            at, packet = waiting.pop(0)
            buffer.push(packet, at)
        steps += [buffer.pull(now) for _ in range(3)]

    assert kinds(steps)[Conceal] <= 6
    assert len(numbers(steps)) > 1480


def test_packets_of_60_ms_are_played_when_they_are_pulled_for() -> None:
    long = b"\x18" + b"s" * 100
    buffer, steps = AudioJitterBuffer(), list[Step]()
    for turn in range(101):
        buffer.push(sound(turn, turn * 3, long), turn * 0.06)
        steps.append(buffer.pull(turn * 0.06 + 0.001))

    assert numbers(steps) == [3 * number for number in range(100)]


def test_packets_of_10_ms_are_all_played() -> None:
    short = b"\x60" + b"s" * 30
    buffer, steps = AudioJitterBuffer(), list[Step]()
    for turn in range(200):
        buffer.push(sound(turn, turn / 2, short), turn * 0.01)
        steps.append(buffer.pull(turn * 0.01 + 0.001))

    assert numbers(steps) == [number / 2 for number in range(198)]


def test_padding_is_no_sound() -> None:
    buffer = AudioJitterBuffer()
    buffer.push(sound(0, 0, b""), now=0.0)

    assert buffer.pull(now=1.0) == Wait()


def test_a_flood_is_bounded() -> None:
    buffer = AudioJitterBuffer()
    for number in range(10_000):
        buffer.push(sound(number, number), now=0.0)

    assert buffer.stats().skipped == 10_000 - MOST_PACKETS


@given(
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF) | st.integers(0, 30),
            st.integers(0, 0xFFFF_FFFF) | st.integers(0, 30).map(lambda step: step * 960),
            st.binary(max_size=3),
            st.floats(0, 0.5),
            st.booleans(),
        ),
        max_size=200,
    )
)
def test_whatever_comes_every_pull_has_an_answer_and_memory_is_bounded(
    pushes: list[tuple[int, int, bytes, float, bool]],
) -> None:
    buffer, now = AudioJitterBuffer(), 100.0
    for sequence, timestamp, payload, wait, pull in pushes:
        now += wait
        buffer.push(RtpPacket(111, sequence, timestamp, 1, payload), now)
        if pull:
            assert isinstance(buffer.pull(now), Play | Conceal | Silence | Wait)
        assert buffer.kept <= MOST_PACKETS
        assert 0.02 <= buffer.stats().target_delay <= 0.2
