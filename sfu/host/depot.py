"""The bytes of shared files: `<data>/files/MEETING/ID`, written as they come, whole only when their hash is right.

An upload that was broken off goes on where it stopped.  Names that people give their files are never paths here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from sfu.host.archive import Archive
from sfu.host.conference import Conference
from sfu.host.links import Links
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import FILES
from sfu.wire.messages import SharedFile

LINK_LIFETIME = 300.0
SILENCE = 60.0
"""A sender that sends nothing for so long is gone; what came is kept."""
_PART = ".part"
_BLOCK = 1 << 20


class Depot:
    def __init__(self, archive: Archive, conference: Conference) -> None:
        self._archive = archive
        self._conference = conference
        self._uploads: dict[str, _Upload] = {}
        self._links = Links(LINK_LIFETIME)

    def path(self, meeting: str, file: str) -> Path:
        """Both are ids of ours."""
        return self._archive.folder / FILES / meeting / file

    async def offset(self, file: SharedFile) -> int:
        """How many bytes are on the disk.  Raises UserError(TAKEN) when all are."""
        await self._require_missing(file)
        return self._here(file)

    async def receive(self, file: SharedFile, start: int, content: AsyncIterator[bytes]) -> int:
        """Goes on at `start`, which is not beyond what is here; how many bytes are here then.

        Whoever lost a connection comes back before we know that the old one is dead: the newer upload goes on, the
        older ends.  Raises UserError: TAKEN (a gap, or all is here), TOO_LARGE, NOT_FOUND (withdrawn meanwhile),
        DISK_FULL, BUSY (this one ended, or its sender fell silent).
        """
        upload = await self._alone(file.id)
        try:
            await self._require_missing(file)
            if start > self._here(file):
                raise UserError(ErrorCode.TAKEN, f"Only {self._here(file)} bytes are here. Go on from there.")
            return await self._write(file, start, upload.blocks(content))
        except FileNotFoundError:
            raise UserError(ErrorCode.NOT_FOUND, "That file is not shared any more.") from None
        except OSError as error:
            sentence = "There is no room for that file. Free some space on the host's disk."
            raise UserError(ErrorCode.DISK_FULL, sentence) from error
        finally:
            del self._uploads[file.id]
            upload.ended.set()
            if upload.dropped:
                self.drop(file.id)

    async def _alone(self, file: str) -> _Upload:
        """The one upload of this file, after those before it have ended."""
        while (earlier := self._uploads.get(file)) is not None:
            earlier.end()
            await earlier.ended.wait()
        self._uploads[file] = upload = _Upload()
        return upload

    async def _write(self, file: SharedFile, start: int, content: AsyncIterator[bytes]) -> int:
        part = self._part(file.id)
        with contextlib.closing(await asyncio.to_thread(_opened, part, start)) as out:
            try:
                await _copy(content, out, file.size)
            finally:  # also when the other side hung up: what came stays
                await asyncio.to_thread(_sync, out)
                count = out.tell()
                self._conference.file_arrived(file.id, count)
        if count == file.size:
            await self._finish(file, part)
        return count

    async def _finish(self, file: SharedFile, part: Path) -> None:
        intact = await asyncio.to_thread(_sha256, part) == file.sha256
        if intact:
            await asyncio.to_thread(part.replace, self.path(self._archive.meeting, file.id))
        await self._complete(file, intact)
        if not intact:
            raise UserError(ErrorCode.BAD_FRAME, "What came is not the file that was offered. Offer it again.")

    def _here(self, file: SharedFile) -> int:
        part = self._part(file.id)
        return part.stat().st_size if part.exists() else 0

    async def _require_missing(self, file: SharedFile) -> None:
        """All of it may be here though nobody was told: a killed host had no time to write down that it was whole."""
        if self.path(self._archive.meeting, file.id).exists():
            await self._complete(file, True)
            raise UserError(ErrorCode.TAKEN, "All of that file is here already.")

    async def _complete(self, file: SharedFile, intact: bool) -> None:
        """Returns when that is written down: who is told that a file is whole can rely on it."""
        self._conference.file_complete(file.id, intact)
        await self._conference.settled()

    def link(self, file: str) -> str:
        """A path that gives this file of the meeting to whoever knows it, for a few minutes."""
        return f"/api/meetings/{self._archive.meeting}/files/{file}?link={self._links.give(file)}"

    def opens(self, token: str, file: str) -> bool:
        return self._links.opens(token, file)

    def drop(self, file: str) -> None:
        """Also what is still arriving."""
        if (upload := self._uploads.get(file)) is not None:
            upload.dropped = True
            upload.end()
        self._part(file).unlink(missing_ok=True)
        self.path(self._archive.meeting, file).unlink(missing_ok=True)

    def _part(self, file: str) -> Path:
        return self.path(self._archive.meeting, file + _PART)


class _Upload:
    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.dropped = False
        self._over = False
        self._patience: asyncio.Timeout | None = None

    def end(self) -> None:
        """Soon, with what came safe; not while the whole file is being checked."""
        self._over = True
        if self._patience is not None:
            self._patience.reschedule(0)

    async def blocks(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Raises UserError(BUSY) when it was ended or the sender fell silent."""
        while not self._over:
            try:
                async with asyncio.timeout(SILENCE) as self._patience:
                    block = await anext(content, None)
            except TimeoutError:
                break
            finally:
                self._patience = None
            if block is None:
                return
            yield block
        raise UserError(ErrorCode.BUSY, "The connection was lost. Go on where it stopped.")


def _opened(part: Path, start: int) -> BinaryIO:
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    out = open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b")  # noqa: SIM115  (whoever asked closes it)
    out.truncate(start)
    out.seek(start)
    return out


async def _copy(content: AsyncIterator[bytes], out: BinaryIO, most: int) -> None:
    async for block in content:
        if out.tell() + len(block) > most:
            raise UserError(ErrorCode.TOO_LARGE, "That is more than was offered.")
        await asyncio.to_thread(out.write, block)


def _sync(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
