"""A file that is on its way when the host's control process is killed: it arrives whole, and is there for who comes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import LinkState, TransferChanged
from app.session.files import Stage
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.engine.test_engine import Window, window
from tests.system.hosting import hosting
from tests.system.waiting import until

pytestmark = pytest.mark.system

MEGABYTES = 120


def big(path: Path) -> str:
    """Its hash."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for n in range(MEGABYTES):
            block = n.to_bytes(4, "big") * 250_000
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def sent(ana: Window) -> int:
    """Bytes that are safe on the host, as it says."""
    return max([event.file.received for event in ana.events if isinstance(event, wire.FileChanged)], default=0)


async def test_a_file_arrives_whole_though_the_control_process_dies_on_the_way(tmp_path: Path) -> None:
    clip, path = write_clip(tmp_path / "clip.webm", 1.0), tmp_path / "film.mp4"
    sha256 = big(path)
    devices = Devices(
        lambda device: FileMicrophone(clip, Schedule(0.0)), lambda device: FileCamera(clip, Schedule(0.0)),
        lambda device: NullSpeaker(),
    )  # fmt: skip
    async with hosting(tmp_path / "data") as host, window(devices) as ana:
        ana.engine.post(commands.Join(host.link, "Ana"))
        await ana.sees(LinkState.LIVE)
        ana.engine.post(commands.ShareFile(str(path)))
        await ana.until(lambda: sent(ana) > 0)
        await host.kill_control()

        async def whole() -> str:
            file = [event.file for event in ana.events if isinstance(event, wire.FileChanged)][-1]
            return file.id if file.state is wire.FileState.READY else ""

        file = await until(whole, "the file", 60)
        ana.engine.post(commands.FetchFile(file, str(tmp_path / "saved")))
        await ana.until(lambda: done(ana) == ["film.mp4"])

    assert hashlib.sha256((tmp_path / "saved" / "film.mp4").read_bytes()).hexdigest() == sha256
    assert len([event for event in ana.events if isinstance(event, wire.Welcome)]) == 2


def done(ana: Window) -> list[str]:
    transfers = [event.transfer for event in ana.events if isinstance(event, TransferChanged)]
    return [Path(each.path).name for each in transfers if each.stage is Stage.DONE and each.file == each.key]
