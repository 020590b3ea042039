"""What the death of a child means to the people in the meeting."""

from __future__ import annotations

from sfu.host import background, inference, media_plane
from sfu.host.announce import Announcer
from sfu.host.conference import Conference
from sfu.rtp.errors import ErrorCode

_MEDIA_LOST = (
    "Sound and picture stopped on the host's computer and are being started again. Wait a moment, or join again."
)
_MEDIA_GONE = "Sound and picture keep stopping on the host's computer. Start the meeting again there."
_BROKER_LOST = "The captions program stopped and is being started again. What you say meanwhile is captioned late."
_TASKS_GONE = "Work in the background keeps stopping on the host's computer. It is tried again at the next meeting."
_BROKER_GONE = "Captions stopped working on the host's computer. Run `parley doctor` there to see why."


class Children:
    """The `Watcher` of a meeting; `pids` are those that run now."""

    def __init__(self, conference: Conference, announcer: Announcer) -> None:
        self.pids: dict[str, int] = {}
        self._conference = conference
        self._announcer = announcer
        self._announcing = False

    def announce(self) -> None:
        """From now on children are announced one by one; those that run were in `ready`."""
        self._announcing = True

    def child_started(self, name: str, pid: int) -> None:
        self.pids[name] = pid
        if self._announcing:
            self._announcer.child(name, "started", pid)

    def child_died(self, name: str, code: int, again_in: float | None) -> None:
        """A captions worker's death is told by the broker, which knows what it was doing."""
        self.pids.pop(name, None)
        if self._announcing:
            self._announcer.child(name, "died" if again_in is not None else "given up")
        if name == media_plane.NAME:
            self._forwarder_died(again_in)
        elif name == inference.BROKER:
            self._conference.notice(ErrorCode.WORKER_DIED, _BROKER_LOST if again_in is not None else _BROKER_GONE)
        elif name == background.NAME and again_in is None:
            self._conference.notice(ErrorCode.WORKER_DIED, _TASKS_GONE)

    def _forwarder_died(self, again_in: float | None) -> None:
        """The first death in a row is over before anybody needs to be told."""
        if again_in == 0:
            self._conference.forwarder_paused()
            return
        self._conference.forwarder_lost(_MEDIA_LOST)
        if again_in is None:
            self._conference.end(_MEDIA_GONE)
