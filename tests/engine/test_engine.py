"""The whole engine against a host in the test's own process: how the link stands, told truthfully."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine import call, doorstep, lifeline, transport
from app.engine.engine import Engine
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import Event, LinkChanged, LinkState, LocalMedia
from sfu.rtp.errors import ErrorCode
from sfu.rtp.packet import RtpPacket
from sfu.rtp.sdp import Description
from sfu.wire import messages as wire
from tests.engine.answers import answer_to
from tests.engine.clips import write_clip
from tests.engine.fake_host import BEN, ME, WELCOME, Client, fake_host
from tests.engine.ice_lite import IceLiteHost

CONNECTING, LIVE, RECONNECTING = LinkState.CONNECTING, LinkState.LIVE, LinkState.RECONNECTING
LEFT, FAILED = LinkState.LEFT, LinkState.FAILED


class Window:
    """Whoever sits in front of the engine."""

    def __init__(self, devices: Devices) -> None:
        self.events: list[Event] = []
        self.welcomed_at: list[float] = []
        """Meeting time, by the engine's clock, at which each welcome was heard."""
        self._changed = asyncio.Event()
        self.engine = Engine(devices, self._happened)

    def _happened(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, wire.Welcome):
            self.welcomed_at.append(self.engine.clock.at(time.monotonic()))
        self._changed.set()

    @property
    def links(self) -> list[LinkState]:
        return [event.state for event in self.events if isinstance(event, LinkChanged)]

    @property
    def last_link(self) -> LinkChanged:
        return [event for event in self.events if isinstance(event, LinkChanged)][-1]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not happened():
                await self._changed.wait()
                self._changed.clear()

    async def sees(self, state: LinkState) -> None:
        await self.until(lambda: state in self.links)


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Devices:
    clip = write_clip(tmp_path_factory.mktemp("clips") / "tone.webm", seconds=1)
    return Devices(
        lambda device: FileMicrophone(clip, Schedule(0.0)),
        lambda device: FileCamera(clip, Schedule(0.0)),
        lambda device: NullSpeaker(),
    )


@asynccontextmanager
async def window(devices: Devices) -> AsyncIterator[Window]:
    sitting = Window(devices)
    running = asyncio.create_task(sitting.engine.run())
    try:
        yield sitting
    finally:
        running.cancel()
        await asyncio.wait([running])
    assert running.cancelled()


async def in_meeting(client: Client) -> None:
    await client.go_live()
    await client.hear(wire.Leave)


async def test_a_meeting_is_live_once_media_flows_and_left_when_the_person_leaves(
    tmp_path: Path, devices: Devices
) -> None:
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, " Ana "))
        await ana.sees(LIVE)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

        assert ana.links == [CONNECTING, LIVE, LEFT]
        assert host.asked == [{"name": "Ana", "passcode": ""}]
        (welcome,) = [event for event in ana.events if isinstance(event, wire.Welcome)]
        assert ana.welcomed_at == [pytest.approx(welcome.now, abs=2.0)]


async def test_what_is_really_sent_is_what_the_host_is_told(tmp_path: Path, devices: Devices) -> None:
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.SetMicrophone(on=True))
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        media = host.clients[0].media[0]
        async with asyncio.timeout(10):
            await media.rtp.get()
            await media.rtcp.get()
        ana.engine.post(commands.SetMicrophone(on=False))
        await ana.until(lambda: LocalMedia(False, False) in ana.events)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

        told = [message for message in host.clients[0].said if isinstance(message, wire.SetMedia)]
        assert told[-1] == wire.SetMedia(microphone=False, camera=False)
        assert wire.SetMedia(microphone=True, camera=False) in told


async def test_who_is_muted_by_somebody_is_muted_and_says_so(tmp_path: Path, devices: Devices) -> None:
    async def mutes(client: Client) -> None:
        await client.go_live()
        while not (await client.hear(wire.SetMedia)).microphone:
            pass
        for kind in (wire.SourceKind.MICROPHONE, wire.SourceKind.CAMERA):
            await client.say(wire.Muted(kind=kind, by="Ben"))
        while (said := await client.hear(wire.SetMedia)).microphone or said.camera:
            pass
        await client.hear(wire.Leave)

    async with fake_host(tmp_path, mutes) as host, window(devices) as ana:
        ana.engine.post(commands.SetCamera(on=True))
        ana.engine.post(commands.SetMicrophone(on=True))
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)

        await ana.until(lambda: _last(ana).microphone and _last(ana).camera)
        await ana.until(lambda: not (_last(ana).microphone or _last(ana).camera))
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)


def _last(ana: Window) -> LocalMedia:
    return [event for event in ana.events if isinstance(event, LocalMedia)][-1]


async def test_a_voice_keeps_its_noise_only_while_it_is_captioned(tmp_path: Path, devices: Devices) -> None:
    captioned = WELCOME.model_copy(update={"captions": wire.CaptionsState(on=True, available=True)})
    heard: list[bool] = []

    async def captions(client: Client) -> None:
        await client.go_live(captioned)
        await client.hear(wire.AnswerConsent)
        await client.say(wire.Speaking(participants=[]))
        await client.say(wire.CaptionsChanged(captions=wire.CaptionsState(on=False, available=True)))
        await client.hear(wire.Leave)

    async with fake_host(tmp_path, captions) as host, window(devices) as ana:
        vars(ana.engine._voice)["captioned"] = heard.append
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        assert True not in heard
        ana.engine.post(commands.AnswerConsent(captions=True))

        await ana.until(lambda: any(isinstance(event, wire.CaptionsChanged) for event in ana.events))
        assert heard[-2:] == [True, False]
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)


async def test_who_waits_in_a_lobby_is_let_in_and_the_host_may_take_its_time(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "ANSWER_TIMEOUT", 0.2)
    let_in = asyncio.Event()
    pinged: list[wire.Ping] = []

    async def script(client: Client) -> None:
        await client.say(wire.Waiting(you="p1", title="Test", sentence="Wait."))
        pinged.append(await client.hear(wire.Ping))
        await let_in.wait()
        await client.go_live()
        await client.sleep()

    async with fake_host(tmp_path, script) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana", passcode="tulip"))
        await ana.until(lambda: any(isinstance(event, wire.Waiting) for event in ana.events))
        await asyncio.sleep(2 * call.ANSWER_TIMEOUT)
        let_in.set()
        monkeypatch.undo()
        await ana.sees(LIVE)

    assert host.asked[0]["passcode"] == "tulip"
    assert pinged
    assert FAILED not in ana.links


async def test_every_wish_reaches_the_host(tmp_path: Path, devices: Devices) -> None:
    view = wire.View(source="p2/camera", width=320, height=180, priority=4)
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        for wish in (
            commands.Watch((view,)), commands.AnswerConsent(True), commands.SetCaptions(True), commands.RaiseHand(True),
            commands.Chat("Hello"), commands.EndMeeting(), commands.Leave(),
        ):  # fmt: skip
            ana.engine.post(wish)
        await ana.sees(LEFT)

        said = host.clients[0].said
        for expected in (
            wire.Watch(views=[view]), wire.AnswerConsent(captions=True), wire.SetCaptions(on=True), wire.Hand(up=True),
            wire.Say(text="Hello"), wire.End(),
        ):  # fmt: skip
            assert expected in said


async def test_a_lost_socket_is_joined_again_under_the_same_name_with_the_same_answer(
    tmp_path: Path, devices: Devices
) -> None:
    calls = 0

    async def once_lost(client: Client) -> None:
        nonlocal calls
        calls += 1
        await client.go_live()
        if calls == 1:
            await client.hear(wire.AnswerConsent)
            await client.hang_up()
        else:
            await client.hear(wire.Leave)

    async with fake_host(tmp_path, once_lost) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        ana.engine.post(commands.AnswerConsent(True))
        await ana.until(lambda: ana.links.count(LIVE) == 2)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

        assert ana.links == [CONNECTING, LIVE, RECONNECTING, LIVE, LEFT]
        assert host.asked == [{"name": "Ana", "passcode": ""}] * 2
        assert wire.AnswerConsent(captions=True) in host.clients[1].said


async def test_a_socket_that_looks_open_is_not_a_call_when_no_packet_comes(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifeline, "ALIVE_FOR", 0.3)
    monkeypatch.setattr(lifeline, "STAY_FOR", 1.0)
    monkeypatch.setattr(transport, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(call, "LOOK_EVERY", 0.05)
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        host.clients[0].media[0].answers = False

        await ana.sees(RECONNECTING)


async def test_whoever_hears_the_others_and_is_not_heard_is_told(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifeline, "ALIVE_FOR", 0.3)
    monkeypatch.setattr(transport, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(call, "LOOK_EVERY", 0.05)

    async def talk(media: IceLiteHost) -> None:
        while True:
            await media.send(RtpPacket(96, 7, 1_000, 42, b"media").serialize())
            await asyncio.sleep(0.02)

    async def goes_deaf(client: Client) -> None:
        media = await client.go_live()
        media.answers = False
        talking = asyncio.create_task(talk(media))
        try:
            await client.hear(wire.Join)  # which nobody says twice: the session's pings go on being answered
        finally:
            talking.cancel()

    async with fake_host(tmp_path, goes_deaf) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)

        await ana.sees(RECONNECTING)


async def test_who_is_silent_finds_another_way_without_joining_again(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifeline, "MOVE_AFTER", 0.2)
    monkeypatch.setattr(lifeline, "ALIVE_FOR", 0.4)
    monkeypatch.setattr(transport, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(call, "LOOK_EVERY", 0.05)

    async def loses_its_network(client: Client) -> None:
        media = await client.go_live()
        media.answers = False
        again = await client.hear(wire.Offer)
        first = next(said for said in client.said if isinstance(said, wire.Offer))
        assert Description.parse(again.sdp).media[0].ice_pwd != Description.parse(first.sdp).media[0].ice_pwd
        assert [line.sources for line in Description.parse(again.sdp).media] == [
            line.sources for line in Description.parse(first.sdp).media
        ]
        await asyncio.sleep(0.5)
        media.answers = True
        await client.say(wire.Answer(sdp=answer_to(again.sdp, media.remote), slots=[]))
        await client.hear(wire.Leave)

    async with fake_host(tmp_path, loses_its_network) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.until(lambda: ana.links.count(LIVE) == 2)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

    assert ana.links == [CONNECTING, LIVE, RECONNECTING, LIVE, LEFT]
    assert len(host.asked) == 1


async def test_a_hand_that_was_up_is_up_again_after_joining_again(tmp_path: Path, devices: Devices) -> None:
    calls = 0

    async def once_lost(client: Client) -> None:
        nonlocal calls
        calls += 1
        await client.go_live()
        if calls == 1:
            await client.say(wire.Changed(participant=ME.model_copy(update={"hand": 3.0})))
            await asyncio.sleep(0.1)
            await client.hang_up()
        else:
            await client.hear(wire.Hand)
            await client.hear(wire.Leave)

    async with fake_host(tmp_path, once_lost) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.until(lambda: ana.links.count(LIVE) == 2)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

    assert wire.Hand(up=True) in host.clients[1].said


async def test_whose_address_is_gone_joins_again_at_once(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        monkeypatch.setattr(call, "own_addresses", lambda: frozenset({"192.0.2.1"}))
        await ana.sees(RECONNECTING)
        monkeypatch.undo()
        await ana.until(lambda: ana.links.count(LIVE) == 2)

    assert len(host.asked) == 2


async def test_a_computer_that_slept_joins_again_at_once_though_its_own_clock_stood_still(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = 0.0
    monkeypatch.setattr(call, "steady_clock", lambda: time.monotonic() + asleep)
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        asleep = 60.0

        await ana.until(lambda: ana.links.count(LIVE) == 2)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

    assert ana.links == [CONNECTING, LIVE, RECONNECTING, LIVE, LEFT]


async def test_who_does_not_come_back_is_told_so(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifeline, "GIVE_UP_AFTER", 0.4)

    async def gone(client: Client) -> None:
        await client.go_live()
        host.refuse = 503, ""
        await client.hang_up()

    async with fake_host(tmp_path, gone) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(FAILED)

        assert ana.links[:3] == [CONNECTING, LIVE, RECONNECTING]
        assert ana.last_link.code == ErrorCode.HOST_UNREACHABLE
        assert "did not come back" in ana.last_link.sentence


async def test_between_two_attempts_leaving_works_at_once(tmp_path: Path, devices: Devices) -> None:
    async def gone(client: Client) -> None:
        await client.go_live()
        host.refuse = 503, ""
        await client.hang_up()

    async with fake_host(tmp_path, gone) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(RECONNECTING)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)


async def test_a_wrong_link_fails_with_a_sentence_and_the_next_one_may_work(tmp_path: Path, devices: Devices) -> None:
    async with fake_host(tmp_path, in_meeting) as host, window(devices) as ana:
        ana.engine.post(commands.Join("nonsense", "Ana"))
        await ana.sees(FAILED)
        assert ana.last_link.code == ErrorCode.BAD_LINK

        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)


async def test_a_fatal_error_of_the_host_ends_the_meeting_with_its_sentence(tmp_path: Path, devices: Devices) -> None:
    async def throws_out(client: Client) -> None:
        await client.go_live()
        await client.say(wire.Error(code="not_allowed", sentence="The host removed you.", fatal=True))
        await client.sleep()

    async with fake_host(tmp_path, throws_out) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(FAILED)

        assert ana.last_link == LinkChanged(FAILED, ErrorCode.NOT_ALLOWED, "The host removed you.")


async def test_a_meeting_that_ends_says_why_and_is_not_joined_again(tmp_path: Path, devices: Devices) -> None:
    async def ends(client: Client) -> None:
        await client.go_live()
        await client.say(wire.Left(participant=BEN.id), wire.Ended(reason="Good night."))
        await client.sleep()

    async with fake_host(tmp_path, ends) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LEFT)

        assert ana.last_link.sentence == "Good night."
        assert len(host.asked) == 1


async def test_an_answer_that_is_no_sdp_is_the_hosts_fault_and_said(tmp_path: Path, devices: Devices) -> None:
    async def mumbles(client: Client) -> None:
        await client.say(WELCOME)
        await client.hear(wire.Offer)
        await client.say(wire.Answer(sdp="v=1", slots=[]))
        await client.sleep()

    async with fake_host(tmp_path, mumbles) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(FAILED)

        assert ana.last_link.code == ErrorCode.BAD_SDP


async def test_a_host_that_never_answers_is_not_waited_for_for_ever(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "ANSWER_TIMEOUT", 0.2)

    async with fake_host(tmp_path, Client.sleep) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(FAILED)

        assert ana.last_link.code == ErrorCode.HOST_UNREACHABLE


async def test_a_bug_of_ours_ends_the_engine_loudly(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(link: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(doorstep, "parse_wanted", broken)
    sitting = Window(devices)
    sitting.engine.post(commands.Join("https://x", "Ana"))

    with pytest.raises(ExceptionGroup) as bug:
        await sitting.engine.run()

    assert bug.group_contains(ZeroDivisionError)


async def test_a_lost_socket_is_replaced_while_the_media_goes_on(tmp_path: Path, devices: Devices) -> None:
    async def once_lost(client: Client) -> None:
        if isinstance(client.first, wire.Resume):
            heard = len([said for said in host.clients[0].said if not isinstance(said, wire.Ping)])
            await client.say(wire.Resumed(you=ME.id, media=client.first.media, heard=heard, now=101.0))
            await client.say(wire.Notice(code="test", sentence="Back."))
            await client.hear(wire.Leave)
        else:
            await client.go_live(WELCOME.model_copy(update={"key": "k" * 24}))
            await client.hear(wire.SetMedia)
            await client.hang_up()

    async with fake_host(tmp_path, once_lost) as host, window(devices) as ana:
        ana.engine.post(commands.SetMicrophone(on=True))
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.until(lambda: wire.Notice(code="test", sentence="Back.") in ana.events)
        before = ana.engine.packets[0]
        await ana.until(lambda: ana.engine.packets[0] > before)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

        assert ana.links == [CONNECTING, LIVE, LEFT]  # nobody needs to know
        assert len(host.asked) == 1
        assert len(host.clients[0].media) == 1
        assert not [said for said in host.clients[1].said if isinstance(said, wire.Offer)]


async def test_who_lost_everything_comes_back_to_the_same_place_with_new_media(
    tmp_path: Path, devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def back(client: Client) -> None:
        if isinstance(client.first, wire.Resume):
            await client.go_live(wire.Resumed(you=ME.id, media=False, heard=1, now=101.0))
        else:
            await client.go_live(WELCOME.model_copy(update={"key": "k" * 24}))
        await client.hear(wire.Leave)

    async with fake_host(tmp_path, back) as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LIVE)
        monkeypatch.setattr(call, "own_addresses", lambda: frozenset({"192.0.2.1"}))
        await ana.sees(RECONNECTING)
        monkeypatch.undo()
        ana.engine.post(commands.Chat("Meanwhile."))
        await ana.until(lambda: ana.links.count(LIVE) == 2)
        ana.engine.post(commands.Leave())
        await ana.sees(LEFT)

        assert len(host.asked) == 1
        assert isinstance(host.clients[1].first, wire.Resume)
        assert not host.clients[1].first.media
        assert wire.Say(text="Meanwhile.") in host.clients[1].said
        assert len([event for event in ana.events if isinstance(event, wire.Welcome)]) == 1
