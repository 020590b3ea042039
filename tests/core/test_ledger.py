"""What is written down is found again, whole, by whoever opens the memory next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core import ledger
from sfu.core.ledger import BLOCK, SIZE, Kind, Ledger, Receiving, Sending
from sfu.rtp.errors import PeerFault


def test_every_life_has_a_number_of_its_own() -> None:
    memory = bytearray(SIZE)

    assert [Ledger(memory).life for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("address", [("192.0.2.7", 4711), ("2001:db8::7", 4711, 0, 0), ("fe80::1", 9, 0, 3)])
def test_an_address_is_found_again_as_the_socket_gave_it(address: ledger.Address) -> None:
    memory = bytearray(SIZE)
    Ledger(memory).of("u").record(Kind.ADDRESS).address = address

    assert Ledger(memory).of("u").record(Kind.ADDRESS).address == address


def test_a_peer_that_negotiated_anew_finds_nothing() -> None:
    memory = bytearray(SIZE)
    Sending(Ledger(memory).of("before"), 7, first=100).reserve(101)

    assert not Sending(Ledger(memory).of("after"), 7, first=200).resumed


def test_what_nobody_claims_is_forgotten() -> None:
    memory = bytearray(SIZE)
    first = Ledger(memory)
    for name in ("ana", "ben"):
        first.of(name).record(Kind.SENDING, 7)
    second = Ledger(memory)
    second.of("ana")

    second.forget_unclaimed()

    assert len(second) == 1
    assert len(Ledger(memory)) == 1


def test_a_full_ledger_refuses_one_peer_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "RECORDS", 2)
    full = Ledger(bytearray(SIZE))
    full.of("ana").record(Kind.SENDING, 1)
    full.of("ana").record(Kind.SENDING, 2)

    with pytest.raises(PeerFault):
        full.of("ben").record(Kind.SENDING, 1)
    full.of("ana").close()
    full.of("ben").record(Kind.SENDING, 1)


@given(st.integers(0, 0x7FFF), st.lists(st.integers(1, 0x7FFF), max_size=40), st.integers(0, 39))
def test_no_number_is_ever_before_its_reservation_and_none_after_a_death_is_within_it(
    first: int, steps: list[int], death: int
) -> None:
    memory = bytearray(SIZE)
    sending = Sending(Ledger(memory).of("u"), 7, first)
    index, limit = first, sending.limit
    used: set[int] = set()
    for turn, step in enumerate(steps):
        if turn == death:
            sending = Sending(Ledger(memory).of("u"), 7, first)
            assert sending.resumed
            assert sending.record.index >= index
            index, limit = sending.record.index, sending.limit
        index += step
        if limit - index & 0xFFFF >= 0x8000:
            limit = sending.reserve(index & 0xFFFF)
        assert index <= sending.record.index
        assert sending.record.index <= index + 0x8000 + BLOCK
        assert index not in used
        used.add(index)


def test_incoming_numbers_are_counted_over_their_wraps() -> None:
    memory = bytearray(SIZE)
    receiving = Receiving(Ledger(memory).of("u"), Kind.RECEIVING, 7)
    for index in range(65_000, 140_000, 1_000):
        receiving.heard(index & 0xFFFF)
        receiving.heard(index - 3 & 0xFFFF)

    assert Receiving(Ledger(memory).of("u"), Kind.RECEIVING, 7).record.index == 139_000
