from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.offer import (
    AUDIO_SLOTS,
    CAMERA,
    MICROPHONE,
    SCREEN,
    SCREEN_SOUND,
    VIDEO_SLOTS,
    Credentials,
    Identity,
    read_answer,
    write_offer,
)
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.sdp import Description, Direction, Rid, RidDirection, Setup, Simulcast
from sfu.wire.messages import MAX_SDP
from tests.engine.answers import HOST, answer_to

OWN = Credentials("user", "p" * 22, ("sha-256", ":".join(["AB"] * 32)))
RED_LINES = "a=rtpmap:63", "a=fmtp:63"
ME = Identity("me", microphone=10, camera=(20, 22, 24), camera_repair=(21, 23, 25))


def answer(**changes: object) -> str:
    return answer_to(write_offer(OWN, ME), **changes)


def test_one_offer_sends_four_lines_and_receives_thirteen_over_one_transport() -> None:
    offer = Description.parse(write_offer(OWN, ME))

    assert [line.mid for line in offer.media] == [MICROPHONE, CAMERA, SCREEN, SCREEN_SOUND, *AUDIO_SLOTS, *VIDEO_SLOTS]
    assert offer.bundle == tuple(line.mid for line in offer.media)
    assert {line.setup for line in offer.media} == {Setup.ACTPASS}
    assert [line.direction for line in offer.media[:5]] == [Direction.SENDONLY] * 4 + [Direction.RECVONLY]
    assert len(str(offer)) < MAX_SDP


def test_the_camera_offers_retransmission_on_its_own_stream() -> None:
    camera = Description.parse(write_offer(OWN, ME)).media[1]

    assert camera.rtx_ssrc_of(ME.camera[0]) == ME.camera_repair[0]
    vp8 = camera.codec("VP8")
    assert vp8 is not None
    assert {"nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"} == set(vp8.feedback)
    assert camera.rtx_of(vp8) is not None


def test_h264_is_received_and_offered_for_the_camera_behind_vp8() -> None:
    offer = Description.parse(write_offer(OWN, ME))
    takes = {line.mid: line.codec("H264") for line in offer.media if line.kind == "video"}

    assert [mid for mid, codec in takes.items() if codec is not None] == ["cam", *VIDEO_SLOTS]
    assert [codec.name for codec in offer.media[1].codecs] == ["VP8", "rtx", "H264", "rtx"]
    assert read_answer(answer(), ME).camera_h264 == ()
    slot = read_answer(answer(), ME).slots[-1]
    assert (slot.payload_type, slot.h264_payload_type, slot.repairs) == (96, 98, {97: 96, 99: 98})


def test_the_answer_says_where_media_goes_and_which_stream_is_which_slot() -> None:
    agreed = read_answer(answer(), ME)

    assert agreed.remote.username == "host"
    assert [(c.host, c.port, c.transport) for c in agreed.remote.candidates] == [("127.0.0.1", 4_000, "udp")]
    assert agreed.microphone is not None
    assert agreed.microphone.ssrc == ME.microphone
    (camera,) = agreed.camera
    assert (camera.rid, camera.ssrc, camera.repair_ssrc, camera.repair_payload_type) == (None, 20, 21, 97)
    assert [slot.mid for slot in agreed.slots] == [*AUDIO_SLOTS, *VIDEO_SLOTS]
    assert [(slot.ssrc, slot.repair_ssrc) for slot in agreed.slots[3:5]] == [(1_007, None), (1_008, 2_008)]


def test_a_host_that_takes_no_screens_gets_none() -> None:
    agreed = read_answer(answer(), ME)
    assert agreed.screen is not None
    assert agreed.screen_sound is not None

    refused = Description.parse(answer())
    media = tuple(replace(line, port=0) if line.mid in (SCREEN, SCREEN_SOUND) else line for line in refused.media)
    without = read_answer(str(replace(refused, media=media)), ME)

    assert (without.screen, without.screen_sound) == (None, None)


def test_without_repair_codec_in_the_answer_nothing_is_resent() -> None:
    repair = ("a=rtpmap:97", "a=fmtp:97")
    lines = answer().replace(" 96 97", " 96").split("\r\n")

    (camera,) = read_answer("\r\n".join(line for line in lines if not line.startswith(repair)), ME).camera

    assert camera.repair_ssrc is None


def test_a_host_that_takes_layers_gets_them_by_name_each_on_its_own_stream() -> None:
    offered = Description.parse(write_offer(OWN, ME)).media[1]
    assert offered.simulcast == Simulcast(send=("h", "m", "l"))

    text = answer(rids=tuple(Rid(rid, RidDirection.RECV) for rid in "hl"), simulcast=Simulcast(recv=("h", "l")))

    camera = read_answer(text, ME).camera
    assert [(line.rid, line.ssrc, line.repair_ssrc) for line in camera] == [("h", 20, 21), ("l", 24, 25)]


def test_sound_is_sent_twice_where_the_host_takes_it_and_plain_where_not() -> None:
    agreed = read_answer(answer(), ME)
    without = [line for line in answer().replace(" 111 63", " 111").split("\r\n") if not line.startswith(RED_LINES)]
    plain = read_answer("\r\n".join(without), ME)

    assert agreed.microphone is not None
    assert (agreed.microphone.redundant_payload_type, agreed.slots[0].redundant_payload_type) == (63, 63)
    assert plain.microphone is not None
    assert plain.microphone.redundant_payload_type is None


@pytest.mark.parametrize(
    "broken",
    [
        {"candidates": ()},
        {"candidates": (replace(HOST, address="host.local"),)},
        {"ice_ufrag": None},
        {"fingerprints": ()},
        {"sources": ()},
        {"port": 0},
        {"codecs": (), "formats": ("0",)},
    ],
)
def test_an_answer_that_cannot_be_one_is_the_hosts_fault(broken: dict[str, object]) -> None:
    with pytest.raises(PeerFault) as fault:
        read_answer(answer(**broken), ME)

    assert fault.value.code is ErrorCode.BAD_SDP


@given(st.text(max_size=300) | st.integers(0, 9_000).map(lambda end: answer()[:end]))
def test_any_text_is_an_agreement_or_one_fault(text: str) -> None:
    try:
        read_answer(text, ME)
    except PeerFault as fault:
        assert fault.code is ErrorCode.BAD_SDP
