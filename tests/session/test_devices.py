from __future__ import annotations

import pytest

from app.session.devices import FOLLOW, Choice, Device

LAPTOP, HEADSET, DESK = Device("laptop", "Laptop", default=True), Device("headset", "Headset"), Device("desk", "Desk")


def default(device: Device) -> Device:
    return Device(device.id, device.name, default=True)


def test_at_first_the_systems_default_is_used_and_finding_it_opens_nothing_anew() -> None:
    choice = Choice()

    assert not choice.look([LAPTOP, HEADSET])
    assert choice.used == FOLLOW


def test_who_follows_the_default_is_moved_when_it_moves() -> None:
    choice = Choice()
    choice.look([LAPTOP])

    assert choice.look([Device("laptop", "Laptop"), default(HEADSET)])
    assert not choice.look([Device("laptop", "Laptop"), default(HEADSET)])


def test_a_chosen_device_is_kept_whatever_the_default_is() -> None:
    choice = Choice()
    choice.look([LAPTOP, DESK])

    assert choice.choose("desk", [LAPTOP, DESK])
    assert not choice.look([Device("laptop", "Laptop"), DESK, default(HEADSET)])
    assert choice.used == "desk"


def test_while_the_chosen_one_is_away_the_default_serves_and_then_it_is_used_again() -> None:
    choice = Choice()
    choice.choose("headset", [LAPTOP, HEADSET])

    assert choice.look([LAPTOP])
    assert choice.used == FOLLOW
    assert choice.look([LAPTOP, HEADSET])
    assert choice.used == "headset"


@pytest.mark.parametrize("device", ["", "laptop"])
def test_choosing_what_is_used_already_opens_nothing_anew(device: str) -> None:
    choice = Choice()
    choice.choose(device, [LAPTOP])

    assert not choice.choose(device, [LAPTOP])


def test_a_choice_from_last_week_waits_until_it_is_plugged_in() -> None:
    choice = Choice()

    assert not choice.choose("gone", [LAPTOP])
    assert choice.used == FOLLOW
