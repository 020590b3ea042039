from __future__ import annotations

from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.tickets import LIFETIME
from sfu.host.tokens import Tokens, installation_secret
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import Role

SECRET = b"s" * 32
TOKENS = Tokens(SECRET, "host-1")
CLAIMS = {"aud": "host-1", "exp": 160, "jti": "a", "meeting": "m1", "name": "Ana", "role": "host"}


def refused(token: str) -> None:
    with pytest.raises(UserError) as error:
        TOKENS.read(token)
    assert error.value.code == ErrorCode.BAD_TOKEN


def signed(secret: bytes = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {key: value for key, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm)


def test_what_was_issued_is_read_back() -> None:
    ticket = TOKENS.read(TOKENS.issue("m1", "王小明", Role.HOST, wall=100.0))

    assert (ticket.meeting, ticket.name, ticket.role, ticket.expires) == ("m1", "王小明", Role.HOST, 100.0 + LIFETIME)


def test_no_two_tokens_are_the_same_ticket() -> None:
    ids = {TOKENS.read(TOKENS.issue("m1", "Ana", Role.MEMBER, 100.0)).id for _ in range(100)}

    assert len(ids) == 100


@pytest.mark.parametrize(
    "token",
    [
        signed(secret=b"x" * 32),
        signed(aud="host-2"),
        signed(aud=None),
        signed(exp=None),
        signed(jti=None),
        signed(role="emperor"),
        signed(meeting=None),
        signed(secret=b"s" * 64, algorithm="HS512"),
        jwt.encode(CLAIMS, None, algorithm="none"),
        "",
        "a.b.c",
    ],
)
def test_what_this_host_did_not_sign_in_its_own_way_is_refused(token: str) -> None:
    refused(token)


@given(st.text())
def test_any_text_is_refused(token: str) -> None:
    refused(token)


def test_the_installations_secret_is_256_bits_and_stays(tmp_path: Path) -> None:
    first = installation_secret(tmp_path / "token.key")

    assert len(first) == 32
    assert installation_secret(tmp_path / "token.key") == first


def test_a_secret_that_was_cut_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "token.key").write_bytes(b"short")

    with pytest.raises(UserError, match="damaged"):
        installation_secret(tmp_path / "token.key")
