"""What is kept for the next worker, and what a slow reader may lose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.outbox import Outbox, Waiting
from models.core.ring import KEEP_AT_LEAST, KEEP_AT_MOST, RUN_UP, Packet, Ring
from models.wire import CaptionText, Chunk, Result, Terminate


def packet(at: float) -> Packet:
    return Packet(Chunk(stream="ana", capture_us=round(at * 1e6)), b"opus")


def filled(seconds: int) -> Ring:
    ring = Ring()
    for tenth in range(seconds * 10):
        ring.push(packet(100 + tenth / 10))
    return ring


def test_a_recogniser_that_never_finishes_costs_forty_seconds_of_packets() -> None:
    ring = filled(120)

    _, packets = ring.replay()

    assert packets[-1].captured - packets[0].captured == pytest.approx(KEEP_AT_MOST)


def test_what_is_final_is_not_replayed_but_a_short_run_up_is() -> None:
    ring = filled(30)

    ring.settle(until=125.0)

    resume, packets = ring.replay()
    assert resume == 125.0
    assert packets[0].captured == pytest.approx(125.0 - RUN_UP)


def test_ten_seconds_stay_although_all_is_final() -> None:
    ring = filled(30)

    ring.settle(until=130.0)

    assert len(ring) == pytest.approx(KEEP_AT_LEAST * 10, abs=1)


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), max_size=60))
def test_whatever_comes_nothing_unfinished_of_the_last_forty_seconds_is_missing(
    steps: list[tuple[float, bool]],
) -> None:
    ring, now, final, pushed = Ring(), 100.0, 0.0, []
    for step, settles in steps:
        now += step
        ring.push(packet(now))
        pushed.append(now)
        if settles:
            final = now
            ring.settle(final)

    _, packets = ring.replay()

    due = [at for at in pushed if at >= final and at > now - KEEP_AT_MOST + 0.001]
    kept = {held.captured for held in packets}
    assert all(any(abs(at - held) < 1e-5 for held in kept) for at in due)


def test_a_full_outbox_loses_its_oldest_audio_and_never_an_order_or_a_final() -> None:
    final = Waiting(Result(stream="ana", caption=CaptionText(segment=1, final=True)))
    order = Waiting(Terminate())
    outbox = Outbox(limit=4)
    for message in (final, Waiting(Chunk(sequence=1)), Waiting(Chunk(sequence=2)), order):
        outbox.put(message)

    outbox.put(Waiting(Chunk(sequence=3)))

    held = [outbox.pop() for _ in range(len(outbox))]
    assert outbox.dropped == 1
    assert held == [final, Waiting(Chunk(sequence=2)), order, Waiting(Chunk(sequence=3))]
