"""Which cameras may send H264, and who is told."""

from __future__ import annotations

from dataclasses import replace

from sfu.core.cameras import Cameras
from sfu.core.effects import Effect, Tell
from sfu.core.meeting import Meeting
from sfu.rtp.sdp import Codec, Description, Direction, ExtensionUri, Rid, RidDirection, Simulcast
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, SourceKind
from tests.core.people import EXTENSIONS, RTX, VP8, admit, meeting, offer, ticket, told, usual_lines

BASELINE = Codec(102, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"}, ("nack",))
BOTH = (VP8, RTX, BASELINE, Codec(103, "rtx", 90_000, 1, {"apt": "102"}))
RIDS = ("h", "m", "l")


def desktop() -> wire.Offer:
    """Its camera comes in layers, in VP8 or H264."""
    lines = usual_lines()
    lines[1] = replace(
        lines[1], codecs=BOTH, sources=(), ssrc_groups=(), simulcast=Simulcast(send=RIDS),
        extensions={**EXTENSIONS, ExtensionUri.RID: 5, ExtensionUri.REPAIRED_RID: 6},
        rids=tuple(Rid(rid, RidDirection.SEND) for rid in RIDS),
    )  # fmt: skip
    slots = [line for line in lines if line.kind == "video" and line.direction is Direction.RECVONLY]
    return offer([replace(line, codecs=BOTH) if line in slots else line for line in lines])


def codecs(effects: list[Effect]) -> dict[str, bool]:
    return {
        effect.to: effect.message.h264
        for effect in effects
        if isinstance(effect, Tell) and isinstance(effect.message, wire.CameraCodec)
    }


def two() -> tuple[Meeting, str, str, list[Effect]]:
    room = meeting()
    ana, ben = admit(room, "Ana"), admit(room, "Ben")
    room.handle(ana, desktop(), now=101.0)
    return room, ana, ben, room.handle(ben, desktop(), now=101.0)


def test_both_codecs_are_agreed_for_a_desktop_clients_camera_alone() -> None:
    room, _ana, _ben, effects = two()
    (answer,) = [message for message in told(effects) if isinstance(message, wire.Answer)]
    browser, _ = room.admit(ticket("Cy"), ClientKind.BROWSER, now=101.0, wall=0.0)

    (page,) = [m for m in told(room.handle(browser, desktop(), now=101.0)) if isinstance(m, wire.Answer)]

    assert [codec.name for codec in Description.parse(answer.sdp).media[1].codecs] == ["VP8", "H264", "rtx", "rtx"]
    assert [codec.name for codec in Description.parse(page.sdp).media[1].codecs] == ["VP8", "rtx"]


def test_cameras_may_be_h264_once_there_is_somebody_and_everybody_decodes_it() -> None:
    _room, ana, ben, effects = two()

    assert codecs(effects) == {ana: True, ben: True}


def test_who_comes_without_h264_turns_all_back_to_vp8_until_they_leave() -> None:
    room, ana, ben, _ = two()
    old = admit(room, "Old")

    assert codecs(room.handle(old, offer(), now=102.0)) == {ana: False, ben: False}
    assert codecs(room.handle(ana, wire.Ping(n=1), now=102.0)) == {}
    assert codecs(room.left(old, "", now=103.0)) == {ana: True, ben: True}


def test_a_new_connection_begins_with_vp8_and_is_told_anew() -> None:
    room, ana, ben, _ = two()

    assert codecs(room.media_lost(ana, "lost")) == {ben: False}
    assert codecs(room.handle(ana, desktop(), now=104.0)) == {ana: True, ben: True}


def test_a_camera_whose_face_is_read_sends_vp8() -> None:
    room, ana, _ben, _ = two()
    room._people[ana].sight = "s1"

    assert codecs(Cameras(room._room).match()) == {ana: False}
    room._people[ana].sight = None
    assert codecs(Cameras(room._room).match()) == {ana: True}


def test_an_ice_restart_changes_nothing_about_codecs() -> None:
    room, ana, _ben, _ = two()
    again = wire.Offer(sdp=desktop().sdp.replace("a=ice-ufrag:abcd", "a=ice-ufrag:wxyz"), lines=desktop().lines)

    effects = room.handle(ana, again, now=105.0)

    assert [type(message) for message in told(effects)] == [wire.Answer]
    assert SourceKind.CAMERA in room._people[ana].lines
