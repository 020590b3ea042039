"""The captions task: many tracks, one Whisper, one thread."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor

from models.captions.audio import VoiceModel
from models.captions.ears import Ears, load, spare
from models.captions.engines import Recogniser
from models.captions.track import Track
from models.core.crosstalk import Room
from models.core.effort import Effort, Pace
from models.core.hearing import Ask, Heard, Kind
from models.core.turns import Turns
from models.runtime.task import Setup
from models.wire import Body, Chunk, CloseStream, Failure, OpenStream, Result, StreamHealth, Tune

log = logging.getLogger("models.captions")

_EFFORTS = {
    Effort.FULL: StreamHealth.FULL, Effort.THIN: StreamHealth.THIN, Effort.SLOW: StreamHealth.SLOW,
    Effort.SMALL: StreamHealth.SMALL,
}


class Captions:
    """A `Task` (see `models.runtime.task`).  Tests pass their own recogniser."""

    def __init__(self, setup: Setup, recogniser: Recogniser | None = None) -> None:
        self._setup = setup
        self._ears = Ears(setup, recogniser, "") if recogniser is not None else None
        self._pace = Pace()
        self._voice: VoiceModel | None = None
        self._tracks: dict[str, Track] = {}
        self._turns = Turns()
        self._room = Room()
        self._out: list[Body] = []
        self._waiting = 0

    def load(self) -> None:
        with ThreadPoolExecutor(1) as beside:     # people wait for a worker that replaces another
            voice = beside.submit(VoiceModel)
            if self._ears is None:
                self._ears = Ears(self._setup, load(self._setup, self._setup.model), spare(self._setup))
                self._pace.has_smaller = bool(self._ears.spare)
            self._voice = voice.result()

    def open(self, wants: OpenStream) -> None:
        assert self._voice is not None, "load first"
        if wants.codec != "opus" or wants.clock_rate != 48_000:
            sentence = f"captions take Opus at 48000 Hz, not {wants.codec} at {wants.clock_rate}"
            self._out.append(Failure(stream=wants.stream, cause=Failure.UNSUPPORTED, sentence=sentence))
            return
        self._tracks[wants.stream] = track = Track(wants, self._voice, self._room)
        track.pace(self._pace.step)

    def feed(self, chunk: Chunk, payload: bytes) -> None:
        if (track := self._tracks.get(chunk.stream)) is not None:
            track.feed(chunk, payload, self._setup.clock())

    def tune(self, tune: Tune) -> None:
        if (track := self._tracks.get(tune.stream)) is not None:
            track.tune(tune)

    def close(self, stream: str) -> None:
        if (track := self._tracks.get(stream)) is not None:
            track.close()
        else:
            self._out.append(CloseStream(stream=stream))

    def work(self) -> list[Body]:
        assert self._ears is not None, "load first"
        now, before = self._setup.clock(), self._pace.effort
        wishes = {name: ask for name, track in self._tracks.items() if (ask := track.want(now)) is not None}
        self._waiting = len(wishes)
        if shown := [result for track in self._tracks.values() for result in track.take()]:
            return [self._with_effort(body) for body in shown]     # what a pause shows is not kept back by a pass
        chosen = self._turns.choose(wishes, now)
        if chosen is not None:
            track, ask = self._tracks[chosen], wishes[chosen]
            cpu = time.process_time()
            heard = self._ears.hear(chosen, track.samples(ask), ask, self._pace.effort)
            answered = self._setup.clock()
            self._trace(ask, heard, answered - now, time.process_time() - cpu)
            self._out += track.heard(ask, heard, now, answered)
            if ask.kind is not Kind.TRANSLATION:
                lag = answered - self._turns.waited_since
                self._pace.answered(lag, answered, final=ask.kind is not Kind.PARTIAL)
        elif all(track.idle for track in self._tracks.values()):
            self._pace.idle(now)
        self._end_tracks()
        if self._pace.effort is not before:
            self._change_pace()
        out, self._out = self._out, []
        return [self._with_effort(body) for body in out]

    def waiting(self) -> int:
        return self._waiting

    def _trace(self, ask: Ask, heard: Heard, seconds: float, cpu: float) -> None:
        """For `captions --passes`."""
        log.debug(
            "pass %s of %.2f s, %d tokens forced, %d words: %.3f s, %.3f s of CPU, effort %s", ask.kind.name,
            ask.end - ask.start, len(ask.prefix), len(heard.words), seconds, cpu, self._pace.effort.name,
        )

    def _change_pace(self) -> None:
        for track in self._tracks.values():
            track.pace(self._pace.step)
            self._out.append(track.health())

    def _with_effort(self, body: Body) -> Body:
        if isinstance(body, Result) and body.HasField("health") and self._ears is not None:
            body.health.effort = _EFFORTS[self._pace.effort]
            body.health.model = self._ears.model(self._pace.effort)
        return body

    def _end_tracks(self) -> None:
        assert self._ears is not None
        for track in self._tracks.values():
            self._out += track.take()
        for name in [name for name, track in self._tracks.items() if track.done]:
            del self._tracks[name]
            self._turns.forget(name)
            self._ears.forget(name)
            self._room.forget(name)
            self._out.append(CloseStream(stream=name))


def create(setup: Setup) -> Captions:
    return Captions(setup)
