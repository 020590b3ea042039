from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.negotiation import MAX_SLOTS, Agreed, negotiate, restart
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.sdp import (
    Candidate,
    Codec,
    Description,
    Direction,
    ExtensionUri,
    Fingerprint,
    MediaLine,
    Rid,
    RidDirection,
    Setup,
    Simulcast,
)
from sfu.wire import messages as wire
from sfu.wire.messages import SourceKind
from tests.core.people import (
    EXTENSIONS,
    FINGERPRINT,
    H264,
    HOST,
    MICROPHONE_AND_CAMERA,
    OPUS,
    RTX,
    VP8,
    Counting,
    camera_sources,
    line,
    offer,
    usual_lines,
)


def agree(lines: list[MediaLine] | None = None, sends: dict[str, SourceKind] = MICROPHONE_AND_CAMERA) -> Agreed:
    return negotiate("p1", offer(lines, sends), HOST, Counting())


def answer(lines: list[MediaLine] | None = None, sends: dict[str, SourceKind] = MICROPHONE_AND_CAMERA) -> Description:
    return Description.parse(agree(lines, sends).answer.sdp)


def refused(lines: list[MediaLine], sends: dict[str, SourceKind] = MICROPHONE_AND_CAMERA) -> PeerFault:
    with pytest.raises(PeerFault) as fault:
        agree(lines, sends)
    assert fault.value.sentence.endswith("join again.")
    return fault.value


def changed(index: int, **changes: object) -> list[MediaLine]:
    lines = usual_lines()
    lines[index] = replace(lines[index], **changes)
    return lines


def test_the_answer_turns_every_line_around_in_the_offers_order() -> None:
    lines = answer().media

    assert [each.mid for each in lines] == ["0", "1", "2", "3", "4", "5"]
    assert [each.direction for each in lines[:2]] == [Direction.RECVONLY] * 2
    assert [each.direction for each in lines[2:]] == [Direction.SENDONLY] * 4


def test_the_answer_is_ice_lite_passive_and_names_where_we_are_once() -> None:
    described = answer()

    assert described.lite
    assert described.bundle == ("0", "1", "2", "3", "4", "5")
    assert {each.setup for each in described.media} == {Setup.PASSIVE}
    assert {str(f) for each in described.media for f in each.fingerprints} == {f"sha-256 {HOST.fingerprint}"}
    candidates = [candidate for each in described.media for candidate in each.candidates]
    assert [(c.address, c.port, c.kind) for c in candidates] == [
        ("192.168.1.5", 7443, "host"),
        ("10.0.0.5", 7443, "host"),
    ]
    assert candidates[0].priority > candidates[1].priority


def test_candidates_are_valid_sdp() -> None:
    (first, _) = answer().media[0].candidates

    assert Candidate.parse(str(first)) == first


def test_the_forwarder_learns_the_offerers_numbers() -> None:
    peer = agree().peer

    assert peer.payload_types == link.PayloadTypes(opus=111, vp8=96, vp8_rtx=97)
    assert peer.extensions == link.Extensions(mid=4, audio_level=1)
    assert peer.remote_ufrag == "abcd"
    assert peer.sources == [
        link.SourceLine(source="p1/microphone", mid="0", kind="audio", ssrc=1000),
        link.SourceLine(source="p1/camera", mid="1", kind="video", ssrc=1001, rtx_ssrc=1002),
    ]


def test_every_slot_has_ssrcs_of_ours_and_pictures_are_repairable() -> None:
    agreed = agree()
    lines = {each.mid: each for each in Description.parse(agreed.answer.sdp).media}

    ssrcs = [ssrc for slot in agreed.peer.slots for ssrc in (slot.ssrc, slot.rtx_ssrc) if ssrc is not None]
    assert len(set(ssrcs)) == len(ssrcs) == 6
    for slot in agreed.peer.slots:
        assert lines[slot.mid].sources[0].ssrc == slot.ssrc
        assert lines[slot.mid].rtx_ssrc_of(slot.ssrc) == slot.rtx_ssrc
    assert agreed.answer.slots == [wire.Slot(mid=slot.mid, kind=slot.kind) for slot in agreed.peer.slots]


def test_no_two_slots_are_lip_synced() -> None:
    streams = [each.msid.split()[0] for each in answer().media[2:]]

    assert len(set(streams)) == len(streams)


def test_a_browser_that_sends_begins_at_the_rate_of_a_local_network() -> None:
    lines = answer().media

    assert lines[1].codecs[0].parameters == {"x-google-start-bitrate": "2500"}
    assert lines[4].codecs[0].parameters == {}


def test_only_what_the_forwarder_forwards_is_accepted() -> None:
    lines = answer().media

    assert [codec.name for codec in lines[0].codecs] == ["opus"]
    assert lines[0].codecs[0].parameters["usedtx"] == "1"
    assert [codec.name for codec in lines[1].codecs] == ["VP8", "rtx"]
    assert set(lines[1].codecs[0].feedback) == set(VP8.feedback)
    assert set(lines[1].extensions) == {ExtensionUri.MID, ExtensionUri.AUDIO_LEVEL}


def test_an_offer_without_retransmission_gets_slots_without_it() -> None:
    lines = [replace(each, codecs=(VP8,)) if each.kind == "video" else each for each in usual_lines()]

    assert {slot.rtx_ssrc for slot in agree(lines).peer.slots} == {None}


def test_lines_nobody_asked_for_are_refused_one_by_one() -> None:
    data = MediaLine(kind="application", mid="9", protocol="UDP/DTLS/SCTP", formats=("webrtc-datachannel",))
    both_ways = line("audio", "8", Direction.SENDRECV)

    described = answer([*usual_lines(), data, both_ways])

    assert [each.rejected for each in described.media[-2:]] == [True, True]
    assert described.bundle == ("0", "1", "2", "3", "4", "5")


def test_a_client_may_only_listen() -> None:
    agreed = agree(usual_lines()[2:], sends={})

    assert agreed.peer.sources == []
    assert len(agreed.peer.slots) == 4


def test_what_must_match_the_handshake_is_what_the_offer_said() -> None:
    assert agree().fingerprints == (("sha-256", FINGERPRINT),)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (changed(0, ice_ufrag=None), "ICE credentials"),
        (changed(0, fingerprints=()), "fingerprint"),
        (changed(0, setup=Setup.PASSIVE), "handshake"),
        (changed(0, rtcp_mux=False), "multiplex"),
        (changed(0, direction=Direction.RECVONLY), "line 0 cannot carry a microphone"),
        (changed(0, kind="video", codecs=(VP8, RTX)), "line 0 cannot carry a microphone"),
        (changed(1, mid="7"), "a line 1 that it does not have"),
        (changed(4, extensions={ExtensionUri.MID: 5}), "header extension"),
    ],
)
def test_an_offer_that_cannot_work_says_what_is_wrong(lines: list[MediaLine], says: str) -> None:
    fault = refused(lines)

    assert fault.code == ErrorCode.BAD_SDP
    assert says in fault.sentence


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (changed(1, codecs=(H264,)), "does not offer VP8"),
        (changed(4, codecs=(replace(VP8, payload_type=100),)), "differently"),
    ],
)
def test_an_offer_of_things_we_cannot_forward_is_unsupported(lines: list[MediaLine], says: str) -> None:
    fault = refused(lines)

    assert fault.code == ErrorCode.UNSUPPORTED
    assert says in fault.sentence


def test_a_screen_and_its_sound_are_sources_like_others() -> None:
    agreed = agree(sends={"0": SourceKind.SCREEN_AUDIO, "1": SourceKind.SCREEN})

    assert [(source.source, source.kind) for source in agreed.peer.sources] == [
        ("p1/screen_audio", "audio"),
        ("p1/screen", "video"),
    ]


def layered(*names: str, **changes: object) -> list[MediaLine]:
    """The usual lines with a camera in layers, as a browser describes it."""
    values: dict[str, object] = {
        "rids": tuple(Rid(name, RidDirection.SEND) for name in names),
        "simulcast": Simulcast(send=names),
        "extensions": {**EXTENSIONS, ExtensionUri.RID: 10, ExtensionUri.REPAIRED_RID: 11},
        "sources": (),
        "ssrc_groups": (),
    }
    return changed(1, **{**values, **changes})


def test_layers_are_taken_in_the_offers_order_and_the_forwarder_learns_which_is_best() -> None:
    agreed = agree(layered("l", "m", "h"))
    camera = Description.parse(agreed.answer.sdp).media[1]

    assert camera.rids == tuple(Rid(name, RidDirection.RECV) for name in ("l", "m", "h"))
    assert camera.simulcast == Simulcast(recv=("l", "m", "h"))
    assert ExtensionUri.REPAIRED_RID in camera.extensions
    assert agreed.peer.sources[1] == link.SourceLine(
        source="p1/camera", mid="1", kind="video", rids=["h", "m", "l"]
    )  # fmt: skip
    assert (agreed.peer.extensions.rid, agreed.peer.extensions.repaired_rid) == (10, 11)


def test_layers_of_other_names_are_best_first_as_offered_and_paused_ones_count() -> None:
    paused = Simulcast(send=("hi", "~lo,other"))
    agreed = agree(layered("hi", "lo", simulcast=paused))

    assert agreed.peer.sources[1].rids == ["hi", "lo"]


@pytest.mark.parametrize(
    "changes",
    [
        {"extensions": EXTENSIONS},
        {"simulcast": None},
        {"rids": (Rid("h", RidDirection.RECV),)},
        {"rids": (Rid("x" * 17, RidDirection.SEND),), "simulcast": Simulcast(send=("x" * 17,))},
    ],
)
def test_layers_that_cannot_be_told_apart_are_not_taken(changes: dict[str, object]) -> None:
    agreed = agree(layered("h", "m", "l", **changes))
    camera = Description.parse(agreed.answer.sdp).media[1]

    assert agreed.peer.sources[1].rids == []
    assert (camera.rids, camera.simulcast) == ((), None)


def test_ssrcs_named_beside_layers_belong_to_nobody_yet() -> None:
    agreed = agree(layered("h", "l", **camera_sources()))

    assert agreed.peer.sources[1].ssrc is None
    assert agreed.peer.sources[1].rtx_ssrc is None


BASELINE = Codec(102, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"}, ("nack",))
H264_RTX = Codec(103, "rtx", 90_000, 1, {"apt": "102"})


def test_pictures_are_sent_as_vp8_by_who_has_both() -> None:
    both = (BASELINE, H264_RTX, VP8, RTX)
    lines = [replace(each, codecs=both) if each.kind == "video" else each for each in usual_lines()]
    agreed = agree(lines)
    described = Description.parse(agreed.answer.sdp).media

    assert [codec.name for codec in described[1].codecs] == ["VP8", "rtx"]
    assert [codec.name for codec in described[4].codecs] == ["VP8", "H264", "rtx", "rtx"]
    assert agreed.peer.payload_types == link.PayloadTypes(opus=111, vp8=96, vp8_rtx=97, h264=102, h264_rtx=103)


def test_who_has_only_h264_may_not_send_it_to_those_who_cannot_decode_it() -> None:
    assert "does not offer VP8" in refused(changed(1, codecs=(BASELINE, H264_RTX))).sentence


def test_who_has_only_h264_may_send_it_where_everybody_decodes_it() -> None:
    lines = changed(1, codecs=(replace(BASELINE, parameters={"packetization-mode": "0"}), BASELINE, H264_RTX))
    agreed = negotiate("p1", offer(lines), replace(HOST, h264=True), Counting())

    assert [codec.payload_type for codec in Description.parse(agreed.answer.sdp).media[1].codecs] == [102, 103]
    assert agreed.peer.payload_types.h264 == 102


def test_the_same_thing_cannot_be_sent_twice() -> None:
    lines = [*usual_lines(), line("audio", "6", Direction.SENDONLY)]

    assert "two lines" in refused(lines, {"0": SourceKind.MICROPHONE, "6": SourceKind.MICROPHONE}).sentence


def test_two_formats_cannot_have_one_number() -> None:
    clashing = (replace(OPUS, payload_type=VP8.payload_type),)
    lines = [replace(each, codecs=clashing) if each.kind == "audio" else each for each in usual_lines()]

    assert refused(lines).code == ErrorCode.BAD_SDP


def test_more_slots_than_anybody_can_look_at_are_refused() -> None:
    lines = usual_lines() + [line("audio", f"s{n}", Direction.RECVONLY) for n in range(MAX_SLOTS)]

    assert refused(lines).code == ErrorCode.TOO_MANY


def test_an_offer_of_nothing_is_refused() -> None:
    data = line("application", "0", Direction.SENDRECV, codecs=(), formats=("webrtc-datachannel",))

    assert refused([data], {}).code == ErrorCode.BAD_SDP


@given(st.lists(st.tuples(st.integers(0, 10_000), st.characters(codec="ascii")), max_size=8), st.integers(0, 4_000))
def test_a_damaged_offer_is_agreed_or_one_fault(damage: list[tuple[int, str]], cut: int) -> None:
    text = list(offer().sdp)
    for at, character in damage:
        text[at % len(text)] = character
    broken = "".join(text)[: len(text) - cut % len(text)]

    with contextlib.suppress(PeerFault):
        agreed = negotiate("p1", wire.Offer(sdp=broken, lines=MICROPHONE_AND_CAMERA), HOST, Counting())
        assert Description.parse(agreed.answer.sdp).lite


def with_red(fmtp: str) -> list[MediaLine]:
    lines = usual_lines()
    opus = lines[0].codec("opus")
    assert opus is not None
    red = Codec(63, "red", 48_000, 2, {fmtp: ""})
    return [replace(line, codecs=(red, *line.codecs)) if line.kind == "audio" else line for line in lines]


def test_who_puts_redundancy_of_this_very_opus_first_sends_it_and_slots_take_both() -> None:
    agreed = agree(with_red("111/111"))
    answered = Description.parse(agreed.answer.sdp).media

    assert agreed.peer.payload_types.red == 63
    assert [codec.name for codec in answered[0].codecs] == ["red", "opus"]
    assert "111/111" in answered[0].codecs[0].parameters
    assert [codec.name for codec in answered[2].codecs] == ["opus", "red"]


def test_who_puts_plain_opus_first_sends_that() -> None:
    lines = [replace(each, codecs=(*each.codecs[1:], each.codecs[0])) for each in with_red("111/111")]

    answered = Description.parse(agree(lines).answer.sdp).media

    assert [codec.name for codec in answered[0].codecs] == ["opus", "red"]


def test_redundancy_of_something_else_is_refused() -> None:
    agreed = agree(with_red("0/5/111"))

    assert agreed.peer.payload_types.red == 0
    assert "red" not in agreed.answer.sdp


def test_who_gets_no_udp_through_may_come_by_tcp_after_everything_else_was_tried() -> None:
    described = Description.parse(negotiate("p1", offer(), replace(HOST, tcp=True), Counting()).answer.sdp)
    candidates = sorted(described.media[0].candidates, key=lambda candidate: -candidate.priority)

    assert [(c.transport, c.address, c.tcp_type) for c in candidates] == [
        ("udp", "192.168.1.5", None), ("udp", "10.0.0.5", None),
        ("tcp", "192.168.1.5", "passive"), ("tcp", "10.0.0.5", "passive"),
    ]  # fmt: skip
    assert len({candidate.foundation for candidate in candidates}) == 4


def renewed(ufrag: str, **changes: object) -> wire.Offer:
    """The usual offer with other ICE credentials, and whatever else is changed on every line."""
    return offer([replace(each, ice_ufrag=ufrag, ice_pwd="q" * 24, **changes) for each in usual_lines()])


def test_an_ice_restart_changes_the_credentials_and_nothing_else() -> None:
    identities = Counting()
    before = negotiate("p1", offer(), HOST, identities)

    after = restart(before, renewed("efgh"), HOST, identities)
    again = restart(after, renewed("ijkl"), HOST, identities) if after is not None else None

    assert after is not None
    assert again is not None
    assert after.peer.slots == again.peer.slots == before.peer.slots
    assert len({before.peer.ufrag, after.peer.ufrag, again.peer.ufrag}) == 3
    described = Description.parse(after.answer.sdp)
    assert {each.ice_ufrag for each in described.media} == {after.peer.ufrag}
    assert {each.ice_pwd for each in described.media} == {after.peer.pwd}


def test_an_offer_that_changes_more_than_its_credentials_is_no_restart() -> None:
    identities = Counting()
    before = negotiate("p1", offer(), HOST, identities)
    other = (Fingerprint("sha-256", ":".join(["EF"] * 32)),)
    longer = [*usual_lines(), line("audio", "6", Direction.RECVONLY)]

    assert restart(before, offer(), HOST, identities) is None
    assert restart(before, renewed("efgh", fingerprints=other), HOST, identities) is None
    assert restart(before, offer([replace(each, ice_ufrag="efgh") for each in longer]), HOST, identities) is None
