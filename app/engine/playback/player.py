"""Plays one recording: voices mixed into a loudspeaker, and the picture that belongs to what is heard.

Three threads: one reads voices ahead, one feeds the loudspeaker, whose clock everything follows, and one decodes the
film and shows each picture when its second is heard.  A host that is lost is tried again for as long as it takes.
What to play when is decided in `app.session.playback`; who is told and who draws is not known here.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import av
import numpy as np

from app.engine.playback.files import File, FilmFile, Unplayable, VoiceFile
from app.engine.playback.mixing import Mixer, Sound
from app.engine.sources import BLOCK, BLOCK_S, RATE, Speaker
from app.engine.speaker import NullSpeaker
from app.session.playback import Playhead, Reel, Voice
from sfu.rtp.errors import UserError

log = logging.getLogger(__name__)

SPEAKER_AHEAD = 6
"""Blocks of 20 ms kept in the loudspeaker: nobody waits for an answer, and a busy window is ridden out."""
READ_AHEAD_S = 3.0
_TURN_S = 0.01
_LOOK_S = 0.02
# Two pictures of the film.
_IN_TIME_S = 0.08
# A computer that is too slow shows a picture now and then; after a jump the one that was wanted comes within this.
_SHOWN_LATE_S, _FOUND_IN_S = 0.25, 1.0
TRY_AGAIN_S = 2.0
_STOP_S = 2.0
_SILENCE = np.zeros(BLOCK, np.int16)


@dataclass(frozen=True, slots=True)
class Mute:
    """Somebody's sound cannot be played, and why (`Unplayable`)."""

    person: str
    why: str


@dataclass(frozen=True, slots=True)
class Blind:
    """The picture cannot be shown, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class NoLoudspeaker:
    """`sentence`: why.  Picture and words go on."""

    sentence: str


@dataclass(frozen=True, slots=True)
class HostLost:
    """It is tried again until `HostBack`."""


@dataclass(frozen=True, slots=True)
class HostBack:
    pass


Told = Mute | Blind | NoLoudspeaker | HostLost | HostBack


@dataclass(frozen=True, slots=True)
class Around:
    """`open_file`: by the name that a reel gives; raises Unplayable.  `show` and `told` are called in our threads."""

    open_file: Callable[[str], File]
    make_speaker: Callable[[], Speaker]
    show: Callable[[av.VideoFrame], None]
    told: Callable[[Told], None]


class Player:
    """`start`, then the rest in any order from one thread; `close` ends it."""

    def __init__(self, reel: Reel, around: Around, at: float = 0.0, rate: float = 1.0) -> None:
        self._reel = reel
        self._around = around
        self._voices = reel.heard() or [Voice("", "", 0, reel.film)]
        self._head = Playhead(reel.length, at, rate)
        self._mixer = Mixer([voice.person for voice in self._voices], _sample(at))
        self._mixer.set_rate(rate, _sample(at))
        self._changed = threading.Condition()
        self._jumps = 0
        """How often another place was gone to."""
        self._starved = False
        self._closed = False
        self._speaker: Speaker = NullSpeaker()
        self._unplugged: UserError | None = None
        self._lost: set[str] = set()
        """Files that the host did not give."""
        self._threads = [
            threading.Thread(target=run, name=f"player.{name}", daemon=True)
            for name, run in (("voices", self._read_voices), ("sound", self._sound), ("picture", self._show_film))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Waits a moment at most.  Idempotent."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        until = time.monotonic() + _STOP_S
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))

    # -- what is wished --------------------------------------------------------------------------------------

    def play(self) -> None:
        with self._changed:
            ended = self._head.ended
            self._head.play()
            if ended:
                self._jump()

    def pause(self) -> None:
        with self._changed:
            self._head.pause()

    def seek(self, second: float) -> None:
        with self._changed:
            self._head.seek(second)
            self._jump()

    def set_rate(self, rate: float) -> None:
        with self._changed:
            self._head.set_rate(rate)
            self._mixer.set_rate(self._head.rate, _sample(self._head.given))
            self._changed.notify_all()

    def turn(self, gains: Mapping[str, float]) -> None:
        """How loud each person is, 0 to 1 and a bit more; where the film's own sound is played it is nobody's."""
        with self._changed:
            for voice in self._voices:
                self._mixer.turn(voice.person, gains.get(voice.person, 1.0))

    # -- what is -----------------------------------------------------------------------------------------------

    @property
    def second(self) -> float:
        """What is heard now."""
        with self._changed:
            return self._head.heard(time.monotonic())

    @property
    def playing(self) -> bool:
        with self._changed:
            return self._head.playing

    @property
    def waits(self) -> bool:
        """It would play, if its sound were here."""
        with self._changed:
            return self._head.playing and self._starved

    def _jump(self) -> None:
        self._jumps += 1
        self._mixer.move(_sample(self._head.given))
        self._changed.notify_all()

    # -- loudspeaker -------------------------------------------------------------------------------------------

    def _sound(self) -> None:
        self._open_speaker()
        try:
            while not self._closed:
                if self._unplugged is not None:
                    self._do_without(self._unplugged)
                self.fill(time.monotonic())
                time.sleep(_TURN_S)
        finally:
            self._speaker.close()

    def fill(self, now: float) -> None:
        """Gives the loudspeaker what it wants at this instant."""
        speaker = self._speaker
        for _ in range(speaker.room(now)):
            with self._changed:
                block = self._mixer.take() if self._head.playing else None
                self._starved = block is None and self._head.playing
                if block is not None:
                    self._head.give(now + speaker.delay(now), BLOCK_S)
                    self._changed.notify_all()
            speaker.play(block if block is not None else _SILENCE)

    def _open_speaker(self) -> None:
        speaker = self._around.make_speaker()

        def failed(error: UserError) -> None:
            self._unplugged = error  # in the device's own thread, which must not close it

        try:
            speaker.start(failed)
        except UserError as error:
            self._around.told(NoLoudspeaker(error.sentence))
        else:
            self._speaker = speaker

    def _do_without(self, error: UserError) -> None:
        self._unplugged = None
        self._speaker.close()
        self._speaker = NullSpeaker()
        self._around.told(NoLoudspeaker(error.sentence))

    # -- voices ------------------------------------------------------------------------------------------------

    def _read_voices(self) -> None:
        files: dict[str, VoiceFile] = {}
        jumps = {voice.person: -1 for voice in self._voices}
        try:
            while (wanted := self._next_wanted()) is not None:
                voice, jump, second = wanted
                try:
                    if voice.person not in files:
                        files[voice.person], jumps[voice.person] = VoiceFile(self._around.open_file(voice.file)), -1
                    if jumps[voice.person] != jump:
                        files[voice.person].seek(second)
                        jumps[voice.person] = jump
                    piece = files[voice.person].read()
                except Unplayable as error:
                    files.pop(voice.person, None)
                    if self._fails(voice.file, error):
                        self._around.told(Mute(voice.person, error.why))
                        self._voices = [other for other in self._voices if other is not voice]
                        piece = None
                    else:
                        continue
                self._back(voice.file)
                self._put(voice.person, jump, piece)
        finally:
            for file in files.values():
                file.close()

    def _next_wanted(self) -> tuple[Voice, int, float] | None:
        """Whose sound is wanted next, from where on; waits for that.  None: closed."""
        with self._changed:
            while not self._closed:
                lacking = self._mixer.lacks(round(READ_AHEAD_S * RATE))
                if lacking:
                    person = min(lacking, key=self._mixer.until)
                    voice = next((voice for voice in self._voices if voice.person == person), None)
                    if voice is not None:
                        return voice, self._jumps, self._mixer.until(person) / RATE
                    self._mixer.end(person)
                    continue
                self._changed.wait(_LOOK_S)
        return None

    def _put(self, person: str, jump: int, piece: tuple[int, Sound] | None) -> None:
        with self._changed:
            if jump != self._jumps:
                return  # of where we were before
            if piece is None:
                self._mixer.end(person)
            else:
                self._mixer.put(person, *piece)

    # -- picture -----------------------------------------------------------------------------------------------

    def _show_film(self) -> None:
        while not self._closed:
            try:
                film = FilmFile(self._around.open_file(self._reel.film))
                try:
                    self._follow(film)
                finally:
                    film.close()
            except Unplayable as error:
                if self._fails(self._reel.film, error):
                    self._around.told(Blind(error.why))
                    return

    def _follow(self, film: FilmFile) -> None:
        """Shows what belongs to what is heard, until closed.  Raises Unplayable."""
        jump, shown = -1, _Shown(self._around.show)
        while (where := self._where()) is not None:
            if where[0] != jump:
                jump = where[0]
                film.seek(where[1])
                shown.jumped(time.monotonic())
            following = film.read()
            self._back(self._reel.film)
            if following is None or following[0] > self.second:
                shown.catch_up(time.monotonic())
                while self._sleep(following[0] if following is not None else None, jump):
                    pass
            if following is not None and self._jumps == jump:
                shown.due(following[1], self.second - following[0], time.monotonic())

    def _where(self) -> tuple[int, float] | None:
        with self._changed:
            return None if self._closed else (self._jumps, self._head.heard(time.monotonic()))

    def _sleep(self, until: float | None, jump: int) -> bool:
        """Whether that second is still to come, after a moment's wait; False too when there is something else to do."""
        with self._changed:
            if self._closed or self._jumps != jump:
                return False
            left = (until - self._head.heard(time.monotonic())) / self._head.rate if until is not None else _LOOK_S
            if left > 0:
                self._changed.wait(min(_LOOK_S, left))
            return left > 0

    # -- a host that is lost -----------------------------------------------------------------------------------

    def _fails(self, file: str, error: Unplayable) -> bool:
        """Whether that is for good; else it has been waited for long enough to try again."""
        if error.why != "unreachable":
            return True
        with self._changed:
            if not self._lost:
                self._around.told(HostLost())
            self._lost.add(file)
            until = time.monotonic() + TRY_AGAIN_S
            while not self._closed and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
        return False

    def _back(self, file: str) -> None:
        with self._changed:
            if file in self._lost:
                self._lost.discard(file)
                if not self._lost:
                    self._around.told(HostBack())


class _Shown:
    """What of the decoded pictures is shown: all that come in time, and of those that come late the last one."""

    def __init__(self, show: Callable[[av.VideoFrame], None]) -> None:
        self._show = show
        self._late: av.VideoFrame | None = None
        self._patient_until = 0.0

    def jumped(self, now: float) -> None:
        self._late, self._patient_until = None, now + _FOUND_IN_S

    def due(self, frame: av.VideoFrame, late: float, now: float) -> None:
        self._late = frame
        if late < _IN_TIME_S or now > self._patient_until:
            self.catch_up(now)

    def catch_up(self, now: float) -> None:
        """There is nothing newer."""
        if self._late is not None:
            self._show(self._late)
            self._late, self._patient_until = None, now + _SHOWN_LATE_S


def _sample(second: float) -> int:
    return round(second * RATE)
