"""A camera in layers: who gets which, when it changes hands, and what its sender is told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sfu.core.echoes import Report
from sfu.link import messages as link
from sfu.rtp.bandwidth import Echo
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Nack, PictureLoss, Remb
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import KEYFRAME, OPUS, RTX, VP8, Client, Layer, Stage, simulcast

FRAME_S = 1 / 25


def film(stage: Stage, layers: list[Layer], seconds: float, *, key: bool = False) -> None:
    """Every layer sends its picture 25 times a second; key frames are sent where they were asked for."""
    client = layers[0].client
    for _ in range(round(seconds / FRAME_S)):
        asked = {request.media for request in client.told(PictureLoss)}
        client.take()
        for layer in layers:
            layer.frame(key=key or layer.ssrc in asked)
        stage.pass_time(FRAME_S)


def shown(viewer: Client, mid: str = "v0") -> list[str]:
    """The layer of each packet that came on a slot, in order, runs as one."""
    rids = [packet.payload[-1:].decode() for packet in viewer.heard(mid)]
    return [rid for at, rid in enumerate(rids) if not at or rids[at - 1] != rid]


def camera(*rids: str) -> tuple[Stage, Client, list[Layer], Client]:
    stage = Stage()
    ana, layers = simulcast(stage, "ana", *(rids or ("h", "m", "l")))
    return stage, ana, layers, stage.client("eva").join()


@pytest.mark.parametrize(("priority", "layer"), [(10, "h"), (8, "h"), (7, "m"), (5, "m"), (4, "l"), (1, "l")])
def test_what_a_view_is_worth_decides_its_layer(priority: int, layer: str) -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=priority)

    film(stage, layers, 1.0)
    eva.take()
    film(stage, layers, 1.0)

    assert shown(eva) == [layer]


def test_layers_are_known_by_rid_and_none_is_mistaken_for_another() -> None:
    """livekit#4594: rids that fell onto one layer made it switch sixty times a second."""
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=9)

    film(stage, layers, 1.0)
    eva.take()
    film(stage, layers, 3.0)

    assert shown(eva) == ["h"]
    assert sum(request.media in {layer.ssrc for layer in layers} for request in ana.told(PictureLoss)) == 0


@pytest.mark.parametrize("rid", [b"", b"x", b"\xff"])
def test_a_layer_that_was_not_negotiated_is_nobodys(rid: bytes) -> None:
    stage, ana, layers, eva = camera()
    eva.watches("ana")
    film(stage, layers, 0.2)
    eva.take()

    body = Descriptor(start=True, picture_id=9).serialize() + KEYFRAME
    extensions = {1: b"1", 5: rid} if rid else {1: b"1"}
    ana.rtp(RtpPacket(VP8, 1, 1, 4712, body, marker=True, extensions=extensions))

    assert eva.heard() == []


def test_a_small_cameras_best_layer_serves_those_who_want_more() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=10)

    film(stage, layers[1:], 1.0)

    assert shown(eva)[-1] == "m"


def test_a_switch_waits_for_the_targets_key_frame_and_the_old_layer_flows_until_then() -> None:
    stage, _ana, (high, _medium, low), eva = camera()
    eva.watches("ana", priority=1)
    film(stage, [high, low], 1.0)
    eva.take()

    eva.watches("ana", priority=10)
    for _ in range(5):
        high.frame()
        low.frame()
    high.frame(key=True)
    low.frame()
    high.frame()

    assert shown(eva) == ["l", "h"]
    assert [packet.payload[-1:] for packet in eva.heard("v0")].count(b"l") == 5


def test_a_switch_down_is_gated_too_and_costs_one_request() -> None:
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=10)
    film(stage, layers, 1.0)
    ana.take()
    eva.take()

    eva.watches("ana", priority=1)
    stage.pass_time(0.1)
    requests = ana.told(PictureLoss)
    layers[0].frame()
    layers[2].frame(key=True)
    layers[0].frame()

    assert [request.media for request in requests] == [layers[2].ssrc]
    assert shown(eva) == ["h", "l"]


def test_forty_viewers_who_switch_at_once_cost_one_key_frame_of_that_layer() -> None:
    stage, ana, layers, _eva = camera()
    viewers = [stage.client(f"v{number}").join(watching=["ana"]) for number in range(40)]
    film(stage, layers, 1.0)
    ana.take()

    for viewer in viewers:
        viewer.watches("ana", priority=9)
    stage.pass_time(0.3)

    assert [request.media for request in ana.told(PictureLoss)] == [layers[0].ssrc]


def test_one_layers_requests_do_not_delay_anothers() -> None:
    stage, ana, layers, eva = camera()
    ben = stage.client("ben").join()
    film(stage, layers, 0.2)
    ana.take()

    eva.watches("ana", priority=9)
    ben.watches("ana", priority=1)
    stage.pass_time(0.1)

    assert {request.media for request in ana.told(PictureLoss)} == {layers[0].ssrc, layers[2].ssrc}


def test_time_runs_on_across_layers_by_their_sender_reports() -> None:
    """Both pictures were taken by one clock; how late each layer's packets come says nothing."""
    stage, _ana, (high, _medium, low), eva = camera()
    eva.watches("ana", priority=1)
    for layer in (high, low):
        layer.frame(key=True)
        layer.report()
    eva.take()
    low.frame(captured=stage.now)
    began = stage.now

    eva.watches("ana", priority=10)
    stage.pass_time(0.1)
    high.frame(key=True, captured=began + 0.04)

    before, after = eva.heard("v0")
    assert (after.timestamp - before.timestamp) & 0xFFFF_FFFF == pytest.approx(0.04 * 90_000, abs=2)


def test_a_layer_without_sender_reports_can_be_switched_to_and_from() -> None:
    """mediasoup#1098, #1459: no report on one layer blocked it, or froze the picture."""
    stage, _ana, (high, _medium, low), eva = camera()
    eva.watches("ana", priority=1)
    low.frame(key=True)
    low.report()
    high.frame()

    eva.watches("ana", priority=10)
    stage.pass_time(0.1)
    high.frame(key=True)
    eva.watches("ana", priority=1)
    stage.pass_time(0.1)
    low.frame(key=True)

    assert shown(eva) == ["l", "h", "l"]
    assert [(b.timestamp - a.timestamp) & 0xFFFF_FFFF for a, b in pairwise(eva.heard("v0"))] == [9000, 9000]


@pytest.mark.parametrize("ahead", [-3.0, 3.0, -0.2, 0.2])
def test_no_key_frame_is_dropped_for_its_time_and_time_never_runs_back(ahead: float) -> None:
    """mediasoup#999: a key frame whose timestamp seemed too old was discarded, and the picture froze."""
    stage, ana, (high, _medium, low), eva = camera()
    eva.watches("ana", priority=1)
    low.frame(key=True)
    low.report()
    high.frame()
    high.clock_offset += int(ahead * 90_000)
    high.report()
    high.clock_offset -= int(ahead * 90_000)

    eva.watches("ana", priority=10)
    stage.pass_time(0.1)
    high.frame(key=True)

    before, after = eva.heard("v0")
    step = (after.timestamp - before.timestamp) & 0xFFFF_FFFF
    assert 0 < step <= 0.35 * 90_000
    assert ana.name == "ana"


def test_picture_numbers_run_on_across_layers() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 0.5)
    eva.watches("ana", priority=10)
    film(stage, layers, 0.5)

    heads = [Descriptor.parse(packet.payload)[0] for packet in eva.heard("v0")]
    assert shown(eva) == ["l", "h"]
    assert {(b.picture_id or 0) - (a.picture_id or 0) for a, b in pairwise(heads)} == {1}
    assert {(b.tl0picidx or 0) - (a.tl0picidx or 0) & 0xFF for a, b in pairwise(heads)} == {1}
    assert sorted((b.keyidx or 0) - (a.keyidx or 0) & 0x1F for a, b in pairwise(heads))[-2:] == [0, 1]
    numbers = [packet.sequence for packet in eva.heard("v0")]
    assert {(b - a) & 0xFFFF for a, b in pairwise(numbers)} == {1}


def test_a_lost_packet_of_a_layer_is_mended_by_the_layer_that_its_retransmission_names() -> None:
    stage, ana, (high, *_), eva = camera()
    eva.watches("ana", priority=9)
    high.frame(key=True)
    lost = RtpPacket(VP8, high.sequence + 1, high.timestamp(stage.now), high.ssrc, b"\x00late")
    high.sequence += 1
    high.frame()
    eva.take()
    assert any(nack.media == high.ssrc and lost.sequence in nack.lost for nack in ana.told(Nack))

    repair = RtpPacket(
        RTX, 1, lost.timestamp, high.rtx_ssrc, lost.sequence.to_bytes(2, "big") + lost.payload,
        extensions={1: b"1", 6: b"h"},
    )  # fmt: skip
    ana.rtp(repair)

    (passed_on,) = eva.repeated()
    assert passed_on.payload[2:] == lost.payload


def test_a_retransmission_of_what_has_not_come_yet_is_nothing() -> None:
    stage, ana, (high, *_), eva = camera()
    eva.watches("ana", priority=9)
    high.frame(key=True)
    eva.take()

    early = (high.sequence + 1).to_bytes(2, "big") + b"\x00made up"
    ana.rtp(RtpPacket(RTX, 1, high.timestamp(stage.now), high.rtx_ssrc, early, extensions={1: b"1", 6: b"h"}))
    (true,) = high.frame()

    assert eva.repeated() == []
    assert [packet.payload[-3:] for packet in eva.heard("v0")] == [true.payload[-3:]]


def test_a_layer_that_falls_silent_is_replaced_by_the_next_and_taken_again_when_it_returns() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=9)
    film(stage, layers, 1.0)
    eva.take()

    film(stage, layers[1:], 2.0)
    film(stage, layers, 2.0)

    assert shown(eva) == ["m", "h"]


def test_a_layer_that_begins_again_with_another_ssrc_leaves_the_others_alone() -> None:
    stage, _ana, layers, eva = camera()
    ben = stage.client("ben").join()
    eva.watches("ana", priority=9)
    ben.watches("ana", priority=1)
    film(stage, layers, 1.0)
    eva.take()
    ben.take()

    layers[0].ssrc += 5
    film(stage, layers, 0.5)

    assert shown(ben) == ["l"]
    assert shown(eva)[-1] == "h"


# -- what nobody wants ---------------------------------------------------------------------------------------


def wanted(stage: Stage) -> list[list[str]]:
    return [event.wanted for event in stage.happened(link.LayersWanted) if event.source == "ana/camera"]


def test_what_comes_back_comes_a_step_every_half_second() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=9)
    film(stage, layers, 0.5)
    eva.rtcp(Remb(1, 1_000, ()))
    film(stage, layers, 0.5)
    eva.take()

    eva.rtcp(Remb(1, 50_000_000, ()))
    came: dict[bytes, float] = {}
    for _ in range(100):
        for layer in layers:
            layer.frame(key=True)
        for packet in eva.heard("v0"):
            came.setdefault(packet.payload[-1:], stage.now)
        stage.pass_time(0.02)

    assert list(came) == [b"l", b"m", b"h"]
    assert all(0.5 <= after - before < 0.8 for before, after in pairwise(came.values()))


def test_after_a_jam_nothing_goes_up_for_five_seconds_whatever_is_believed() -> None:
    """livekit: a path at its limit was driven over it again and again."""
    stage, _ana, layers, eva = camera("h", "l")
    eva.watches("ana", priority=9)
    peer = stage.plane.peers.get("eva")
    assert peer is not None

    def large(seconds: float) -> None:
        for _ in range(round(seconds / FRAME_S)):
            for layer in layers:
                layer.frame(key=True, packets=80)
            stage.pass_time(FRAME_S)

    large(2.0)
    path, now = peer.path, stage.now
    for ticks in range(17):  # a queue grows by 20 ms in every 50
        echo = Echo(now + 0.05 * ticks, now + 0.07 * ticks, 2_000)
        path.fed(report(echo), now + 0.05 * ticks)
    stage.now = now + 1.0
    eva.take()
    large(0.5)
    assert shown(eva)[-1] == "l"
    path.estimate.prove(10_000_000.0)
    eva.take()

    large(4.0)
    still = shown(eva)
    large(2.0)

    assert (still, shown(eva)[-1]) == (["l"], "h")


def report(echo: Echo) -> Report:
    made = Report()
    made.echoes, made.reported = [echo], 1
    return made


def test_layers_that_nobody_watches_are_switched_off_after_five_seconds() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=9)

    film(stage, layers, 4.8)
    assert wanted(stage) == [["h", "m", "l"]]

    film(stage, layers, 0.6)
    assert wanted(stage) == [["h"]]


def test_a_layer_is_switched_on_at_once_and_watched_from_its_first_key_frame() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 6.0)
    film(stage, layers[2:], 1.0)
    assert wanted(stage)[-1] == ["l"]
    eva.take()

    eva.watches("ana", priority=9)
    assert wanted(stage) == [["h", "l"]]
    layers[0].frame(key=True)
    layers[0].frame()

    assert shown(eva) == ["h"]
    assert len(eva.heard("v0")) == 2


def test_the_layer_that_a_viewer_switched_away_from_goes_off_although_nothing_else_happens() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=6)
    film(stage, layers, 6.0)
    assert wanted(stage)[-1] == ["m"]

    eva.watches("ana", priority=9)
    film(stage, layers, 6.0)

    assert wanted(stage) == [["h", "m"], ["h"]]


def test_off_is_not_said_to_somebody_who_only_looks_away_for_a_moment() -> None:
    stage, _ana, layers, eva = camera()
    eva.watches("ana", priority=9)
    film(stage, layers, 6.0)
    wanted(stage)

    for _ in range(3):
        eva.watches()
        film(stage, layers, 2.0)
        eva.watches("ana", priority=9)
        film(stage, layers, 1.0)

    assert wanted(stage) == []


def test_a_client_that_connects_again_is_told_again() -> None:
    """livekit#620: what was switched off before an ICE restart stayed off, or on, for ever."""
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 6.0)
    assert wanted(stage)[-1] == ["l"]

    ana, layers = simulcast_again(stage, ana)
    assert wanted(stage) == [["h", "m", "l"]]
    film(stage, layers, 6.0)

    assert wanted(stage) == [["l"]]


def test_who_has_new_keys_has_a_new_connection_and_is_told_again() -> None:
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 6.0)
    assert wanted(stage)[-1] == ["l"]

    stage.order(link.SetKeys(peer=ana.name, profile="AEAD_AES_128_GCM", send_key=b"new", receive_key=b"new"))

    assert wanted(stage) == [["h", "m", "l"]]


def test_a_client_that_restarts_ice_is_told_again_and_loses_no_layer_by_it() -> None:
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 6.0)
    assert wanted(stage)[-1] == ["l"]

    stage.order(link.RestartIce(peer=ana.name, ufrag="next", pwd="another password"))
    film(stage, layers, 1.0)

    assert wanted(stage) == [["l"]]
    assert [packet for packet in eva.heard("v0") if packet.payload]


def simulcast_again(stage: Stage, client: Client) -> tuple[Client, list[Layer]]:
    lines = [link.SourceLine(source=f"{client.name}/camera", mid="1", kind="video", rids=["h", "m", "l"])]
    client.join(sources=lines)
    return client, [Layer(client, rid, number) for number, rid in enumerate("hml")]


def test_a_layer_that_is_off_is_not_asked_for_key_frames_without_end() -> None:
    stage, ana, layers, eva = camera()
    eva.watches("ana", priority=1)
    film(stage, layers, 6.0)
    film(stage, layers[2:], 1.0)
    eva.watches("ana", priority=9)
    film(stage, layers[2:], 1.0)
    ana.take()

    eva.watches()
    stage.pass_time(3.0)

    assert ana.told(PictureLoss) == []


# -- H264 ----------------------------------------------------------------------------------------------------

H264, H264_RTX = 102, 103
BOTH = link.PayloadTypes(opus=OPUS, vp8=VP8, vp8_rtx=RTX, h264=H264, h264_rtx=H264_RTX)


def test_h264_flows_under_its_own_number_from_a_refresh_on_to_those_who_decode_it() -> None:
    stage = Stage()
    ana = stage.client("ana").join(payload_types=link.PayloadTypes(opus=OPUS, h264=H264, h264_rtx=H264_RTX))
    ben = stage.client("ben").join(payload_types=BOTH, watching=["ana"])
    old = stage.client("old").join(watching=["ana"])

    for number, payload in enumerate((b"\x41slice", b"\x67sets", b"\x65picture", b"\x41slice")):
        ana.rtp(RtpPacket(H264, number, 3000 * number, ana.video_ssrc, payload, marker=True))

    assert [(packet.payload_type, packet.payload) for packet in ben.heard("v0")] == [
        (H264, b"\x67sets"),
        (H264, b"\x65picture"),
        (H264, b"\x41slice"),
    ]
    assert old.heard("v0") == []


def test_a_slot_goes_from_h264_to_vp8_and_repairs_each_under_its_own_number() -> None:
    stage = Stage()
    ana = stage.client("ana").join(payload_types=link.PayloadTypes(opus=OPUS, h264=H264, h264_rtx=H264_RTX))
    eva = stage.client("eva").join()
    ben = stage.client("ben").join(payload_types=BOTH, watching=["ana"])
    ana.rtp(RtpPacket(H264, 1, 3000, ana.video_ssrc, b"\x67sets", marker=True))
    (first,) = ben.heard("v0")
    ben.rtcp(Nack(1, ben.ssrc("v0"), (first.sequence,)))

    ben.watches("eva")
    eva.frame(key=True)

    assert [packet.payload_type for packet in ben.heard("v0")] == [H264, VP8]
    assert [packet.payload_type for packet in ben.repeated()] == [H264_RTX]


def test_a_camera_that_changes_its_codec_goes_on_in_the_same_slot_from_a_key_frame_on() -> None:
    stage = Stage()
    ana = stage.client("ana")
    source = link.SourceLine(source="ana/camera", mid="1", kind="video", rids=["m"])
    ana.join(sources=[source], payload_types=BOTH)
    layer = Layer(ana, "m", 0)
    ben = stage.client("ben").join(payload_types=BOTH, watching=["ana"])
    film(stage, [layer], 0.5)

    for number in range(25):
        asked = 9_000 in {request.media for request in ana.told(PictureLoss)}
        payload = b"\x67sets" if asked or not number else b"\x41slice"
        extensions = {1: b"1", 5: b"m"}
        ana.rtp(RtpPacket(H264, number, 3600 * number, 9_000, payload, marker=True, extensions=extensions))
        stage.pass_time(FRAME_S)
    layer.frame(key=True)
    film(stage, [layer], 0.5)

    heard = ben.heard("v0")
    types = [packet.payload_type for packet in heard]
    assert [kind for at, kind in enumerate(types) if not at or types[at - 1] != kind] == [VP8, H264, VP8]
    assert types.count(H264) >= 20
    assert heard[types.index(H264)].payload == b"\x67sets"
    assert all(later.sequence - earlier.sequence & 0xFFFF == 1 for earlier, later in pairwise(heard))
