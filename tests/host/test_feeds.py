"""WHIP and WHEP as senders and players in the wild speak them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sfu.link import messages as link
from sfu.rtp.sdp import Codec, Description, Direction
from sfu.wire import messages as wire
from tests.core.people import RTX, VP8, line, offer
from tests.host.front import CODE, Front, front

FIXTURES = Path(__file__).parent / "fixtures"
SENDER = (FIXTURES / "no_candidates_vp8.sdp").read_text()
OBS = (FIXTURES / "obs_h264.sdp").read_text()
RECEIVING = [line("audio", "0", Direction.RECVONLY), line("video", "1", Direction.RECVONLY)]
PLAYER = str(Description(tuple(RECEIVING), ("0", "1")))
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


@asynccontextmanager
async def client(running: Front, token: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    bearer = token if token is not None else running.feeds.token
    async with running.http(Authorization=f"Bearer {bearer}") as http:
        yield http


async def posted(
    http: httpx.AsyncClient, path: str = f"/whip/{CODE}", sdp: str = SENDER, **more: str
) -> httpx.Response:
    return await http.post(path, content=sdp, headers={**SDP, **more})


async def test_a_sender_without_candidates_is_answered_with_all_of_ours(tmp_path: Path) -> None:
    async with front(tmp_path) as running, client(running) as http:
        reply = await posted(http, f"/whip/{CODE}?name=Stage")
        roster = running.conference.meeting.roster()

    assert reply.status_code == 201
    assert reply.headers["content-type"].startswith("application/sdp")
    assert reply.headers["location"].startswith(f"/whip/{CODE}/")
    assert reply.headers["etag"].startswith('"')
    answer = Description.parse(reply.text)
    assert answer.lite
    assert [candidate.address for candidate in answer.media[0].candidates] == ["192.168.1.5", "10.0.0.5"]
    assert [(one.name, one.client, one.camera, one.microphone) for one in roster] == [
        ("Stage", wire.ClientKind.STREAM, True, True)
    ]


async def test_transport_feedback_without_its_extension_falls_back_to_estimates(tmp_path: Path) -> None:
    """OBS offers `transport-cc` and numbers no extension for it: nothing may be sent that needs the extension."""
    async with front(tmp_path) as running, client(running) as http:
        await posted(http)
        added = running.forwarder.of(link.AddPeer)[0]

    assert added.extensions.transport_cc == 0
    assert [(source.kind, source.ssrc) for source in added.sources] == [("audio", 2350137501), ("video", 2350137502)]


async def test_a_sender_in_layers_is_taken_in_layers(tmp_path: Path) -> None:
    """OBS since 31 sends several sizes by rid, called 0, 1, 2, the largest first."""
    sdes = "urn:ietf:params:rtp-hdrext:sdes:"
    layers = [
        f"a=extmap:4 {sdes}mid", f"a=extmap:10 {sdes}rtp-stream-id", f"a=extmap:11 {sdes}repaired-rtp-stream-id",
        *(f"a=rid:{rid} send" for rid in "012"), "a=simulcast:send 0;1;2",
    ]  # fmt: skip
    async with front(tmp_path) as running, client(running) as http:
        reply = await posted(http, sdp=SENDER.rstrip() + "\r\n" + "\r\n".join(layers) + "\r\n")
        added = running.forwarder.of(link.AddPeer)[0]

    assert reply.status_code == 201
    assert "a=simulcast:recv 0;1;2" in reply.text
    assert [source.rids for source in added.sources if source.kind == "video"] == [["0", "1", "2"]]


async def test_obs_with_nothing_but_h264_is_taken_where_everybody_decodes_it(tmp_path: Path) -> None:
    baseline = Codec(102, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"})
    watching = [line("video", "0", Direction.RECVONLY, codecs=(VP8, RTX, baseline))]
    async with front(tmp_path) as running, running.joined("Ana") as ana, client(running) as http:
        alone = await posted(http, sdp=OBS)
        await ana.say(offer(watching, {}))
        await ana.hear(wire.Answer)
        reply = await posted(http, sdp=OBS)

    assert (alone.status_code, reply.status_code) == (422, 201)
    assert "VP8" in alone.json()["detail"]
    assert Description.parse(reply.text).media[1].codec("H264")


@pytest.mark.parametrize("token", ["wrong", "the-host-token"])
async def test_without_the_feed_token_nobody_sends(tmp_path: Path, token: str) -> None:
    async with front(tmp_path) as running, client(running, token) as http:
        reply = await posted(http)

    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


async def test_a_feed_that_is_deleted_has_left(tmp_path: Path) -> None:
    async with front(tmp_path) as running, client(running) as http:
        where = (await posted(http)).headers["location"]
        gone = await http.delete(where)
        again = await http.delete(where)
        assert running.conference.meeting.roster() == []

    assert (gone.status_code, again.status_code) == (200, 404)


async def test_trickled_candidates_name_their_session(tmp_path: Path) -> None:
    async with front(tmp_path) as running, client(running) as http:
        reply = await posted(http)
        where, tag = reply.headers["location"], reply.headers["etag"]
        statuses = [
            (await http.patch(where, content="a=ice-ufrag:x\r\n", headers={**FRAGMENT, **match})).status_code
            for match in ({"If-Match": tag}, {"If-Match": '"another"'}, {}, {"If-Match": "*"})
        ]
        wrong = await http.patch(where, content="{}", headers={"Content-Type": "application/json", "If-Match": tag})

    assert statuses == [204, 412, 428, 422]
    assert wrong.status_code == 415


async def test_methods_that_do_not_exist_are_405_and_options_says_which_do(tmp_path: Path) -> None:
    async with front(tmp_path) as running, client(running) as http:
        where = (await posted(http)).headers["location"]
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            refused = await http.request(method, f"/whip/{CODE}")
            assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")
        for method in ("GET", "PUT", "POST"):
            assert (await http.request(method, where)).status_code == 405
        options = await http.options(f"/whip/{CODE}")

    assert options.headers["accept-post"] == "application/sdp"


@pytest.mark.parametrize(
    "sdp",
    [
        "", "v=0", "hello", "\x00" * 100,
        SENDER.replace("a=sendonly", "a=recvonly"), SENDER.replace("a=mid:1", "a=mid:0"),
        SENDER.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0 7"), SENDER.replace("a=ice-pwd", "a=ice-pwt"),
        SENDER.replace("sha-256", "sha-1"), SENDER[:400], SENDER.replace("opus", "G722"),
    ],
)  # fmt: skip
async def test_a_malformed_offer_costs_nobody_anything(tmp_path: Path, sdp: str) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, client(running) as http:
        reply = await posted(http, sdp=sdp)
        await ana.lives()
        assert [person.name for person in running.conference.meeting.roster()] == ["Ana"]

    assert reply.status_code == 422
    assert reply.json()["detail"].endswith(".")


async def test_other_refusals_are_what_the_rfc_says(tmp_path: Path) -> None:
    async with front(tmp_path) as running, client(running) as http:
        assert (await http.post(f"/whip/{CODE}", content=SENDER)).status_code == 415
        assert (await posted(http, "/whip/WRONGONE")).status_code == 404
        assert (await posted(http, sdp="v=0\r\n" + "a" * (wire.MAX_SDP + 1))).status_code == 413
        assert (await posted(http, Origin="https://evil.example")).status_code == 403


async def test_a_player_is_shown_whoever_speaks(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        for person in (ana, ben):
            await person.say(offer())
            await person.hear(wire.Answer)
            await person.say(wire.SetMedia(microphone=True, camera=True))
            await person.lives()
        async with client(running) as http:
            reply = await posted(http, f"/whep/{CODE}", PLAYER)
            player = running.conference.meeting.roster()[-1].id
            running.conference.forwarded(link.Speaking(sources=[f"{ben.you}/microphone"]))
            await ben.hear(wire.Speaking)
            await ben.lives()
            views = [order for order in running.forwarder.of(link.SetViews) if order.peer == player]

    assert reply.status_code == 201
    assert [[view.source for view in order.views] for order in views[-2:]] == [
        [f"{ana.you}/camera"], [f"{ben.you}/camera"]
    ]  # fmt: skip


async def test_a_feed_whose_media_stops_is_over(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, client(running) as http:
        where = (await posted(http)).headers["location"]
        joined: Any = await ana.hear(wire.Joined)
        running.conference.forwarded(
            link.PeerLost(peer=joined.participant.id, code="bad_media", sentence="The camera fell silent.")
        )
        await ana.hear(wire.Left)

        assert (await http.delete(where)).status_code == 404
