"""The hosts that this person has trusted, as `known_hosts` of SSH: a key once confirmed is not asked about again.

A key is the identity; an address is only where it was met.  That another key answers at a known address is worth a
warning, even though on networks that hand out addresses anew it is usually harmless.
"""

from __future__ import annotations

import json
import logging
import os
from enum import Enum, auto
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "known_hosts.json"
MOST = 500


class Standing(Enum):
    KNOWN = auto()
    NEW = auto()
    CHANGED = auto()
    """Another key than before answers at this address."""


class KnownHosts:
    """Kept in `folder`, or only in memory when it is None.  A file that cannot be read is an empty one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = folder / FILE if folder is not None else None
        self._origins: dict[str, list[str]] = self._load()
        """Pin in hexadecimal to `host:port`, least recently met first."""

    def standing(self, origin: str, pin: bytes) -> Standing:
        if pin.hex() in self._origins:
            return Standing.KNOWN
        met_here = any(origin in origins for origins in self._origins.values())
        return Standing.CHANGED if met_here else Standing.NEW

    def trust(self, origin: str, pin: bytes) -> None:
        """From now on this key is known, and known to live there; whoever lived there before has moved."""
        moved = {other: [place for place in origins if place != origin] for other, origins in self._origins.items()}
        mine = [*moved.pop(pin.hex(), []), origin]
        self._origins = dict(list({**moved, pin.hex(): mine}.items())[-MOST:])
        self._save()

    def _load(self) -> dict[str, list[str]]:
        if self._path is None:
            return {}
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(pin): [str(origin) for origin in origins] for pin, origins in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError):
            log.warning("known hosts cannot be read; people will be asked again")
            return {}

    def _save(self) -> None:
        """Whole or not at all; without room, this key is asked about again next time."""
        if self._path is None:
            return
        draft = self._path.with_name(f"{FILE}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(self._origins, indent=1), encoding="utf-8")
            draft.replace(self._path)
        except OSError as error:
            log.warning("known hosts cannot be kept", extra={"why": error.strerror})
