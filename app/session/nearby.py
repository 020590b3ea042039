"""Meetings that announce themselves on this network, as a list to choose from.

What they say of themselves (title, computer) is a claim: anybody can announce anything.  It is shown as plain text, cut
to size, and never decides whom to trust.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TITLE, MAX_COMPUTER = 120, 64


@dataclass(frozen=True, slots=True)
class NearbyMeeting:
    """`addresses`: where it can be reached, best first."""

    id: str
    title: str
    computer: str
    addresses: tuple[str, ...]
    port: int

    @property
    def where(self) -> str:
        """`address:port`, to be typed or shown."""
        address = self.addresses[0]
        return f"[{address}]:{self.port}" if ":" in address else f"{address}:{self.port}"


def claimed(id_: str, title: str, computer: str, addresses: Iterable[str], port: int) -> NearbyMeeting | None:
    """A meeting as announced; None when it cannot be reached or said nothing that can be shown."""
    reachable = tuple(dict.fromkeys(addresses))
    shown = _line(title, MAX_TITLE)
    if not reachable or not shown or not 0 < port < 1 << 16:
        return None
    return NearbyMeeting(id_, shown, _line(computer, MAX_COMPUTER), reachable, port)


def in_order(meetings: Iterable[NearbyMeeting]) -> tuple[NearbyMeeting, ...]:
    """As a list that does not jump: by title, then computer, then identity (two hosts may say the same)."""
    return tuple(sorted(meetings, key=lambda one: (one.title.casefold(), one.computer.casefold(), one.id)))


def _line(text: str, most: int) -> str:
    """One line without what cannot be seen or turns the text around it."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    seen = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    return " ".join(seen.split())[:most].rstrip()
