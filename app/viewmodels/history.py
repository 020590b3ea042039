"""Meetings that were held on this computer: which, what was said in one, and what is found in all.

Wishes go out as signals; whoever owns the store answers with `show…`.  Days and lengths are worded in QML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.viewmodels.outcome import Outcome, OutcomeModel
from app.viewmodels.rows import Rows


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """`began`: Unix time in ms, as JavaScript's dates count; `minutes`: how long; `people`: how many took part."""

    meeting: str
    title: str
    began: float
    minutes: int
    people: int
    live: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the transcript.  `headed`: the speaker's name and the time stand above it."""

    segment: str
    speaker: str
    order: int
    time: str
    text: str
    headed: bool


@dataclass(frozen=True, slots=True)
class HitRow:
    """Something that was found; `segment` where it is a line of a transcript."""

    key: str
    meeting: str
    segment: str
    title: str
    name: str
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """`number`: counted from the first one of the meeting.  `made`: there is a film of it.

    `state`: of what is being made of it, perhaps anew: ready (nothing is), waiting, running, failed; none: nothing was.
    `progress`: 0 to 1; `error`: why it failed.
    """

    recording: str
    number: int
    state: str
    progress: float = 0.0
    error: str = ""
    made: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """One meeting, as it is read."""

    meeting: MeetingRow
    people: Sequence[AttendeeRow]
    lines: Sequence[LineRow]


class HistoryModel(QObject):
    opened = Signal()
    closed = Signal()
    opening_wanted = Signal(str)
    search_wanted = Signal(str)
    export_wanted = Signal(str, str)
    """Meeting, form (txt, md, srt, vtt, json, docx)."""
    deleting_wanted = Signal(str)
    """Meeting; empty: all that are over."""
    playing_wanted = Signal(str)
    """A recording of the meeting that is read."""
    making_wanted = Signal(str, str, str)
    """A recording of which a film shall be made; its layout and its captions (`sfu.wire.http.FilmChoice`)."""
    forgetting_wanted = Signal(str, str)
    """Meeting, and the person whose words are to go from it."""

    changed = Signal()
    exported = Signal(str, bool)
    """Where it lies now, or where it could not be written; whether it was."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._meetings = Rows(MeetingRow, lambda row: row.meeting, self)
        self._lines = Rows(LineRow, lambda row: row.segment, self)
        self._people = Rows(AttendeeRow, lambda row: row.person, self)
        self._recordings = Rows(RecordingRow, lambda row: row.recording, self)
        self._hits = Rows(HitRow, lambda row: row.key, self)
        self.outcome = OutcomeModel(self)
        self._one: MeetingRow | None = None
        self._query = ""
        self.is_open = False
        """Somebody looks."""
        self._loaded = False
        self._problem = ""

    @property
    def reading(self) -> str:
        """The meeting that is read now; empty: none."""
        return self._one.meeting if self._one else ""

    # -- answers ---------------------------------------------------------------------------------------------

    def show_meetings(self, rows: Sequence[MeetingRow]) -> None:
        """All there are; one that is open and no longer among them is closed."""
        self._meetings.show(rows)
        self._loaded, self._problem = True, ""
        if self._one is not None and all(row.meeting != self._one.meeting for row in rows):
            self._one = None
        self.changed.emit()

    def show_one(self, one: Opened) -> None:
        if self.reading != one.meeting.meeting:
            self.outcome.show(Outcome())
            self._recordings.show(())
        self._one = one.meeting
        self._people.show(one.people)
        self._lines.show(one.lines)
        self.changed.emit()

    def show_recordings(self, rows: Sequence[RecordingRow]) -> None:
        """Of the one that is read, the first one first."""
        self._recordings.show(rows)

    def show_hits(self, query: str, hits: Sequence[HitRow]) -> None:
        """An answer to an older question comes too late and is let go."""
        if query == self._query:
            self._hits.show(hits)
            self.changed.emit()

    def refuse(self, code: str) -> None:
        """It did not work, and why, as a code of `sfu.rtp.errors`."""
        self._loaded, self._problem = True, code
        self.changed.emit()

    # -- what QML reads --------------------------------------------------------------------------------------

    @Property(QObject, constant=True)
    def meetings(self) -> Rows:
        return self._meetings

    @Property(QObject, constant=True)
    def lines(self) -> Rows:
        return self._lines

    @Property(QObject, constant=True)
    def people(self) -> Rows:
        return self._people

    @Property(QObject, constant=True)
    def hits(self) -> Rows:
        return self._hits

    @Property(QObject, constant=True)
    def result(self) -> OutcomeModel:
        """What came out of the one that is read."""
        return self.outcome

    @Property(bool, notify=changed)
    def loaded(self) -> bool:
        return self._loaded

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._problem

    @Property(str, notify=changed)
    def query(self) -> str:
        return self._query

    @Property(str, notify=changed)
    def meeting(self) -> str:
        return self.reading

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._one.title if self._one else ""

    @Property(QObject, constant=True)
    def recordings(self) -> Rows:
        """Of the one that is read."""
        return self._recordings

    @Property(bool, notify=changed)
    def live(self) -> bool:
        """It goes on; what is not over is not deleted."""
        return self._one is not None and self._one.live

    @Slot(str, result=int)
    def place(self, segment: str) -> int:
        """The row of this line; -1: it is not there."""
        return next((row for row, item in enumerate(self._lines.items()) if item.segment == segment), -1)

    # -- wishes ----------------------------------------------------------------------------------------------

    @Slot()
    def open(self) -> None:
        self._loaded, self.is_open = False, True
        self.opened.emit()

    @Slot()
    def close(self) -> None:
        self._one, self._query, self.is_open = None, "", False
        self.outcome.show(Outcome())
        for rows in (self._meetings, self._lines, self._people, self._recordings, self._hits):
            rows.show(())
        self.changed.emit()
        self.closed.emit()

    @Slot(str)
    def read(self, meeting: str) -> None:
        """Shows this meeting; empty: goes back to the list."""
        if meeting:
            self.opening_wanted.emit(meeting)
        else:
            self._one = None
            self.changed.emit()

    @Slot(str)
    def search(self, query: str) -> None:
        """In everything that was said and written; nothing: the list again."""
        self._query = query.strip()
        if self._query:
            self.search_wanted.emit(self._query)
        else:
            self._hits.show(())
        self.changed.emit()

    @Slot(str)
    def export(self, form: str) -> None:
        if self._one is not None:
            self.export_wanted.emit(self._one.meeting, form)

    @Slot(str)
    def play(self, recording: str) -> None:
        self.playing_wanted.emit(recording)

    @Slot(str, str, str)
    def make(self, recording: str, layout: str, captions: str) -> None:
        self.making_wanted.emit(recording, layout, captions)

    @Slot(str)
    def delete(self, meeting: str) -> None:
        self.deleting_wanted.emit(meeting)

    @Slot(str)
    def forget(self, person: str) -> None:
        if self._one is not None:
            self.forgetting_wanted.emit(self._one.meeting, person)
