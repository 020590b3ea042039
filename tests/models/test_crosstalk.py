"""A quieter, delayed copy is told from a second person, whatever they both say."""

from __future__ import annotations

import math
import random

import pytest

from models.core.crosstalk import STEP, Room

START = 1000.0
SECONDS = 4.0


def speech(seed: int) -> list[float]:
    """Powers of syllables of random length and loudness, with short gaps."""
    chance = random.Random(seed)
    powers: list[float] = []
    while len(powers) < SECONDS / STEP:
        loud, length = 10 ** chance.uniform(-3.2, -1.6), chance.randrange(8, 25)
        powers += [loud * math.sin(math.pi * (at + 0.5) / length) ** 2 + 1e-7 for at in range(length)]
        powers += [1e-7] * chance.randrange(2, 12)
    return powers[: round(SECONDS / STEP)]


def copy(powers: list[float], db: float, late: float) -> list[float]:
    shifted = [1e-7] * round(late / STEP) + powers
    return [power * 10 ** (db / 10) + 1e-7 for power in shifted[: len(powers)]]


def room(**tracks: list[float]) -> Room:
    made = Room()
    for name, powers in tracks.items():
        made.add(name, START, powers)
    return made


@pytest.mark.parametrize("db", [-6.0, -12.0, -18.0])
@pytest.mark.parametrize("late", [0.0, 0.04, 0.3])
def test_a_quieter_late_copy_is_found_and_the_louder_track_is_not(db: float, late: float) -> None:
    said = speech(1)
    heard = room(ana=said, ben=copy(said, db, late))

    assert heard.is_copy("ben", START + 1, START + 3)
    assert not heard.is_copy("ana", START + 1, START + 3)


@pytest.mark.parametrize("seed", range(2, 12))
def test_two_people_who_talk_at_once_are_two_people(seed: int) -> None:
    quieter = [power / 10 for power in speech(seed)]
    heard = room(ana=speech(1), ben=quieter)

    assert not heard.is_copy("ben", START, START + 1.6)
    assert not heard.is_copy("ben", START + 2, START + 3.6)


def test_who_talks_while_the_other_is_heard_in_their_microphone_is_captioned() -> None:
    said = speech(1)
    both = [a + b for a, b in zip(speech(2), copy(said, -12, 0.02), strict=True)]

    assert not room(ana=said, ben=both).is_copy("ben", START + 1, START + 3)


def test_an_echo_from_the_next_building_is_no_crosstalk() -> None:
    said = speech(1)

    assert not room(ana=said, ben=copy(said, -12, 0.6)).is_copy("ben", START + 1, START + 3)


def test_a_gap_in_a_track_is_silence_and_keeps_its_place() -> None:
    said = speech(1)
    heard = room(ana=said)
    late = copy(said, -12, 0.0)
    heard.add("ben", START + 1.0, late[100:])

    assert heard.is_copy("ben", START + 1.2, START + 3)


def test_a_stranger_and_a_moment_are_never_copies() -> None:
    said = speech(1)
    heard = room(ana=said, ben=copy(said, -12, 0.02))

    assert not heard.is_copy("eve", START, START + 3)
    assert not heard.is_copy("ben", START + 1, START + 1.2)
    heard.forget("ana")
    assert not heard.is_copy("ben", START + 1, START + 3)
