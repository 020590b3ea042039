"""The way of the own voice from the microphone to whoever sends it.

It outlives connections: the processing has learnt the room, and the level is shown before anybody has joined.  While
the person is muted the microphone may stay open for one purpose, to say "you are muted"; then not one block leaves
this module.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.engine.listening import DeadMicrophone, HowlDetector, MutedTalk
from app.engine.processing import VoiceProcessor
from app.engine.sources import AudioBlock, Samples, level_dbov
from app.session.commands import Noise, SetSound
from app.session.events import Event, Howling, MicrophoneDead, MicrophoneLevel, TalkingWhileMuted

log = logging.getLogger(__name__)

LEVEL_EVERY = 5
"""Blocks to one level shown: ten a second is as much as an eye follows."""


class Voice:
    """`take` every captured block and `played` every block that went to the loudspeaker, on the engine's loop."""

    def __init__(self, sound: SetSound, announce: Callable[[Event], None], *, real: bool = False) -> None:
        """`real`: it comes from a microphone, of which zeros say something; a file is silent until its moment."""
        self._announce = announce
        self._real = real
        self._sound = sound
        self._captioned = False
        self._processor: VoiceProcessor | None = None
        self._stale = True
        self._howl = HowlDetector()
        self._talk = MutedTalk()
        self._ear = DeadMicrophone()
        self._dead = False
        self._blocks = 0
        self.muted = False
        self.send: Callable[[AudioBlock, int], None] | None = None
        """Takes each block and its level (dBov) while there is a connection."""

    @property
    def notices_while_muted(self) -> bool:
        return self._sound.notice_muted

    def set_sound(self, sound: SetSound) -> None:
        self._sound = sound
        self._stale = True

    def captioned(self, captioned: bool) -> None:
        """Whether this voice is turned into captions: they read better with the noise (WER 0.33 for 0.39)."""
        if captioned != self._captioned:
            self._captioned = captioned
            self._stale = self._stale or self._sound.noise is Noise.AUTOMATIC

    def mute(self, muted: bool) -> None:
        self.muted = muted
        was = self._talk.talking
        self._talk.heard_at_last()
        if was:
            self._announce(TalkingWhileMuted(False))

    def played(self, samples: Samples) -> None:
        if self._processor is not None:
            self._processor.played(samples)

    def closed(self) -> None:
        """The microphone is: what was learnt about the room grows old, and costs a fifth of a percent of a core."""
        self._processor, self._stale = None, True
        self.mute(self.muted)
        self._ear.closed()
        self._say_dead()

    def take(self, block: AudioBlock) -> None:
        self._ear.hear(block.samples)
        self._say_dead()
        samples = self._clean(block.samples)
        dbov = level_dbov(samples)
        self._judge(samples, dbov)
        if self.send is not None and not self.muted:
            self.send(AudioBlock(samples, block.at), dbov)
        self._blocks += 1
        if self._blocks % LEVEL_EVERY == 0:
            self._announce(MicrophoneLevel(dbov))

    def _clean(self, samples: Samples) -> Samples:
        if self._stale:
            self._stale = False
            self._processor = self._make_processor()
        return samples if self._processor is None else self._processor.clean(samples)

    def _make_processor(self) -> VoiceProcessor | None:
        sound = self._sound
        noise = sound.noise is Noise.SUPPRESSED or (sound.noise is Noise.AUTOMATIC and not self._captioned)
        if not (sound.echo or sound.gain or noise):
            return None
        try:
            return VoiceProcessor(sound, noise=noise)
        except (ImportError, OSError) as error:  # a system for which there is no such library: heard is better than not
            log.warning("sound is not processed", extra={"reason": str(error)})
            return None

    def _say_dead(self) -> None:
        dead = self._real and self._ear.dead
        if dead != self._dead:
            self._dead = dead
            self._announce(MicrophoneDead(dead))

    def _judge(self, samples: Samples, dbov: int) -> None:
        before = self._howl.howling, self._talk.talking
        if not self.muted:
            self._howl.hear(samples, dbov)
        else:
            self._talk.hear(dbov)
        if self._howl.howling != before[0]:
            self._announce(Howling(self._howl.howling))
        if self._talk.talking != before[1]:
            self._announce(TalkingWhileMuted(self._talk.talking))
