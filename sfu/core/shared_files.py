"""Files that people share: who may offer, see and withdraw them.  The bytes are the shell's business.

A file is offered by name, size and hash before a byte is sent, so that it can be resumed and checked; it can be had
once all of it has arrived and is what its hash promised.
"""

from __future__ import annotations

from collections.abc import Iterable

from sfu.core import permissions, texts
from sfu.core.effects import DropFile, Effect, Keep, LinkFile
from sfu.core.negotiation import Identities
from sfu.core.person import Person
from sfu.core.records import Deed, FileIs
from sfu.core.room import Room
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import FileState, SharedFile

MAX_FILES = 200
"""In one meeting, those that are gone not counted."""
MAX_BYTES = 16 * 1024**3
ID_LETTERS = 20


class SharedFiles:
    def __init__(self, room: Room, identities: Identities) -> None:
        self._room = room
        self._identities = identities
        self._files: dict[str, SharedFile] = {}
        self._offered: dict[tuple[str, str], str] = {}

    def offer(self, person: Person, offered: wire.OfferFile, at: float) -> list[Effect]:
        if offered.to is not None:
            self._room.person(offered.to)
        known = self._offered.get((person.id, offered.reference)) if offered.reference else None
        if known is not None:
            return self._told(self._files[known], offered.reference, to_owner_alone=True)
        if (begun := self._begun(offered)) is not None:
            return self._goes_on(person, begun, offered.reference)
        self._require_room(offered.size)
        file = SharedFile(
            id=self._identities.letters(ID_LETTERS), owner=person.id, owner_name=person.name,
            name=texts.file_name(offered.name), size=offered.size, sha256=offered.sha256, to=offered.to, at=at,
        )  # fmt: skip
        self._files[file.id] = file
        if offered.reference:
            self._offered[person.id, offered.reference] = file.id
        return [Keep(FileIs(file), needed=True), *self._told(file, offered.reference)]

    def _begun(self, offered: wire.OfferFile) -> SharedFile | None:
        """The same file, not whole yet, of somebody who is not here: whoever has its bytes may send the rest."""
        same = (texts.file_name(offered.name), offered.size, offered.sha256, offered.to)
        return next(
            (
                file for file in self._files.values()
                if file.state is FileState.ARRIVING and file.owner not in self._room.people
                and (file.name, file.size, file.sha256, file.to) == same
            ),
            None,
        )  # fmt: skip

    def _goes_on(self, person: Person, file: SharedFile, reference: str) -> list[Effect]:
        """Its owner lost their place, or the control process died, and they are here again as another."""
        now = file.model_copy(update={"owner": person.id, "owner_name": person.name})
        self._files[file.id] = now
        if reference:
            self._offered[person.id, reference] = file.id
        return [Keep(FileIs(now)), *self._told(now, reference)]

    def get(self, person: Person, wanted: wire.GetFile, _at: float) -> list[Effect]:
        return [LinkFile(person.id, self.readable(person, wanted.file).id)]

    def withdraw(self, person: Person, wanted: wire.WithdrawFile, at: float) -> list[Effect]:
        file = self.readable(person, wanted.file)
        permissions.require_own(person, file.owner, "Only who shared a file, or the host, can withdraw it.")
        deed = Keep(Deed(person.id, person.name, "withdraw_file", file.id, at))
        return [*self._becomes(file, FileState.GONE), DropFile(file.id), deed]

    def recall(self, files: Iterable[SharedFile]) -> None:
        """What was shared in an earlier life of this meeting; its owner comes back as another."""
        for file in files:
            whole = file.state is FileState.READY
            if file.state is not FileState.GONE:
                self._files[file.id] = file.model_copy(update={"received": file.size if whole else file.received})

    def inherit(self, before: str, person: Person) -> list[Effect]:
        """Whoever was `before` is here as another: they have what they shared, and what was sent to them alone."""
        effects: list[Effect] = []
        for file in [each for each in self._files.values() if before in (each.owner, each.to)]:
            theirs = {"owner": person.id, "owner_name": person.name} if file.owner == before else {"to": person.id}
            now = self._files[file.id] = file.model_copy(update=theirs)
            effects += [Keep(FileIs(now)), *self._told(now, "")]
        return effects

    # -- what the shell reports and asks ---------------------------------------------------------------------

    def offered(self, owner: str, reference: str) -> SharedFile | None:
        """What somebody offered under this reference, if it was stored."""
        known = self._offered.get((owner, reference))
        return self._files.get(known) if known is not None else None

    def arriving(self, owner: str, file: str) -> SharedFile:
        """Raises UserError: NOT_FOUND; TAKEN when all of it is here."""
        found = self._files.get(file)
        if found is None or found.state is FileState.GONE or found.owner != owner:
            raise UserError(ErrorCode.NOT_FOUND, "That file is not shared any more.")
        if found.state is FileState.READY:
            raise UserError(ErrorCode.TAKEN, "All of that file is here already.")
        return found

    def readable(self, person: Person, file: str) -> SharedFile:
        """Raises UserError(NOT_FOUND) also for what is somebody else's private business."""
        found = self._files.get(file)
        gone = found is None or found.state is FileState.GONE
        if found is None or gone or (found.to is not None and person.id not in (found.owner, found.to)):
            raise UserError(ErrorCode.NOT_FOUND, "That file is not shared any more.")
        return found

    def received(self, file: str, count: int) -> list[Effect]:
        """So many bytes are safe on the host's disk."""
        found = self._files.get(file)
        if found is None or found.state is not FileState.ARRIVING:
            return []
        return self._becomes(found.model_copy(update={"received": count}), FileState.ARRIVING)

    def complete(self, file: str, intact: bool) -> list[Effect]:
        """All of it is here; `intact`: it is what its hash promised."""
        found = self._files.get(file)
        if found is None or found.state is not FileState.ARRIVING:
            return []
        if not intact:
            return [*self._becomes(found, FileState.GONE), DropFile(file)]
        return self._becomes(found.model_copy(update={"received": found.size}), FileState.READY)

    def forget(self, file: SharedFile) -> None:
        """It could not be stored."""
        self._files.pop(file.id, None)
        self._offered = {key: known for key, known in self._offered.items() if known != file.id}

    def seen_by(self, person: Person) -> list[SharedFile]:
        here = [file for file in self._files.values() if file.state is not FileState.GONE]
        return [file for file in here if file.to is None or person.id in (file.owner, file.to)]

    def _becomes(self, file: SharedFile, state: FileState) -> list[Effect]:
        now = file.model_copy(update={"state": state})
        self._files[file.id] = now
        kept: list[Effect] = [Keep(FileIs(now))] if state is not FileState.ARRIVING else []
        return [*kept, *self._told(now, "")]

    def _told(self, file: SharedFile, reference: str, to_owner_alone: bool = False) -> list[Effect]:
        other = file.owner if to_owner_alone else file.to
        return self._room.tell_between(file.owner, other, wire.FileChanged(file=file, reference=reference))

    def _require_room(self, size: int) -> None:
        here = [file for file in self._files.values() if file.state is not FileState.GONE]
        if len(here) >= MAX_FILES or sum(file.size for file in here) + size > MAX_BYTES:
            most = f"{MAX_FILES} files, {MAX_BYTES >> 30} GB at most"
            sentence = f"There is no room for more files. Withdraw some ({most})."
            raise UserError(ErrorCode.TOO_LARGE, sentence)
