from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.codecs import H264Decoder, OpusDecoder, OpusEncoder, Vp8Decoder, Vp8Encoder
from app.engine.files import audio_blocks
from app.engine.sources import BLOCK, level_dbov
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.vp8 import is_keyframe, packetize
from tests.engine.clips import h264_frames, picture, samples

MEDIA = Path(__file__).parents[2] / "resources" / "media"
SPEECH_SECONDS = 1.0


def test_sound_comes_through_opus_at_conversation_bitrate() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    sound = samples(SPEECH_SECONDS)
    packets = [encoder.encode(sound[start : start + BLOCK]) for start in range(0, len(sound), BLOCK)]

    decoded = [decoder.decode(packet) for packet in packets]

    assert all(block.size == BLOCK for block in decoded)
    assert level_dbov(decoded[-1]) == pytest.approx(level_dbov(sound), abs=2)
    bitrate = sum(map(len, packets)) * 8 / SPEECH_SECONDS
    assert 20_000 < bitrate < 56_000


def test_most_packets_of_speech_carry_the_one_before_again() -> None:
    encoder = OpusEncoder()
    speech = list(audio_blocks(MEDIA / "en_sense_0870.flac"))[:150]

    packets = [encoder.encode(block) for block in speech]

    # RFC 6716: configurations below 16 have SILK in them (3.1), whose first two bits in mono are VAD and LBRR (4.2.3).
    silk = [packet for packet in packets if packet[0] >> 3 < 16]
    again = [packet for packet in silk if packet[1] & 0x40]
    assert len(silk) > 0.9 * len(packets)
    assert len(again) > 0.5 * len(packets)


def test_a_camera_gives_one_key_frame_and_another_when_asked() -> None:
    encoder = Vp8Encoder(250_000, 15)

    frames = [encoder.encode(picture(number), number / 15, keyframe=number == 9) for number in range(15)]

    keyframes = [number for number, frame in enumerate(frames) if is_keyframe(packetize(frame, 0)[0])]
    assert keyframes == [0, 9]


def test_pictures_come_back_at_their_size_even_when_it_changes() -> None:
    encoder, decoder = Vp8Encoder(250_000, 15), Vp8Decoder()
    sizes = []
    for number, size in enumerate([(320, 180)] * 3 + [(160, 90)] * 3):
        decoded = decoder.decode(encoder.encode(picture(number, size), number / 15, keyframe=False))
        assert decoded is not None
        sizes.append((decoded.width, decoded.height))

    assert sizes == [(320, 180)] * 3 + [(160, 90)] * 3


def test_two_pictures_of_the_same_instant_are_both_encoded() -> None:
    encoder = Vp8Encoder(250_000, 15)

    assert encoder.encode(picture(0), 1.0, keyframe=False)
    assert encoder.encode(picture(1), 1.0, keyframe=False)


@settings(deadline=None, max_examples=60)
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_sound_or_the_peers_fault(payload: bytes) -> None:
    try:
        assert OpusDecoder().decode(payload).dtype == np.int16
    except PeerFault as fault:
        assert fault.code is ErrorCode.BAD_MEDIA


@settings(deadline=None, max_examples=60)
@given(st.binary(min_size=1, max_size=200), st.booleans())
def test_any_bytes_are_a_picture_or_the_peers_fault(data: bytes, key: bool) -> None:
    head = b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xb4\x00" if key else b""
    try:
        Vp8Decoder().decode(head + data)
    except PeerFault as fault:
        assert fault.code in (ErrorCode.BAD_MEDIA, ErrorCode.MALFORMED_PACKET)


@settings(deadline=None, max_examples=60)
@given(st.binary(min_size=1, max_size=200), st.integers(0, 31))
def test_any_bytes_are_h264_or_the_peers_fault(data: bytes, kind: int) -> None:
    try:
        H264Decoder().decode(bytes((0, 0, 0, 1, 0x60 | kind)) + data)
    except PeerFault as fault:
        assert fault.code is ErrorCode.BAD_MEDIA


def test_every_frame_of_h264_is_a_picture_at_once() -> None:
    decoder = H264Decoder()
    pictures = [decoder.decode(frame) for frame in h264_frames(5, (320, 180))]

    assert [(shown.width, shown.height) for shown in pictures if shown is not None] == [(320, 180)] * 5


def test_a_header_that_claims_a_giant_picture_is_refused() -> None:
    giant = b"\x10\x02\x00\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(400)

    with pytest.raises(PeerFault, match="larger than any camera"):
        Vp8Decoder().decode(giant)


def test_another_bitrate_is_kept_to_within_a_second_and_without_a_key_frame() -> None:
    encoder, noise = Vp8Encoder(400_000, 15), np.random.default_rng(2)
    texture = noise.integers(0, 255, (400, 700), np.uint8)
    sizes: list[int] = []
    keys = 0
    for number in range(150):
        if number == 75:
            encoder.set_bitrate(100_000)
        left = number * 3 % 300
        luma = np.full((270, 320), 128, np.uint8)
        luma[:180] = texture[:180, left : left + 320] // 4 + 90
        frame = av.VideoFrame.from_ndarray(luma, format="yuv420p")
        data = encoder.encode(frame, number / 15, keyframe=False)
        keys += bool(data) and not data[0] & 1
        sizes.append(len(data))

    rates = [sum(part) * 8 * 15 / len(part) for part in (sizes[30:75], sizes[90:])]
    assert 320_000 < rates[0] < 480_000
    assert 75_000 < rates[1] < 130_000
    assert keys == 1
