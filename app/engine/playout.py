"""Remote voices, from their jitter buffers to the loudspeaker.

Every 20 ms that the speaker wants, each audio slot gives one block (played, concealed or silent), and their sum goes
out.  The speaker's own clock sets the pace.  Which device that is, and what a packet is, is not known here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from app.engine.codecs import OpusDecoder
from app.engine.conceal import Concealer
from app.engine.sources import BLOCK, BLOCK_S, Playing, Samples, level_dbov
from app.engine.speaker import mix
from app.engine.tally import Tally
from sfu.rtp.errors import PeerFault
from sfu.rtp.jitter import AudioJitterBuffer, Conceal, Play, Silence, Wait
from sfu.rtp.packet import RtpPacket

log = logging.getLogger(__name__)


class AudioSlot:
    """One receiving line of sound; whom it carries may change at any time."""

    def __init__(
        self, tally: Tally, heard: Callable[[str, int, float], None] = lambda source, timestamp, plays_at: None
    ) -> None:
        """`heard` is told source and timestamp of every packet and when it will be heard."""
        self._heard = heard
        self.source: str | None = None
        self._buffer = AudioJitterBuffer()
        self._decoder = OpusDecoder()
        self._concealer = Concealer()
        self._tally = tally
        self._rest = np.zeros(0, np.int16)
        """Decoded and not yet played: a packet may hold more than one block."""

    def push(self, packet: RtpPacket, now: float) -> None:
        self._buffer.push(packet, now)

    def next_block(self, now: float, plays_at: float) -> Samples | None:
        """The next 20 ms, which will be heard at `plays_at`; None where there is nothing to hear."""
        if self._rest.size >= BLOCK:
            block, self._rest = self._rest[:BLOCK], self._rest[BLOCK:]
            return block
        match self._buffer.pull(now):
            case Play(payload=payload, timestamp=timestamp):
                if self.source is not None:
                    self._heard(self.source, timestamp, plays_at)
                return self._decoded(payload)
            case Conceal():
                return self._concealed()
            case Silence() | Wait():
                return None

    def _decoded(self, payload: bytes) -> Samples:
        try:
            samples = self._concealer.heard(self._decoder.decode(payload))
        except PeerFault as fault:
            log.debug("sound concealed: %s", fault.sentence)
            return self._concealed()
        if self.source is not None:
            self._tally.played(self.source, samples.size / BLOCK * BLOCK_S, level_dbov(samples))
        if samples.size < BLOCK:
            samples = np.concatenate([samples, np.zeros(BLOCK - samples.size, np.int16)])
        self._rest = samples[BLOCK:]
        return samples[:BLOCK]

    def _concealed(self) -> Samples:
        if self.source is not None:
            self._tally.concealed(self.source, BLOCK_S)
        return self._concealer.conceal()


class Heard(Protocol):
    """Something that gives sound, block by block."""

    def next_block(self, now: float, plays_at: float) -> Samples | None:
        """As `AudioSlot.next_block`."""


class Playout:
    """All audio slots, and what else is to be heard, into one speaker."""

    def __init__(
        self, slots: Sequence[Heard], speaker: Playing, played: Callable[[Samples], None] = lambda samples: None
    ) -> None:
        """`played` is told what the speaker was given: the reference for cancelling its echo."""
        self._slots = slots
        self._speaker = speaker
        self._played = played

    def fill(self, now: float) -> None:
        """Gives the speaker what it wants at this instant; called every few milliseconds."""
        for _ in range(self._speaker.room(now)):
            plays_at = now + self._speaker.delay(now)
            blocks = [block for slot in self._slots if (block := slot.next_block(now, plays_at)) is not None]
            mixed = mix(blocks)
            self._speaker.play(mixed)
            self._played(mixed)
