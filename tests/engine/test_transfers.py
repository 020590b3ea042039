"""Files to and from a real host, over a wire that is cut: each arrives whole and once, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine import transfers
from app.engine.invite import Invite
from app.engine.pinning import looked_at
from app.engine.transfers import Transfers
from app.session import commands
from app.session.events import Event, TransferChanged
from app.session.files import Stage, Transfer
from sfu.wire import messages as wire
from tests.host.front import CODE, HOST_TOKEN, Client, Front, front
from tests.system.relay import Relay, relay

CONTENT = bytes(range(256)) * 100


class Desk:
    """Somebody in the meeting who shares and saves."""

    def __init__(self, invite: Invite, client: Client, tasks: asyncio.TaskGroup) -> None:
        self.client = client
        self.tasks = tasks
        self.told: list[Transfer] = []
        self.said: list[wire.ClientMessage] = []
        self.invite = invite
        self._news = asyncio.Event()
        self.transfers = Transfers(self._happened, self.said.append)
        self.transfers.heard(client.welcome, invite)

    def _happened(self, event: Event) -> None:
        assert isinstance(event, TransferChanged)
        self.told.append(event.transfer)
        self._news.set()

    def share(self, path: Path) -> None:
        self.transfers.share(commands.ShareFile(str(path)), self.tasks)

    def fetch(self, file: wire.SharedFile, folder: Path) -> None:
        self.transfers.heard(wire.FileChanged(file=file), self.invite)
        self.transfers.fetch(commands.FetchFile(file.id, str(folder)), self.tasks)

    async def sees(self, wanted: Callable[[Transfer], bool]) -> Transfer:
        async with asyncio.timeout(20):
            while not (found := [transfer for transfer in self.told if wanted(transfer)]):
                self._news.clear()
                await self._news.wait()
        return found[-1]

    async def ends(self, stage: Stage) -> Transfer:
        over = (Stage.DONE, Stage.FAILED, Stage.CANCELLED)
        last = await self.sees(lambda transfer: transfer.stage in over)
        assert last.stage is stage, last.sentence
        return last


@asynccontextmanager
async def desk(running: Front, client: Client, between: Relay | None = None) -> AsyncIterator[Desk]:
    port = between.port if between is not None else running.port
    _, pin = await looked_at("127.0.0.1", port)
    async with asyncio.TaskGroup() as tasks:
        sitting = Desk(Invite("127.0.0.1", port, CODE, pin), client, tasks)
        yield sitting
        sitting.transfers.leave()


@pytest.fixture(autouse=True)
def small_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "PIECE", 5_000)
    monkeypatch.setattr(transfers, "BLOCK", 1_000)
    monkeypatch.setattr(transfers, "TELL_EVERY", 1_000)
    monkeypatch.setattr(transfers, "PAUSES", (0.1,))


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    path.write_bytes(CONTENT)
    return path


def content(path: Path | str) -> bytes:
    return Path(path).read_bytes()


async def ready(client: Client) -> wire.SharedFile:
    while (file := (await client.hear(wire.FileChanged)).file).state is not wire.FileState.READY:
        pass
    shared: wire.SharedFile = file
    return shared


async def test_a_file_goes_to_the_host_and_from_there_into_a_folder(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, running.joined("Ben") as ben,
        desk(running, ana) as sender, desk(running, ben) as reader,
    ):  # fmt: skip
        sender.share(plan)
        file = await ready(ben)
        await sender.ends(Stage.DONE)
        reader.fetch(file, tmp_path / "saved")
        saved = await reader.ends(Stage.DONE)

    assert (file.name, file.owner_name) == ("plan.pdf", "Ana")
    assert Path(saved.path) == tmp_path / "saved" / "plan.pdf"
    assert content(saved.path) == CONTENT
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["plan.pdf"]
    assert len({transfer.moved for transfer in sender.told}) > 5  # it shows how far it is


async def test_what_is_there_already_is_not_written_over(tmp_path: Path, plan: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "plan.pdf").write_text("mine")
    async with front(tmp_path / "data") as running, running.joined("Ana") as ana, desk(running, ana) as sitting:
        sitting.share(plan)
        file = await ready(ana)
        await sitting.ends(Stage.DONE)
        sitting.told.clear()
        sitting.fetch(file, tmp_path / "saved")
        saved = await sitting.ends(Stage.DONE)

    assert Path(saved.path).name == "plan (2).pdf"
    assert (tmp_path / "saved" / "plan.pdf").read_text() == "mine"


async def test_an_empty_file_is_shared_and_saved(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    async with front(tmp_path / "data") as running, running.joined("Ana") as ana, desk(running, ana) as sitting:
        sitting.share(tmp_path / "empty")
        file = await ready(ana)
        await sitting.ends(Stage.DONE)
        sitting.told.clear()
        sitting.fetch(file, tmp_path / "saved")
        saved = await sitting.ends(Stage.DONE)

    assert content(saved.path) == b""


async def test_what_is_cut_off_on_its_way_to_the_host_goes_on_where_it_stopped(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, relay(running.port) as between,
        desk(running, ana, between) as sender,
    ):  # fmt: skip
        sender.share(plan)
        await sender.sees(lambda transfer: transfer.moved > 6_000)
        between.broken = True
        between.cut()
        await sender.sees(lambda transfer: transfer.stage is Stage.WAITING)
        before = len(sender.told)
        between.broken = False
        file = await ready(ana)
        await sender.ends(Stage.DONE)

    assert min(t.moved for t in sender.told[before:] if t.stage is Stage.MOVING) >= 5_000  # a piece was safe
    assert (tmp_path / "data" / "files" / "m1" / file.id).read_bytes() == CONTENT
    assert len({transfer.file for transfer in sender.told if transfer.file}) == 1


async def test_what_is_cut_off_while_it_is_saved_goes_on_where_it_stopped(tmp_path: Path, plan: Path) -> None:
    with plan.open("wb") as big:
        big.write(CONTENT * 200)
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, relay(running.port) as between,
        desk(running, ana) as sender, desk(running, ana, between) as reader,
    ):  # fmt: skip
        transfers.PIECE = 1_000_000
        sender.share(plan)
        file = await ready(ana)
        await sender.ends(Stage.DONE)
        reader.fetch(file, tmp_path / "saved")
        await reader.sees(lambda transfer: transfer.moved > 100_000)
        between.broken = True
        between.cut()
        await reader.sees(lambda transfer: transfer.stage is Stage.WAITING)
        before = len(reader.told)
        between.broken = False
        saved = await reader.ends(Stage.DONE)

    assert min(t.moved for t in reader.told[before:]) >= 100_000
    assert content(saved.path) == CONTENT * 200


async def test_cancelling_takes_back_what_was_sent_and_leaves_nothing_of_what_was_saved(
    tmp_path: Path, plan: Path
) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, relay(running.port) as between,
        desk(running, ana, between) as sitting,
    ):  # fmt: skip
        sitting.share(plan)
        on_its_way = await sitting.sees(lambda transfer: transfer.moved > 6_000)
        between.broken = True
        between.cut()
        await sitting.sees(lambda transfer: transfer.stage is Stage.WAITING)
        sitting.transfers.cancel(on_its_way.key)
        await sitting.ends(Stage.CANCELLED)

    assert sitting.said == [wire.WithdrawFile(file=on_its_way.file)]


async def test_a_file_that_changes_while_it_is_sent_is_not_shared(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, relay(running.port) as between,
        desk(running, ana, between) as sitting,
    ):  # fmt: skip
        sitting.share(plan)
        await sitting.sees(lambda transfer: transfer.moved > 6_000)
        between.broken = True
        between.cut()
        await sitting.sees(lambda transfer: transfer.stage is Stage.WAITING)
        with plan.open("wb") as other:
            other.write(bytes(len(CONTENT)))
        between.broken = False
        failed = await sitting.ends(Stage.FAILED)

    assert failed.sentence.endswith("Offer it again.")


async def test_what_the_host_refuses_is_said_in_its_own_words(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Hana", HOST_TOKEN) as hana,
        running.joined("Ana") as ana, desk(running, ana) as sitting,
    ):  # fmt: skip
        await hana.say(wire.SetPolicy(files=False))
        await ana.hear(wire.PolicyChanged)
        sitting.share(plan)
        failed = await sitting.ends(Stage.FAILED)

    assert failed.sentence == "The host has turned sharing of files off."


async def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    async with front(tmp_path / "data") as running, running.joined("Ana") as ana, desk(running, ana) as sitting:
        sitting.share(tmp_path / "nothing.txt")
        failed = await sitting.ends(Stage.FAILED)

    assert failed.code == "unreadable"


async def test_what_arrives_damaged_is_thrown_away(tmp_path: Path, plan: Path) -> None:
    async with front(tmp_path / "data") as running, running.joined("Ana") as ana, desk(running, ana) as sitting:
        sitting.share(plan)
        file = await ready(ana)
        await sitting.ends(Stage.DONE)
        (tmp_path / "data" / "files" / "m1" / file.id).write_bytes(bytes(len(CONTENT)))
        sitting.told.clear()
        sitting.fetch(file, tmp_path / "saved")
        failed = await sitting.ends(Stage.FAILED)

    assert failed.sentence == "plan.pdf arrived damaged. Save it again."
    assert list((tmp_path / "saved").iterdir()) == []


async def test_who_comes_back_as_another_sends_the_rest(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ben") as ben, relay(running.port) as between,
        running.joined("Ana") as ana, desk(running, ana, between) as sitting,
    ):  # fmt: skip
        sitting.share(plan)
        first = await sitting.sees(lambda transfer: transfer.moved > 6_000)
        between.broken = True
        between.cut()
        await ana.socket.close()
        await ben.hear(wire.Left)
        async with running.joined("Ana") as again:
            sitting.transfers.heard(again.welcome, sitting.invite)
            between.broken = False
            file = await ready(ben)
            done = await sitting.ends(Stage.DONE)

            assert (file.id, done.file, file.owner) == (first.file, first.file, again.you)


async def test_leaving_the_meeting_ends_what_is_on_its_way(tmp_path: Path, plan: Path) -> None:
    async with (
        front(tmp_path / "data") as running, running.joined("Ana") as ana, relay(running.port) as between,
        desk(running, ana, between) as sitting,
    ):  # fmt: skip
        between.broken = True
        sitting.share(plan)
        await sitting.sees(lambda transfer: transfer.stage is Stage.WAITING)
        sitting.transfers.leave()
        await sitting.ends(Stage.CANCELLED)
