"""The tiles of the page in sight: who, where, in which state.  Asks for the pictures that can be seen and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Property, QObject, QRect, Signal, Slot

from app.session.commands import Quality, Watch
from app.session.gallery import Box, Layout, Stage, boxes, layout, with_speaker_first
from app.session.names import initials
from app.session.quality import Verdict, verdict
from app.session.stage import MOST_SCREENS, Spotlight, places, seats, strip_pages, strip_size, without
from app.session.state import Session
from app.viewmodels.rows import Rows
from sfu.wire.messages import Participant, View

# A tile this wide (in real pixels) deserves the middle or the large picture (`sfu.wire` View.priority).
MEDIUM_FROM, LARGE_FROM = 360, 800
SMALL, MEDIUM, LARGE = 3, 6, 8
_MOST = {Quality.BEST: LARGE, Quality.MEDIUM: MEDIUM, Quality.SMALL: SMALL}
SMALL_WINDOW = Box(0, 0, 320, 180)
_LEADS = ("seat", "name", "initials", "order", "you", "muted", "camera", "source", "speaking", "screen")
SELF = "self/camera"
"""The own picture never leaves this computer on its way to its tile."""


@dataclass(frozen=True, slots=True)
class TileRow:
    """`seat` names the tile: a person's id, or that of a screen they share (`screen`), whose picture is shown whole."""

    seat: str
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
    pinned: bool
    hand: int
    role: str
    spotlight: bool
    reaction: str
    screen: bool
    weak: bool
    analysed: bool
    """Their face is being read."""
    box: QRect


class Gallery(QObject):
    """`fit` says how much room there is; `follow` who is here; `tick` that time passes (for the speaker view)."""

    wanted = Signal(object)
    pages_changed = Signal()
    view_changed = Signal()
    lead_changed = Signal()

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._large = False
        self._pinned = ""
        self._light = Spotlight()
        self._hide_self = False
        self._quality = Quality.BEST
        self._rows = Rows(TileRow, lambda row: row.seat, self)
        self._session = Session()
        self._stage = Stage(0, 0)
        self._ratio = 1.0
        self._fit = Layout(1, 0, 0, 1, 1)
        self._seats: tuple[str, ...] = ()
        self._screens: tuple[str, ...] = ()
        self._lead = ""
        self._small_window = False
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

    @Property(bool, notify=view_changed)
    def speaker_view(self) -> bool:
        """One tile is large: the pinned one, else the speaker's."""
        return self._large

    @Property(str, notify=view_changed)
    def pinned(self) -> str:
        """The seat that was pinned by this reader; empty: none."""
        return self._pinned

    @Slot()
    def toggle_view(self) -> None:
        self._show(large=not self._large, pinned="")

    @Slot(str)
    def pin(self, seat: str) -> None:
        """Keeps this person, or screen, large, whoever speaks; the same again lets go."""
        self._show(large=True, pinned="" if seat == self._pinned else seat)

    @Property(dict, notify=lead_changed)
    def lead(self) -> dict[str, Any]:
        """What a small window shows: the tile that matters most now, by the names of `TileRow`."""
        tile = self._leading()
        return {} if tile is None else {name: getattr(tile, name) for name in _LEADS}

    @Slot(bool)
    def follow_lead(self, wanted: bool) -> None:
        """A small window is open, and shows the lead even when its tile is on another page."""
        self._small_window = wanted
        self._watch(self._rows.items())

    def hide_self(self, hidden: bool) -> None:
        if hidden != self._hide_self:
            self._hide_self = hidden
            self._arrange()

    def limit(self, quality: Quality) -> None:
        """No face is sharper than this; shared screens are, because people read them."""
        if quality != self._quality:
            self._quality = quality
            self._watch(self._rows.items())

    def tick(self) -> None:
        if self._large or self._session.reactions:
            self._arrange()

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
        if _shown(old) != _shown(session):
            if session.spotlight != old.spotlight and session.spotlight:
                self._show(large=True, pinned=self._pinned)
            self._arrange()

    def watch_again(self) -> None:
        """A new connection knows nothing of what is in sight."""
        self._watched = Watch(())
        self._watch(self._rows.items())

    def _show(self, large: bool, pinned: str) -> None:
        self._large, self._pinned, self._page = large, pinned, 0
        self._arrange()
        self.view_changed.emit()

    def _arrange(self) -> None:
        before = (self._page, self._fit.pages)
        everybody = {person.id: person for person in self._session.roster}
        hidden = {self._session.you} if self._hide_self else ()
        people = {person: everybody[person] for person in without(list(everybody), hidden)}
        self._seats = (
            *(person for person in self._seats if person in people),
            *(person for person in people if person not in self._seats),
        )
        self._screens = tuple(f"{p.id}/screen" for p in everybody.values() if p.screen and p.id != self._session.you)
        if self._pinned and self._pinned not in (*self._seats, *self._screens):
            self._pinned = ""
            self.view_changed.emit()
        shown, where = self._places()
        places_of = zip(shown, where, strict=True)
        self._rows.show([self._tile(everybody[_owner(seat)], seat, box) for seat, box in places_of])
        if before != (self._page, self._fit.pages):
            self.pages_changed.emit()
        self._watch(self._rows.items())
        lead = self._lead_seat()
        if lead != self._lead or self._small_window:
            self._lead = lead
            self.lead_changed.emit()

    def _places(self) -> tuple[Sequence[str], Sequence[Box]]:
        if self._screens and not self._pinned:
            return self._around_screens()
        return self._speaker_view() if self._large else self._grid()

    def _around_screens(self) -> tuple[Sequence[str], Sequence[Box]]:
        """Screens take the large place; whoever speaks stands first beside them."""
        large, rest = self._screens[:MOST_SCREENS], self._screens[MOST_SCREENS:]
        people = with_speaker_first((*rest, *self._seats), self._session.speaking, strip_size(self._stage))
        strip = self._page_of(people)
        return (*large, *strip), places(len(strip), self._stage, len(large))

    def _page_of(self, others: Sequence[str]) -> Sequence[str]:
        """Those of the others who stand in the strip now."""
        size, pages = strip_size(self._stage), strip_pages(len(others), self._stage)
        self._page = max(0, min(self._page, pages - 1))
        self._fit = Layout(1, 0, 0, size, pages)
        return others[self._page * size : (self._page + 1) * size]

    def _grid(self) -> tuple[Sequence[str], Sequence[Box]]:
        self._fit = layout(len(self._seats), self._stage)
        self._page = max(0, min(self._page, self._fit.pages - 1))
        self._seats = with_speaker_first(self._seats, self._session.speaking, self._fit.per_page)
        first = self._page * self._fit.per_page
        shown = self._seats[first : first + self._fit.per_page]
        return shown, boxes(len(shown), self._fit, self._stage)

    def _speaker_view(self) -> tuple[Sequence[str], Sequence[Box]]:
        # The own picture is large only when nobody else is there.
        others = [person for person in self._seats if person != self._session.you] or list(self._seats)
        self._light = self._light.after(others, self._session.speaking, self._now())
        everything = (*self._screens, *self._seats)
        large, *rest = seats(everything, self._pinned or self._shown_to_all() or self._light.person) or [""]
        strip = self._page_of(rest)
        shown = [large, *strip] if large else []
        return shown, places(len(strip), self._stage)[: len(shown)]

    def _shown_to_all(self) -> str:
        """Who is in the spotlight, if there is a tile of them; they see the others as before."""
        chosen = self._session.spotlight
        return chosen if chosen in self._seats and chosen != self._session.you else ""

    def _lead_seat(self) -> str:
        """A pin wins, then a screen, then the spotlight, then whoever speaks or spoke."""
        speaking = [person for person in self._session.speaking if person != self._session.you]
        others = [seat for seat in self._seats if seat != self._session.you]
        wishes = (self._pinned, *self._screens, self._shown_to_all(), *speaking, self._lead, *others, *self._seats)
        there = (*self._screens, *self._seats)
        return next((seat for seat in wishes if seat in there), "")

    def _leading(self) -> TileRow | None:
        person = self._session.person(_owner(self._lead))
        return None if person is None else self._tile(person, self._lead, SMALL_WINDOW)

    def _tile(self, person: Participant, seat: str, box: Box) -> TileRow:
        if seat != person.id:
            return self._screen_tile(person, seat, box)
        return TileRow(
            seat=seat,
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
            pinned=seat == self._pinned,
            hand=self._session.hands.index(person.id) + 1 if person.hand is not None else 0,
            role=person.role.value,
            spotlight=person.spotlight,
            reaction=self._session.reaction(person.id, self._now()),
            screen=False,
            weak=person.weak if person.id != self._session.you else verdict(self._session.quality) is Verdict.POOR,
            analysed=person.analysed,
            box=QRect(box.x, box.y, box.width, box.height),
        )

    def _screen_tile(self, person: Participant, seat: str, box: Box) -> TileRow:
        camera = self._tile(person, person.id, box)
        return replace(
            camera, seat=seat, camera=True, source=seat, screen=True, pinned=seat == self._pinned,
            speaking=False, hand=0, reaction="", spotlight=False, analysed=False,
        )  # fmt: skip

    def _watch(self, tiles: list[TileRow]) -> None:
        wanted = [tile for tile in tiles if tile.camera and not tile.you and tile.box.width() > 0]
        lead = self._leading() if self._small_window else None
        if lead is not None and lead.camera and not lead.you and all(tile.seat != lead.seat for tile in wanted):
            wanted.append(lead)
        watch = Watch(tuple(self._view(tile) for tile in wanted))
        if watch != self._watched:
            self._watched = watch
            self.wanted.emit(watch)

    def _view(self, tile: TileRow) -> View:
        width, height = (max(1, round(side * self._ratio)) for side in (tile.box.width(), tile.box.height()))
        largest = tile.screen or (self._large and tile is self._rows.items()[0])
        priority = LARGE if largest or width >= LARGE_FROM else MEDIUM if width >= MEDIUM_FROM else SMALL
        if not tile.screen:
            priority = min(priority, _MOST[self._quality])
        return View(source=tile.source, width=min(width, 7680), height=min(height, 4320), priority=priority)


def _owner(seat: str) -> str:
    return seat.partition("/")[0]


def _shown(session: Session) -> tuple[object, ...]:
    """All that tiles show."""
    weak = verdict(session.quality) is Verdict.POOR
    return session.roster, session.speaking, session.you, session.reactions, weak
