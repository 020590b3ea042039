"""From captured sound and pictures to packets: the two sending lines.

Sound is encoded on the loop (0.2 ms for 20 ms), pictures on the camera's own thread, where a slow frame delays
nothing but the next one.  Devices and the network are not known here.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable

from app.engine.codecs import OpusEncoder, Vp8Encoder
from app.engine.offer import OPUS
from app.engine.sender import Outgoing, RtpSender
from app.engine.sources import BLOCK, RATE, AudioBlock, CameraFrame
from sfu.rtp import red
from sfu.rtp.vp8 import packetize

Send = Callable[[bytes], None]

# Discontinuous transmission: FFmpeg does not offer libopus's own.  After this many quiet blocks in a row (0.4 s, so
# that no word's end is cut) only every KEEP_ALIVE-th packet goes out, as libopus would do.
HANGOVER = 20
KEEP_ALIVE = 20
QUIET_DBOV = -70
# A gap that is longer than this is a gap for the listener too; shorter ones are the device's jitter.
CLOCK_SLIP_S = 0.1

# Sound that is sent twice survives every single loss, sent thrice a burst of two; each costs 40 kbps.
BURSTS_FROM = 0.05
"""The share of lost packets from which losses come in twos often enough to hear."""

VIDEO_BITRATE_SMALL, VIDEO_BITRATE = 250_000, 600_000
SMALL_PIXELS = 320 * 180
MAX_PAYLOAD = 1_150
"""Leaves room for RTP, extensions and SRTP within 1,200 bytes of UDP payload."""
# The host merges requests already; this only bounds what a faulty one can make us spend.
KEYFRAME_PAUSE = 0.3
FRAME_RATE_HINT = 24


class MicrophoneLine:
    """Opus with levels, redundancy (RED, where the host takes it) and discontinuous transmission."""

    def __init__(self, sender: RtpSender, send: Send) -> None:
        self.sender = sender
        self._send = send
        self._encoder = OpusEncoder()
        self._media_time = 0
        self._expected: float | None = None
        self._quiet = HANGOVER + 1
        """Quiet blocks in a row; a stream begins as one that was silent."""
        self._earlier: deque[tuple[int, bytes]] = deque(maxlen=2)

    def take(self, block: AudioBlock, level: int, now: float) -> None:
        """Sends one block, whose level is in dBov."""
        self._keep_time(block.at)
        payload = self._encoder.encode(block.samples)  # always: the encoder's state must follow the sound
        talk_begins = self._quiet > HANGOVER and level >= QUIET_DBOV
        self._quiet = 0 if level >= QUIET_DBOV else self._quiet + 1
        if self._quiet <= HANGOVER or self._quiet % KEEP_ALIVE == 0:
            redundant = self.sender.redundant_payload_type
            outgoing = Outgoing(
                [payload if redundant is None else self._with_earlier(payload)],
                self._media_time, block.at, marker=talk_begins, level=-level, payload_type=redundant,
            )  # fmt: skip
            for packet in self.sender.packetize(outgoing, now):
                self._send(packet)
            self._earlier.append((self._media_time, payload))
        self._media_time += BLOCK

    def _with_earlier(self, payload: bytes) -> bytes:
        copies = 2 if self.sender.lost > BURSTS_FROM else 1
        earlier = [(self._media_time - at, data) for at, data in list(self._earlier)[-copies:]]
        return red.join(OPUS.payload_type, earlier, payload)

    def _keep_time(self, at: float) -> None:
        """The media clock counts samples; after a pause (muted, stalled) it catches up with the wall."""
        if self._expected is not None and abs(at - self._expected) > CLOCK_SLIP_S:
            self._media_time += max(0, round((at - self._expected) * RATE))
            self._expected = at
        self._expected = (at if self._expected is None else self._expected) + BLOCK / RATE


class CameraLine:
    """VP8 with key frames on demand.  `take` runs on the camera's thread, all else on the loop."""

    def __init__(self, sender: RtpSender, send: Send, clock: Callable[[], float]) -> None:
        self.sender = sender
        self._send = send
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._encoder: Vp8Encoder | None = None
        self._began: float | None = None
        self._picture_id = 0
        self._keyframe_wanted = threading.Event()
        self._keyframe_wanted.set()
        self._keyframe_at = 0.0

    def want_keyframe(self, now: float) -> None:
        """Somebody cannot decode until the next key frame."""
        if now - self._keyframe_at >= KEYFRAME_PAUSE:
            self._keyframe_at = now
            self._keyframe_wanted.set()

    def take(self, frame: CameraFrame) -> None:
        """Encodes one picture and hands it to the loop; called by the camera."""
        picture = frame.picture
        if self._encoder is None:
            small = picture.width * picture.height <= SMALL_PIXELS
            self._encoder = Vp8Encoder(VIDEO_BITRATE_SMALL if small else VIDEO_BITRATE, FRAME_RATE_HINT)
        if self._began is None:
            self._began = frame.at
        seconds = max(0.0, frame.at - self._began)
        wanted = self._keyframe_wanted.is_set()
        self._keyframe_wanted.clear()
        encoded = self._encoder.encode(picture, seconds, keyframe=wanted)
        if encoded:
            self._loop.call_soon_threadsafe(self._transmit, encoded, seconds, frame.at)
        elif wanted:
            self._keyframe_wanted.set()

    def _transmit(self, encoded: bytes, seconds: float, captured: float) -> None:
        payloads = packetize(encoded, self._picture_id, MAX_PAYLOAD)
        self._picture_id = (self._picture_id + 1) & 0x7FFF
        outgoing = Outgoing(payloads, round(seconds * self.sender.clock_rate), captured)
        for packet in self.sender.packetize(outgoing, self._clock()):
            self._send(packet)
