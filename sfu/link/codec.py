"""Frames on a byte stream: four bytes of length, then one JSON message.

A stream socket has no message boundaries, and a broken length would make everything after it nonsense.  So a frame
that is too large, or that is no message of ours, ends the link (`BrokenLink`): both ends are our own programs, and
the one who starts them starts them again.  This file does no I/O; `channel.py` does.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from sfu.link.messages import MAX_FRAME, Message

HEADER = 4

M = TypeVar("M")


class BrokenLink(Exception):
    """The other end sent bytes that are no message; nothing after them can be understood."""


def encode(message: Message) -> bytes:
    """One frame.  Raises BrokenLink when the message is longer than MAX_FRAME bytes."""
    body = message.model_dump_json().encode()
    if len(body) > MAX_FRAME:
        raise BrokenLink(f"a message of {len(body)} bytes does not fit a frame of {MAX_FRAME}")
    return len(body).to_bytes(HEADER, "big") + body


class Decoder(Generic[M]):
    """Turns a stream of bytes into messages; never holds more than one frame and what came with it."""

    def __init__(self, messages: TypeAdapter[M]) -> None:
        self._messages = messages
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """The messages that are complete now.  Raises BrokenLink; the decoder is useless after that."""
        self._buffer += data
        complete: list[M] = []
        at = 0
        while len(self._buffer) - at >= HEADER:
            length = int.from_bytes(self._buffer[at : at + HEADER], "big")
            if length > MAX_FRAME:
                raise BrokenLink(f"a frame of {length} bytes is announced, at most {MAX_FRAME} are allowed")
            end = at + HEADER + length
            if len(self._buffer) < end:
                break
            complete.append(self._decode(bytes(self._buffer[at + HEADER : end])))
            at = end
        del self._buffer[:at]
        return complete

    def _decode(self, body: bytes) -> M:
        try:
            return self._messages.validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise BrokenLink(f"not a message of the link: {first['msg']}") from None
