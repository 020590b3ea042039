"""Files to and from the host over HTTPS: offered, sent in pieces, saved by range, each checked by its hash.

What is broken off waits and goes on where it stopped, for as long as the meeting lasts.  The host tells everybody what
is shared; here only bytes move, and what becomes of each file is announced.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, ClassVar

import httpx
from pydantic import ValidationError

from app.engine.invite import Invite
from app.engine.pinning import pinned_context
from app.engine.signalling import refusal
from app.session import commands
from app.session.events import Event, TransferChanged
from app.session.files import Stage, Transfer, Way, saved_as
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

log = logging.getLogger(__name__)

PIECE = 8 * 2**20
"""Everybody sees how far a file is once a piece is safe on the host's disk."""
BLOCK = 256 * 2**10
PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each attempt after a lost connection; the last one repeats."""
# A host checks the hash of four gigabytes before it answers to the last piece.
TIMEOUTS = httpx.Timeout(10.0, read=120.0, write=20.0)
TELL_EVERY = 4 * BLOCK
# What passes: the connection, a host that is just starting again, a place that is about to be taken anew.
_PASSING = frozenset({ErrorCode.BUSY, ErrorCode.BAD_TOKEN, ErrorCode.HOST_UNREACHABLE, ErrorCode.NO_MEETING})


@dataclass(frozen=True, slots=True)
class _Place:
    invite: Invite
    key: str = field(repr=False)

    def url(self, file: str = "") -> str:
        """Of all files, or of one."""
        return f"https://{self.invite.origin}/api/meetings/{self.invite.code}/files{f'/{file}' if file else ''}"


Move = Callable[[httpx.AsyncClient, _Place], Awaitable[None]]


class Transfers:
    """Tell it what is `heard`; it lives as long as the meeting, over every call."""

    def __init__(self, announce: Callable[[Event], None], say: Callable[[wire.ClientMessage], None]) -> None:
        self._announce = announce
        self._say = say
        self._place: _Place | None = None
        self._files: dict[str, wire.SharedFile] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def heard(self, event: Event, invite: Invite) -> None:
        match event:
            case wire.Welcome():
                self._place = _Place(invite, event.key) if event.key is not None else None
                self._files.clear()
            case wire.History():
                self._files |= {file.id: file for file in event.files}
            case wire.FileChanged():
                self._files[event.file.id] = event.file

    def leave(self) -> None:
        self._place = None
        for task in self._running.values():
            task.cancel()

    def share(self, command: commands.ShareFile, tasks: asyncio.TaskGroup) -> None:
        path = Path(command.path)
        key = secrets.token_urlsafe(12)
        transfer = Transfer(key, Way.UP, Stage.PREPARING, path.name, path=command.path, to=command.to)
        self._run(_Upload(self, transfer), tasks)

    def fetch(self, command: commands.FetchFile, tasks: asyncio.TaskGroup) -> None:
        file = self._files.get(command.file)
        if file is None or file.id in self._running:
            return
        transfer = Transfer(file.id, Way.DOWN, Stage.MOVING, file.name, file.size, file=file.id)
        self._run(_Download(self, transfer, file, Path(command.folder)), tasks)

    def cancel(self, key: str) -> None:
        """What is running stops; what failed is forgotten."""
        if (task := self._running.get(key)) is not None:
            task.cancel()
        else:
            self._announce(TransferChanged(Transfer(key, Way.UP, Stage.CANCELLED, "")))

    def told(self, transfer: Transfer) -> None:
        self._announce(TransferChanged(transfer))

    def withdraw(self, file: str) -> None:
        self._say(wire.WithdrawFile(file=file))

    def _run(self, moving: _Moving, tasks: asyncio.TaskGroup) -> None:
        key = moving.transfer.key
        task = self._running[key] = tasks.create_task(moving.run(), name="engine.transfer")
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def persist(self, move: Move, waits: Callable[[], None]) -> None:
        """Tries until it is done.  Raises UserError for what would not be different next time, OSError of our disk."""
        attempts = 0
        while True:
            try:
                if (place := self._place) is not None:
                    context = await pinned_context(place.invite)
                    async with httpx.AsyncClient(verify=context, trust_env=False, timeout=TIMEOUTS) as http:
                        return await move(http, place)
            except httpx.HTTPError as error:
                log.info("transfer broken off", extra={"why": type(error).__name__})
            except _Progress:
                attempts = 0
            except UserError as refused:
                if refused.code not in _PASSING:
                    raise
            waits()
            await asyncio.sleep(PAUSES[min(attempts, len(PAUSES) - 1)])
            attempts += 1


class _Progress(Exception):
    """It was broken off, but had come further than before."""


class _Moving:
    """One file on its way; announces each change."""

    trouble: ClassVar[str]
    """Our own disk's."""

    def __init__(self, owner: Transfers, transfer: Transfer) -> None:
        self._owner = owner
        self.transfer = transfer

    async def run(self) -> None:
        self._becomes()
        try:
            await self._move()
        except UserError as refused:
            self._becomes(stage=Stage.FAILED, code=refused.code, sentence=refused.sentence)
        except OSError as error:
            log.info("transfer failed", extra={"why": str(error)})
            self._becomes(stage=Stage.FAILED, code=self.trouble)
        except asyncio.CancelledError:
            await asyncio.to_thread(self._dropped)
            self._becomes(stage=Stage.CANCELLED)

    async def _move(self) -> None:
        raise NotImplementedError

    def _dropped(self) -> None:
        """It was cancelled."""

    def _becomes(self, **changes: object) -> None:
        self.transfer = replace(self.transfer, **changes)  # type: ignore[arg-type]
        self._owner.told(self.transfer)

    def _waits(self) -> None:
        self._becomes(stage=Stage.WAITING)

    def _moved(self, count: int) -> None:
        far = abs(count - self.transfer.moved) >= TELL_EVERY or count == self.transfer.size
        if far or self.transfer.stage is not Stage.MOVING:
            self._becomes(stage=Stage.MOVING, moved=count)


class _Upload(_Moving):
    trouble = "unreadable"

    def __init__(self, owner: Transfers, transfer: Transfer) -> None:
        super().__init__(owner, transfer)
        self._path = Path(transfer.path)
        self._sha256 = ""

    async def _move(self) -> None:
        size = (await asyncio.to_thread(self._path.stat)).st_size
        if size > wire.MAX_FILE:
            most = f"{wire.MAX_FILE >> 30} GB"
            raise UserError(ErrorCode.TOO_LARGE, f"Files of at most {most} can be shared.")
        self._becomes(size=size)
        with self._path.open("rb") as file:
            self._sha256 = await _sha256(file)
        await self._owner.persist(self._send, self._waits)
        self._becomes(stage=Stage.DONE, moved=size)

    async def _send(self, http: httpx.AsyncClient, place: _Place) -> None:
        transfer = self.transfer
        about = {"name": transfer.name, "size": transfer.size, "sha256": self._sha256, "reference": transfer.key}
        offered = await http.post(place.url(), json={**about, "to": transfer.to}, headers=_as(place))
        self._becomes(file=_file(offered).id, stage=Stage.MOVING)
        here = await http.head(place.url(self.transfer.file), headers=_as(place))
        if here.status_code == HTTPStatus.CONFLICT:
            return  # all of it was there already
        if not here.is_success:
            raise refusal(here.status_code, b"") if here.status_code != HTTPStatus.NOT_FOUND else _gone()
        await self._send_from(int(here.headers.get("upload-offset", 0)), http, place)

    async def _send_from(self, start: int, http: httpx.AsyncClient, place: _Place) -> None:
        size, first = self.transfer.size, start
        with self._path.open("rb") as file:
            while start < size or size == 0:
                end = min(start + PIECE, size)
                piece = {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
                file.seek(start)
                try:
                    sent = await http.put(
                        place.url(self.transfer.file), content=self._blocks(file, end), headers={**_as(place), **piece}
                    )
                except httpx.HTTPError:
                    if start > first:
                        raise _Progress from None
                    raise
                if _file(sent).state is wire.FileState.READY:
                    return
                start = end

    async def _blocks(self, file: BinaryIO, end: int) -> AsyncIterator[bytes]:
        """Raises OSError when the file has become shorter."""
        while (left := end - file.tell()) > 0:
            block = await asyncio.to_thread(file.read, min(BLOCK, left))
            if not block:
                raise OSError("shorter than it was")
            yield block
            self._moved(file.tell())

    def _dropped(self) -> None:
        if self.transfer.file:
            self._owner.withdraw(self.transfer.file)


class _Download(_Moving):
    trouble = "unwritable"

    def __init__(self, owner: Transfers, transfer: Transfer, file: wire.SharedFile, folder: Path) -> None:
        super().__init__(owner, transfer)
        self._file = file
        self._folder = folder
        # Its id in the name: what an earlier attempt left of the same file goes on.
        self._part = folder / f".{file.id}.part"

    async def _move(self) -> None:
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        await self._owner.persist(self._receive, self._waits)
        with self._part.open("rb") as part:
            intact = await _sha256(part) == self._file.sha256
        if not intact:
            self._part.unlink()
            raise UserError(ErrorCode.BAD_FRAME, f"{self._file.name} arrived damaged. Save it again.")
        path = await asyncio.to_thread(_placed, self._part, self._folder / saved_as(self._file.name))
        self._becomes(stage=Stage.DONE, moved=self._file.size, path=str(path))

    async def _receive(self, http: httpx.AsyncClient, place: _Place) -> None:
        with self._part.open("ab") as part:
            here = part.tell()
            if here >= self._file.size:
                return
            headers = {**_as(place), "Range": f"bytes={here}-"}
            async with http.stream("GET", place.url(self._file.id), headers=headers) as reply:
                if not reply.is_success:
                    raise _gone() if reply.status_code == HTTPStatus.NOT_FOUND else refusal(
                        reply.status_code, await reply.aread()
                    )
                if reply.status_code != HTTPStatus.PARTIAL_CONTENT:
                    part.truncate(0)
                try:
                    async for block in reply.aiter_bytes(BLOCK):
                        await asyncio.to_thread(part.write, block)
                        self._moved(part.tell())
                except httpx.HTTPError:
                    if part.tell() > here:
                        raise _Progress from None
                    raise

    def _dropped(self) -> None:
        self._part.unlink(missing_ok=True)


def _as(place: _Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.key}"}


def _file(reply: httpx.Response) -> wire.SharedFile:
    """What the host says of a file.  Raises UserError with its sentence."""
    if not reply.is_success:
        raise refusal(reply.status_code, reply.content)
    try:
        return wire.SharedFile.model_validate_json(reply.content)
    except ValidationError:
        raise refusal(reply.status_code, b"") from None


def _gone() -> UserError:
    return UserError(ErrorCode.NOT_FOUND, "That file is not shared any more.")


async def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := await asyncio.to_thread(file.read, 4 * BLOCK):
        await asyncio.to_thread(digest.update, block)
    return digest.hexdigest()


def _placed(part: Path, wanted: Path) -> Path:
    """Where it lies now: nothing that is there already is touched."""
    place, count = wanted, 1
    while True:
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            count += 1
            place = wanted.with_name(f"{wanted.stem} ({count}){wanted.suffix}")
            continue
        return part.replace(place)
