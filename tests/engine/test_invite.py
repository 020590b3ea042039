from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.invite import Invite, Wanted, origin, parse_wanted
from sfu.rtp.errors import ErrorCode, UserError

PIN = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
LINK = f"https://192.0.2.7:8443/j/ABCD2345#fp={PIN}"


def why(link: str) -> str:
    with pytest.raises(UserError) as refused:
        parse_wanted(link)
    assert refused.value.code is ErrorCode.BAD_LINK
    return refused.value.sentence


def test_a_whole_link_says_where_the_meeting_is_and_whom_to_trust() -> None:
    invite = parse_wanted(LINK)

    assert (invite.host, invite.port, invite.code) == ("192.0.2.7", 8443, "ABCD2345")
    assert invite.fingerprint is not None
    assert len(invite.fingerprint) == 32


def test_a_link_survives_a_chat_that_wraps_and_indents_it() -> None:
    wrapped = f"  https://192.0.2.7:8443/j/\n  abcd-2345#fp={PIN[:20]}\r\n{PIN[20:]}\t"

    assert parse_wanted(wrapped) == parse_wanted(LINK)


@pytest.mark.parametrize("typed", ["ABCD2345", "abcd-2345", " ABCD 2345 ", "abcd\u20132345"])
def test_a_code_alone_is_looked_for_on_this_network(typed: str) -> None:
    assert parse_wanted(typed) == Wanted("ABCD2345")


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("192.168.1.20 ABCD-2345", "192.168.1.20", 7443),
        ("192.168.1.20:8443 abcd 2345", "192.168.1.20", 8443),
        ("anas-pc.local ABCD2345", "anas-pc.local", 7443),
        ("[fd00::2]:8443 ABCD2345", "fd00::2", 8443),
        ("192.168.1.20:8443/j/ABCD2345", "192.168.1.20", 8443),
        ("https://192.168.1.20:8443/j/ABCD2345", "192.168.1.20", 8443),
    ],
)
def test_an_address_and_a_code_need_no_fingerprint_but_words(typed: str, host: str, port: int) -> None:
    assert parse_wanted(typed) == Wanted("ABCD2345", host, port)


def test_what_was_typed_becomes_a_whole_link_for_others() -> None:
    wanted = parse_wanted(LINK)
    assert wanted.host
    assert wanted.fingerprint

    assert Invite(wanted.host, wanted.port, wanted.code, wanted.fingerprint).link == LINK


def test_an_ipv6_host_keeps_its_brackets_in_urls() -> None:
    invite = parse_wanted(LINK.replace("192.0.2.7", "[fd00::2]"))
    assert invite.host is not None

    assert invite.host == "fd00::2"
    assert origin(invite.host, invite.port) == "[fd00::2]:8443"


@pytest.mark.parametrize(
    ("link", "about"),
    [
        ("", "Nothing was given"),
        ("hello there", "has eight characters"),
        (LINK.replace("https", "http"), "begins with https://"),
        (LINK.replace(":8443", ""), "begins with https://"),
        (LINK.replace(":8443", ":99999"), "not a meeting link"),
        (LINK.replace("ABCD2345", "ABCD234"), "meeting code"),
        (LINK.replace("ABCD2345", "ABCD0O1I"), "meeting code"),
        (LINK.replace("/j/", "/k/"), "meeting code"),
        ("ABCD 234", "eight characters"),
        ("host.local:x ABCD2345", "not a meeting link"),
        ("which one?", "neither a meeting link nor a code"),
        (LINK[:-1], "#fp="),
        (LINK + "A", "#fp="),
        ("https://" + "a" * 3_000, "too long"),
    ],
)
def test_what_is_wrong_with_a_link_is_said(link: str, about: str) -> None:
    assert about in why(link)


@given(st.text() | st.text().map(lambda end: LINK[:40] + end) | st.text().map(lambda host: f"https://{host}:1/j/A#fp="))
def test_any_text_is_an_invite_or_one_user_error(text: str) -> None:
    try:
        assert isinstance(parse_wanted(text), Wanted)
    except UserError as error:
        assert error.code is ErrorCode.BAD_LINK
