"""A viewer behind a narrow network gets what fits, soon and steadily, and more when there is more."""

from __future__ import annotations

import pytest

from sfu.core import congestion
from tests.sim.link import Weather
from tests.sim.subscriber import STEP_S, Show

NARROW = Weather(delay=0.01, rate=900_000, longest_queue=0.5)


def test_on_a_wide_network_the_best_layer_is_shown_at_once_and_nothing_is_probed() -> None:
    show = Show()
    show.watch(9)

    show.run(10)

    assert show.viewer.shown("v0", show.now - 9.5) == ["h"]
    assert show.viewer.peer.prober.probes == 0


def test_a_network_too_narrow_for_the_best_layer_gets_the_one_that_fits_within_two_seconds() -> None:
    show = Show(weather=NARROW)
    show.watch(9)

    show.run(2.5)
    since = show.run(20)

    assert set(show.viewer.shown("v0", since)) <= {"m", "l"}
    assert len(show.viewer.shown("v0", since)) <= 4  # and it does not flap
    assert show.viewer.link.lost < 100


def test_when_the_network_widens_the_picture_comes_back_because_it_was_probed_for() -> None:
    show = Show(weather=NARROW)
    show.watch(9)
    show.run(8)

    show.viewer.link.weather = Weather(delay=0.01)
    show.run(20)

    assert show.viewer.shown("v0", show.now - 2) == ["h"]
    assert show.viewer.peer.prober.proven >= 1


def test_sound_is_never_paused_and_pictures_are_where_nothing_else_helps() -> None:
    show = Show(cameras=3, weather=Weather(delay=0.01, rate=300_000, longest_queue=0.5))
    show.watch(9, 5, 5)
    show.run(6)

    since = show.run(10)
    for camera in show.cameras:
        camera.client.voice()
    heard = [packet for packet in show.viewer.client.heard() if packet.payload == b"opus"]

    assert show.viewer.bitrate(since) < 320_000
    assert len(heard) == 2  # of three voices on two slots
    shown = [mid for mid in ("v0", "v1", "v2") if show.viewer.shown(mid, since)]
    assert len(shown) < 3


def test_the_stage_keeps_more_than_the_tiles() -> None:
    show = Show(cameras=3, weather=Weather(delay=0.01, rate=1_400_000, longest_queue=0.5))
    show.watch(5, 5, 9)
    show.run(10)

    show.run(10)

    peer = show.viewer.peer
    by_source = {slot.shows: slot.stream.rid for slot in peer.slots if slot.video and slot.stream is not None}
    assert by_source == {"cam0/camera": "l", "cam1/camera": "l", "cam2/camera": "m"}


def test_a_radio_that_loses_a_twentieth_keeps_its_picture() -> None:
    show = Show(weather=Weather(delay=0.005, loss=0.05, jitter=0.008), seed=3)
    show.watch(9)

    show.run(15)

    assert show.viewer.shown("v0", show.now - 10) == ["h"]


@pytest.mark.parametrize("seed", range(3))
def test_a_player_that_reports_nothing_but_loss_is_served_less_and_then_more(seed: int) -> None:
    show = Show(weather=Weather(delay=0.01, rate=900_000, longest_queue=0.1), seed=seed)
    show.viewer.tells = show.viewer.receiver_report
    show.watch(9)
    show.run(20)
    assert "h" not in show.viewer.shown("v0", show.now - 1)

    show.viewer.link.weather = Weather(delay=0.01)
    show.run(40)

    assert show.viewer.shown("v0", show.now - 1) == ["h"]


def test_a_path_that_has_shown_no_end_gets_more_than_was_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(congestion, "LAN_START", 500_000.0)
    show = Show()
    show.watch(9)

    show.run(5)

    assert show.viewer.shown("v0", show.now - 4) == ["h"]


@pytest.mark.parametrize("known", [True, False])
def test_time_in_which_this_computer_was_busy_is_no_jam_of_the_path(known: bool) -> None:
    show = Show()
    show.watch(9)
    show.run(3)

    goes_on_at = show.now + 0.3
    while show.now < goes_on_at:
        show.viewer.link.weather = Weather(delay=goes_on_at - show.now)
        if known:
            show.stage.plane.sent(show.now + STEP_S, goes_on_at)
        show.run(STEP_S)
    show.viewer.link.weather = Weather()
    show.run(1)

    assert show.viewer.peer.path.is_narrow is not known
