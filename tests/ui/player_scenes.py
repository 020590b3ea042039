"""What pictures of the player of recordings show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor, QImage, QPainter

from app.session.playback import Chapter, Reel, Spoken, Voice
from app.ui.video import Pictures
from app.viewmodels.history import RecordingRow
from sfu.wire.messages import Caption
from tests.ui.fake_engine import PEOPLE, conversation
from tests.ui.looking import act
from tests.ui.scenes import history, meeting
from tests.ui.stage import Stage, settle


def playing(part: str = "", full: bool = False) -> Callable[[Stage], None]:
    """The recording of a past meeting, at one of the parts beside it."""

    def show(stage: Stage) -> None:
        history(True)(stage)
        rows = [RecordingRow("r1", 1, "ready", made=True), RecordingRow("r2", 2, "running", 0.4)]
        stage.desk.parley.past.show_recordings(rows)
        player, pictures = stage.desk.parley.cinema, Pictures(stage.desk)
        pictures.show("film", film_picture())
        said = [event for event in conversation() if isinstance(event, Caption) and event.final]
        lines = [Spoken(c.segment, c.speaker, c.name, int(c.speaker[1:]), c.start, c.end, c.committed) for c in said]
        voices = [Voice(person.id, person.name, order, person.id) for order, person in enumerate(PEOPLE)]
        length = lines[-1].end + 20.0
        joined = Chapter(length / 3, "joined", PEOPLE[1].name)
        chapters = [Chapter(0.0, "start"), joined, Chapter(length / 2, "resumed")]
        player.begin("Weekly design review", pictures, elsewhere=True)
        settle()
        player.show_reel(Reel("m0/r1", "", length, "film.mp4", voices, lines, chapters), 0.0, 1.25)
        player.show_standing(lines[len(lines) // 2].start + 0.5, playing=True, waits=False)
        player.turn(PEOPLE[0].id, 0.6)
        player.mute(PEOPLE[1].id, True)
        settle()
        screen = stage.one("Player")
        screen.setProperty("part", part or "said")
        screen.setProperty("full", full)

    return show


def film_picture() -> QImage:
    """Four invented faces, as a film has them."""
    picture = QImage(1280, 720, QImage.Format.Format_RGB32)
    picture.fill(QColor("#101010"))
    painter = QPainter(picture)
    for number, colour in enumerate(("#31504d", "#3d4a66", "#5a4564", "#5d4a3a")):
        left, top = number % 2 * 640, number // 2 * 360
        painter.fillRect(left + 2, top + 2, 636, 356, QColor(colour))
        painter.setBrush(QColor(colour).lighter(150))
        painter.drawEllipse(left + 260, top + 110, 120, 140)
    painter.end()
    return picture


def refused_recording(stage: Stage) -> None:
    playing()(stage)
    stage.desk.parley.cinema.refuse("gone")


def borrowed(stage: Stage) -> None:
    """What was recorded of the meeting that is on."""
    meeting(stage)
    act(stage, "recordings")
    stage.desk.parley.borrowed.show([RecordingRow("r1", 1, "ready"), RecordingRow("r2", 2, "running", 0.4)])


def lost_recording(stage: Stage) -> None:
    playing("voices")(stage)
    player = stage.desk.parley.cinema
    player.lose(True)
    player.mute_for_good(PEOPLE[1].id, "damaged")


def film_choice(stage: Stage) -> None:
    """How the film of a recording shall be."""
    history(True)(stage)
    stage.desk.parley.past.show_recordings([RecordingRow("r1", 1, "ready", made=True)])
    settle()
    card = stage.one("MeetingRecord")
    card.choosing.emit("r1")  # type: ignore[attr-defined]
