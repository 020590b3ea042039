"""From captured sound to packets, on the loop: 20 ms of Opus cost 0.2 ms.  Pictures are `picture_out`'s business."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from app.engine.codecs import OpusEncoder
from app.engine.offer import OPUS
from app.engine.sender import Outgoing, RtpSender
from app.engine.sources import BLOCK, RATE, AudioBlock
from sfu.rtp import red

Send = Callable[[bytes], None]

# Discontinuous transmission: FFmpeg does not offer libopus's own.  After this many quiet blocks in a row (0.4 s, so
# that no word's end is cut) only every KEEP_ALIVE-th packet goes out, as libopus would do.
HANGOVER = 20
KEEP_ALIVE = 20
QUIET_DBOV = -70
# A gap that is longer than this is a gap for the listener too; shorter ones are the device's jitter.
CLOCK_SLIP_S = 0.1
# Of the distance between a device's clock and ours, with every block: two clocks that run apart by 100 ppm would be
# 0.1 s apart after a quarter of an hour, and that is no gap.
FOLLOW = 0.01

# Sound that is sent twice survives every single loss, sent thrice a burst of two; each costs 40 kbps.
BURSTS_FROM = 0.05
"""The share of lost packets from which losses come in twos often enough to hear."""


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
        expected = at if self._expected is None else self._expected
        ahead = at - expected
        if abs(ahead) > CLOCK_SLIP_S:
            self._media_time += max(0, round(ahead * RATE))
            expected = at
        self._expected = expected + FOLLOW * (at - expected) + BLOCK / RATE
