from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from app.headless import HeadlessParticipant, Options, main, parse_arguments
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.engine.fake_host import BEN, Client, fake_host


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "tone.webm", seconds=0.5)


def options(link: str, media: Path | None = None, consent: bool | None = None) -> Options:
    return Options(link, "Ana", media, None, seconds=10.0, start_at=0.0, consent=consent)


async def test_a_participant_sends_its_file_watches_every_camera_and_answers_the_notice(
    tmp_path: Path, clip: Path
) -> None:
    async def meeting(client: Client) -> None:
        media = await client.go_live()
        await client.say(wire.Changed(participant=BEN.model_copy(update={"camera": True})))
        while [view.source for view in (await client.hear(wire.Watch)).views] != ["p2/camera"]:
            pass
        await media.rtp.get()
        await client.say(wire.Ended(reason="That was all."))
        await client.sleep()

    async with fake_host(tmp_path, meeting) as host:
        participant = HeadlessParticipant(options(host.link, clip, consent=True))
        await participant.run(asyncio.Event())
        said = host.clients[0].said

    report = participant.report()
    assert wire.AnswerConsent(captions=True) in said
    assert (report["state"], report["sentence"]) == ("left", "That was all.")
    assert report["roster"] == {"p1": "Ana", "p2": "Ben"}
    assert report["packets"]["sent"] > 0
    assert report["media_started"] is not None
    assert json.loads(json.dumps(report)) == report


async def test_asked_to_stop_it_leaves_politely(tmp_path: Path) -> None:
    stop = asyncio.Event()

    async def meeting(client: Client) -> None:
        await client.go_live()
        stop.set()
        await client.hear(wire.Leave)

    async with fake_host(tmp_path, meeting) as host:
        participant = HeadlessParticipant(options(host.link))
        await participant.run(stop)

        assert any(isinstance(message, wire.Leave) for message in host.clients[0].said)
    assert participant.report()["state"] == "left"


async def test_captions_are_written_down_with_the_instant_at_which_they_came(tmp_path: Path) -> None:
    caption = wire.Caption(segment="s1", speaker="p2", name="Ben", committed="Hello", tail=" you", start=1.0, end=2.0)

    async def meeting(client: Client) -> None:
        await client.go_live()
        await client.say(caption, wire.Ended())
        await client.sleep()

    async with fake_host(tmp_path, meeting) as host:
        participant = HeadlessParticipant(options(host.link))
        await participant.run(asyncio.Event())

    (heard,) = participant.report()["captions"]
    assert (heard["segment"], heard["name"], heard["committed"], heard["tail"]) == ("s1", "Ben", "Hello", " you")
    assert heard["at"] > participant.report()["started"]


async def test_a_full_meeting_is_an_error_with_the_hosts_sentence(tmp_path: Path) -> None:
    problem = wire.Problem(title="Full", status=403, detail="The meeting is full.", code=ErrorCode.MEETING_FULL)
    async with fake_host(tmp_path, Client.sleep) as host:
        host.refuse = 403, problem.model_dump_json()

        with pytest.raises(UserError, match=r"The meeting is full\."):
            await HeadlessParticipant(options(host.link)).run(asyncio.Event())


def test_a_wrong_link_is_one_sentence_status_2_and_still_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "ana.json"

    status = main(["nonsense", "--name", "Ana", "--report", str(report)])

    assert status == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert json.loads(report.read_text())["state"] == "failed"
    assert list(tmp_path.iterdir()) == [report]


def test_a_missing_media_file_is_a_sentence_before_anybody_is_joined(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense", "--name", "Ana", "--media", "nowhere.mp4"]) == 2
    assert "nowhere.mp4 cannot be played" in capsys.readouterr().err


def test_the_command_line_is_what_the_demo_writes() -> None:
    line = "LINK --name Ana --media a.mp4 --headless --report r.json --seconds 5 --start-at 3.5 --consent-captions no"

    given = parse_arguments(line.split())

    assert given == Options("LINK", "Ana", Path("a.mp4"), Path("r.json"), 5.0, 3.5, consent=False)
