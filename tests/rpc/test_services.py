from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from sfu.core.backlog import CAPACITY
from sfu.core.captions import Heard
from sfu.rpc import parley_pb2 as pb
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.core.people import offer
from tests.host.front import CODE, HOST_TOKEN, LOOPBACK, Front
from tests.host.test_services import ANA, signed_in
from tests.host.test_session import captioned
from tests.rpc.programs import bearer, program, refused, watch
from tests.system.waiting import until

HOST = bearer(HOST_TOKEN)
STATUS = grpc.StatusCode


def on(meeting: str = CODE) -> pb.MeetingRequest:
    return pb.MeetingRequest(meeting=meeting)


async def account(running: Front, **changed: str) -> str:
    """The token of somebody with an account."""
    async with running.http() as client:
        return (await signed_in(client, **changed))["Authorization"].removeprefix("Bearer ")


async def test_an_account_sees_itself_whole_and_of_others_the_name(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        ana, ben = await account(asking.front), await account(asking.front, name="Ben")
        me = await asking.users.GetUser(pb.GetUserRequest(), metadata=bearer(ana))
        seen = await asking.users.GetUser(pb.GetUserRequest(id=me.id), metadata=bearer(ben))

    assert (me.name, me.email) == ("Ana", ANA["email"])
    assert seen == pb.User(id=me.id, name="Ana")


async def test_whose_a_token_is(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        ana = await account(asking.front)
        async with asking.front.joined("Ben") as ben:
            known = [await asking.users.ValidateToken(pb.ValidateTokenRequest(token=token))
                     for token in (HOST_TOKEN, ana, ben.welcome.key, "", "x" * 5_000)]  # fmt: skip
            await ben.say(wire.Leave())
            await ben.closed()
        await asking.front.conference.settled()
        gone = await asking.users.ValidateToken(pb.ValidateTokenRequest(token=ben.welcome.key))

    assert [each.WhichOneof("owner") for each in known] == ["host", "user", "in_meeting", None, None]
    assert [each.valid for each in known] == [True, True, True, False, False]
    assert known[1].user.email == ANA["email"]
    assert (known[2].in_meeting.name, known[2].in_meeting.role) == ("Ben", pb.ROLE_MEMBER)
    assert not gone.valid


async def test_a_meeting_is_planned_listed_started_and_ended(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        ana = bearer(await account(asking.front))
        wanted = pb.CreateRequest(title="Trip", starts_at=1_800_000_000, invited=["ben@example.org"])
        made = await asking.meetings.Create(wanted, metadata=ana)
        planned = await asking.meetings.List(pb.ListRequest(state=pb.MEETING_STATE_SCHEDULED), metadata=ana)
        early = await refused(asking.meetings.End(on(made.id), metadata=ana))
        started = await asking.meetings.Start(on(made.code), metadata=ana)
        again = await refused(asking.meetings.Start(on(made.id), metadata=ana))
        await asking.meetings.End(on(made.id), metadata=ana)
        async with asking.front.http(Authorization=f"Bearer {HOST_TOKEN}") as client:
            over_http = (await client.get(f"/api/meetings/{made.id}")).json()

    assert (made.title, made.minutes, made.HasField("began_at")) == ("Trip", 60, False)
    assert [each.id for each in planned.meetings] == [made.id]
    assert (started.state, over_http["title"]) == (pb.MEETING_STATE_LIVE, "Trip")
    assert early == again == (STATUS.FAILED_PRECONDITION, ErrorCode.TAKEN)


async def test_who_was_there_is_listed_as_they_came(tmp_path: Path) -> None:
    async with program(tmp_path) as asking, asking.front.joined("Hana", HOST_TOKEN):
        async with asking.front.joined("Ben") as ben:
            await ben.say(wire.Leave())
            await ben.closed()
        await asking.front.conference.settled()
        found = (await asking.meetings.ListParticipants(on(), metadata=HOST)).participants

    assert [(each.name, each.role, each.HasField("went")) for each in found] == [
        ("Hana", pb.ROLE_HOST, False), ("Ben", pb.ROLE_MEMBER, True)
    ]  # fmt: skip


async def test_the_rules_are_those_of_the_http_api(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        ana, eve = bearer(await account(asking.front)), bearer(await account(asking.front, name="Eve"))
        made = await asking.meetings.Create(pb.CreateRequest(title="Mine"), metadata=ana)
        calls: list[Awaitable[Any]] = [
            asking.meetings.Get(on(made.id), metadata=eve),
            asking.meetings.Start(on(made.id), metadata=eve),
            asking.meetings.ListParticipants(on(made.id), metadata=eve),
            asking.meetings.Get(on(made.id)),
            asking.meetings.Get(on(made.id), metadata=bearer("wrong")),
            asking.users.GetUser(pb.GetUserRequest(id="nobody"), metadata=ana),
            asking.users.GetUser(pb.GetUserRequest(), metadata=HOST),
        ]
        found = [await refused(call) for call in calls]

    assert found == [
        *[(STATUS.NOT_FOUND, ErrorCode.NOT_FOUND)] * 3, *[(STATUS.UNAUTHENTICATED, ErrorCode.BAD_TOKEN)] * 2,
        (STATUS.NOT_FOUND, ErrorCode.NOT_FOUND), (STATUS.UNAUTHENTICATED, ErrorCode.BAD_TOKEN),
    ]  # fmt: skip


OUT_OF_BOUNDS = [
    pb.CreateRequest(),
    pb.CreateRequest(title="x" * 200),
    pb.CreateRequest(title="\x00\x01"),
    pb.CreateRequest(title="x", minutes=0),
    pb.CreateRequest(title="x", starts_at=float("nan")),
    pb.CreateRequest(title="x", starts_at=1e300),
    pb.CreateRequest(title="x", invited=["a@b\r\nBcc: all@example.org"]),
    pb.CreateRequest(title="x", invited=["a@example.org"] * 300),
    pb.ListRequest(most=501),
    pb.ListRequest(skip=4_000_000_000),
]


async def test_what_is_out_of_bounds_is_an_invalid_argument(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        calls = {pb.CreateRequest: asking.meetings.Create, pb.ListRequest: asking.meetings.List}
        found = {await refused(calls[type(wanted)](wanted, metadata=HOST)) for wanted in OUT_OF_BOUNDS}

    assert found == {(STATUS.INVALID_ARGUMENT, ErrorCode.BAD_FRAME)}


async def test_a_request_above_a_frame_and_one_that_is_none_cost_nobody_else_anything(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        raw = asking.channel.unary_unary("/parley.v1.MeetingService/Get")
        with pytest.raises(grpc.aio.AioRpcError) as large:
            await raw(pb.MeetingRequest(meeting="x" * wire.MAX_FRAME).SerializeToString())
        with pytest.raises(grpc.aio.AioRpcError) as noise:
            await raw(b"\xff" * 100)
        with pytest.raises(grpc.aio.AioRpcError) as unknown:
            await asking.channel.unary_unary("/parley.v1.MeetingService/Delete")(b"")

        assert (await asking.meetings.Get(on(), metadata=HOST)).code == CODE
    assert large.value.code() is STATUS.RESOURCE_EXHAUSTED
    assert noise.value.code() is STATUS.UNKNOWN  # as the library answers what is no message
    assert unknown.value.code() is STATUS.UNIMPLEMENTED


async def test_health_and_reflection_answer_without_a_token(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        wanted = health_pb2.HealthCheckRequest(service="parley.v1.MeetingService")
        healthy = await health_pb2_grpc.HealthStub(asking.channel).Check(wanted, wait_for_ready=True)
        stub = reflection_pb2_grpc.ServerReflectionStub(asking.channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        names = [service.name for service in (await call.read()).list_services_response.service]

    assert healthy.status == health_pb2.HealthCheckResponse.SERVING
    assert {"parley.v1.UserService", "parley.v1.MeetingService", "grpc.health.v1.Health"} <= set(names)


async def test_a_certificate_issued_anew_is_shown_from_the_next_handshake_on(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        asking.front.certificates.issue([LOOPBACK], ["other.local"])
        async with asking.another() as later:
            assert (await later.meetings.Get(on(), metadata=HOST)).code == CODE


async def test_a_watcher_is_told_what_everybody_in_the_meeting_is_told(tmp_path: Path) -> None:
    async with program(tmp_path) as asking, asking.front.joined("Hana", HOST_TOKEN) as hana:
        captioned(asking.front)
        watching = watch(asking, CODE, HOST_TOKEN)
        snapshot = await watching.next("snapshot")
        async with asking.front.joined("Ben") as ben:
            joined = await watching.next("joined")
            await hana.say(wire.Say(text="secret", to=ben.you))
            await hana.say(wire.Say(text="广州见"))
            said = await watching.next("chat")
            await ben.say(wire.React(reaction=wire.Reaction.CLAP))
            reacted = await watching.next("reacted")
            await ben.say(offer())
            await ben.hear(wire.Answer)
            await ben.say(wire.AnswerConsent(captions=True))
            await ben.lives()
            (stream,) = asking.front.streams.now_open
            asking.front.conference.heard(Heard(stream, 1, "Good morning", "", True, "en", 101.0, 102.0, 0.9))
            caption = await watching.next("caption")
        left = await watching.next("left")
        await hana.say(wire.End())
        rest = await watching.rest()

    assert [each.name for each in snapshot.participants] == ["Hana"]
    assert (joined.name, said.text, reacted.reaction, left.participant) == ("Ben", "广州见", "clap", ben.you)
    assert (caption.name, caption.committed, caption.final) == ("Ben", "Good morning", True)
    assert rest[-1] == "ended"
    assert await watching.call.code() is STATUS.OK


async def test_whoever_is_removed_watches_no_longer(tmp_path: Path) -> None:
    async with program(tmp_path) as asking, asking.front.joined("Hana", HOST_TOKEN) as hana:
        eve = await account(asking.front, name="Eve")
        async with asking.front.joined("Eve", eve) as guest:
            with_key, with_account = watch(asking, CODE, guest.welcome.key), watch(asking, CODE, eve)
            for watching in (with_key, with_account):
                await watching.next("snapshot")
            await hana.say(wire.Remove(participant=guest.you))
            ends = [await watching.rest() for watching in (with_key, with_account)]
            again = await refused(watch(asking, CODE, eve).call.read())
            owner = watch(asking, CODE, HOST_TOKEN)

            assert [each.name for each in (await owner.next("snapshot")).participants] == ["Hana"]
    assert [end[-1] for end in ends] == ["left", "left"]
    assert again == (STATUS.PERMISSION_DENIED, ErrorCode.NOT_ALLOWED)


async def test_a_watch_does_not_go_on_into_somebody_elses_meeting(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        ana, ben = await account(asking.front), await account(asking.front, name="Ben")
        mine = await asking.meetings.Create(pb.CreateRequest(title="Ana's"), metadata=bearer(ana))
        other = await asking.meetings.Create(pb.CreateRequest(title="Ben's"), metadata=bearer(ben))
        early = await refused(watch(asking, mine.id, ana).call.read())
        await asking.meetings.Start(on(mine.id), metadata=bearer(ana))
        watching = watch(asking, mine.id, ana)
        await watching.next("snapshot")
        await asking.meetings.Start(on(other.id), metadata=bearer(ben))

        assert await watching.rest() == []
        assert early == (STATUS.FAILED_PRECONDITION, ErrorCode.TAKEN)


async def test_a_watcher_that_does_not_read_is_let_go_while_the_others_keep_up(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        stuck, quick = watch(asking, CODE, HOST_TOKEN), watch(asking, CODE, HOST_TOKEN)
        for watching in (stuck, quick):
            await watching.next("snapshot")
        async with asyncio.timeout(60):
            while len(asking.front.conference.watchers) == 2:
                for _ in range(CAPACITY // 2):
                    asking.front.conference.notice("news", "新" * 500)
                for _ in range(CAPACITY // 2):
                    await quick.next("notice")
        asking.front.conference.end("Enough.")

        assert (await quick.rest())[-1] == "ended"
        with pytest.raises(grpc.aio.AioRpcError) as let_go:
            await stuck.rest()
    assert let_go.value.code() is STATUS.RESOURCE_EXHAUSTED
    assert let_go.value.details().startswith("You read too slowly")


async def test_whoever_hangs_up_leaves_nothing_behind(tmp_path: Path) -> None:
    async with program(tmp_path) as asking:
        watching = watch(asking, CODE, HOST_TOKEN)
        await watching.next("snapshot")
        watching.call.cancel()

        async def gone() -> bool:
            return not len(asking.front.conference.watchers)

        await until(gone, "the watch to end", 10.0)
