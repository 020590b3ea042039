"""The window's player: what a `PlayerModel` wishes is done by `app.engine.playback`, and shown in turn.

What the player says in its threads comes to the window's as queued signals.  Speed and places are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import av
from av.video.reformatter import VideoReformatter
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.engine.bridge import NewestPictures, to_image
from app.engine.pictures import Picture, to_bgra, to_planes
from app.engine.playback.files import File
from app.engine.playback.player import Around, Blind, HostBack, HostLost, Mute, NoLoudspeaker, Player, Told
from app.engine.sources import Speaker
from app.session.playback import Reel, place_to_begin, with_place
from app.ui.video import Pictures
from app.viewmodels.player import PlayerModel
from app.viewmodels.preferences import PreferencesModel

FILM = "film"
"""What QML calls the picture."""
LOOK_MS = 50
LOOK_FOR_IT_EVERY = 20
KEEP_EVERY = 600
"""Looks between two times that the place is written down: half a minute."""


@dataclass(frozen=True, slots=True)
class Projector:
    """What this computer has to play with."""

    make_speaker: Callable[[], Speaker]
    planar: Callable[[], bool]
    """Whether a graphics card draws."""


class Playing(QObject):
    """`begin` when somebody wants to see a recording, `show` once it is known what that is."""

    _said = Signal(object)
    _pictured = Signal(str)

    def __init__(
        self, model: PlayerModel, chosen: PreferencesModel, projector: Projector, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._chosen = chosen
        self._projector = projector
        self._pictures = Pictures(self)
        self._newest = NewestPictures()
        self._converter = VideoReformatter()
        self._player: Player | None = None
        self._reel: Reel | None = None
        self._there: Callable[[], bool] = lambda: True
        self._looks = 0
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._said.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._pictured.connect(self._draw, Qt.ConnectionType.QueuedConnection)
        model.pausing_wanted.connect(self._pause)
        model.seeking_wanted.connect(self._seek)
        model.rate_wanted.connect(self._set_rate)
        model.turning_wanted.connect(self._turn)
        model.leaving_wanted.connect(self.close)

    def begin(self, title: str, elsewhere: bool = False) -> None:
        self.close()
        self._pictures.take_planes(self._projector.planar())
        self.model.begin(title, self._pictures, elsewhere)

    def show(self, reel: Reel, open_file: Callable[[str], File], there: Callable[[], bool] = lambda: True) -> None:
        """Plays at once, from where it was left, for as long as it is `there`."""
        chosen = self._chosen.chosen
        second = place_to_begin(chosen.watched.get(reel.key, 0.0), reel.length)
        around = Around(open_file, self._projector.make_speaker, self._show, self._said.emit)
        self._reel, self._there = reel, there
        self._player = Player(reel, around, second, chosen.play_rate)
        self.model.show_reel(reel, second, chosen.play_rate)
        self._player.start()
        self._player.play()
        self._timer.start()

    def close(self) -> None:
        """Idempotent."""
        self._timer.stop()
        self._keep()
        player, self._player, self._reel = self._player, None, None
        if player is not None:
            player.close()
        self._pictures.keep(frozenset())
        self.model.end()

    # -- wishes ----------------------------------------------------------------------------------------------

    def _pause(self, paused: bool) -> None:
        if self._player is not None:
            self._player.pause() if paused else self._player.play()
            self._keep()
            self._look()

    def _seek(self, second: float) -> None:
        if self._player is not None:
            self._player.seek(second)
            self._look()

    def _set_rate(self, rate: float) -> None:
        self._chosen.choose("play_rate", rate)
        if self._player is not None:
            self._player.set_rate(rate)

    def _turn(self, gains: dict[str, float]) -> None:
        if self._player is not None:
            self._player.turn(gains)

    # -- what happens ------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._player is None:
            return
        self.model.show_standing(self._player.second, self._player.playing, self._player.waits)
        self._looks += 1
        if self._looks % KEEP_EVERY == 0:
            self._keep()
        if self._looks % LOOK_FOR_IT_EVERY == 0 and not self._there():
            self._end("gone")

    def _keep(self) -> None:
        if self._player is not None and self._reel is not None:
            self._chosen.watch(with_place(self._chosen.chosen.watched, self._reel.key, self._player.second))

    def _hear(self, told: Told) -> None:
        if self._player is None:
            return
        match told:
            case HostLost() | HostBack():
                self.model.lose(isinstance(told, HostLost))
            case NoLoudspeaker(sentence):
                self.model.silence(sentence)
            case Mute(person, why) if person:
                self.model.mute_for_good(person, why)
            case Blind(why) if why in ("gone", "refused"):
                self._end(why)
            case Blind(why):
                self.model.blind(why)

    def _end(self, why: str) -> None:
        """It may not be seen any longer: nothing of it stays on the screen."""
        self._timer.stop()
        player, self._player = self._player, None
        if player is not None:
            player.close()
        self._pictures.keep(frozenset())
        self.model.refuse(why)

    def _show(self, frame: av.VideoFrame) -> None:
        """In the player's thread."""
        draw = to_planes if self._pictures.planar else to_bgra
        pixels = draw(frame, self._converter, (frame.width, frame.height))
        if self._newest.put(FILM, Picture(pixels, 0.0)):
            self._pictured.emit(FILM)

    def _draw(self, source: str) -> None:
        picture = self._newest.take(source)
        if picture is not None and self._player is not None:
            self._pictures.show(source, to_image(picture))
