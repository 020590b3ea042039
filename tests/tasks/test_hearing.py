"""A second transcript, from a recording's tracks to what is stored and read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest

from models.captions.audio import Samples, VoiceDetector
from models.core.hearing import Ask, Heard, Word
from models.core.scoring import words
from models.registry import MODELS_DIR, Registry, State, default_models_dir
from sfu.core.records import Came, Consented, WordsCorrected
from sfu.core.reheard import Second
from sfu.link.tape import Codec, Taped
from sfu.rtp.errors import UserError
from sfu.store import again, analyses, erasing, meetings, records, tasks
from sfu.store.holder import holder
from sfu.store.tasks import Row
from sfu.store.thread import Store
from sfu.tasks.analysis import analyse
from sfu.tasks.context import Context, NotNow, Stopped
from sfu.tasks.hearing import hear_again
from sfu.wire.messages import ClientKind, Role
from tests.recorder.senders import FIRST, voice
from tests.tasks.test_recording import BEGAN, keep, line, tape, tell

CLIP = Path(__file__).resolve().parents[2] / "resources/media/en_sense_0920.flac"
SAID = "Had he married a more amiable woman, he might have been made still more respectable than he was."


class Parrot:
    """Says the same of whatever it hears; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        self.asked.append(ask)
        assert len(samples) == pytest.approx((ask.end - ask.start) * 16_000, abs=512)
        said = (" Heard", " again.")
        return Heard(tuple(
            Word(text, (1,), ask.start + 0.5 * at, ask.start + 0.5 * (at + 1), 0.75) for at, text in enumerate(said)
        ), ask.language or "en")  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Ana and Ben were recorded, Cy said no; all agreed to captions.  A tone counts as speech."""
    monkeypatch.setattr(VoiceDetector, "hear", lambda _, samples: [
        float(abs(samples[at : at + 512]).max() > 0.01) for at in range(0, len(samples) - 511, 512)
    ])  # fmt: skip
    tracks = tmp_path / "recordings/m1/r1/tracks"
    tape(tracks, voice("p1-microphone-1", 0.5, 2.0), voice("p2-microphone-3", 5.5, 2.0))
    with closing(keep(tmp_path)) as opened:
        for number, name in enumerate(("Ana", "Ben", "Cy"), 1):
            tell(opened, Consented(f"p{number}", name, "captions", True, 1.0))
        opened.write(partial(meetings.end, meeting="m1", wall=1100.0)).result()
        yield opened


def taken(store: Store, folder: Path) -> Context:
    def take(db: Any) -> Row:
        row = tasks.take(db, again.ask(db, "m1", 1200.0).id, "me/1", 1300.0)
        assert row is not None
        return row

    return Context(store.write(take).result(), folder, store)


def second(store: Store, folder: Path, parrot: Any) -> Second:
    result = hear_again(taken(store, folder), parrot)
    assert store.write(partial(tasks.finish, lease="me/1", result=result)).result()
    return store.read(partial(again.get, meeting="m1")).result()


def test_it_stands_beside_the_first_and_who_refused_is_not_in_it(store: Store, tmp_path: Path) -> None:
    parrot = Parrot()

    found = second(store, tmp_path, parrot)

    said = [(each.speaker, each.text) for each in found.lines]
    assert said == [("p1", "Heard again."), ("p1", "In the pause."), ("p2", "Heard again.")]
    assert [each.start for each in found.lines] == pytest.approx([BEGAN + 0.3, BEGAN + 3.5, BEGAN + 5.3], abs=0.1)
    assert [ask.language for ask in parrot.asked] == ["en", "en"]
    first = store.read(partial(records.transcript, meeting="m1")).result()
    assert [each.text for each in first] == ["Hello.", "A secret.", "In the pause.", "Goodbye."]


def test_who_refused_captions_is_not_even_listened_to(store: Store, tmp_path: Path) -> None:
    store.write(lambda db: db.execute("UPDATE consents SET yes = 0 WHERE about = 'captions' AND name = 'Ana'")).result()
    parrot = Parrot()

    found = second(store, tmp_path, parrot)

    assert [round(ask.start) for ask in parrot.asked] == [5]
    assert "p1-again" not in found.model_dump_json()


def test_a_correction_stays(store: Store, tmp_path: Path) -> None:
    tell(store, WordsCorrected("s1", 1, "Hello.", "Hello, Szczepan.", "p1", "Ana", BEGAN + 7),
         line("s1", "p1", BEGAN + 0.3, "Hello, Szczepan."))  # fmt: skip

    found = second(store, tmp_path, Parrot())

    assert [each.text for each in found.lines] == ["Hello, Szczepan.", "In the pause.", "Heard again."]


def test_minutes_and_talk_time_are_of_the_one_that_was_asked_for(store: Store, tmp_path: Path) -> None:
    second(store, tmp_path, Parrot())
    wanted = partial(analyses.ask, meeting="m1", kind=analyses.RULES, wall=1.0, version="second")
    asked = store.write(wanted).result()
    result = analyse(Context(asked, tmp_path, store))
    store.write(result).result()
    found = store.read(partial(analyses.get, meeting="m1")).result()

    assert found.minutes is not None
    assert found.minutes.version == "second"
    assert found.talk_time is not None
    assert {each.participant for each in found.talk_time.people} == {"p1", "p2"}


def test_it_waits_while_somebody_meets_on_this_computer(store: Store, tmp_path: Path) -> None:
    def begin(db: Any) -> None:
        meetings.plan(db, meetings.Planned("m2", "BCDEFGHJ", "Now"), 1.0)
        meetings.begin(db, "m2", holder(), 1.0)

    store.write(begin).result()
    assert second(store, tmp_path, Parrot()).lines  # nobody is there yet

    came = Came("p9", "Dee", Role.MEMBER, ClientKind.DESKTOP, 1.0)
    store.write(partial(records.keep, meeting="m2", record=came, wall=1.0)).result()
    with pytest.raises(NotNow):
        hear_again(taken(store, tmp_path), Parrot())


def test_it_says_how_far_it_is_and_stops_where_it_is_told_to(store: Store, tmp_path: Path) -> None:
    context = taken(store, tmp_path)
    parrot = Parrot()
    heard = parrot.recognise

    def stop(samples: Samples, ask: Ask) -> Heard:
        context.stop(called_off=True)
        return heard(samples, ask)

    parrot.recognise = stop  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        hear_again(context, parrot)

    assert 0.0 < context.part < 1.0
    assert len(parrot.asked) == 1


def test_asking_twice_is_one_task_and_without_a_recording_a_sentence(store: Store) -> None:
    one, two = (store.write(partial(again.ask, meeting="m1", wall=wall)).result() for wall in (1.0, 2.0))
    store.write(lambda db: db.execute("DELETE FROM recordings")).result()

    assert one.id == two.id
    with pytest.raises(UserError, match="not recorded"):
        store.write(partial(again.ask, meeting="m1", wall=3.0)).result()


def test_erasing_somebody_takes_it_away_and_it_is_made_anew(store: Store, tmp_path: Path) -> None:
    second(store, tmp_path, Parrot())

    store.write(lambda db: erasing.erase_stay(db, tmp_path, "m1", "p1", 2000.0)).result()

    with pytest.raises(UserError, match="no second transcript"):
        store.read(partial(again.get, meeting="m1")).result()
    (asked,) = [row for row in store.read(partial(tasks.listed, meeting="m1")).result() if row.kind == again.HEAR]
    assert asked.state == "waiting"


def test_without_a_model_it_says_how_to_get_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODELS_DIR, str(tmp_path / "nothing"))

    with pytest.raises(UserError, match="parley models fetch"):
        hear_again(taken(store, tmp_path))


@pytest.mark.weights
def test_whisper_hears_what_was_said_at_its_time(tmp_path: Path) -> None:
    if Registry(default_models_dir()).status("whisper-base").state is not State.READY:
        pytest.skip("no weights here; `parley models fetch whisper-base` brings them")
    tape(tmp_path / "recordings/m1/r1/tracks", spoken("p1-microphone-1", 0.5))
    with closing(keep(tmp_path)) as opened:
        tell(opened, Consented("p1", "Ana", "captions", True, 1.0))
        opened.write(lambda db: db.execute("UPDATE audit SET at = at + 100 WHERE what <> 'record.start'")).result()
        opened.write(lambda db: db.execute("UPDATE recordings SET ended = ended + 100")).result()
        opened.write(partial(meetings.end, meeting="m1", wall=1100.0)).result()
        found = second(opened, tmp_path, None)

    mine = [each for each in found.lines if each.speaker == "p1"]
    assert words(" ".join(each.text for each in mine)) == words(SAID)
    assert BEGAN + 0.4 <= mine[0].start <= BEGAN + 1.5
    assert found.model in {model.id for model in Registry(default_models_dir()).models()}


def spoken(stream: str, begin: float) -> Iterator[Taped]:
    """The clip as Opus packets of 20 ms."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 32_000
    encoder.time_base = Fraction(1, 48_000)
    resampler: Any = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
    with av.open(str(CLIP)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    packets = []
    for number, frame in enumerate(frames):
        frame.pts = number * 960
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    for number, packet in enumerate(packets):
        yield Taped(stream, Codec.OPUS, FIRST + number, 960 * number, begin + number * 0.02, packet)
