"""Shared files over HTTP: offered, sent in pieces, listed, had whole or by range, withdrawn."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.requests import ClientDisconnect

from sfu.host.problems import Refusal
from sfu.host.requests import bearer
from sfu.host.service_routes import PROBLEMS, Services
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.http import NewFile
from sfu.wire.messages import FileId, FileState, SharedFile

# RFC 9110, 14.4; an empty file has no last byte, which clients write as -1.
_PIECE = re.compile(r"bytes (\d{1,15})-(-?\d{1,15})/(\d{1,15})")


def file_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting}/files", responses=PROBLEMS)

    @router.get("")
    async def listed(meeting: str, request: Request) -> list[SharedFile]:
        """What was shared with everybody, and with the caller alone."""
        _, files = await services.meetings.files(await services.who(request), meeting)
        return files

    @router.post("", status_code=HTTPStatus.CREATED)
    async def offer(meeting: str, wanted: NewFile, request: Request) -> SharedFile:
        """As `offer_file` on the session socket: with the key of `welcome`.  Then PUT its bytes."""
        caller, reference = await services.callers.who(bearer(request)), wanted.reference or secrets.token_urlsafe(12)
        owner = _participant(caller.participant)
        offered = wire.OfferFile.model_validate({**wanted.model_dump(), "reference": reference})
        await services.meetings.command(caller, meeting, offered)
        file = services.meetings.live.files.offered(owner, reference)
        if file is None:
            raise UserError(ErrorCode.DISK_FULL, "There is no room to save that.")
        return file

    @router.put("/{file}")
    async def send(meeting: str, file: FileId, request: Request) -> SharedFile:
        """The bytes, whole or from `Content-Range` on; HEAD says how many are here."""
        arriving = await _arriving(services, meeting, file, request)
        start = _start(request.headers.get("content-range"), arriving.size)
        try:
            count = await services.files.receive(arriving, start, request.stream())
        except ClientDisconnect:
            raise UserError(ErrorCode.BAD_FRAME, "The connection was lost. Go on where it stopped.") from None
        state = FileState.READY if count == arriving.size else FileState.ARRIVING
        return arriving.model_copy(update={"received": count, "state": state})

    @router.head("/{file}", status_code=HTTPStatus.NO_CONTENT)
    async def offset(meeting: str, file: FileId, request: Request) -> Response:
        """`Upload-Offset`: how many bytes of one's own file are here."""
        arriving = await _arriving(services, meeting, file, request)
        here = {"Upload-Offset": str(await services.files.offset(arriving))}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=here)

    @router.get("/{file}", response_class=FileResponse)
    async def get(
        meeting: str, file: FileId, request: Request, link: Annotated[str, Query(max_length=100)] = ""
    ) -> FileResponse:
        """Whole, or by `Range`.  `link`: from `file_link`, for browsers, which send no header with a download."""
        found_in, found = await _ready(services, meeting, file, request, link)
        path = services.files.path(found_in, found.id)
        if not path.exists():
            raise UserError(ErrorCode.GONE, "The bytes of that file are not here any more.")
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return FileResponse(path, media_type="application/octet-stream", filename=found.name, headers=headers)

    @router.delete("/{file}", status_code=HTTPStatus.NO_CONTENT)
    async def withdraw(meeting: str, file: FileId, request: Request) -> None:
        """One's own; host and co-hosts anybody's."""
        await services.meetings.command(await services.who(request), meeting, wire.WithdrawFile(file=file))

    return router


async def _arriving(services: Services, meeting: str, file: str, request: Request) -> SharedFile:
    caller = await services.who(request)
    await services.meetings.get(caller, meeting)
    return services.meetings.live.files.arriving(_participant(caller.participant), file)


async def _ready(services: Services, meeting: str, file: str, request: Request, link: str) -> tuple[str, SharedFile]:
    """The meeting's id and the file.  Raises UserError(NOT_FOUND)."""
    if link and services.files.opens(link, file):
        found_in = services.meetings.live.about.id
        files = await services.meetings.all_files(found_in)
    else:
        row, files = await services.meetings.files(await services.who(request), meeting)
        found_in = row.id
    found = next((each for each in files if each.id == file and each.state is FileState.READY), None)
    if found is None:
        raise UserError(ErrorCode.NOT_FOUND, "That file is not here, or not all of it yet.")
    return found_in, found


def _participant(participant: str | None) -> str:
    if participant is None:
        raise UserError(ErrorCode.NOT_ALLOWED, "Only who is in the meeting can share files. Join it first.")
    return participant


def _start(content_range: str | None, size: int) -> int:
    if content_range is None:
        return 0
    piece = _PIECE.fullmatch(content_range.strip())
    if piece is None or int(piece[3]) != size or int(piece[1]) > size:
        sentence = "That Content-Range does not fit the file that was offered."
        raise Refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, ErrorCode.BAD_FRAME, sentence)
    return int(piece[1])
