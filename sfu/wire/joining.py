"""The HTTP requests before the socket (is the meeting of this code here, may I come in), and how HTTP says no.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sfu.wire.parts import MAX_PASSCODE, Code, Message, Name, Sentence


class JoinRequest(Message):
    """POST /api/meetings/CODE/join"""

    name: Name
    passcode: Annotated[str, Field(max_length=MAX_PASSCODE)] = ""


class JoinReply(Message):
    """A short-lived token, good for one `join` on this host."""

    token: str
    session: Annotated[str, Field(description="path of the WebSocket on the same origin")] = "/session"


class FindRequest(Message):
    """POST /api/find: is the meeting of my code here?  See `sfu.wire.finding`: the code itself is not sent."""

    question: Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


class FindReply(Message):
    proof: Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


class Problem(Message):
    """An error of the HTTP API (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: Sentence = ""
    code: Code = ""
