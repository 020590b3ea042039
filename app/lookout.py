"""The first screen's list of meetings on this network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.session.nearby import NearbyMeeting
from app.viewmodels.home import HomeModel, NearbyRow

if TYPE_CHECKING:
    from app.engine.bridge import LookoutThread


def look_out(home: HomeModel) -> LookoutThread:
    """Starts watching; whoever called stops it."""
    from app.engine.bridge import LookoutThread  # the engine is heavy; the window is on screen by now

    def show(meetings: tuple[NearbyMeeting, ...]) -> None:
        home.near([NearbyRow(near.id, near.title, near.computer, near.where) for near in meetings])

    lookout = LookoutThread(home)
    lookout.found.connect(show)
    lookout.start()
    return lookout
