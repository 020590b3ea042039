from __future__ import annotations

from sfu.core.guesses import AT_ONCE, FORGIVEN_PER_S, MAX_ADDRESSES, Guesses


def guess(guesses: Guesses, address: str, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        guesses.wrong(address, now)


def test_somebody_who_mistypes_is_not_barred() -> None:
    guesses = Guesses()
    guess(guesses, "10.0.0.1", AT_ONCE - 1)

    assert not guesses.barred("10.0.0.1", now=0.0)


def test_a_guesser_is_barred_alone_and_for_a_while() -> None:
    guesses = Guesses()
    guess(guesses, "10.0.0.1", AT_ONCE)

    assert guesses.barred("10.0.0.1", now=0.0)
    assert not guesses.barred("10.0.0.2", now=0.0)
    assert not guesses.barred("10.0.0.1", now=1 / FORGIVEN_PER_S + 0.1)


def test_a_crowd_of_addresses_shares_what_is_left() -> None:
    guesses = Guesses()
    for number in range(MAX_ADDRESSES):
        guesses.wrong(f"a{number}", now=0.0)
    for number in range(AT_ONCE):
        guesses.wrong(f"b{number}", now=0.0)

    assert guesses.barred("c", now=0.0)
    assert not guesses.barred("a0", now=0.0)


def test_what_was_forgiven_makes_room() -> None:
    guesses = Guesses()
    for number in range(MAX_ADDRESSES):
        guesses.wrong(f"a{number}", now=0.0)

    guess(guesses, "b", AT_ONCE, now=100.0)

    assert guesses.barred("b", now=100.0)
    assert not guesses.barred("c", now=100.0)
