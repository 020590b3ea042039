from __future__ import annotations

from app.engine.tally import Tally

CAMERA, VOICE = "p1/camera", "p1/microphone"
SIZE = (320, 180)


def test_a_gap_of_more_than_half_a_second_is_a_freeze() -> None:
    tally = Tally()
    for now in (0.0, 0.4, 1.0, 1.1):
        tally.frame_decoded(CAMERA, SIZE, now)

    seen = tally.sources()[CAMERA]

    assert (seen.frames, seen.freezes) == (4, 1)
    assert round(seen.longest_gap, 3) == 0.6
    assert (seen.width, seen.height) == SIZE


def test_a_camera_that_is_off_does_not_freeze() -> None:
    tally = Tally()
    tally.frame_decoded(CAMERA, SIZE, 0.0)
    tally.stopped(CAMERA, 0.1)
    tally.frame_decoded(CAMERA, SIZE, 60.0)

    assert tally.sources()[CAMERA].freezes == 0


def test_a_picture_that_stands_still_until_the_end_is_a_freeze_too() -> None:
    tally = Tally()
    tally.frame_decoded(CAMERA, SIZE, 0.0)
    tally.stopped_all(5.0)

    assert tally.sources()[CAMERA].freezes == 1


def test_only_sound_that_can_be_heard_counts_as_heard() -> None:
    tally = Tally()
    tally.played(VOICE, 0.02, dbov=-20)
    tally.played(VOICE, 0.02, dbov=-51)

    assert tally.sources()[VOICE].heard == 0.02


def test_the_first_remote_picture_is_remembered() -> None:
    tally = Tally()
    tally.frame_decoded(CAMERA, SIZE, 3.5)
    tally.frame_decoded("p2/camera", SIZE, 4.5)

    assert tally.first_frame == 3.5
