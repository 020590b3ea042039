"""What the installation has settled about a meeting before anybody is in it."""

from __future__ import annotations

from dataclasses import dataclass

from sfu.wire import messages as wire


@dataclass(frozen=True, slots=True)
class Rules:
    capacity: int
    captions: bool
    """Whether captions are on when the meeting begins."""
    model: str
    glossary: tuple[str, ...] = ()
    translates: bool = False
    """Whether the model can say in English what it hears in other languages."""
    accounts_only: bool = False
    """Whether joining needs an account when the meeting begins."""
    emotions: wire.Audience = wire.Audience.ME
    """The most that may be guessed from faces here, whatever the meeting's host wants."""
    first: int = 0
    """People's ids and messages' numbers begin behind it: those before were given out in an earlier life."""
