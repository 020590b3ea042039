"""Clients over real sockets.  Whatever one of them does, the other's meeting goes on."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from sfu.core.backlog import CAPACITY
from sfu.core.captions import Heard
from sfu.core.captions_health import Health
from sfu.host import places
from sfu.host import session as session_module
from sfu.host.session import MESSAGES_BURST
from sfu.host.tokens import Tokens
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode
from sfu.store import records
from sfu.wire import messages as wire
from tests.core.people import meeting, offer
from tests.host.front import HOST_TOKEN, Client, Front, front, full_disk


async def refused(client: Client, message: wire.Message | str) -> wire.Error:
    await client.say(message)
    error = await client.hear(wire.Error)
    assert error.sentence.endswith((".", ")."))
    return error


def captioned(running: Front) -> None:
    running.conference.inference(Health(up=True, available=True, sentence=""))


# -- getting in ----------------------------------------------------------------------------------------------


async def test_who_joins_is_welcomed_and_seen(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        joined = await ana.hear(wire.Joined)

        assert joined.participant.id == ben.you
        assert joined.participant.name == "Ben"


async def test_a_token_is_good_once(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        token = await running.token("Ben")
        async with running.socket() as first:
            await first.join(token)
            async with running.socket() as second:
                error = await refused(second, join(token))

                assert (error.code, error.fatal) == (ErrorCode.BAD_TOKEN, True)
                assert await second.closed() == 1008
            await first.lives()
        await ana.lives()


@pytest.mark.parametrize("kind", ["another host", "another meeting", "expired", "nonsense"])
async def test_a_token_that_is_not_good_says_how_to_get_one(tmp_path: Path, kind: str) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.socket() as client:
        now = time.time()
        tokens = {
            "another host": Tokens(b"x" * 32, running.certificates.pin).issue("m1", "Eve", wire.Role.HOST, now),
            "another meeting": running.tokens.issue("m2", "Eve", wire.Role.MEMBER, now),
            "expired": running.tokens.issue("m1", "Eve", wire.Role.MEMBER, now - 61),
            "nonsense": "nonsense",
        }

        error = await refused(client, join(tokens[kind]))

        assert (error.code, error.fatal) == (ErrorCode.BAD_TOKEN, True)
        assert "Open the meeting link again" in error.sentence
        await ana.lives()


@pytest.mark.parametrize("first", [wire.Ping(n=1), wire.Leave(), "nonsense", '{"type":"welcome"}'])
async def test_who_does_not_join_first_is_shown_out(tmp_path: Path, first: wire.Message | str) -> None:
    async with front(tmp_path) as running, running.socket() as client:
        assert (await refused(client, first)).fatal
        assert await client.closed() == 1008


async def test_a_protocol_from_the_future_says_to_install_the_same_version(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.socket() as client:
        later = join(await running.token("Ana")).model_copy(update={"protocol": 2})

        assert "same Parley" in (await refused(client, later)).sentence


async def test_who_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "JOIN_DEADLINE", 0.1)

    async with front(tmp_path) as running, running.socket() as client:
        assert "too long" in (await client.hear(wire.Error)).sentence
        assert await client.closed() == 1008


async def test_a_meeting_that_fills_up_meanwhile_is_full(tmp_path: Path) -> None:
    async with front(tmp_path, meeting(capacity=1)) as running:
        tokens = [await running.token("Ana"), await running.token("Ben")]
        async with running.socket() as ana, running.socket() as ben:
            await ana.join(tokens[0])

            assert (await refused(ben, join(tokens[1]))).code == ErrorCode.MEETING_FULL
            await ana.lives()


async def test_another_sites_page_gets_no_socket(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        with pytest.raises(InvalidStatus) as answer:
            async with running.socket(origin="https://evil.example"):
                pass

    assert answer.value.response.status_code == 403


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"type":"teleport"}', ErrorCode.UNKNOWN_MESSAGE),
        ("nonsense", ErrorCode.BAD_FRAME),
        ('{"type":"media","microphone":"loud","camera":1}', ErrorCode.BAD_FRAME),
        (wire.Offer(sdp="v=0\r\nnonsense"), ErrorCode.BAD_SDP),
        (wire.End(), ErrorCode.NOT_ALLOWED),
        (wire.Join(protocol=1, token="x", client=wire.ClientKind.DESKTOP), ErrorCode.BAD_SEQUENCE),
    ],
)
async def test_what_is_refused_costs_a_sentence_and_nothing_else(
    tmp_path: Path, message: wire.Message | str, code: ErrorCode
) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        error = await refused(ben, message)

        assert (error.code, error.fatal) == (code, False)
        await ben.lives()
        await ana.lives()


async def test_a_binary_frame_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        await ana.socket.send(b"\x00\x01")

        assert (await ana.hear(wire.Error)).code == ErrorCode.BAD_FRAME
        await ana.lives()


@pytest.mark.parametrize("size", [wire.MAX_FRAME + 1, 4 * wire.MAX_FRAME + 1])
async def test_an_oversized_frame_ends_its_sender_alone(tmp_path: Path, size: int) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        await ben.say("x" * size)

        assert await ben.closed() == 1009
        assert (await ana.hear(wire.Left)).participant == ben.you
        await ana.lives()


async def test_an_oversized_frame_is_explained_when_it_can_still_be_read(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        error = await refused(ana, "x" * (wire.MAX_FRAME + 1))

        assert (error.code, error.fatal) == (ErrorCode.TOO_LARGE, True)


async def test_a_client_that_floods_is_shown_out(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        for n in range(int(MESSAGES_BURST) + 50):
            await ben.say(wire.Ping(n=n))

        assert (await ben.hear(wire.Error)).code == ErrorCode.TOO_MANY
        assert await ben.closed() == 1008
        await ana.lives()


async def test_a_client_that_does_not_read_is_let_go_while_the_others_keep_up(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        token = await running.token("Ben")
        async with running.socket(receive_buffer=4096) as ben:
            await ben.join(token)
            ben.socket.transport.pause_reading()
            async with asyncio.timeout(60):
                while len(running.conference.meeting.roster()) == 2:
                    for _ in range(CAPACITY // 2):
                        running.conference.notice("test", "x" * 500)
                    await ana.lives()
                    await asyncio.sleep(0.05)  # pings of hers count as messages too
            ben.socket.transport.abort()

        assert [person.id for person in running.conference.meeting.roster()] == [ana.you]
        await ana.lives()


# -- media and captions --------------------------------------------------------------------------------------


async def test_an_offer_is_answered_and_the_forwarder_knows(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        await ana.say(offer())
        answer = await ana.hear(wire.Answer)

        (peer,) = running.forwarder.of(link.AddPeer)
        assert peer.peer == ana.you
        assert [slot.mid for slot in answer.slots] == ["2", "3", "4", "5"]


async def test_leaving_is_told_and_the_forwarder_forgets(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        async with running.joined("Ben") as ben:
            await ben.say(offer())
            await ben.hear(wire.Answer)
            await ben.say(wire.Leave())

            assert await ben.closed() == 1000
        left = await ana.hear(wire.Left)

        assert (left.participant, left.reason) == (ben.you, "")
        assert running.forwarder.of(link.RemovePeer) == [link.RemovePeer(peer=ben.you)]


async def test_a_socket_that_breaks_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "GRACE", 0.2)
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben:
        ben.socket.transport.abort()

        assert (await ana.hear(wire.Left)).reason == "The connection was lost."


async def test_consent_opens_a_stream_and_captions_carry_the_name(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ana") as other:
        captioned(running)
        await other.say(offer())
        await other.hear(wire.Answer)
        await other.say(wire.AnswerConsent(captions=True))
        await other.lives()
        (stream,) = running.streams.now_open
        running.conference.heard(Heard(stream, 1, "Hello.", "", True, "en", 101.0, 102.0, 0.9))

        caption = await ana.hear(wire.Caption)

        assert (caption.name, caption.committed, caption.final) == ("Ana (2)", "Hello.", True)
        assert running.forwarder.of(link.OpenTap) == [link.OpenTap(source="p2/microphone", stream=stream)]
        (stored,) = running.archive.store.read(partial(records.transcript, meeting="m1")).result()
        assert stored.text == "Hello."


async def test_a_full_disk_is_told_once_and_captions_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        captioned(running)
        await ana.say(offer())
        await ana.say(wire.AnswerConsent(captions=True))
        await ana.lives()
        monkeypatch.setattr(running.archive, "keep", full_disk)

        for segment in (1, 2):
            running.conference.heard(Heard("p1-1", segment, "Hello.", "", True, "en", 101.0, 102.0, 0.9))

        assert "no room" in (await ana.hear(wire.Notice)).sentence
        assert (await ana.hear(wire.Caption)).segment == "p1-1-1"
        assert (await ana.hear(wire.Caption)).segment == "p1-1-2"
        assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == ["records not kept"]


async def test_what_was_captioned_while_the_disk_was_full_is_in_the_transcript_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana:
        captioned(running)
        await ana.say(offer())
        await ana.say(wire.AnswerConsent(captions=True))
        await ana.lives()
        with monkeypatch.context() as full:
            full.setattr(running.archive, "keep", full_disk)
            for segment in (1, 2):
                running.conference.heard(Heard("p1-1", segment, f"Lost {segment}.", "", True, "en", 101.0, 102.0, 0.9))
            await running.conference.settled()

        running.conference.heard(Heard("p1-1", 3, "There is room.", "", True, "en", 103.0, 104.0, 0.9))
        await running.conference.settled()

        stored = running.archive.store.read(partial(records.transcript, meeting="m1")).result()
    assert [line.text for line in stored] == ["Lost 1.", "Lost 2.", "There is room."]
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == ["records not kept"]


async def test_the_host_ends_the_meeting_for_everybody(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana", HOST_TOKEN) as ana, running.joined("Ben") as ben:
        await ana.say(wire.End())

        for client in (ana, ben):
            assert (await client.hear(wire.Ended)).reason == "Ana ended the meeting."
            assert await client.closed() == 1000
        assert running.conference.finished.is_set()


def join(token: str) -> wire.Join:
    return wire.Join(protocol=wire.PROTOCOL, token=token, client=wire.ClientKind.DESKTOP)
