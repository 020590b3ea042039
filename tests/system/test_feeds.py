"""A camera by WHIP and a player by WHEP, through a real host: both are played by a real browser's WebRTC."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack

from tests.engine.clips import picture
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.hosting import hosting
from tests.system.waiting import PATIENCE, until

pytestmark = pytest.mark.system

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


@pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)
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


async def test_a_sender_that_has_h264_only_is_seen_by_a_desktop_client(tmp_path: Path) -> None:
    """As OBS sends; aiortc, which is not ours, encodes, and splits frames by RFC 6184."""
    async with hosting(tmp_path / "data") as host:
        report = tmp_path / "report.json"
        command = [sys.executable, "-m", "app.headless", host.link, "--name", "Ana", "--report", str(report)]
        watcher = await asyncio.create_subprocess_exec(*command, "--seconds", "8")
        camera = RTCPeerConnection()
        try:
            await publish_h264(camera, host.ready["feeds"])
            async with asyncio.timeout(PATIENCE):
                assert await watcher.wait() == 0
        finally:
            if watcher.returncode is None:
                watcher.kill()
                await watcher.wait()
            await camera.close()

    (seen,) = [source for name, source in json.loads(report.read_text())["sources"].items() if name.endswith("/camera")]
    assert seen["name"] == "Stage"
    assert seen["frames"] > 30


async def publish_h264(camera: RTCPeerConnection, feeds: dict[str, Any]) -> None:
    """As soon as somebody is there who decodes it: into an empty room nobody may send what not all can see."""
    transceiver = camera.addTransceiver(Ball(), direction="sendonly")
    codecs = RTCRtpSender.getCapabilities("video").codecs
    transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType in ("video/H264", "video/rtx")])
    await camera.setLocalDescription(await camera.createOffer())
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {feeds['token']}"}
    async with httpx.AsyncClient(verify=False) as client:

        async def taken() -> httpx.Response | None:
            offer = camera.localDescription.sdp
            reply = await client.post(f"{feeds['whip']}?name=Stage", content=offer, headers=headers)
            return None if reply.status_code == 422 else reply

        reply = await until(taken, "somebody who decodes H264")
    assert reply.status_code == 201
    await camera.setRemoteDescription(RTCSessionDescription(reply.text, "answer"))


class Ball(VideoStreamTrack):
    async def recv(self) -> av.VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = picture(pts // 3000)
        frame.pts, frame.time_base = pts, time_base
        return frame
