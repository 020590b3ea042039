"""Frames of the inference plane: what was promised, or one fault."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wire import MAX_CHUNK, Chunk, Hello, OpenStream, decode, encode
from models.wire.inference_pb2 import Header
from sfu.rtp.errors import ErrorCode, PeerFault


def test_a_chunk_travels_with_its_raw_payload_beside_it() -> None:
    chunk = Chunk(stream="ana", sequence=70_000, timestamp=960, capture_us=5, level_dbov=-30)

    assert decode(encode(chunk, b"opus")) == (chunk, b"opus")


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_any_frames_are_a_message_or_one_fault(frames: list[bytes]) -> None:
    with suppress(PeerFault):
        decode(frames)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([Header(version=9, hello=Hello(name="x")).SerializeToString()], ErrorCode.UNSUPPORTED),
        ([Header(version=1).SerializeToString()], ErrorCode.UNKNOWN_MESSAGE),
        (encode(Chunk(stream="a"), bytes(MAX_CHUNK + 1)), ErrorCode.TOO_LARGE),
        (encode(Chunk(stream="a"))[:1], ErrorCode.BAD_FRAME),
        (encode(OpenStream(stream="a", task="captions", hints=["x" * 100])), ErrorCode.TOO_LARGE),
        ([bytes(70_000)], ErrorCode.TOO_LARGE),
        ([], ErrorCode.BAD_FRAME),
    ],
    ids=["version", "empty", "large payload", "missing payload", "long hint", "large header", "nothing"],
)
def test_each_broken_promise_has_its_code(frames: list[bytes], code: ErrorCode) -> None:
    with pytest.raises(PeerFault) as refused:
        decode(frames)

    assert refused.value.code is code
