"""Recordings over HTTP, for who runs the meeting: which there are, what was made of them, and what players need."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse

from sfu.host.service_routes import PROBLEMS, Services
from sfu.store.keeping import BUNDLE, CAPTIONS, FILM, SUBRIP, VOICES
from sfu.wire.http import FilmChoice, Playable, PlayLink, Recorded
from sfu.wire.messages import Task

RecordingId = Annotated[str, Path(pattern=r"^r[0-9]{1,15}$")]
VoiceFile = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,32}\.webm$")]
LinkToken = Annotated[str, Query(max_length=100, description="from POST …/link, instead of a bearer token")]
Made = Literal["film.mp4", "captions.vtt", "captions.srt", "bundle.zip"]
_TYPES = {
    FILM: "video/mp4", CAPTIONS: "text/vtt; charset=utf-8", SUBRIP: "application/x-subrip; charset=utf-8",
    BUNDLE: "application/zip",
}
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def recording_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting}/recordings", responses=PROBLEMS)
    held = services.recordings

    @router.get("")
    async def listed(meeting: str, request: Request) -> list[Recorded]:
        """Newest first.  What is made of one comes a while after its end: see tasks.

        For the host, who owns the meeting, and who is (while it is on) or was (with an account) host or co-host in it.
        """
        return await held.listed(await services.who(request), meeting)

    @router.get("/{recording}")
    async def playable(meeting: str, recording: RecordingId, request: Request, link: LinkToken = "") -> Playable:
        """Voices, chapters and words, on the film's clock."""
        return await held.playable(await services.who(request), meeting, recording, link)

    @router.post("/{recording}/link")
    async def give_link(meeting: str, recording: RecordingId, request: Request) -> PlayLink:
        """For media elements of browsers, which send no header: add `?link=` to any path below this recording."""
        return await held.link(await services.who(request), meeting, recording)

    @router.post("/{recording}/film", status_code=HTTPStatus.ACCEPTED)
    async def make(meeting: str, recording: RecordingId, wanted: FilmChoice, request: Request) -> Task:
        """Makes it anew, with a film as wanted.  409 while the recording runs, or a film of it is being made."""
        return await held.make(await services.who(request), meeting, recording, wanted)

    @router.get("/{recording}/{file}", response_class=FileResponse)
    async def get(
        meeting: str, recording: RecordingId, file: Made, request: Request, link: LinkToken = ""
    ) -> FileResponse:
        """Whole, or by `Range`."""
        path = await held.file(await services.who(request), meeting, recording, file, link)
        return FileResponse(path, media_type=_TYPES[file], filename=file, headers=_HEADERS)

    @router.get("/{recording}/voices/{file}", response_class=FileResponse)
    async def voice(
        meeting: str, recording: RecordingId, file: VoiceFile, request: Request, link: LinkToken = ""
    ) -> FileResponse:
        """One person's voice, Opus in WebM, as long as the film; whole, or by `Range`."""
        path = await held.file(await services.who(request), meeting, recording, f"{VOICES}/{file}", link)
        return FileResponse(path, media_type="audio/webm", filename=file, headers=_HEADERS)

    return router
