"""A window plays a recording of the meeting that it is in, from its host: a real host, TLS, ranges and link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication

from app import preferences
from app.borrowing import Borrowing
from app.engine.playback.remote import Shelf
from app.engine.speaker import NullSpeaker
from app.playing import FILM, Playing, Projector
from app.session.events import Event
from app.viewmodels.history import RecordingRow
from app.viewmodels.player import PlayerModel
from app.viewmodels.preferences import PreferencesModel
from app.viewmodels.shelf import ShelfModel
from sfu.wire.messages import Welcome
from tests.system.hosting import RunningHost, hosting
from tests.system.recorded import SECONDS, put_recording
from tests.system.test_recording import Guest, clip
from tests.ui.conftest import application as application
from tests.ui.stage import settle

pytestmark = [pytest.mark.system]
DEADLINE = 60.0


class Welcomed(Guest):
    key: str | None = None

    def _happened(self, event: Event) -> None:
        super()._happened(event)
        if isinstance(event, Welcome):
            self.key = event.key


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not happened():
            QCoreApplication.processEvents()
            await asyncio.sleep(0.01)


async def play(host: RunningHost, meeting: str, key: str) -> None:
    owner = QObject()
    shelf, player = ShelfModel(owner), PlayerModel(owner)
    chosen = PreferencesModel(preferences.Preferences(), lambda kept: None, owner)
    playing = Playing(player, chosen, Projector(NullSpeaker, lambda: False), owner)
    borrowing = Borrowing(shelf, playing, lambda: (Shelf(host.invite, key), meeting, "Weekly"), owner)
    try:
        shelf.open()
        await until(lambda: bool(shelf.rows.items()))  # type: ignore[attr-defined]
        assert shelf.rows.items() == [RecordingRow("r1", 1, "ready", made=True)]  # type: ignore[attr-defined]

        shelf.play("r1")
        shelf.close()
        await until(lambda: player.pictures is not None and player.pictures.newest(FILM) is not None)  # type: ignore[attr-defined]
        await until(lambda: float(player.second) > 0.3)
        assert player.length == SECONDS
        assert [row.name for row in player.voices.items()] == ["Hana Sato", "Oskar Lindqvist"]  # type: ignore[attr-defined]
        player.seek(SECONDS - 5.0)
        await until(lambda: float(player.second) > SECONDS - 4.8)
        assert player.problem == player.blindness == ""
    finally:
        borrowing.close()
        playing.close()
        owner.deleteLater()
        settle()


async def test_a_recording_is_played_from_the_host_of_the_meeting(
    tmp_path: Path, application: QGuiApplication
) -> None:
    async with hosting(tmp_path / "data") as host:
        meeting = put_recording(tmp_path / "data")
        hana = Welcomed(host, "Hana", clip(tmp_path / "clip.mkv"), None, str(host.ready["host_token"]))
        stop = asyncio.Event()
        running = asyncio.create_task(hana.run(stop))
        await until(lambda: hana.key is not None)
        await play(host, meeting, str(hana.key))
        stop.set()
        await running
