"""Somebody is erased: nothing that is left anywhere has their words, voice, picture or name; by property.

Everybody has a word, a name, a tone and a brightness that nobody else has, and all files are searched for them.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sfu.core.records import Came, Consented, Deed, RecordingBegan, RecordingEnded, Said, WordsCorrected
from sfu.core.transcript import Line
from sfu.rtp.errors import UserError
from sfu.store import analyses, erasing, keeping, meetings, readable, recordings, records, tasks
from sfu.store.holder import holder
from sfu.store.meetings import Planned
from sfu.store.thread import Store
from sfu.tasks.context import Context, Stopped
from sfu.tasks.recording import bundle, work
from sfu.tasks.recording.play import playable
from sfu.wire import messages as wire
from tests.recorder.senders import camera, voice
from tests.tasks.test_film import grey
from tests.tasks.test_recording import tape

NAMES = {"p1": "Quillon", "p2": "Zebulon", "p3": "Yolanthe"}
WORDS = {"p1": "quagmire", "p2": "zeppelin", "p3": "yardarm"}
TONES = {"p1": 500.0, "p2": 800.0, "p3": 1300.0}
GREYS = {"p1": 90, "p2": 150, "p3": 210}
SECONDS = 1.2


def say(store: Store, *kept: object) -> None:
    for record in kept:
        store.write(partial(records.keep, meeting="m1", record=record, wall=1000.0)).result()  # type: ignore[arg-type]


def keep(folder: Path) -> Store:
    """All three were recorded, spoke, wrote, shared and corrected; it is over, and its words lie there to be read."""
    store = Store(folder)
    store.write(partial(meetings.plan, planned=Planned("m1", "ABCDEFGH", "Weekly"), wall=900.0)).result()
    store.write(partial(meetings.begin, meeting="m1", holder="1:1", wall=980.0)).result()
    say(store, RecordingBegan("r1", 0.5), Deed("p1", NAMES["p1"], "record.start", "r1", 0.5))
    for number, (person, name) in enumerate(NAMES.items()):
        text, at = f"{WORDS[person]} it is", 0.6 + number / 10
        line = Line(segment=f"s{person}", speaker=person, name=name, text=text, language="en", start=at, end=at + 0.3,
                    confidence=0.9)
        message = wire.ChatMessage(id=number + 1, sender=person, name=name, text=f"{WORDS[person]} again", at=0.9)
        say(
            store, Came(person, name, wire.Role.MEMBER, wire.ClientKind.DESKTOP, 0.1),
            Consented(person, name, "recording", True, 0.5), line, Said(message),
            WordsCorrected(line.segment, 1, f"{WORDS[person]} was", text, person, name, 0.9),
        )  # fmt: skip
        tape(
            folder / "recordings/m1/r1/tracks", voice(f"{person}-microphone-1", 0.0, SECONDS, hertz=TONES[person]),
            camera(f"{person}-camera-2", 0.0, SECONDS, pictures=grey(GREYS[person])),
            camera(f"{person}-screen-3", 0.2, 0.5, pictures=grey(GREYS[person])),
        )  # fmt: skip
    say(store, RecordingEnded("r1", 0.5 + SECONDS), Deed("", "", "record.stop", "r1", 0.5 + SECONDS))
    store.write(partial(meetings.end, meeting="m1", wall=2000.0)).result()
    readable.write(
        folder / "meetings", store.read(partial(meetings.get, meeting="m1")).result(),
        store.read(partial(records.transcript, meeting="m1")).result(),
    )  # fmt: skip
    return store


def taken(store: Store, folder: Path, lease: str = "l") -> Context:
    rows = store.read(partial(tasks.listed, meeting="m1")).result()
    (film,) = [row for row in rows if row.kind == recordings.FILM]
    row = store.write(partial(tasks.take, task=film.id, lease=lease, wall=film.due_at + 9)).result()
    assert row is not None
    return Context(row, folder, store)


def make(store: Store, folder: Path) -> None:
    context = taken(store, folder)
    work.make(context)
    store.write(partial(tasks.finish, lease="l", result=None)).result()


def erase(store: Store, folder: Path, person: str) -> None:
    gone = partial(erasing.erase_stay, folder=folder, meeting="m1", participant=person, wall=3000.0)
    store.write(gone).result()
    store.read(keeping.shrink).result()


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file there is, and every file in a bundle."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())


def tones_in(path: Path) -> set[str]:
    """Whose tone is heard anywhere in it."""
    with av.open(str(path)) as file:
        if not file.streams.audio:
            return set()
        pieces = [frame.to_ndarray().astype(float).mean(axis=0) for frame in file.decode(audio=0)]
    sound = np.concatenate(pieces)
    spectrum = np.abs(np.fft.rfft(sound))
    at = {person: round(hertz * len(sound) / 48_000) for person, hertz in TONES.items()}
    peaks = {person: spectrum[place - 8 : place + 9].max() for person, place in at.items()}
    return {person for person, peak in peaks.items() if peak > 0.05 * max(spectrum.max(), 1.0)}


def greys_in(path: Path) -> set[str]:
    """Whose picture is seen anywhere in it: areas of their brightness, not edges of others that pass through it."""
    found: set[str] = set()
    with av.open(str(path)) as file:
        for frame in file.decode(video=0) if file.streams.video else ():
            bright = frame.to_ndarray()[: frame.height].astype(int)
            found |= {person for person, value in GREYS.items() if (abs(bright - value) < 8).mean() > 0.02}
    return found


@pytest.mark.parametrize("layout", ["grid", "speaker"])
def test_before_anybody_is_erased_everybody_is_found_so_the_search_finds(tmp_path: Path, layout: str) -> None:
    with closing(keep(tmp_path)) as store:
        film = {"layout": layout, "captions": "embedded"}
        store.write(partial(recordings.ask, meeting="m1", name="r1", film=film, wall=1.0)).result()
        make(store, tmp_path)
    everything = b"".join(body for _, body in contents(tmp_path)).decode("utf-8", "replace").lower()
    film_path = tmp_path / "recordings/m1/r1/made/film.mp4"

    assert all(word in everything for word in [*WORDS.values(), *(name.lower() for name in NAMES.values())])
    assert tones_in(film_path) == set(NAMES)
    assert greys_in(film_path) == set(NAMES)


@settings(max_examples=4, deadline=None)
@given(
    who=st.sampled_from(sorted(NAMES)), when=st.sampled_from(["waiting", "made", "making"]),
    layout=st.sampled_from(["grid", "speaker"]), captions=st.sampled_from(["separate", "embedded"]),
)  # fmt: skip
@example(who="p2", when="making", layout="speaker", captions="embedded")
@example(who="p1", when="made", layout="grid", captions="embedded")
def test_of_whoever_is_erased_nothing_is_left_and_the_rest_is_made_anew_as_it_was_wanted(
    who: str, when: str, layout: str, captions: str
) -> None:
    with tempfile.TemporaryDirectory() as name, closing(keep(Path(name))) as store:
        folder, film = Path(name), {"layout": layout, "captions": captions}
        store.write(partial(recordings.ask, meeting="m1", name="r1", film=film, wall=1.0)).result()
        store.write(partial(analyses.ask_owed, wall=1.0)).result()
        if when == "made":
            make(store, folder)
        old = taken(store, folder, "old") if when == "making" else None
        if old is not None:
            halfway(old, lambda: erase(store, folder, who))
            with pytest.raises(Stopped):
                work.make(old)
        else:
            erase(store, folder, who)
        made = folder / "recordings/m1/r1/made"
        between = made.exists()
        make(store, folder)

        assert not between  # the old one was not to be had, nor what was being made of it
        for file, body in contents(folder):
            said = body.decode("utf-8", "replace").lower()
            assert WORDS[who] not in said, file
            assert NAMES[who].lower() not in said, file
        media = [path for path in (folder / "recordings").rglob("*") if path.suffix in {".mp4", ".webm"}]
        assert not any(who in tones_in(path) | greys_in(path) for path in media)
        others = set(NAMES) - {who}
        assert tones_in(made / "film.mp4") == greys_in(made / "film.mp4") == others
        found = store.read(partial(playable, folder=folder, meeting="m1", name="r1")).result()
        assert {voice.participant for voice in found.voices} == others
        assert {line.speaker for line in found.lines} == others
        bundle.verify(made / "bundle.zip")
        rows = store.read(partial(tasks.listed, meeting="m1")).result()
        assert sorted((row.kind, row.state.value) for row in rows) == [("analysis", "waiting"), ("film", "done")]
        assert all(row.payload == {"recording": "r1", "film": film} for row in rows if row.kind == recordings.FILM)


def halfway(context: Context, happens: object) -> None:
    """`happens` once, when the film is half made; nobody tells the worker."""
    assert callable(happens)
    told, done = context.progress, []

    def progress(part: float) -> None:
        told(part)
        if part >= 0.3 and not done:
            done.append(True)
            happens()

    context.progress = progress  # type: ignore[method-assign]


def test_nobody_is_erased_from_a_meeting_that_goes_on(tmp_path: Path) -> None:
    with closing(keep(tmp_path)) as store:
        held = holder()
        store.write(lambda db: db.execute("UPDATE meetings SET state = 'live', holder = ?", (held,))).result()

        with pytest.raises(UserError, match="when it is over"):
            erase(store, tmp_path, "p1")

    assert (tmp_path / "recordings/m1/r1/tracks/p1-microphone-1.1.webm").exists()


def test_others_whose_ids_begin_alike_stay(tmp_path: Path) -> None:
    with closing(keep(tmp_path)) as store:
        tape(tmp_path / "recordings/m1/r1/tracks", voice("p22-microphone-4", 0.5, 0.5))

        erase(store, tmp_path, "p2")

    left = {path.name.split("-")[0] for path in (tmp_path / "recordings/m1/r1/tracks").iterdir()}
    assert left == {"p1", "p3", "p22"}
