"""Which cameras may send H264, which many computers encode in hardware: those that everybody in the room can see.

Rooms use VP8 until every member with media decodes H264, and again when somebody comes who does not.  A camera whose
face is read sends VP8, because the programs that read faces take no other.  A client is told of each change and changes
at once, under other SSRCs; until it is told anything it sends VP8.
"""

from __future__ import annotations

from sfu.core.effects import Effect, Tell
from sfu.core.room import Room
from sfu.wire import messages as wire


class Cameras:
    def __init__(self, room: Room) -> None:
        self._room = room

    def match(self) -> list[Effect]:
        """Called after anything that may change who is here, what they decode, and whose face is read."""
        present = [person for person in self._room.people.values() if person.has_media]
        everybody = len(present) > 1 and all(person.decodes_h264 for person in present)
        told: list[Effect] = []
        for person in present:
            may = everybody and not person.reads_vp8
            if person.agreed is not None and person.agreed.sends_both and may != person.sends_h264:
                person.sends_h264 = may
                told.append(Tell(person.id, wire.CameraCodec(h264=may)))
        return told
