"""The captions task: many tracks, one Whisper, one thread."""

from __future__ import annotations

from typing import Protocol

from models.captions.audio import Samples, VoiceModel
from models.captions.track import Track
from models.core.crosstalk import Room
from models.core.hearing import Ask, Heard
from models.core.turns import Turns
from models.registry import Registry
from models.runtime.task import Setup
from models.wire import Body, Chunk, CloseStream, Failure, OpenStream, Tune


class Recogniser(Protocol):
    """Anything that hears words.  Whisper here; a script in tests; another engine some day."""

    def recognise(self, samples: Samples, ask: Ask) -> Heard: ...


class Captions:
    """A `Task` (see `models.runtime.task`).  Tests pass their own recogniser."""

    def __init__(self, setup: Setup, recogniser: Recogniser | None = None) -> None:
        self._setup = setup
        self._recogniser = recogniser
        self._voice: VoiceModel | None = None
        self._tracks: dict[str, Track] = {}
        self._turns = Turns()
        self._room = Room()
        self._out: list[Body] = []
        self._waiting = 0

    def load(self) -> None:
        self._voice = VoiceModel()
        if self._recogniser is None:
            from models.captions.model import Whisper

            folder = Registry(self._setup.models).path(self._setup.model)
            setup = self._setup
            whisper = Whisper(folder, device=setup.device, compute=setup.compute, threads=setup.threads)
            whisper.warm_up()
            self._recogniser = whisper

    def open(self, wants: OpenStream) -> None:
        assert self._voice is not None, "load first"
        if wants.codec != "opus" or wants.clock_rate != 48_000:
            sentence = f"captions take Opus at 48000 Hz, not {wants.codec} at {wants.clock_rate}"
            self._out.append(Failure(stream=wants.stream, cause=Failure.UNSUPPORTED, sentence=sentence))
            return
        self._tracks[wants.stream] = Track(wants, self._voice, self._room)

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
        assert self._recogniser is not None, "load first"
        now = self._setup.clock()
        wishes = {name: ask for name, track in self._tracks.items() if (ask := track.want(now)) is not None}
        self._waiting = len(wishes)
        chosen = self._turns.choose(wishes, now)
        if chosen is not None:
            track, ask = self._tracks[chosen], wishes[chosen]
            heard = self._recogniser.recognise(track.samples(ask), ask)
            self._out += track.heard(ask, heard, now, self._setup.clock())
        self._end_tracks()
        out, self._out = self._out, []
        return out

    def waiting(self) -> int:
        return self._waiting

    def _end_tracks(self) -> None:
        for track in self._tracks.values():
            self._out += track.take()
        for name in [name for name, track in self._tracks.items() if track.done]:
            del self._tracks[name]
            self._turns.forget(name)
            self._room.forget(name)
            self._out.append(CloseStream(stream=name))


def create(setup: Setup) -> Captions:
    return Captions(setup)
