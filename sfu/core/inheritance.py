"""From one life of the control process to the next: people come again under new ids, and what was theirs is theirs.

A client whose socket is lost first asks for its old place, with the key of its `welcome`, and hears that the place is
gone.  Whoever showed the right key and then joins under the same name from the same computer is the one who had it:
a name and an address alone would let somebody else withdraw their file.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sfu.core.chat import Chat
from sfu.core.effects import Effect
from sfu.core.heirs import Heir, lock
from sfu.core.person import Person
from sfu.core.recording import Recording
from sfu.core.records import WordsCorrected
from sfu.core.shared_files import SharedFiles
from sfu.core.tickets import Ticket
from sfu.core.transcript import Line
from sfu.core.words import Words
from sfu.wire import messages as wire


@dataclass(frozen=True, slots=True)
class Past:
    """What is stored of an earlier life of a meeting, each in the order in which it happened."""

    chat: Sequence[wire.ChatMessage] = ()
    files: Sequence[wire.SharedFile] = ()
    lines: Sequence[Line] = ()
    corrections: Sequence[WordsCorrected] = ()


class Inheritance:
    """`take_up` and `recall` before anybody has joined."""

    def __init__(self, chat: Chat, words: Words, files: SharedFiles, recording: Recording) -> None:
        self._chat = chat
        self._words = words
        self._files = files
        self._recording = recording
        self._away: dict[str, Heir] = {}
        """Those who have not come again."""
        self._proven: set[str] = set()

    def take_up(self, heirs: Iterable[Heir]) -> None:
        self._away = {heir.id: heir for heir in heirs}

    def recall(self, past: Past) -> None:
        self._chat.recall(past.chat)
        self._files.recall(past.files)
        self._words.recall(past.lines, past.corrections)

    def show(self, participant: str, key: str) -> None:
        """Somebody says that they were `participant`."""
        heir = self._away.get(participant)
        if heir is not None and heir.lock and hmac.compare_digest(heir.lock, lock(key)):
            self._proven.add(participant)

    def come(self, person: Person, ticket: Ticket, at: float) -> list[Effect]:
        """If they have proven who they were, they have again what they wrote, said, shared and answered."""
        was = self._claimed(ticket)
        if was is None:
            return []
        self._chat.inherit(was.id, person.id)
        self._words.inherit(was.id, person.id)
        return [*self._files.inherit(was.id, person), *self._recording.inherit(person, was.recording, at)]

    def forget(self) -> None:
        """Whoever comes from now on is new."""
        self._away.clear()
        self._proven.clear()

    def _claimed(self, ticket: Ticket) -> Heir | None:
        proven = [self._away[participant] for participant in self._proven]
        # Of two of one name the second was called otherwise in the meeting (`names.distinct`), but asks for the same.
        alike = [one for one in proven if one.address == ticket.address and one.name.startswith(ticket.name)]
        was = min(alike, key=lambda one: len(one.name), default=None)
        if was is not None:
            self._proven.remove(was.id)
            del self._away[was.id]
        return was
