"""SDP: a browser's offer is understood, ours are written as browsers read them, and broken ones are one fault."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Source,
    SsrcGroup,
)

# Recorded from Chromium 156: microphone, camera with three layers, 4 + 9 slots.
CHROMIUM = (Path(__file__).parent / "fixtures" / "chromium_offer.sdp").read_bytes().decode()
DIGEST = ":".join(["AB"] * 32)
# Firefox writes DTLS values once for all, and rejects in advance what is not bundled.
FIREFOX = f"""v=0
o=mozilla...THIS_IS_SDPARTA-99.0 123 0 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=fingerprint:sha-256 {DIGEST.lower()}
a=group:BUNDLE 0 1
a=ice-options:trickle
a=setup:actpass
m=audio 9 UDP/TLS/RTP/SAVPF 109 0
c=IN IP4 0.0.0.0
a=recvonly
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=ice-pwd:0123456789abcdef0123456789abcdef
a=ice-ufrag:12345678
a=mid:0
a=rtcp-mux
a=rtpmap:109 opus/48000/2
m=video 0 UDP/TLS/RTP/SAVPF 120
a=bundle-only
a=ice-pwd:0123456789abcdef0123456789abcdef
a=ice-ufrag:12345678
a=mid:1
a=rtcp-fb:* ccm fir
a=rtcp-fb:120 nack
a=rtpmap:120 VP8/90000
a=fmtp:120 max-fs=12288;max-fr=60
""".replace("\n", "\r\n")
TRANSPORT = MediaLine(
    "audio",
    "0",
    ice_ufrag="ufrag",
    ice_pwd="p" * 22,
    fingerprints=(Fingerprint("sha-256", DIGEST),),
    setup=Setup.PASSIVE,
)


def with_line(line: str) -> str:
    """A small right offer with one more attribute in its only media section."""
    return f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/SAVPF 111\r\na=mid:0\r\n{line}\r\n"


def test_chromiums_offer_is_understood() -> None:
    offer = Description.parse(CHROMIUM)

    microphone, camera, *slots = offer.media
    assert offer.bundle == tuple(str(mid) for mid in range(15))
    assert not offer.lite
    assert [line.kind for line in slots] == ["audio"] * 4 + ["video"] * 9
    assert {line.direction for line in slots} == {Direction.RECVONLY}
    assert microphone.direction is camera.direction is Direction.SENDONLY
    assert microphone.setup is Setup.ACTPASS
    assert (microphone.ice_ufrag, microphone.ice_pwd) == ("7Ufq", "7FJD4jNm9r3xdz3M8dfun6QJ")
    assert microphone.fingerprints[0].algorithm == "sha-256"
    assert [source.ssrc for source in microphone.sources] == [891371512]
    assert microphone.rtcp_mux
    assert microphone.rtcp_reduced_size


def test_chromiums_codecs_are_found_with_what_belongs_to_them() -> None:
    microphone, camera = Description.parse(CHROMIUM).media[:2]

    opus, vp8 = microphone.codec("opus"), camera.codec("VP8")
    assert opus == Codec(111, "opus", 48000, 2, {"minptime": "10", "useinbandfec": "1"}, ("transport-cc",))
    assert vp8 is not None
    assert vp8.feedback == ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
    assert camera.rtx_of(vp8) == Codec(97, "rtx", 90000, 1, {"apt": "96"})
    assert camera.extensions[ExtensionUri.MID] == 4
    assert camera.extensions[ExtensionUri.RID] == 10
    assert camera.extensions[ExtensionUri.TRANSPORT_CC] == 3
    assert microphone.extensions[ExtensionUri.AUDIO_LEVEL] == 1
    assert camera.codec("H265") is None


def test_chromiums_simulcast_layers_are_named() -> None:
    camera = Description.parse(CHROMIUM).media[1]

    assert camera.simulcast == Simulcast(send=("l", "m", "h"))
    assert camera.rids == tuple([Rid(name, RidDirection.SEND) for name in "lmh"])
    assert camera.sources == ()  # layers are learnt by their rid, not by SSRC


def test_chromiums_candidates_are_read() -> None:
    udp, _, tcp, _ = Description.parse(CHROMIUM).media[0].candidates

    assert udp == Candidate("556391187", 1, "udp", 2122194687, "192.0.2.2", 44963, "host")
    assert tcp.tcp_type == "active"


def test_what_firefox_writes_once_for_all_lines_holds_for_each() -> None:
    audio, video = Description.parse(FIREFOX).media

    assert audio.fingerprints == video.fingerprints == (Fingerprint("sha-256", DIGEST),)
    assert audio.setup is video.setup is Setup.ACTPASS
    assert (audio.direction, video.direction) == (Direction.RECVONLY, Direction.SENDRECV)
    assert audio.ice_options == ("trickle",)


def test_firefoxs_bundle_only_lines_are_not_rejected_ones() -> None:
    audio, video = Description.parse(FIREFOX).media

    assert video.port == 0
    assert not video.rejected
    assert not audio.rejected
    assert replace(video, bundle_only=False).rejected


def test_feedback_for_every_payload_type_and_static_payload_types() -> None:
    audio, video = Description.parse(FIREFOX).media

    vp8 = video.codec("vp8")
    assert vp8 is not None
    assert vp8.feedback == ("nack", "ccm fir")
    assert [codec.payload_type for codec in audio.codecs] == [109]  # 0 is PCMU without a word


@pytest.mark.parametrize("text", [CHROMIUM, FIREFOX])
def test_a_browsers_offer_survives_being_written_by_us(text: str) -> None:
    offer = Description.parse(text)

    assert Description.parse(str(offer)) == offer


def test_line_ends_without_carriage_return_are_accepted() -> None:
    assert Description.parse(CHROMIUM.replace("\r\n", "\n")) == Description.parse(CHROMIUM)


def test_an_ice_lite_answer_is_written_to_the_letter() -> None:
    vp8 = Codec(96, "VP8", 90000, feedback=("nack", "nack pli"))
    slot = replace(
        TRANSPORT, kind="video", mid="7", direction=Direction.SENDONLY, msid="slots slot7",
        codecs=(vp8, Codec(97, "rtx", 90000, parameters={"apt": "96"})), extensions={ExtensionUri.MID: 4},
        sources=(Source(1, "parley", "slots slot7"), Source(2, "parley")), ssrc_groups=(SsrcGroup("FID", (1, 2)),),
        candidates=(Candidate("1", 1, "udp", 2130706431, "192.0.2.1", 8443),), end_of_candidates=True,
    )  # fmt: skip

    text = str(Description((slot,), bundle=("7",), lite=True, session_id=42))

    assert text.split("\r\n") == [
        "v=0",
        "o=- 42 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE 7",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "c=IN IP4 0.0.0.0",
        "a=mid:7",
        "a=ice-ufrag:ufrag",
        "a=ice-pwd:" + "p" * 22,
        "a=fingerprint:sha-256 " + DIGEST,
        "a=setup:passive",
        "a=candidate:1 1 udp 2130706431 192.0.2.1 8443 typ host",
        "a=end-of-candidates",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=sendonly",
        "a=msid:slots slot7",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 nack",
        "a=rtcp-fb:96 nack pli",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        "a=ssrc-group:FID 1 2",
        "a=ssrc:1 cname:parley",
        "a=ssrc:1 msid:slots slot7",
        "a=ssrc:2 cname:parley",
        "",
    ]


def test_the_repair_stream_of_an_ssrc_is_found_by_its_group() -> None:
    line = replace(TRANSPORT, ssrc_groups=(SsrcGroup("FEC-FR", (1, 9)), SsrcGroup("FID", (1, 2))))

    assert line.rtx_ssrc_of(1) == 2
    assert line.rtx_ssrc_of(2) is None


def test_a_rejected_line_keeps_its_formats() -> None:
    channel = "application 0 UDP/DTLS/SCTP webrtc-datachannel"
    data = Description.parse(with_line("").replace("audio 9 RTP/SAVPF 111", channel))

    (line,) = data.media

    assert line.rejected
    assert line.formats == ("webrtc-datachannel",)
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n" in str(data)


def test_a_line_without_any_format_is_still_a_line() -> None:
    assert "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n" in str(Description((MediaLine("audio", "0", port=0),)))


def test_bare_words_among_the_parameters_are_kept() -> None:
    red = Description.parse(CHROMIUM).media[0].codec("red")

    assert red is not None
    assert red.parameters == {"111/111": ""}
    assert red.lines()[-1] == "fmtp:63 111/111"


@pytest.mark.parametrize("direction", Direction)
def test_seen_from_the_other_side_sending_is_receiving(direction: Direction) -> None:
    assert direction.reversed.reversed is direction


@pytest.mark.parametrize(
    "text",
    [
        "1 1 udp 1 192.0.2.1 9 typ srflx raddr 198.51.100.7 rport 1234",
        "1 1 tcp 1 abc.local 9 typ host tcptype passive",
    ],
)
def test_candidates_are_read_and_written(text: str) -> None:
    assert str(Candidate.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\r\n",
        "hello",
        "v=0\r\n",  # no origin
        "v=0\r\no=- x 1 IN IP4 127.0.0.1\r\n",
        with_line("").replace("a=mid:0", "a=mid"),
        with_line("m=audio 9 RTP/SAVPF 111"),  # without a mid
        with_line("m=audio 9 RTP/SAVPF 111\r\na=mid:0"),  # two lines with the same
        with_line("").replace("t=0 0", "t=0 0\r\na=group:BUNDLE 1"),
        with_line("m=audio"),
        with_line("m=audio x RTP/SAVPF 111"),
        with_line("m=audio 70000 RTP/SAVPF 111"),
        with_line("m=audio 9 RTP/SAVPF 128"),
        with_line("a=rtpmap:111"),
        with_line("a=rtpmap:111 opus"),
        with_line("a=rtpmap:111 opus/fast"),
        with_line("a=rtpmap:1x1 opus/48000"),
        with_line("a=rtpmap:٣ opus/48000"),  # digits of another script
        with_line("a=extmap:"),
        with_line("a=extmap:1"),
        with_line("a=extmap:256 urn:x"),
        with_line("a=ssrc:4294967296 cname:x"),
        with_line("a=ssrc-group:FID -1"),
        with_line("a=fingerprint:sha-256"),
        with_line("a=fingerprint:sha-256 AB:C"),
        with_line("a=setup:maybe"),
        with_line("a=rid: send"),
        with_line("a=rid:h sideways"),
        with_line("a=simulcast:send"),
        with_line("a=simulcast:both h"),
        with_line("a=ice-ufrag:abc"),
        with_line("a=ice-pwd:short"),
        with_line("a=ice-ufrag:" + "u" * 257),
        with_line("a=candidate:1 1 udp 1 192.0.2.1"),
        with_line("a=candidate:1 1 udp 1 192.0.2.1 port typ host"),
        with_line("not a line"),
        with_line("a=x\ry"),
        with_line("a=x\0y"),
        with_line("m=audio 9 RTP/SAVPF 0\r\n" * 200),
        "v=0\r\n" + "a=x\r\n" * 100_000,
    ],
)
def test_broken_sdp_is_the_peers_fault(text: str) -> None:
    with pytest.raises(PeerFault) as fault:
        Description.parse(text)

    assert fault.value.code is ErrorCode.BAD_SDP


def test_of_repeated_attributes_the_first_counts_and_unknown_ones_are_skipped() -> None:
    (line,) = Description.parse(with_line("a=mid:1\r\na=setup:active\r\na=setup:passive\r\nb=AS:64\r\na=x-new:1")).media

    assert line.mid == "0"
    assert line.setup is Setup.ACTIVE


LINES = CHROMIUM.split("\r\n") + FIREFOX.split("\r\n")


@st.composite
def bent_sdp(draw: st.DrawFn) -> str:
    """A browser's lines: some left out, some repeated, some out of place, some with other characters."""
    start = draw(st.integers(0, 80))
    head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"] if draw(st.booleans()) else []
    lines = head + LINES[start : start + draw(st.integers(0, 120))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(len(lines) - 1, 0)))
        change = draw(st.sampled_from(["drop", "repeat", "cut", "insert", "strange"]))
        line = lines[at] if lines else ""
        place = draw(st.integers(0, len(line)))
        match change:
            case "drop":
                lines[at : at + 1] = []
            case "repeat":
                lines.insert(at, draw(st.sampled_from(LINES)))
            case "cut":
                lines[at : at + 1] = [line[:place]]
            case "insert":
                lines[at : at + 1] = [line[:place] + draw(st.text(max_size=5)) + line[place:]]
            case "strange":
                lines.insert(at, draw(st.text(max_size=30)))
    return draw(st.sampled_from(["\r\n", "\n"])).join(lines)


@given(st.one_of(bent_sdp(), st.text(max_size=300)))
def test_any_text_is_a_description_or_one_fault(text: str) -> None:
    try:
        description = Description.parse(text)
    except PeerFault as fault:
        rejected = fault.code
    else:
        assert Description.parse(str(description)) == description
        return
    assert rejected is ErrorCode.BAD_SDP
