from __future__ import annotations

import pytest

from sfu.core import codes


@pytest.mark.parametrize("typed", ["ABCDEFGH", "abcd-efgh", " abcd efgh ", "ABCD\u2013EFGH"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert codes.normalised(typed) == "ABCDEFGH"


def test_a_code_is_shown_in_two_groups_of_four() -> None:
    assert codes.shown("ABCDEFGH") == "ABCD-EFGH"


def test_no_character_can_be_mistaken_for_another() -> None:
    assert not set("01OIL") & set(codes.ALPHABET)


def test_a_link_carries_the_pin_where_browsers_do_not_send_it() -> None:
    assert codes.link("192.168.1.5", 7443, "ABCDEFGH", "pin") == "https://192.168.1.5:7443/j/ABCDEFGH#fp=pin"
    assert codes.link("fe80::1", 7443, "ABCDEFGH", "pin").startswith("https://[fe80::1]:7443/")
