"""What the next control process must know of each person who was here, to know them again (see `inheritance`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sfu.core.person import Person
from sfu.wire.messages import Consent


@dataclass(frozen=True, slots=True)
class Heir:
    """`id` is that of the life before; `recording`: what they had answered."""

    id: str
    name: str
    address: str
    lock: str
    """SHA-256 of their key; empty: they had none."""
    recording: Consent = Consent.UNASKED


def heir(person: Person) -> Heir:
    return Heir(person.id, person.name, person.address, lock(person.key), person.recording)


def lock(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest() if key else ""
