"""What is left undone when the computer cannot keep up."""

from __future__ import annotations

from models.core.effort import BACK_AFTER, Effort, Pace


def late(pace: Pace, lag: float, *, since: float, seconds: float) -> list[Effort]:
    """Answers twice a second, each `lag` late; the efforts in order."""
    efforts = [pace.effort]
    for number in range(int(2 * seconds)):
        pace.answered(lag, since + number / 2)
        if pace.effort is not efforts[-1]:
            efforts.append(pace.effort)
    return efforts


def test_updates_thin_out_then_slow_down_then_the_smaller_model_hears() -> None:
    assert late(Pace(has_smaller=True), 5.0, since=0.0, seconds=10) == list(Effort)


def test_without_a_smaller_model_nothing_else_is_tried() -> None:
    assert late(Pace(), 5.0, since=0.0, seconds=30) == [Effort.FULL, Effort.THIN, Effort.SLOW]


def test_no_more_is_given_up_than_helps() -> None:
    assert late(Pace(has_smaller=True), 1.5, since=0.0, seconds=30) == [Effort.FULL, Effort.THIN]


def test_one_late_answer_costs_one_step_and_calm_brings_it_back() -> None:
    pace = Pace(has_smaller=True)
    pace.answered(5.0, 0.0)

    assert late(pace, 0.3, since=1.0, seconds=BACK_AFTER + 1) == [Effort.THIN, Effort.FULL]


def test_the_one_long_pass_of_a_phrase_is_not_late() -> None:
    pace = Pace()
    pace.answered(1.5, 0.0, final=True)
    assert pace.effort is Effort.FULL

    pace.answered(3.0, 2.0, final=True)
    assert pace.effort is Effort.THIN


def test_silence_brings_everything_back() -> None:
    pace = Pace(has_smaller=True)
    late(pace, 5.0, since=0.0, seconds=10)

    for second in range(10, 60):
        pace.idle(float(second))

    assert pace.effort is Effort.FULL


def test_a_step_back_that_was_too_early_is_not_tried_again_soon() -> None:
    pace, now, steps = Pace(), 0.0, 0
    while now < 120.0:      # it is always late at full effort, never when thinned
        before = pace.effort
        pace.answered(2.0 if before is Effort.FULL else 0.3, now)
        steps += pace.effort is not before
        now += 0.5

    assert steps < 12
    assert pace.effort is Effort.THIN
