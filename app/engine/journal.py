"""What one participant lived through, for a report that others can check.

Kept by every engine, with a window or without: who was met, when the link stood, every caption as it came.  Instants
are monotonic seconds, comparable between processes of one computer.  What was seen and heard is counted in `tally`.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from app.engine.tally import Tally
from app.session.events import Event, LinkChanged, LinkState
from sfu.wire import messages as wire


@dataclass(slots=True)
class Journal:
    """`happened` with every event of the engine, in order."""

    started: float = field(default_factory=time.monotonic)
    welcomed: float | None = None
    live: float | None = None
    reconnects: int = 0
    captions: list[dict[str, Any]] = field(default_factory=list)
    met: dict[str, str] = field(default_factory=dict)
    """Everybody who was ever there: participant id to name."""
    you: str = ""
    sentence: str = ""
    code: str = ""
    state: LinkState = LinkState.IDLE

    def happened(self, event: Event) -> None:
        match event:
            case LinkChanged():
                self._link_changed(event)
            case wire.Welcome():
                self.you = event.you
                self.welcomed = self.welcomed or time.monotonic()
                self.met |= {person.id: person.name for person in event.roster}
            case wire.Joined() | wire.Changed():
                self.met[event.participant.id] = event.participant.name
            case wire.Caption():
                self.captions.append({"at": time.monotonic(), **event.model_dump(exclude={"type"})})
            case wire.Ended():
                self.sentence = event.reason

    def report(self, tally: Tally, packets: tuple[int, int], meeting_began: float) -> dict[str, Any]:
        """Plain values for JSON."""
        process = psutil.Process()
        times = process.cpu_times()
        sent, received = packets
        return {
            "name": self.met.get(self.you, ""),
            "participant": self.you,
            "state": self.state.name.lower(),
            "sentence": self.sentence,
            "pid": process.pid,
            "started": self.started,
            "ended": time.monotonic(),
            "meeting_began": meeting_began if self.welcomed is not None else None,
            "join": {
                "welcome_s": _since(self.started, self.welcomed),
                "live_s": _since(self.started, self.live),
                "first_remote_frame_s": _since(self.started, tally.first_frame),
            },
            "reconnects": self.reconnects,
            "packets": {"sent": sent, "received": received},
            "roster": self.met,
            "sources": {source: self._about(source, asdict(seen)) for source, seen in tally.sources().items()},
            "captions": self.captions,
            "cpu_s": times.user + times.system,
            "rss_mb": process.memory_info().rss / 1e6,
        }

    def _link_changed(self, link: LinkChanged) -> None:
        self.state = link.state
        if link.state is LinkState.LIVE:
            self.live = self.live or time.monotonic()
        self.reconnects += link.state is LinkState.RECONNECTING
        if link.state in (LinkState.LEFT, LinkState.FAILED):
            self.sentence = link.sentence or self.sentence
            self.code = link.code

    def _about(self, source: str, seen: dict[str, Any]) -> dict[str, Any]:
        return {"name": self.met.get(source.partition("/")[0], ""), **seen}


def _since(start: float, instant: float | None) -> float | None:
    return None if instant is None else round(instant - start, 4)


def write_report(path: Path, report: dict[str, Any]) -> None:
    """Whole or not at all: whoever waits for the file never reads half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(report, indent=1))
    partial.replace(path)
