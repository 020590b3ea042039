"""The two services: each call asks the objects that the HTTP API asks, and answers in the words of `parley.proto`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeAlias, TypeVar

import grpc
from pydantic import ValidationError

from sfu.host.callers import Caller
from sfu.host.requests import bearer_of
from sfu.host.service_routes import Services
from sfu.host.watching import Watch
from sfu.rpc import parley_pb2 as pb
from sfu.rpc import shapes
from sfu.rpc.parley_pb2_grpc import MeetingServiceServicer, UserServiceServicer
from sfu.rpc.refusals import refuse
from sfu.rtp.errors import ErrorCode, ParleyError, PeerFault, UserError
from sfu.wire import http

Context: TypeAlias = grpc.aio.ServicerContext
Q = TypeVar("Q")
A = TypeVar("A")


def _answered(call: Callable[[Any, Q, Caller], Awaitable[A]]) -> Callable[[Any, Q, Context], Awaitable[A]]:
    """The edge of one call: who asks is looked up first, and a refusal ends it with its status."""

    @wraps(call)
    async def answer(service: _Service, request: Q, context: Context) -> A:
        try:
            return await call(service, request, await service.who(context))
        except (ParleyError, ValidationError) as refused:
            await refuse(context, refused)

    return answer


class _Service:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._meetings = services.meetings

    async def who(self, context: Context) -> Caller:
        """Raises UserError(BAD_TOKEN) for a token that is nobody's."""
        sent = dict(context.invocation_metadata() or ())
        return await self._services.callers.who(bearer_of(str(sent.get("authorization", ""))))


class Users(_Service, UserServiceServicer):
    @_answered
    async def GetUser(self, request: pb.GetUserRequest, caller: Caller) -> pb.User:
        if not request.id:
            return shapes.user(caller.require_account(), own=True)
        caller.sees  # noqa: B018  (whoever is signed in)
        return shapes.user(await self._services.accounts.get(request.id), own=False)

    @_answered
    async def ValidateToken(self, request: pb.ValidateTokenRequest, _caller: Caller) -> pb.TokenOwner:
        try:
            owner = await self._services.callers.who(request.token)
        except UserError as refused:
            if refused.code is not ErrorCode.BAD_TOKEN:
                raise
            return pb.TokenOwner(valid=False)
        if owner.host:
            return pb.TokenOwner(valid=True, host=pb.TokenOwner.Host())
        if owner.participant is not None:
            place = shapes.in_meeting(*self._meetings.place(owner.participant))
            return pb.TokenOwner(valid=True, in_meeting=place)
        return pb.TokenOwner(valid=True, user=shapes.user(owner.require_account(), own=True))


class Meetings(_Service, MeetingServiceServicer):
    @_answered
    async def Create(self, request: pb.CreateRequest, caller: Caller) -> pb.Meeting:
        given = {field.name: value for field, value in request.ListFields()}
        wanted = http.NewMeeting.model_validate({**given, "invited": list(request.invited)})
        return shapes.meeting(await self._meetings.create(caller, wanted))

    @_answered
    async def Get(self, request: pb.MeetingRequest, caller: Caller) -> pb.Meeting:
        return shapes.meeting(self._meetings.shown(await self._meetings.get(caller, request.meeting)))

    @_answered
    async def List(self, request: pb.ListRequest, caller: Caller) -> pb.MeetingList:
        page = {"most": request.most} if request.HasField("most") else {}
        wanted = http.Listing(state=shapes.state_of(request.state), skip=request.skip, **page)
        found = await self._meetings.listed(caller, wanted)
        return pb.MeetingList(meetings=map(shapes.meeting, found))

    @_answered
    async def Start(self, request: pb.MeetingRequest, caller: Caller) -> pb.Meeting:
        return shapes.meeting(await self._meetings.start(caller, request.meeting))

    @_answered
    async def End(self, request: pb.MeetingRequest, caller: Caller) -> pb.Meeting:
        return shapes.meeting(await self._meetings.end(caller, request.meeting))

    @_answered
    async def ListParticipants(self, request: pb.MeetingRequest, caller: Caller) -> pb.ParticipantList:
        found = await self._meetings.attendees(caller, request.meeting)
        return pb.ParticipantList(participants=map(shapes.attendee, found))

    async def Watch(  # type: ignore[override]  # the stub knows generators only; writing lets a stuck reader be let go
        self, request: pb.MeetingRequest, context: Context
    ) -> None:
        try:
            about, watch = await self._meetings.watch(await self.who(context), request.meeting)
        except ParleyError as refused:
            await refuse(context, refused)
        try:
            await context.write(shapes.snapshot(about, watch.roster))
            await _pass_on(watch, context)
        finally:
            self._meetings.unwatch(watch)
        if watch.mailbox.broken.is_set():  # they hear of it when they have read what is on its way to them
            sentence = "You read too slowly to follow the meeting. Read faster, or watch from a closer place."
            await refuse(context, PeerFault(ErrorCode.TOO_MANY, sentence))


async def _pass_on(watch: Watch, context: Context) -> None:
    """Returns when the watch is over, or its reader does not keep up."""
    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(_write(watch, context), name="rpc.watch.write")
        broken = tasks.create_task(watch.mailbox.broken.wait(), name="rpc.watch.broken")
        await asyncio.wait({writing, broken}, return_when=asyncio.FIRST_COMPLETED)
        writing.cancel()
        broken.cancel()


async def _write(watch: Watch, context: Context) -> None:
    while (letter := await watch.mailbox.next()) is not None:
        if (event := shapes.event(letter.message)) is not None:
            await context.write(event)
