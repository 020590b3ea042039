"""What faces seem to show just now, as far as this client was told: a second at most, then it is gone.

A guess that stays on the screen after its face has changed, or left, says something false about somebody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.wire.messages import Face

# Guesses come three times a second; with the way they take, and one that is lost, this is gone within a second.
SHOWN_FOR = 0.8


@dataclass(frozen=True, slots=True)
class Shown:
    """`at`: when it came, on this computer's clock."""

    face: Face
    at: float


Faces = tuple[Shown, ...]


def seen(faces: Faces, face: Face, now: float) -> Faces:
    """With this guess in the place of the last one about the same person."""
    others = without(faces, face.participant)
    return (*others, Shown(face, now)) if face.present else others


def without(faces: Faces, person: str) -> Faces:
    return tuple(shown for shown in faces if shown.face.participant != person)


def fresh(faces: Faces, now: float) -> Faces:
    """Those that still say something about now; the same tuple when all do."""
    kept = tuple(shown for shown in faces if now - shown.at < SHOWN_FOR)
    return faces if len(kept) == len(faces) else kept
