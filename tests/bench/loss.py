"""What is seen and heard over links that lose packets, from Chromium to Chromium through a real host.

One sends a painted camera and a voice that never pauses, the other watches.  Each is behind a relay of its own
(`tests.sim.relay`), which loses `--percent` of the datagrams in each direction, everything included: feedback, repairs,
checks.  A packet thus has two chances to be lost.  `--delay` is from one end of a relay to the other.

`frames_decoded_ratio`: frames the viewer decoded over frames the camera sent (of the layer that sent most, second by
second, for layers come and go).  What is under way is not lost: the viewer's are counted so much later as frames are
on the two links and wait in its buffer.  `freeze_max_ms`: the longest time between
two frames that left the viewer's decoder; `audio_gap_ratio`: the share of the sound that the viewer had to invent.  The
same figures with `quiet_` before them are of a while without loss just before: encoders, decoders and relays share this
machine's cores, and what they cost stands there.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.sim.link import Weather
from tests.sim.relay import Relay, relaying
from tests.system.chromium import EXECUTABLE, MISSING, Browser, Page, chromium
from tests.system.hosting import RunningHost, hosting
from tests.system.watching import enter, watch

SHORT = ["--seconds", "12", "--quiet", "5"]
PRIORITY = 9
SETTLE_S = 5.0

# The host's address in the answer becomes the relay's; there is no other way to it.
_DETOUR = """
(() => {
  const apply = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
    const lines = answer.sdp.split("\\r\\n").filter((line) => !/^a=candidate:\\S+ \\d+ tcp/i.test(line));
    const sdp = lines.map((line) => line.replace(/^(a=candidate:.* )%d( typ host)/, "$1%d$2")).join("\\r\\n");
    return apply.call(this, { type: answer.type, sdp });
  };
})()
"""
_VOICE = """
(() => {
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [%d, %d];
    const pen = canvas.getContext("2d");
    let turn = 0;
    setInterval(() => {
      turn += 1;
      for (let x = 0; x < canvas.width; x += 32) {
        pen.fillStyle = `hsl(${(x + turn * 7) %% 360} 60%% 50%%)`;
        pen.fillRect(x, 0, 32, canvas.height);
      }
    }, 1000 / 24);
    const sound = new AudioContext();
    const out = sound.createMediaStreamDestination();
    const tone = new OscillatorNode(sound, { type: "sawtooth", frequency: 180 });
    tone.connect(new GainNode(sound, { gain: 0.3 })).connect(out);
    tone.start();
    const tracks = wanted.video ? canvas.captureStream(24).getVideoTracks() : [];
    return new MediaStream([...tracks, ...(wanted.audio ? out.stream.getAudioTracks() : [])]);
  };
})()
"""
# Every frame that leaves the decoder of the first picture slot, whether or not the tab is painted.
_READ = """
(() => {
  const receiving = testPeer.getTransceivers().filter((line) => line.direction === "recvonly");
  const { track } = receiving.find((line) => line.receiver.track.kind === "video").receiver;
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  window.testFrames = [];
  (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      testFrames.push(performance.now());
      value.close();
    }
  })();
})()
"""
_STATISTICS = "[...(await testPeer.getStats()).values()].filter((one) => /bound-rtp$/.test(one.type))"


@dataclass(frozen=True, slots=True)
class Counts:
    sent: dict[str, int]
    """Frames of each layer."""
    decoded: int
    samples: int
    invented: int
    bytes: int
    waited: float
    """Seconds in the viewer's buffer, of all `emitted` frames together."""
    emitted: int


async def counts(sender: Page, viewer: Page) -> Counts:
    out, into = await sender.evaluate(_STATISTICS), await viewer.evaluate(_STATISTICS)
    sent = [one for one in out if one["type"] == "outbound-rtp" and one["kind"] == "video"]
    video = [one for one in into if one["type"] == "inbound-rtp" and one["kind"] == "video"]
    audio = [one for one in into if one["type"] == "inbound-rtp" and one["kind"] == "audio"]
    heard = max(audio, key=lambda one: int(one["packetsReceived"]))
    return Counts(
        {one["id"]: int(one.get("framesSent", 0)) for one in sent},
        sum(int(one.get("framesDecoded", 0)) for one in video),
        int(heard["totalSamplesReceived"]),
        int(heard["concealedSamples"]),
        sum(int(one["bytesReceived"]) for one in video),
        sum(float(one.get("jitterBufferDelay", 0)) for one in video),
        sum(int(one.get("jitterBufferEmittedCount", 0)) for one in video),
    )


async def _later(sender: Page, viewer: Page, delay: float, moments: tuple[Counts, Counts]) -> int:
    """Frames decoded once all that were sent by now are through two links of `delay` and the viewer's buffer.

    `moments` are around the second before now, and say how long frames wait there.
    """
    sooner, now = moments
    await asyncio.sleep(2 * delay + (now.waited - sooner.waited) / max(1, now.emitted - sooner.emitted))
    return (await counts(sender, viewer)).decoded


async def measured(
    sender: Page, viewer: Page, seconds: float, delay: float, foul: Callable[[], None]
) -> dict[str, float]:
    """After `foul`, which is called once it is known how long a frame is under way."""
    sooner = await counts(sender, viewer)
    await asyncio.sleep(1.0)
    first = before = await counts(sender, viewer)
    foul()
    await viewer.evaluate("void testFrames.splice(0, testFrames.length - 1)")
    sent, last = 0, before
    async with asyncio.TaskGroup() as tasks:
        begun = tasks.create_task(_later(sender, viewer, delay, (sooner, before)))
        for _ in range(round(seconds)):
            await asyncio.sleep(1.0)
            before, last = last, await counts(sender, viewer)
            sent += max(count - before.sent.get(layer, 0) for layer, count in last.sent.items())
        ended = tasks.create_task(_later(sender, viewer, delay, (before, last)))
        frames = [*await viewer.evaluate("[...testFrames]"), await viewer.evaluate("performance.now()")]
    samples = last.samples - first.samples
    return {
        "frames_decoded_ratio": round((ended.result() - begun.result()) / max(1, sent), 4),
        "freeze_max_ms": round(max(later - sooner for sooner, later in pairwise(frames))),
        "audio_gap_ratio": round((last.invented - first.invented) / max(1, samples), 4),
        "frames_a_second": round(sent / seconds, 1),
        "kbps": round((last.bytes - first.bytes) * 8 / seconds / 1000),
        "buffer_ms": round((last.waited - before.waited) * 1000 / max(1, last.emitted - before.emitted)),
    }


async def _joined(browser: Browser, host: RunningHost, name: str, relay: Relay, size: tuple[int, int]) -> Page:
    scripts = (_VOICE % size, _DETOUR % (host.ready["port"], relay.port))
    return await enter(browser, host, name, scripts=scripts)


async def _bench(arguments: argparse.Namespace) -> dict[str, Any]:
    fair = Weather(delay=arguments.delay / 1000)
    foul = Weather(delay=fair.delay, loss=arguments.percent / 100)
    size = (arguments.width, arguments.width * 9 // 16)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        host = await stack.enter_async_context(hosting(Path(folder, "data")))
        browser = await stack.enter_async_context(chromium(Path(folder, "profile")))
        towards = ("127.0.0.1", host.ready["port"])
        relays = [await stack.enter_async_context(relaying(towards, fair, seed)) for seed in (1, 1001)]
        sender = await _joined(browser, host, "Sender", relays[0], size)
        viewer = await _joined(browser, host, "Viewer", relays[1], (320, 180))
        source = (await sender.evaluate("window.parley.statistics()"))["you"] + "/camera"
        await watch(viewer, (source, PRIORITY))
        await viewer.evaluate(_READ)
        await viewer.until("testFrames.length > 24")
        await asyncio.sleep(SETTLE_S)
        quiet = await measured(sender, viewer, arguments.quiet, fair.delay, lambda: None)

        def turn() -> None:
            for relay in relays:
                relay.turn(foul)

        lossy = await measured(sender, viewer, arguments.seconds, fair.delay, turn)
        return {"percent": arguments.percent, **lossy, **{f"quiet_{key}": value for key, value in quiet.items()}}


def run(argv: list[str]) -> dict[str, Any]:
    """The figures.  Raises LookupError where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench loss", description=__doc__)
    parser.add_argument("--percent", type=float, default=5.0, help="of the datagrams, each way, on each of two links")
    parser.add_argument("--delay", type=float, default=50.0, help="of each link, each way, in milliseconds")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--quiet", type=float, default=10.0, help="seconds without loss before")
    parser.add_argument("--width", type=int, default=640, help="of the camera, in pixels; 16:9")
    arguments = parser.parse_args(argv)
    if EXECUTABLE is None:
        raise LookupError(MISSING)
    return asyncio.run(_bench(arguments))
