"""A browser page that asks for what the test wants instead of what its layout would, and times what it then sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.system.chromium import Browser, Page
from tests.system.hosting import RunningHost

# The page's own wishes are held back, the test's go out on the same socket.
_TAKE_OVER = """
(() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    window.testSocket = this;
    if (JSON.parse(text).type !== "watch") send.call(this, text);
  };
  const Connection = RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...settings) {
      super(...settings);
      window.testPeer = this;
    }
  };
  window.testWatch = (views) => send.call(window.testSocket, JSON.stringify({ type: "watch", views }));
})()
"""
# A camera of one colour in which something moves, so that every frame is new: 24 a second.
_PAINT = """
(() => {
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [%d, %d];
    const pen = canvas.getContext("2d");
    let turn = 0;
    setInterval(() => {
      turn += 1;
      pen.fillStyle = "%s";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.fillStyle = "white";
      pen.fillRect((turn * 16) %% canvas.width, canvas.height / 3, canvas.width / 8, canvas.height / 3);
    }, 1000 / 24);
    const tracks = wanted.video ? canvas.captureStream(24).getVideoTracks() : [];
    const voice = wanted.audio ? new AudioContext().createMediaStreamDestination().stream.getAudioTracks() : [];
    return new MediaStream([...tracks, ...voice]);
  };
})()
"""


async def enter(
    browser: Browser, host: RunningHost, name: str, *, camera: tuple[int, int] | None = None, colour: str = "teal",
    scripts: Sequence[str] = (),
) -> Page:  # fmt: skip
    """Joins through the page; `camera` is the size of a painted one, None the browser's fake camera.

    `scripts` run before the page's own.
    """
    painted = [_PAINT % (*camera, colour)] if camera is not None else []
    page = await browser.open(host.link, [_TAKE_OVER, *painted, *scripts])
    await page.evaluate(f"document.getElementById('name').value = {json.dumps(name)}")
    await page.evaluate("document.querySelector('#join-form button').click()")
    await page.until("document.getElementById('consent-dialog').open")
    await page.evaluate("document.querySelector('#consent-dialog button[value=no]').click()")
    await page.until("!document.getElementById('meeting').hidden")
    await page.until("(await window.parley.statistics())?.connection === 'connected'")
    return page


async def watch(page: Page, *views: tuple[str, int]) -> None:
    """Sources with their priorities, and nothing else."""
    wanted = [{"source": source, "width": 1280, "height": 720, "priority": priority} for source, priority in views]
    await page.evaluate(f"testWatch({json.dumps(wanted)})")


async def picture(page: Page, source: str) -> dict[str, Any]:
    """What the page has received of a source; widths are 0 until there is a picture."""
    inbound = (await page.evaluate("window.parley.statistics()"))["inbound"]
    empty = {"frameWidth": 0, "framesDecoded": 0, "freezeCount": 0}
    return next((dict(one) for one in inbound if one["source"] == source), empty)


async def layers(page: Page) -> dict[str, dict[str, Any]]:
    """What the page sends of its camera, by layer."""
    outbound = (await page.evaluate("window.parley.statistics()"))["outbound"]
    return {one["layer"]: one for one in outbound if one["layer"] is not None}
