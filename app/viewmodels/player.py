"""The player of a recording, as QML draws it: where it stands, who is heard how loudly, which line is spoken.

Wishes go out as signals; whoever plays answers with `show…`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session.playback import RATES, Reel, next_rate
from app.session.transcript import clock
from app.viewmodels.rows import Rows

LOUDEST = 1.5
# So close behind the beginning of a chapter, back means the one before.
_CLOSE_S = 5.0
# What was said is read for a moment longer.
_LINGER_S = 1.5


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """`headed`: the speaker's name and the time stand above it."""

    segment: str
    name: str
    order: int
    time: str
    text: str
    headed: bool


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """`volume`: 0 to LOUDEST.  `trouble`: why nothing of them is heard; empty: it is."""

    person: str
    name: str
    order: int
    volume: float = 1.0
    muted: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """`kind`: start, joined, resumed, or empty for a title in other words."""

    number: int
    kind: str
    name: str
    time: str
    start: float


class PlayerModel(QObject):
    pausing_wanted = Signal(bool)
    """Paused, or playing."""
    seeking_wanted = Signal(float)
    rate_wanted = Signal(float)
    turning_wanted = Signal(dict)
    """How loud each person is to be: person to gain."""
    leaving_wanted = Signal()
    elsewhere_wanted = Signal()
    """The film shall be shown by whatever plays films on this computer."""

    changed = Signal()
    moved = Signal()
    """Another second, or another line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = Rows(SpokenRow, lambda row: row.segment, self)
        self._voices = Rows(VoiceRow, lambda row: row.person, self)
        self._chapters = Rows(ChapterRow, lambda row: row.number, self)
        self._pictures: QObject | None = None
        self._reel: Reel | None = None
        self._title = ""
        self._problem = self._blind = self._silence = ""
        self._second, self._rate = 0.0, 1.0
        self._playing = self._waits = self._lost = False
        self._elsewhere = False

    # -- answers ---------------------------------------------------------------------------------------------

    def begin(self, title: str, pictures: QObject, elsewhere: bool = False) -> None:
        """Something is going to be played.  `elsewhere`: this computer's own player could show it too."""
        self.end()
        self._title, self._pictures, self._elsewhere = title, pictures, elsewhere
        self.changed.emit()

    def show_reel(self, reel: Reel, second: float, rate: float) -> None:
        self._reel, self._second, self._rate = reel, second, rate
        lines = [
            SpokenRow(
                line.segment, line.name, line.order, clock(line.start), line.text,
                number == 0 or reel.lines[number - 1].speaker != line.speaker,
            )
            for number, line in enumerate(reel.lines)
        ]  # fmt: skip
        self._lines.show(lines)
        self._voices.show([VoiceRow(voice.person, voice.name, voice.order) for voice in reel.heard()])
        self._chapters.show([
            ChapterRow(number, each.kind, each.name, clock(each.start), each.start)
            for number, each in enumerate(reel.chapters)
        ])  # fmt: skip
        self.changed.emit()
        self.moved.emit()

    def show_standing(self, second: float, playing: bool, waits: bool) -> None:
        """Where it stands now; called many times a second."""
        self._second = second
        self.moved.emit()
        if (playing, waits) != (self._playing, self._waits):
            self._playing, self._waits = playing, waits
            self.changed.emit()

    def refuse(self, why: str) -> None:
        """It cannot be played: gone, damaged, unreachable, refused, not_made."""
        self._problem = why
        self._playing = False
        self.changed.emit()

    def lose(self, lost: bool) -> None:
        """The host is not there, and is tried again."""
        self._lost = lost
        self.changed.emit()

    def silence(self, sentence: str) -> None:
        """There is no loudspeaker, and why."""
        self._silence = sentence
        self.changed.emit()

    def blind(self, why: str) -> None:
        self._blind = why
        self.changed.emit()

    def mute_for_good(self, person: str, why: str) -> None:
        """Nothing of this person can be heard."""
        self._voices.show([
            replace(row, trouble=why) if row.person == person else row for row in self._voices.items()
        ])  # fmt: skip

    def end(self) -> None:
        self._reel, self._title, self._pictures = None, "", None
        self._problem = self._blind = self._silence = ""
        self._playing = self._waits = self._lost = self._elsewhere = False
        for rows in (self._lines, self._voices, self._chapters):
            rows.show(())
        self.changed.emit()

    # -- what QML reads --------------------------------------------------------------------------------------

    @Property(bool, notify=changed)
    def open(self) -> bool:
        return self._pictures is not None

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        return self._reel is not None

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._title

    @Property(QObject, notify=changed)
    def pictures(self) -> QObject | None:
        return self._pictures

    @Property(QObject, constant=True)
    def lines(self) -> Rows:
        return self._lines

    @Property(QObject, constant=True)
    def voices(self) -> Rows:
        return self._voices

    @Property(QObject, constant=True)
    def chapters(self) -> Rows:
        return self._chapters

    @Property(float, notify=changed)
    def length(self) -> float:
        return self._reel.length if self._reel else 0.0

    @Property(float, notify=moved)
    def second(self) -> float:
        return self._second

    @Property(int, notify=moved)
    def line(self) -> int:
        """The row that is spoken; -1 before the first."""
        return self._reel.line_at(self._second) if self._reel else -1

    @Property(str, notify=moved)
    def spoken(self) -> str:
        """The words that are heard now, for who sees no transcript."""
        line = self._reel.lines[row] if self._reel and (row := self._reel.line_at(self._second)) >= 0 else None
        return f"{line.name}: {line.text}" if line is not None and self._second < line.end + _LINGER_S else ""

    @Property(list, notify=changed)
    def chapter_starts(self) -> list[float]:
        """But the first, which is the beginning."""
        return [chapter.start for chapter in self._reel.chapters[1:]] if self._reel else []

    @Property(int, notify=moved)
    def chapter(self) -> int:
        return self._reel.chapter_at(self._second) if self._reel else -1

    @Property(bool, notify=changed)
    def playing(self) -> bool:
        return self._playing

    @Property(bool, notify=changed)
    def waits(self) -> bool:
        return self._waits

    @Property(bool, notify=changed)
    def lost(self) -> bool:
        return self._lost

    @Property(float, notify=changed)
    def rate(self) -> float:
        return self._rate

    @Property(list, constant=True)
    def rates(self) -> list[float]:
        return list(RATES)

    @Property(float, constant=True)
    def loudest(self) -> float:
        return LOUDEST

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._problem

    @Property(str, notify=changed)
    def blindness(self) -> str:
        """Why there is no picture; empty: there is."""
        return self._blind

    @Property(str, notify=changed)
    def no_loudspeaker(self) -> str:
        return self._silence

    @Property(bool, notify=changed)
    def elsewhere(self) -> bool:
        return self._elsewhere

    @Slot(float, result=str)
    def clock(self, second: float) -> str:
        return clock(second)

    # -- wishes ----------------------------------------------------------------------------------------------

    @Slot()
    def toggle(self) -> None:
        if self._reel is not None:
            self.pausing_wanted.emit(self._playing)

    @Slot(float)
    def seek(self, second: float) -> None:
        if self._reel is not None:
            self._second = min(max(0.0, second), self._reel.length)
            self.seeking_wanted.emit(self._second)
            self.moved.emit()

    @Slot(float)
    def step(self, seconds: float) -> None:
        self.seek(self._second + seconds)

    @Slot(int)
    def jump(self, row: int) -> None:
        """To where this line begins."""
        if self._reel is not None:
            self.seek(self._reel.lines[row].start)

    @Slot(int)
    def leap(self, by: int) -> None:
        """Chapters on, or back: first to the beginning of this one."""
        if self._reel is None or not self._reel.chapters:
            return
        here = self._reel.chapter_at(self._second)
        if by < 0 and self._second - self._reel.chapters[max(0, here)].start > _CLOSE_S:
            by += 1
        if (to := here + by) < len(self._reel.chapters):
            self.seek(self._reel.chapters[max(0, to)].start)

    @Slot(float)
    def set_rate(self, rate: float) -> None:
        if self._reel is not None and rate != self._rate:
            self._rate = rate
            self.rate_wanted.emit(rate)
            self.changed.emit()

    @Slot(int)
    def faster(self, by: int) -> None:
        self.set_rate(next_rate(self._rate, by))

    @Slot(str, float)
    def turn(self, person: str, volume: float) -> None:
        """Somebody louder or quieter; who was muted is heard again."""
        self._turn(person, volume=min(max(0.0, volume), LOUDEST), muted=False)

    @Slot(str, bool)
    def mute(self, person: str, muted: bool) -> None:
        self._turn(person, muted=muted)

    @Slot()
    def leave(self) -> None:
        self.leaving_wanted.emit()

    @Slot()
    def play_elsewhere(self) -> None:
        self.elsewhere_wanted.emit()

    def _turn(self, person: str, **how: float | bool) -> None:
        rows = [replace(row, **how) if row.person == person else row for row in self._voices.items()]
        self._voices.show(rows)
        self.turning_wanted.emit({row.person: 0.0 if row.muted else row.volume for row in rows})
