"""A camera by WHIP and a player by WHEP, through a real host: both are played by a real browser's WebRTC."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.hosting import hosting

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

_CONNECT = """(async () => {
    const connection = window.connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    %s
    await connection.setLocalDescription();
    const reply = await fetch(%s, { method: "POST", body: connection.localDescription.sdp,
        headers: { "Content-Type": "application/sdp", Authorization: "Bearer " + %s } });
    window.where = reply.headers.get("Location");
    await connection.setRemoteDescription({ type: "answer", sdp: await reply.text() });
    return reply.status;
})()"""
_SENDS = """const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) connection.addTransceiver(track, { direction: "sendonly" });"""
_WATCHES = """for (const kind of ["audio", "video"]) connection.addTransceiver(kind, { direction: "recvonly" });"""
_DECODED = """[...(await connection.getStats()).values()]
    .filter((one) => one.type === "inbound-rtp").reduce((sum, one) => sum + (one.framesDecoded ?? 0), 0)"""


async def feed(page: Page, what: str, path: str, token: str) -> None:
    assert await page.evaluate(_CONNECT % (what, json.dumps(path), json.dumps(token))) == 201


async def test_a_player_sees_what_a_camera_sends_until_the_camera_goes(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        feeds, origin = host.ready["feeds"], host.link.partition("/j/")[0]
        camera, player = await browser.open(origin), await browser.open(origin)
        await feed(camera, _SENDS, f"{feeds['whip']}?name=Stage", feeds["token"])
        await feed(player, _WATCHES, feeds["whep"], feeds["token"])

        seen = await player.until(f"{_DECODED} > 0 && {_DECODED}")
        await player.until(f"{_DECODED} > {seen + 10}")

        await camera.evaluate(
            f"fetch(where, {{method: 'DELETE', headers: {{Authorization: 'Bearer {feeds['token']}'}}}}).then(() => 0)"
        )
        await camera.evaluate("connection.close()")
        assert browser.complaints == []
