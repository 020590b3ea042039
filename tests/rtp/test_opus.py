"""How long an Opus packet lasts, from its first byte (RFC 6716 3.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp import opus


@pytest.mark.parametrize(
    ("payload", "ms"),
    [
        (b"\x00..", 10),  # SILK, 10 ms
        (b"\x18..", 60),  # SILK, 60 ms
        (b"\x60..", 10),  # hybrid, 10 ms
        (b"\x78..", 20),  # hybrid, 20 ms: speech from a browser
        (b"\x80..", 2.5),  # CELT
        (b"\xf8..", 20),
        (b"\xf9..", 40),  # two frames of the same size
        (b"\xfa..", 40),
        (b"\xfb\x03.", 60),  # three frames
        (b"\xfb\x86.", 120),  # six, with sizes
    ],
)
def test_packets_last_as_long_as_they_say(payload: bytes, ms: float) -> None:
    assert opus.samples(payload) == ms * 48


@pytest.mark.parametrize("payload", [b"", b"\xfb", b"\xfb\x00", b"\xfb\x07", b"\x1b\x03"])
def test_what_no_decoder_would_take_lasts_no_time(payload: bytes) -> None:
    assert opus.samples(payload) == 0


@given(st.binary(max_size=4))
def test_no_packet_lasts_longer_than_the_rfc_allows(payload: bytes) -> None:
    assert 0 <= opus.samples(payload) <= 5760


def test_one_or_two_bytes_are_a_pause() -> None:
    assert opus.pauses(b"\x78")
    assert opus.pauses(b"\x78\x00")
    assert not opus.pauses(b"\x78\x00\x00")
