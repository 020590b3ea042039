"""Recordings over HTTP, for the host and whoever owns the meeting: which there are, and what was made of them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse

from sfu.host.service_routes import PROBLEMS, Services
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import recordings
from sfu.store.keeping import BUNDLE, CAPTIONS, FILM
from sfu.wire.http import Recorded

RecordingId = Annotated[str, Path(pattern=r"^r[0-9]{1,15}$")]
Made = Literal["film.mp4", "captions.vtt", "bundle.zip"]
_TYPES = {FILM: "video/mp4", CAPTIONS: "text/vtt; charset=utf-8", BUNDLE: "application/zip"}


def recording_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting}/recordings", responses=PROBLEMS)
    held = services.meetings

    @router.get("")
    async def listed(meeting: str, request: Request) -> list[Recorded]:
        """Newest first (host, or who owns the meeting).  What is made of one comes a while after its end: see tasks."""
        row = await held.owned(await services.who(request), meeting)
        found = await held.read(partial(recordings.listed, meeting=row.id))
        return [
            Recorded(id=one.id, began=one.began, ended=one.ended, made=await asyncio.to_thread(held.made, one))
            for one in found
        ]

    @router.get("/{recording}/{file}", response_class=FileResponse)
    async def get(meeting: str, recording: RecordingId, file: Made, request: Request) -> FileResponse:
        """Whole, or by `Range`."""
        row = await held.owned(await services.who(request), meeting)
        one = await held.read(partial(recordings.get, meeting=row.id, name=recording))
        if file not in await asyncio.to_thread(held.made, one):
            raise UserError(ErrorCode.NOT_FOUND, "That is not made yet. Look at the tasks of the meeting.")
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return FileResponse(held.recording_folder(one) / file, media_type=_TYPES[file], filename=file, headers=headers)

    return router
