"""What is made of a recording: a film with everybody in time, voices equally loud, a bundle that proves itself."""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.records import Came, Consented, Deed, RecordingBegan, RecordingEnded, Said, WordsCorrected
from sfu.core.tracks import Tracks
from sfu.core.transcript import Line
from sfu.link.tape import Taped
from sfu.recorder.files import Files
from sfu.rtp.errors import UserError
from sfu.store import keeping, meetings, recordings, records, tasks
from sfu.store.meetings import Planned
from sfu.store.thread import Store
from sfu.tasks.context import Context, TryAgain
from sfu.tasks.recording import bundle, work
from sfu.tasks.recording.__main__ import main
from sfu.tasks.recording.facts import facts_of
from sfu.tasks.recording.papers import flaw
from sfu.tasks.recording.play import playable, timeline_in
from sfu.tasks.recording.sound import LOUDNESS, loudness
from sfu.wire import messages as wire
from sfu.wire.http import FilmChoice
from sfu.wire.messages import ChatMessage
from tests.recorder.senders import camera, together, voice
from tests.recorder.small_disk import small_disk

BEGAN = 20.0
RECORDED = 8.0


def line(segment: str, speaker: str, start: float, text: str) -> Line:
    return Line(
        segment=segment, speaker=speaker, name=speaker.upper(), text=text, language="en", start=start, end=start + 1.0,
        confidence=0.9,
    )  # fmt: skip


def tell(store: Store, *kept: Any) -> None:
    for record in kept:
        store.write(partial(records.keep, meeting="m1", record=record, wall=1000.0)).result()


def tape(folder: Path, *packets: Iterator[Taped], close: bool = True) -> Files:
    """What the recorder would have written; second 0 of the tape is second 0 of the recording."""
    folder.mkdir(parents=True, exist_ok=True)
    files, tracks = Files(folder), Tracks(0.0)
    for packet in together(*packets):
        for event in tracks.feed(packet, packet.captured):
            files.write(event)
    if close:
        files.close()
    return files


def keep(folder: Path) -> Store:
    """Ana and Ben agreed, Cy did not; there is a pause from second 3 to 5."""
    opened = Store(folder)
    opened.write(partial(meetings.plan, planned=Planned("m1", "ABCDEFGH", "Weekly"), wall=900.0)).result()
    opened.write(partial(meetings.begin, meeting="m1", holder="1:1", wall=980.0)).result()
    for number, name in enumerate(("Ana", "../Ben", "Cy"), 1):
        tell(opened, Came(f"p{number}", name, wire.Role.MEMBER, wire.ClientKind.DESKTOP, 1.0))
    tell(
        opened, RecordingBegan("r1", BEGAN), Deed("p1", "Ana", "record.start", "r1", BEGAN),
        Consented("p1", "Ana", "recording", True, BEGAN), Consented("p2", "../Ben", "recording", True, BEGAN + 0.1),
        Consented("p3", "Cy", "recording", False, BEGAN + 0.2),
        Deed("p1", "Ana", "record.pause", "r1", BEGAN + 3), Deed("p1", "Ana", "record.resume", "r1", BEGAN + 5),
        line("s1", "p1", BEGAN + 1, "Hello."), line("s2", "p3", BEGAN + 2, "A secret."),
        line("s3", "p1", BEGAN + 3.5, "In the pause."), line("s4", "p2", BEGAN + 6, "Goodbye."),
        RecordingEnded("r1", BEGAN + RECORDED), Deed("p1", "Ana", "record.stop", "r1", BEGAN + RECORDED),
    )  # fmt: skip
    return opened


def begun(store: Store, folder: Path) -> Context:
    store.write(partial(recordings.ask_owed, wall=1000.0)).result()
    (waiting,) = store.read(partial(tasks.listed, meeting="m1")).result()
    row = store.write(partial(tasks.take, task=waiting.id, lease="l", wall=waiting.due_at)).result()
    assert row is not None
    return Context(row, folder, store)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(keep(tmp_path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host's, in which the recording was made."""
    here = tmp_path_factory.mktemp("host")
    tracks = here / "recordings/m1/r1/tracks"
    tape(tracks, voice("p1-microphone-1", 0.0, 3.0), camera("p1-camera-2", 0.0, 3.0, width=320, height=180))
    tape(tracks, voice("p1-microphone-5", 5.0, 3.0), camera("p1-camera-6", 5.0, 3.0))
    tape(tracks, voice("p2-microphone-3", 0.5, 7.0, loud=1200), close=False)  # its recorder was killed
    with closing(keep(here)) as opened:
        tell(
            opened,
            WordsCorrected("s4", 1, "Good buy.", "Good bye.", "p1", "Ana", BEGAN + 7),
            WordsCorrected("s4", 2, "Good bye.", "Goodbye.", "p2", "../Ben", BEGAN + 7.5),
            line("s5", "p1", BEGAN + 6.5, ""), WordsCorrected("s5", 1, "Oh no.", "", "p1", "Ana", BEGAN + 7.6),
            WordsCorrected("s2", 1, "A sacred.", "A secret.", "p3", "Cy", BEGAN + 7.7),
        )
        work.make(begun(opened, here))
    return here


@pytest.fixture
def made(folder: Path) -> Path:
    return folder / "recordings/m1/r1/made"


def test_the_film_is_as_long_as_the_recording_without_its_pause_and_has_chapters(made: Path) -> None:
    with av.open(str(made / "film.mp4")) as film:
        assert film.duration / 1e6 == pytest.approx(RECORDED - 2, abs=0.1)
        assert {stream.type for stream in film.streams} >= {"video", "audio"}
        assert [round(chapter["start"] * float(chapter["time_base"])) for chapter in film.chapters()] == [0]
        pictures = sum(1 for _ in film.decode(video=0))
    assert pictures == 25 * 6


def test_sound_is_at_its_time_and_the_pause_is_cut_out(made: Path) -> None:
    with av.open(str(made / "voices/p2.webm")) as file:
        sound = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)]).astype(float)
    heard = np.abs(sound) > 0.02 * np.abs(sound).max()
    first = heard.argmax() / 48_000

    assert first == pytest.approx(0.5, abs=0.04)
    assert len(sound) / 48_000 == pytest.approx(6.0, abs=0.1)


def test_voices_are_equally_loud(made: Path, folder: Path) -> None:
    said, murmured = (loudness([*(folder / "recordings/m1/r1/tracks").glob(f"p{n}-microphone*")]) for n in (1, 2))
    assert said is not None
    assert murmured is not None
    assert said - murmured > 12

    for person in ("p1", "p2"):
        measured = loudness([made / f"voices/{person}.webm"])
        assert measured == pytest.approx(LOUDNESS, abs=1.5)


def test_who_did_not_agree_is_in_no_sound_and_their_words_are_left_out(made: Path) -> None:
    words = (made / "captions.vtt").read_text()

    assert "Hello." in words
    assert "[not recorded]" in words
    assert "A secret." not in words
    assert "In the pause." not in words
    assert "00:00:04.000 --> 00:00:05.000" in words  # six seconds on, less the pause
    assert sorted(path.name for path in (made / "voices").iterdir()) == ["p1.webm", "p2.webm"]


def test_chapters_are_in_the_film_by_name(store: Store, tmp_path: Path) -> None:
    joined = Came("p4", "Dee", wire.Role.MEMBER, wire.ClientKind.DESKTOP, 27.5)
    tell(store, RecordingBegan("r2", 20.0), Deed("p1", "Ana", "record.start", "r2", 20.0), joined,
         Consented("p1", "Ana", "recording", True, 20.0), RecordingEnded("r2", 29.0),
         Deed("p1", "Ana", "record.stop", "r2", 29.0))
    tracks = tmp_path / "recordings/m1/r2/tracks"
    tape(tracks, voice("p1-microphone-1", 0.0, 9.0))
    facts = store.read(partial(facts_of, meeting="m1", name="r2")).result()

    work.make_film(tmp_path / "film.mp4", facts, tracks, FilmChoice(), lambda part: None)

    with av.open(str(tmp_path / "film.mp4")) as film:
        told = [(float(each["start"] * each["time_base"]), each["metadata"]["title"]) for each in film.chapters()]
    assert told == [(0.0, "Start"), (7.5, "Dee joins")]


def test_the_chat_is_in_the_bundle_without_what_is_private_and_who_did_not_agree(store: Store, tmp_path: Path) -> None:
    def said(number: int, sender: str, text: str, at: float, to: str | None = None) -> Said:
        return Said(ChatMessage(id=number, sender=sender, name=sender, to=to, text=text, at=at))

    tell(
        store, said(1, "p1", "Before.", BEGAN - 1), said(2, "p1", "A link.", BEGAN + 1),
        said(3, "p3", "Not for the record.", BEGAN + 2), said(4, "p1", "Between us.", BEGAN + 3, to="p2"),
    )  # fmt: skip
    tape(tmp_path / "recordings/m1/r1/tracks", voice("p1-microphone-1", 0.0, 1.0))
    work.make(begun(store, tmp_path))

    with zipfile.ZipFile(tmp_path / "recordings/m1/r1/made/bundle.zip") as file:
        chat, ledger = json.loads(file.read("chat.json")), json.loads(file.read("consents.json"))
    assert [message["text"] for message in chat] == ["A link.", "[not recorded]"]
    assert [(each["name"], each["yes"]) for each in ledger] == [("Ana", True), ("../Ben", True), ("Cy", False)]


def test_a_bundle_is_verified_and_by_its_key(made: Path, folder: Path) -> None:
    mark = bundle.fingerprint(bundle.key_of(folder).public_key().public_bytes_raw())

    manifest = bundle.verify(made / "bundle.zip", mark)

    names = set(manifest["files"])
    assert {"film.mp4", "captions.vtt", "transcript.json", "chat.json", "consents.json", "steps.json"} <= names
    assert len([name for name in names if name.startswith("tracks/")]) == 5
    assert not any(".." in name for name in names)
    with pytest.raises(UserError, match="another key"):
        bundle.verify(made / "bundle.zip", "00" * 32)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("change", "changed: chat.json"), ("add", "added"), ("drop", "missing: chat.json"),
        ("list", "after it was signed"),
    ],
)
def test_whatever_is_done_to_a_bundle_is_found(made: Path, tmp_path: Path, what: str, sentence: str) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(made / "bundle.zip") as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "chat.json" and what == "drop":
                continue
            changed = (what, name) in {("change", "chat.json"), ("list", "manifest.json")}
            new.writestr(name, body + b" " if changed else body)
        if what == "add":
            new.writestr("tracks/p9-microphone-1.1.webm", b"invented")

    with pytest.raises(UserError, match=sentence):
        bundle.verify(other)


def test_a_bundle_tells_who_corrected_what_and_when_but_not_of_who_did_not_agree(made: Path) -> None:
    with zipfile.ZipFile(made / "bundle.zip") as file:
        edits, said = json.loads(file.read("edits.json")), json.loads(file.read("transcript.json"))["lines"]

    assert [(edit["segment"], edit["before"], edit["text"], edit["name"], edit["at"]) for edit in edits] == [
        ("s4", "Good buy.", "Good bye.", "Ana", BEGAN + 7), ("s4", "Good bye.", "Goodbye.", "../Ben", BEGAN + 7.5),
        ("s5", "Oh no.", "", "Ana", BEGAN + 7.6),
    ]  # fmt: skip
    assert [each["text"] for each in said] == ["Hello.", "[not recorded]", "Goodbye."]


def test_a_bundle_whose_transcript_does_not_read_as_its_corrections_say_is_refused(
    made: Path, folder: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(made / "bundle.zip") as file:
        contents: dict[str, Path | bytes] = {
            name: file.read(name) for name in file.namelist() if not name.startswith("manifest")
        }
    said = contents["transcript.json"]
    assert isinstance(said, bytes)
    contents["transcript.json"] = said.replace(b"Goodbye.", b"Good riddance.")
    bundle.write(tmp_path / "b.zip", contents, {}, bundle.key_of(folder), lambda: None)

    with pytest.raises(UserError, match="corrections say, in line s4"):
        bundle.verify(tmp_path / "b.zip")


@given(st.dictionaries(st.sampled_from("abc"), st.lists(st.text(max_size=3), min_size=2, max_size=5)), st.data())
def test_any_change_to_a_history_is_found(histories: dict[str, list[str]], data: st.DataObject) -> None:
    lines = [{"segment": segment, "text": texts[-1]} for segment, texts in histories.items() if texts[-1]]
    edits: list[dict[str, Any]] = [
        {"segment": segment, "revision": number, "before": before, "text": text}
        for segment, texts in histories.items() for number, (before, text) in enumerate(itertools.pairwise(texts), 1)
    ]  # fmt: skip

    assert flaw(lines, edits) is None
    if edits:
        victim = data.draw(st.sampled_from(edits))
        victim["text"] += "!"
        assert flaw(lines, edits) == victim["segment"]


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK nonsense")

    with pytest.raises(UserError, match="not a whole bundle"):
        bundle.verify(tmp_path / "a.zip")
    with pytest.raises(UserError, match="no file"):
        bundle.verify(tmp_path / "none.zip")


def test_a_film_is_made_anew_as_somebody_wanted_it_and_the_bundle_with_it(store: Store, tmp_path: Path) -> None:
    tape(tmp_path / "recordings/m1/r1/tracks", voice("p1-microphone-1", 0.0, 1.0))
    wanted = {"layout": "speaker", "captions": "embedded"}
    store.write(partial(recordings.ask, meeting="m1", name="r1", film=wanted, wall=1000.0)).result()
    work.make(begun(store, tmp_path))

    made = tmp_path / "recordings/m1/r1/made"
    told = timeline_in(made)
    assert told is not None
    assert told.film.model_dump() == wanted
    with av.open(str(made / "film.mp4")) as film:
        assert film.streams.subtitles
    bundle.verify(made / "bundle.zip")
    assert "Hello." in (made / "captions.srt").read_text()


def test_a_recording_that_runs_has_no_film_yet(store: Store) -> None:
    tell(store, RecordingBegan("r2", 40.0))

    with pytest.raises(UserError, match="goes on"):
        store.write(partial(recordings.ask, meeting="m1", name="r2", film={}, wall=1000.0)).result()


def test_a_player_is_told_voices_words_and_length_on_the_films_clock(folder: Path) -> None:
    with closing(Store(folder)) as store:
        found = store.read(partial(playable, folder=folder, meeting="m1", name="r1")).result()

    assert found.seconds == RECORDED - 2
    assert [(voice.name, voice.file) for voice in found.voices] == [
        ("Ana", "voices/p1.webm"), ("../Ben", "voices/p2.webm"),
    ]  # fmt: skip
    assert [(each.text, each.start) for each in found.lines] == [
        ("Hello.", 1.0), ("[not recorded]", 2.0), ("Goodbye.", 4.0),
    ]  # fmt: skip


def test_a_voice_may_be_entered_anywhere(made: Path) -> None:
    """Players ask for pieces; without an index they would have to read all of it."""
    with av.open(str(made / "voices/p2.webm")) as file:
        stream = file.streams.audio[0]
        file.seek(5_500_000)
        first = next(file.decode(stream))
        length = file.duration / 1e6

    assert first.time > 4.0
    assert length == pytest.approx(6.0, abs=0.1)


def test_who_did_not_agree_has_an_empty_tile(made: Path) -> None:
    """Three were there: in a grid of two by two the third has the middle of the lower row."""
    with av.open(str(made / "film.mp4")) as film:
        picture = next(itertools.islice(film.decode(video=0), 40, None)).to_ndarray(format="gray")

    ana, cy = picture[180, 320], picture[540, 640]
    assert abs(int(cy) - 32) < 24
    assert ana > cy + 40


def test_a_recording_of_nobody_says_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "recordings/m1/r1/tracks").mkdir(parents=True)

    with pytest.raises(UserError, match="Nobody was recorded"):
        work.make(begun(store, tmp_path))


def test_it_is_asked_for_once_and_again_only_by_a_person(store: Store) -> None:
    for _ in range(2):
        store.write(partial(recordings.ask_owed, wall=1000.0)).result()

    assert len(store.read(partial(tasks.listed, meeting="m1")).result()) == 1


def test_old_recordings_go_with_their_meeting(store: Store, tmp_path: Path) -> None:
    tape(tmp_path / "recordings/m1/r1/tracks", voice("p1-microphone-1", 0.0, 1.0))
    store.write(partial(meetings.end, meeting="m1", wall=2000.0)).result()

    store.write(partial(keeping.delete_old, folder=tmp_path, days=1, wall=2000.0 + 3 * 86_400)).result()

    assert not (tmp_path / "recordings/m1").exists()


def test_a_recording_whose_host_was_killed_is_made_up_to_its_last_packet(store: Store, tmp_path: Path) -> None:
    tell(store, RecordingBegan("r2", 40.0), Deed("p1", "Ana", "record.start", "r2", 40.0),
         Consented("p1", "Ana", "recording", True, 40.0))
    tape(tmp_path / "recordings/m1/r2/tracks", voice("p1-microphone-7", 0.0, 4.0))
    store.write(partial(meetings.end, meeting="m1", wall=90_000.0)).result()  # by the next host, a day later

    store.write(recordings.close_left).result()
    store.write(partial(recordings.ask_owed, wall=90_000.0)).result()
    rows = store.read(partial(tasks.listed, meeting="m1")).result()
    (waiting,) = [row for row in rows if row.payload == {"recording": "r2"}]
    row = store.write(partial(tasks.take, task=waiting.id, lease="l", wall=waiting.due_at)).result()
    assert row is not None
    work.make(Context(row, tmp_path, store))

    with av.open(str(tmp_path / "recordings/m1/r2/made/film.mp4")) as film:
        assert film.duration / 1e6 == pytest.approx(4.0, abs=0.2)


def test_the_command_says_what_there_is_and_whether_a_bundle_is_genuine(
    folder: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--data", str(folder)]
    main([*command, "key"])
    mark = capsys.readouterr().out.strip()

    main([*command, "list"])
    main([*command, "verify", str(made / "bundle.zip"), "--key", mark])

    said = capsys.readouterr().out
    assert "Weekly  m1/r1" in said
    assert str(made) in said
    assert "are as they were signed" in said


def test_the_command_makes_another_film_beside_what_there_is(folder: Path, tmp_path: Path) -> None:
    command = ["--data", str(folder), "film", "m1/r1", "--layout", "speaker", "--to", str(tmp_path / "mine.mp4")]
    main([*command, "--captions", "embedded"])

    with av.open(str(tmp_path / "mine.mp4")) as film:
        assert film.streams.subtitles
        assert film.duration / 1e6 == pytest.approx(RECORDED - 2, abs=0.1)
    with pytest.raises(UserError, match="there already"):
        main(command)
    with pytest.raises(UserError, match="no such recording"):
        main(["--data", str(folder), "film", "m1/r7", "--to", str(tmp_path / "other.mp4")])


def test_without_room_for_a_film_it_is_tried_again_and_leaves_nothing_half_made(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 4_000_000) as disk:
        here = disk.outside / "recordings/m1/r1"
        tape(here / "tracks", voice("p1-microphone-1", 0.0, 3.0), camera("p1-camera-2", 0.0, 3.0))
        context = begun(store, disk.outside)
        disk.fill(leaving=30_000)

        with pytest.raises(TryAgain, match="no room"):
            work.make(context)

        assert [path.name for path in here.iterdir()] == ["tracks"]
        (disk.outside / "ballast").unlink()
        work.make(context)
        assert (here / "made/film.mp4").exists()


def test_the_command_says_when_there_is_no_room(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 40_000) as disk:
        target = disk.outside / "mine.mp4"

        with pytest.raises(UserError, match="could not be written: No space left"):
            main(["--data", str(folder), "film", "m1/r1", "--to", str(target)])

        assert not target.exists()
