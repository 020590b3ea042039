"""The tiles of the page in sight: who, where, in which state.  Asks for the pictures that can be seen and no others."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QRect, Signal, Slot

from app.session.commands import Watch
from app.session.gallery import Box, Layout, Stage, boxes, layout, with_speaker_first
from app.session.names import initials
from app.session.state import Session
from app.viewmodels.rows import Rows
from sfu.wire.messages import Participant, View

# A tile this wide (in real pixels) deserves the middle or the large picture (`sfu.wire` View.priority).
MEDIUM_FROM, LARGE_FROM = 360, 800
SMALL, MEDIUM, LARGE = 3, 6, 8
SELF = "self/camera"
"""The own picture never leaves this computer on its way to its tile."""


@dataclass(frozen=True, slots=True)
class TileRow:
    person: str
    name: str
    initials: str
    order: int
    you: bool
    speaking: bool
    muted: bool
    camera: bool
    source: str
    connected: bool
    box: QRect


class Gallery(QObject):
    """`fit` says how much room there is; `follow` who is here."""

    wanted = Signal(object)
    pages_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(TileRow, lambda row: row.person, self)
        self._session = Session()
        self._stage = Stage(0, 0)
        self._ratio = 1.0
        self._fit = Layout(1, 0, 0, 1, 1)
        self._seats: tuple[str, ...] = ()
        self._page = 0
        self._watched = Watch(())

    @Property(QObject, constant=True)
    def tiles(self) -> Rows:
        return self._rows

    @Property(int, notify=pages_changed)
    def pages(self) -> int:
        return self._fit.pages

    @Property(int, notify=pages_changed)
    def page(self) -> int:
        """Counted from 1."""
        return self._page + 1

    @Slot(float, float, int, bool, float)
    def fit(self, width: float, height: float, gap: int, narrow: bool, ratio: float) -> None:
        """The room for tiles; `ratio` is how many real pixels one of the window's is."""
        self._stage, self._ratio = Stage(width, height, gap, narrow), ratio
        self._arrange()

    @Slot(int)
    def turn(self, by: int) -> None:
        """Pages on or back; stays on the first and the last."""
        self._page += by
        self._arrange()

    def follow(self, session: Session) -> None:
        """Silent when nothing that tiles show has changed: captions come ten times a second."""
        old, self._session = self._session, session
        if (old.roster, old.speaking, old.you) != (session.roster, session.speaking, session.you):
            self._arrange()

    def watch_again(self) -> None:
        """A new connection knows nothing of what is in sight."""
        self._watched = Watch(())
        self._watch(self._rows.items())

    def _arrange(self) -> None:
        before = (self._page, self._fit.pages)
        people = {person.id: person for person in self._session.roster}
        self._fit = layout(len(people), self._stage)
        self._page = max(0, min(self._page, self._fit.pages - 1))
        newcomers = [person for person in people if person not in self._seats]
        seats = (*(person for person in self._seats if person in people), *newcomers)
        self._seats = with_speaker_first(seats, self._session.speaking, self._fit.per_page)
        first = self._page * self._fit.per_page
        shown = [people[person] for person in self._seats[first : first + self._fit.per_page]]
        places = boxes(len(shown), self._fit, self._stage)
        self._rows.show([self._tile(person, box) for person, box in zip(shown, places, strict=True)])
        if before != (self._page, self._fit.pages):
            self.pages_changed.emit()
        self._watch(self._rows.items())

    def _tile(self, person: Participant, box: Box) -> TileRow:
        return TileRow(
            person=person.id,
            name=person.name,
            initials=initials(person.name),
            order=person.order,
            you=person.id == self._session.you,
            speaking=person.id in self._session.speaking and person.microphone,
            muted=not person.microphone,
            camera=person.camera,
            source=SELF if person.id == self._session.you else f"{person.id}/camera",
            connected=person.connected,
            box=QRect(box.x, box.y, box.width, box.height),
        )

    def _watch(self, tiles: list[TileRow]) -> None:
        views = tuple(self._view(tile) for tile in tiles if tile.camera and not tile.you and tile.box.width() > 0)
        watch = Watch(views)
        if watch != self._watched:
            self._watched = watch
            self.wanted.emit(watch)

    def _view(self, tile: TileRow) -> View:
        width, height = (max(1, round(side * self._ratio)) for side in (tile.box.width(), tile.box.height()))
        priority = LARGE if width >= LARGE_FROM else MEDIUM if width >= MEDIUM_FROM else SMALL
        return View(source=tile.source, width=min(width, 7680), height=min(height, 4320), priority=priority)
