"""Accounts, meetings and records over HTTP, in the shapes of `sfu.wire.http`.  Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from sfu.host.accounts import Accounts
from sfu.host.callers import Caller, Callers
from sfu.host.depot import Depot
from sfu.host.exports import FORMATS, MINUTES
from sfu.host.mail import Mail
from sfu.host.meetings import Meetings
from sfu.host.recordings import Recordings
from sfu.host.requests import address_of, bearer
from sfu.host.tasks import Tasks
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import meetings
from sfu.store.accounts import Account
from sfu.store.readable import head_of
from sfu.tasks.calendars import invitation
from sfu.wire import http
from sfu.wire import messages as wire
from sfu.wire.analysis import Analysis, Version, WantedAnalysis

Most = Annotated[int, Query(ge=1, le=500)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
FormatName = Literal["txt", "md", "srt", "vtt", "json", "docx"]
MinutesFormat = Literal["txt", "md", "json", "docx"]
_MADE, _NOTHING = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"model": wire.Problem, "description": "RFC 9457"}}


@dataclass(frozen=True, slots=True)
class Services:
    callers: Callers
    accounts: Accounts
    meetings: Meetings
    files: Depot
    tasks: Tasks
    mail: Mail
    recordings: Recordings

    async def who(self, request: Request) -> Caller:
        return await self.callers.who(bearer(request))


def service_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api", responses=PROBLEMS)
    _add_meetings(router, services)
    _add_users(router, services)
    _add_people(router, services)
    _add_records(router, services)
    _add_tasks(router, services)
    return router


def _add_users(router: APIRouter, services: Services) -> None:
    accounts = services.accounts

    @router.post("/users", status_code=_MADE)
    async def register(wanted: http.Register, request: Request) -> http.OwnUser:
        """Makes an account.  Nobody needs one unless the host says so."""
        return _own(await accounts.register(wanted, address_of(request)))

    @router.post("/login")
    async def log_in(given: http.Credentials, request: Request) -> http.SignedIn:
        token, until, account = await accounts.log_in(given, address_of(request))
        return http.SignedIn(token=token, until=until, user=_own(account))

    @router.post("/logout", status_code=_NOTHING)
    async def log_out(request: Request) -> None:
        (await services.who(request)).require_account()
        await accounts.log_out(bearer(request) or "")

    @router.get("/users")
    async def users(request: Request, most: Most = 100, skip: Skip = 0) -> list[http.OwnUser]:
        """Everybody with an account (host)."""
        (await services.who(request)).require_host()
        return [_own(account) for account in await accounts.listed(most, skip)]

    @router.get("/users/me")
    async def me(request: Request) -> http.OwnUser:
        return _own((await services.who(request)).require_account())

    @router.get("/users/{user}")
    async def user(user: str, request: Request) -> http.User:
        (await services.who(request)).sees  # noqa: B018  (whoever is signed in)
        found = await accounts.get(user)
        return http.User(id=found.id, name=found.name)

    @router.put("/users/me/password", status_code=_NOTHING)
    async def password(wanted: http.NewPassword, request: Request) -> None:
        """Every token that was given out is worthless afterwards."""
        await accounts.change_password((await services.who(request)).require_account(), wanted)

    @router.delete("/users/{user}", status_code=_NOTHING)
    async def erase(user: str, request: Request) -> None:
        """The account and everything that was said with it (oneself, or the host)."""
        caller = await services.who(request)
        if not caller.host and caller.require_account().id != user:
            raise UserError(ErrorCode.NOT_ALLOWED, "Only they themselves, or the host, can do that.")
        await accounts.erase((await accounts.get(user)).id)


def _add_meetings(router: APIRouter, services: Services) -> None:
    held = services.meetings

    @router.get("/meetings")
    async def listed(request: Request, wanted: Annotated[http.Listing, Query()]) -> list[http.MeetingInfo]:
        """Newest first: the host all, an account those that it owns or was in."""
        return await held.listed(await services.who(request), wanted)

    @router.post("/meetings", status_code=_MADE)
    async def create(wanted: http.NewMeeting, request: Request) -> http.MeetingInfo:
        """Plans a meeting (host, or an account)."""
        return await held.create(await services.who(request), wanted)

    @router.get("/meetings/{meeting}")
    async def get(meeting: str, request: Request) -> http.MeetingInfo:
        """By id or code, as everywhere below."""
        return held.shown(await held.get(await services.who(request), meeting))

    @router.delete("/meetings/{meeting}", status_code=_NOTHING)
    async def delete(meeting: str, request: Request) -> None:
        """For ever, with transcript, chat, files and recordings; not while it is on (host, or its owner)."""
        await held.delete(await services.who(request), meeting)

    @router.get("/meetings/{meeting}/invitation.ics", response_class=Response)
    async def ics(meeting: str, request: Request) -> Response:
        caller = await services.who(request)
        row = await held.get(caller, meeting)
        invited = await held.read(lambda db: meetings.invited(db, row.id)) if caller.participant is None else []
        link = f"https://{request.headers.get('host', '')}/j/{row.code}"
        return _file(invitation(row, link, invited).encode(), "text/calendar; charset=utf-8", f"meeting-{row.id}.ics")

    @router.post("/meetings/{meeting}/start")
    async def start(meeting: str, request: Request) -> http.MeetingInfo:
        """Holds it on this host now; nobody may be in another."""
        return await held.start(await services.who(request), meeting)

    @router.post("/meetings/{meeting}/end")
    async def end(meeting: str, request: Request) -> http.MeetingInfo:
        """For everybody."""
        return await held.end(await services.who(request), meeting)

    @router.put("/meetings/{meeting}/lock")
    async def lock(meeting: str, wanted: http.Lock, request: Request) -> http.MeetingInfo:
        return await held.lock(await services.who(request), meeting, wanted.locked)


def _add_people(router: APIRouter, services: Services) -> None:
    held = services.meetings

    @router.get("/meetings/{meeting}/participants")
    async def participants(meeting: str, request: Request) -> list[http.Attendee]:
        """Everybody who was or is in it, as they came."""
        return await held.attendees(await services.who(request), meeting)

    @router.put("/meetings/{meeting}/participants/{participant}/role", status_code=_NOTHING)
    async def role(meeting: str, participant: wire.ParticipantId, wanted: http.NewRole, request: Request) -> None:
        caller = await services.who(request)
        await held.command(caller, meeting, wire.SetRole(participant=participant, role=wanted.role))

    @router.delete("/meetings/{meeting}/participants/{participant}", status_code=_NOTHING)
    async def remove(meeting: str, participant: wire.ParticipantId, request: Request, bar: bool = False) -> None:
        """Makes somebody leave; `bar`: for good."""
        await held.command(await services.who(request), meeting, wire.Remove(participant=participant, bar=bar))


def _add_records(router: APIRouter, services: Services) -> None:
    held = services.meetings

    @router.get("/meetings/{meeting}/chat")
    async def chat(
        meeting: str, request: Request, after: Annotated[int, Query(ge=0, le=2**53)] = 0, most: Most = 100
    ) -> http.ChatPage:
        """What was said to everybody, and to the caller alone."""
        return http.ChatPage(messages=await held.chat(await services.who(request), meeting, after, most))

    @router.post("/meetings/{meeting}/chat", status_code=_NOTHING)
    async def say(meeting: str, said: http.NewChat, request: Request) -> None:
        """As somebody who is in the meeting: with the key that `welcome` gave them."""
        caller = await services.who(request)
        if caller.participant is None:
            raise UserError(ErrorCode.NOT_ALLOWED, "Only who is in the meeting can write to it. Join it first.")
        to = wire.Say.model_validate({"text": said.text, "to": said.to, "reference": said.reference})
        await held.command(caller, meeting, to)

    @router.get("/meetings/{meeting}/transcript", response_class=Response)
    async def transcript(
        meeting: str, request: Request, format: FormatName = "json", version: Version = "first"
    ) -> Response:
        """As it reads now, corrections included; `second`: made again from the recording, 404 while it was not."""
        who, chosen = await services.who(request), FORMATS[format]
        if version == "first":
            row, lines = await held.transcript(who, meeting)
            return _file(chosen.write(head_of(row), lines), chosen.media_type, f"transcript-{row.id}.{format}")
        row, second = await held.second_transcript(who, meeting)
        head = {**head_of(replace(row, title=f"{row.title} (second transcript)")), "version": version,
                "model": second.model}  # fmt: skip
        return _file(chosen.write(head, second.lines), chosen.media_type, f"transcript-{row.id}-second.{format}")

    @router.get("/search")
    async def search(
        request: Request, q: Annotated[str, Query(min_length=1, max_length=200)], most: Most = 50
    ) -> list[http.Found]:
        """Words in transcripts, chat and titles, in English and Chinese."""
        return await held.find(await services.who(request), q, min(most, 100))


def _add_tasks(router: APIRouter, services: Services) -> None:
    work = services.tasks

    @router.get("/meetings/{meeting}/analysis")
    async def analysis(meeting: str, request: Request) -> Analysis:
        """Minutes, talk time and topics, for whoever may read the transcript."""
        return await work.analysis(await services.who(request), meeting)

    @router.post("/meetings/{meeting}/transcript", status_code=HTTPStatus.ACCEPTED)
    async def hear_again(meeting: str, request: Request) -> wire.Task:
        """A second transcript, from the recording, by the largest model that is installed; while no meeting is on.

        What was corrected by hand stays; the first transcript stays.  404 for a meeting that was not recorded.
        """
        return await work.hear_again(await services.who(request), meeting)

    @router.get("/meetings/{meeting}/minutes", response_class=Response)
    async def minutes(meeting: str, request: Request, format: MinutesFormat = "md") -> Response:
        """The same as a file for people.  404 while nothing has been found out."""
        row, found = await work.minutes(await services.who(request), meeting)
        chosen = MINUTES[format]
        return _file(chosen.write(head_of(row), found), chosen.media_type, f"minutes-{row.id}.{format}")

    @router.post("/meetings/{meeting}/analysis", status_code=HTTPStatus.ACCEPTED)
    async def analyse(meeting: str, wanted: WantedAnalysis, request: Request) -> wire.Task:
        """Found out again, from the transcript as it reads now.  What is being found out already is not begun twice."""
        return await work.analyse(await services.who(request), meeting, wanted)

    @router.post("/meetings/{meeting}/mail", status_code=HTTPStatus.ACCEPTED)
    async def mail(meeting: str, wanted: http.WantedMail, request: Request) -> list[wire.Task]:
        """Invitations or minutes to those who are invited, a task each (who owns the meeting, or the host).

        A planned meeting's invitations go out by themselves where a mail server is set up.
        """
        return await services.mail.send(await services.who(request), meeting, wanted)

    @router.get("/tasks")
    async def tasks(
        request: Request, meeting: str | None = None, state: wire.TaskState | None = None, most: Most = 50,
        skip: Skip = 0,
    ) -> list[wire.Task]:  # fmt: skip
        """Work in the background, newest first: the host's all, an account's that of its meetings.

        Host and co-hosts who are in a meeting see that of this meeting.
        """
        return await work.listed(await services.who(request), meeting, state, most, skip)

    @router.get("/tasks/{task}")
    async def task(task: str, request: Request) -> wire.Task:
        return await work.get(await services.who(request), task)

    @router.post("/tasks/{task}/cancel")
    async def cancel(task: str, request: Request) -> wire.Task:
        """At once, or as soon as whoever works on it hears of it.  409 if it is over."""
        return await work.cancel(await services.who(request), task)

    @router.post("/tasks/{task}/retry")
    async def retry(task: str, request: Request) -> wire.Task:
        """What failed, was cancelled, or is in doubt.  409 for what is done or goes on."""
        return await work.retry(await services.who(request), task)


def _own(account: Account) -> http.OwnUser:
    return http.OwnUser(id=account.id, name=account.name, email=account.email, made_at=account.made_at)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
