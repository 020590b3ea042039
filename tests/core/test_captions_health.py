from __future__ import annotations

from sfu.core.captions_health import ON_TIME, CaptionsHealth, Health, Pace, Worker
from sfu.wire.messages import Effort


def ready() -> CaptionsHealth:
    health = CaptionsHealth()
    health.worker(Worker.READY)
    return health


def test_all_is_well_without_a_word() -> None:
    assert ready().health() == Health(up=True, available=True, sentence="")


def test_missing_weights_say_what_to_do_and_nobody_is_tapped_meanwhile() -> None:
    health = CaptionsHealth().worker(Worker.NO_WEIGHTS, "Run `parley models fetch whisper-base`.")

    assert health == Health(up=False, available=False, sentence="Run `parley models fetch whisper-base`.")


def test_while_a_worker_comes_back_speech_is_still_taken() -> None:
    health = ready().worker(Worker.RESTARTING)

    assert (health.up, health.available) == (True, False)
    assert "started again" in health.sentence


def test_a_worker_that_was_given_up_is_no_reason_to_listen() -> None:
    assert not ready().worker(Worker.GIVEN_UP).up


def test_a_delay_is_told_when_it_is_felt_and_until_it_is_over() -> None:
    health = ready()

    assert health.behind("p1-1", Pace(3.9)).sentence == ""
    assert "6 s behind" in health.behind("p1-1", Pace(6.2)).sentence
    assert "3 s behind" in health.behind("p1-1", Pace(3.0)).sentence
    assert health.behind("p1-1", Pace(1.5)).sentence == ""


def test_the_slowest_stream_counts_until_it_closes() -> None:
    health = ready()
    health.behind("p1-1", Pace(9.0))

    assert "9 s behind" in health.behind("p2-2", Pace(0.1)).sentence
    assert health.closed("p1-1").sentence == ""


def test_what_is_left_undone_is_told_with_the_model_that_hears_until_it_is_over() -> None:
    health = ready()
    health.behind("p1-1", Pace(0.5))

    busy = health.behind("p2-2", Pace(4.4, Effort.SMALL, "whisper-tiny.en"))

    assert busy.pace == Pace(4.0, Effort.SMALL, "whisper-tiny.en")
    assert busy.sentence.startswith("Captions 4 s behind: computer busy.")
    assert health.behind("p2-2", Pace(0.2)).pace == ON_TIME
