from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.nearby import MAX_TITLE, claimed, in_order


def test_a_title_that_hides_or_turns_text_is_one_plain_line() -> None:
    meeting = claimed("a", "Pay\u202egnp\nroll\x00", "pc", ["10.0.0.1"], 7443)

    assert meeting is not None
    assert meeting.title == "Paygnp roll"


def test_what_cannot_be_reached_or_named_is_not_listed() -> None:
    assert claimed("a", "Weekly", "pc", [], 7443) is None
    assert claimed("a", "\u202e", "pc", ["10.0.0.1"], 7443) is None
    assert claimed("a", "Weekly", "pc", ["10.0.0.1"], 0) is None


def test_two_hosts_that_say_the_same_are_two_and_keep_their_places() -> None:
    one = claimed("a", "Weekly", "laptop", ["10.0.0.1"], 7443)
    other = claimed("b", "Weekly", "laptop", ["10.0.0.2"], 7443)
    assert one
    assert other

    assert in_order([other, one]) == in_order([one, other]) == (one, other)
    assert (one.where, other.where) == ("10.0.0.1:7443", "10.0.0.2:7443")


@given(st.text(), st.text(), st.integers(-1, 1 << 17))
def test_any_claim_is_shown_in_one_short_line_or_not_at_all(title: str, computer: str, port: int) -> None:
    meeting = claimed("a", title, computer, ["10.0.0.1"], port)

    assert meeting is None or (0 < len(meeting.title) <= MAX_TITLE and meeting.title.isprintable())
