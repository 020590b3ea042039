from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core import frames
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire import messages as wire

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)
TYPES = ["join", "offer", "media", "watch", "consent", "captions", "leave", "end", "ping", "welcome", "x" * 100]


def refused(text: str) -> PeerFault:
    with pytest.raises(PeerFault) as fault:
        frames.read(text)
    return fault.value


def test_a_message_is_read() -> None:
    assert frames.read('{"type":"consent","captions":true}') == wire.AnswerConsent(captions=True)


def test_an_unknown_message_is_named_and_says_to_update() -> None:
    fault = refused('{"type":"teleport"}')

    assert fault.code == ErrorCode.UNKNOWN_MESSAGE
    assert "'teleport'" in fault.sentence
    assert "Update" in fault.sentence


def test_a_field_out_of_bounds_is_named() -> None:
    fault = refused('{"type":"watch","views":[{"source":"p1/camera","width":0,"height":1,"priority":1}]}')

    assert fault.code == ErrorCode.BAD_FRAME
    assert "views.0.width" in fault.sentence


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", "[" * 10_000, '{"type":"ping","n":1,"x":2}'])
def test_nonsense_is_refused_with_a_sentence(text: str) -> None:
    assert refused(text).code == ErrorCode.BAD_FRAME


def test_a_frame_is_measured_in_bytes() -> None:
    assert refused("x" * (wire.MAX_FRAME + 1)).code == ErrorCode.TOO_LARGE
    assert refused("字" * (wire.MAX_FRAME // 2)).code == ErrorCode.TOO_LARGE


@given(st.text() | JSON.map(json.dumps) | st.builds(lambda t, r: json.dumps({**r, "type": t}), st.sampled_from(TYPES),
       st.dictionaries(st.sampled_from(["n", "on", "captions", "sdp", "lines", "views", "token"]), JSON)))  # fmt: skip
def test_any_text_is_a_message_or_one_fault(text: str) -> None:
    with contextlib.suppress(PeerFault):
        frames.read(text)
