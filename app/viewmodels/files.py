"""Files that are shared, one row a file, and what the person may do with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Property, QObject, QStandardPaths, QUrl, Signal, Slot

from app.session import commands
from app.session.files import Stage, Transfer, Way, is_run, words
from app.session.state import Session
from app.session.transcript import clock
from app.viewmodels.rows import Rows
from sfu.wire import messages as wire
from sfu.wire.messages import FileState, Role, SharedFile


@dataclass(frozen=True, slots=True)
class FileRow:
    """`standing`: preparing, sending, unsent (it failed), arriving (somebody else's), ready, saving, unsaved, here.

    `held`: it goes on by itself when the connection is back.  `done`: 0 to 1.  `transfer`: what can be cancelled.
    """

    key: str
    name: str
    owner: str
    order: int
    you: bool
    isPrivate: bool  # a QML role; `private` is a reserved word there
    to: str
    size: str
    file: str = ""
    time: str = ""
    standing: str = ""
    held: bool = False
    moved: str = ""
    done: float = 0.0
    transfer: str = ""
    code: str = ""
    sentence: str = ""
    path: str = ""
    runs: bool = False
    mine: bool = False
    """Whether the person may withdraw it."""


class FilesModel(Rows):
    """Oldest first; what is being prepared here, last."""

    wanted = Signal(object)
    opening = Signal(str)
    """A path: with the program that the system has for it, or a folder."""
    copying = Signal(str)
    choosing = Signal(str)
    """The person wants to share files; with whom, empty: everybody."""

    allowed_changed = Signal()
    unread_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(FileRow, lambda row: row.key, parent)
        self._session = Session()
        self._in_sight = False
        self._read: frozenset[str] = frozenset()

    def follow(self, session: Session) -> None:
        old, self._session = self._session, session
        if (old.files, old.transfers, old.roster) != (session.files, session.transfers, session.roster):
            self.show(self._rows())
            self._count()
        if _may_share(old) != _may_share(session):
            self.allowed_changed.emit()

    @Property(bool, notify=allowed_changed)
    def allowed(self) -> bool:
        return _may_share(self._session)

    @Property(int, notify=unread_changed)
    def unread(self) -> int:
        """Files of others that became ready since the pane was last in sight."""
        return len(self._news())

    @Slot(bool)
    def look(self, in_sight: bool) -> None:
        self._in_sight = in_sight
        self._count()

    # -- what the person asks for ----------------------------------------------------------------------------

    @Slot(str)
    def choose(self, to: str) -> None:
        self.choosing.emit(to)

    @Slot(list, str)
    def drop(self, urls: Sequence[QUrl], to: str) -> None:
        """Files that were dragged here; what is no file of this computer is passed over."""
        self.share([QUrl(url).toLocalFile() for url in urls if QUrl(url).isLocalFile()], to)

    def share(self, paths: Sequence[str], to: str) -> None:
        for path in paths:
            self.wanted.emit(commands.ShareFile(path, to or None))

    @Slot(str)
    def save(self, file: str) -> None:
        """Into the folder for downloads."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        self.wanted.emit(commands.FetchFile(file, folder))

    @Slot(str)
    def cancel(self, transfer: str) -> None:
        self.wanted.emit(commands.CancelTransfer(transfer))

    @Slot(str)
    def try_again(self, key: str) -> None:
        row = next((row for row in self.items() if row.key == key), None)
        if row is None:
            return
        transfer = next((each for each in self._session.transfers if each.key == row.transfer), None)
        self.cancel(row.transfer)
        if transfer is not None and transfer.way is Way.UP:
            self.wanted.emit(commands.ShareFile(transfer.path, transfer.to))
        else:
            self.save(row.file)

    @Slot(str)
    def withdraw(self, file: str) -> None:
        self.wanted.emit(wire.WithdrawFile(file=file))

    @Slot(str)
    def open(self, path: str) -> None:
        """What would run as a program is shown in its folder instead."""
        if is_run(path):
            self.reveal(path)
        else:
            self.opening.emit(path)

    @Slot(str)
    def reveal(self, path: str) -> None:
        self.opening.emit(path.replace("\\", "/").rpartition("/")[0])

    # -- rows ------------------------------------------------------------------------------------------------

    def _rows(self) -> list[FileRow]:
        here = {transfer.file: transfer for transfer in self._session.transfers if transfer.file}
        known = {file.id for file in self._session.files}
        rows = [self._of_file(file, here.get(file.id)) for file in self._session.files]
        rows += [self._of_transfer(each) for each in self._session.transfers if _is_unknown(each, known)]
        return rows

    def _of_file(self, file: SharedFile, transfer: Transfer | None) -> FileRow:
        session = self._session
        owner = session.person(file.owner)
        row = FileRow(
            key=file.id, file=file.id, name=file.name, owner=file.owner_name, order=owner.order if owner else 0,
            you=file.owner == session.you, time=clock(file.at), isPrivate=file.to is not None,
            to=self._name(file.to), standing="ready" if file.state is FileState.READY else "arriving",
            size=words(file.size), moved=words(file.received), done=file.received / max(1, file.size),
            runs=is_run(file.name), mine=file.owner == session.you or session.moderates,
        )  # fmt: skip
        return row if transfer is None else _moving(row, transfer)

    def _of_transfer(self, transfer: Transfer) -> FileRow:
        me = self._session.me
        row = FileRow(
            key=transfer.key, name=transfer.name, owner=me.name if me else "", order=me.order if me else 0, you=True,
            isPrivate=transfer.to is not None, to=self._name(transfer.to), size=words(transfer.size),
        )  # fmt: skip
        return _moving(row, transfer)

    def _name(self, participant: str | None) -> str:
        person = self._session.person(participant) if participant is not None else None
        return person.name if person is not None else ""

    def _news(self) -> list[str]:
        session = self._session
        ready = [file for file in session.files if file.state is FileState.READY and file.owner != session.you]
        return [file.id for file in ready if file.id not in self._read]

    def _count(self) -> None:
        if self._in_sight:
            self._read |= set(self._news())
        self.unread_changed.emit()


def _is_unknown(transfer: Transfer, known: set[str]) -> bool:
    """Sent from here, and the host knows nothing of it yet, or not any more."""
    return transfer.way is Way.UP and transfer.file not in known


def _may_share(session: Session) -> bool:
    guest = session.me is None or session.me.role is Role.GUEST
    return session.moderates or (session.policy.files and not guest)


_STANDINGS: dict[tuple[Way, Stage], str] = {
    (Way.UP, Stage.PREPARING): "preparing",
    (Way.UP, Stage.MOVING): "sending",
    (Way.UP, Stage.WAITING): "sending",
    (Way.UP, Stage.FAILED): "unsent",
    (Way.DOWN, Stage.MOVING): "saving",
    (Way.DOWN, Stage.WAITING): "saving",
    (Way.DOWN, Stage.FAILED): "unsaved",
    (Way.DOWN, Stage.DONE): "here",
}


def _moving(row: FileRow, transfer: Transfer) -> FileRow:
    """What this computer does with it counts more than how it stands on the host."""
    return replace(
        row,
        standing=_STANDINGS.get((transfer.way, transfer.stage), row.standing),
        held=transfer.stage is Stage.WAITING,
        moved=words(transfer.moved),
        done=transfer.moved / max(1, transfer.size),
        transfer=transfer.key,
        code=transfer.code,
        sentence=transfer.sentence,
        path=transfer.path,
    )
