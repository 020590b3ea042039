"""A recording of the meeting that is on, put into a host's folder as if it had been made."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from sfu.core.recorded import Cut, Span
from sfu.core.records import Came, Consented, Deed, RecordingBegan, RecordingEnded
from sfu.core.transcript import Line
from sfu.store import meetings, records
from sfu.store.thread import Store
from sfu.tasks.recording.play import Timeline
from sfu.wire.http import FilmChoice
from sfu.wire.messages import ClientKind, Role
from tests.engine.playback.reels import make_film, make_voice

SECONDS = 20
PEOPLE = {"p8": "Hana Sato", "p9": "Oskar Lindqvist"}


def put_recording(folder: Path) -> str:
    """Of two people, each of whom says a line every second; its meeting's id."""
    with closing(Store(folder)) as store:
        (meeting,) = [row.id for row in store.read(partial(meetings.listed, account=None)).result()]
        said = [
            Line(
                segment=f"s{second}", speaker=person, name=PEOPLE[person], text=f"Sentence {second} of the recording.",
                language="en", start=float(second), end=second + 0.9, confidence=1.0,
            )
            for second in range(SECONDS) for person in (list(PEOPLE)[second % 2],)
        ]  # fmt: skip
        steps = [
            *(Came(person, name, Role.MEMBER, ClientKind.DESKTOP, 0.0) for person, name in PEOPLE.items()),
            RecordingBegan("r1", 0.0), Deed("p8", "Hana Sato", "record.start", "r1", 0.0),
            *(Consented(person, name, "recording", True, 0.0) for person, name in PEOPLE.items()), *said,
            RecordingEnded("r1", float(SECONDS)), Deed("p8", "Hana Sato", "record.stop", "r1", float(SECONDS)),
        ]  # fmt: skip
        for step in steps:
            store.write(partial(records.keep, meeting=meeting, record=step, wall=1000.0)).result()
        store.write(lambda db: db.execute("DELETE FROM tasks")).result()  # nobody needs to make it
    made = folder / "recordings" / meeting / "r1" / "made"
    (made / "voices").mkdir(parents=True)
    make_film(made / "film.mp4", SECONDS)
    for number, person in enumerate(PEOPLE):
        make_voice(made / f"voices/{person}.webm", SECONDS, hz=440 * (number + 1))
    timeline = Timeline.of(Cut([Span(0.0, float(SECONDS))]), FilmChoice())
    (made / "timeline.json").write_text(timeline.model_dump_json(), "utf-8")
    return str(meeting)
