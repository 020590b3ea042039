"""A participant whose network goes away: for ten seconds, and for good because another takes its place."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.engine.clips import write_clip
from tests.system.hosting import hosting
from tests.system.netns import UNABLE, WHY, Computer, networks
from tests.system.test_two_participants import finished

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(UNABLE or shutil.which("nft") is None, reason=f"{WHY}, and nftables"),
]

OUTAGE_S = 10.0
CUT = """
table inet cut {
    chain output { type filter hook output priority 0; policy drop; }
    chain input { type filter hook input priority 0; policy drop; }
}
"""


# Until both are in the meeting, on a computer that is busy with other tests.
WATCH = """
import asyncio, sys
from app.engine.invite import Invite, parse_wanted
from app.engine.signalling import open_session
from sfu.wire.messages import Changed, ClientKind, Joined, Welcome

async def main(link):
    wanted, here = parse_wanted(link), {}
    invite = Invite(wanted.host, wanted.port, wanted.code, wanted.fingerprint)
    async with open_session(invite, "Watcher", ClientKind.HEADLESS) as session:
        while sum(person.connected and person.camera for person in here.values()) < 2:
            match await session.receive():
                case Welcome(roster=people):
                    here |= {person.id: person for person in people}
                case Changed(participant=person) | Joined(participant=person):
                    here[person.id] = person

asyncio.run(main(sys.argv[1]))
"""


async def take_part(
    computer: Computer, link: str, name: str, folder: Path, seconds: float
) -> asyncio.subprocess.Process:
    clip = folder / "clip.webm"
    command = [sys.executable, "-m", "app.headless", link, "--name", name, "--media", str(clip)]
    return await computer.start([*command, "--seconds", str(seconds), "--report", str(folder / f"{name}.json")])


@asynccontextmanager
async def meeting(folder: Path, seconds: float) -> AsyncIterator[tuple[Computer, dict[str, Any]]]:
    """Ana on the host's network, Ben on a laptop of his own; afterwards what each of them lived through."""
    lived: dict[str, Any] = {}
    write_clip(folder / "clip.webm", seconds=4)
    with networks() as net:
        desktop, laptop = net.computer(0), net.computer(0)
        options = ("--no-captions", "--unlisted", "--bind", desktop.addresses[0])
        async with hosting(folder / "data", options, desktop.prefix) as host:
            people = [
                await take_part(desktop, host.link, "Ana", folder, seconds),
                await take_part(laptop, host.link, "Ben", folder, seconds),
            ]
            assert await finished(await desktop.start([sys.executable, "-c", WATCH, host.link])) == (0, "")
            await asyncio.sleep(1.0)
            yield laptop, lived
            for process in people:
                assert await finished(process) == (0, "")
        lived |= {name: json.loads((folder / f"{name}.json").read_text()) for name in ("Ana", "Ben")}


async def test_who_has_no_network_for_ten_seconds_is_back_in_the_same_call(tmp_path: Path) -> None:
    (tmp_path / "rules").write_text(CUT)
    async with meeting(tmp_path, seconds=26) as (laptop, lived):
        laptop.run("nft", "-f", str(tmp_path / "rules"))
        await asyncio.sleep(OUTAGE_S)
        laptop.run("nft", "delete", "table", "inet", "cut")

    ben, ana = lived["Ben"], lived["Ana"]
    assert ben["state"] == ana["state"] == "left"
    assert (ben["reconnects"], ana["reconnects"]) == (1, 0)
    assert sorted(ana["roster"].values()) == ["Ana", "Ben", "Watcher"]  # nobody joined twice
    [seen] = [seen for source, seen in ben["sources"].items() if source.endswith("/camera")]
    assert OUTAGE_S - 1 < seen["longest_gap"] < OUTAGE_S + 4
    assert seen["frames"] > 60


async def test_who_is_given_another_address_joins_again_from_there(tmp_path: Path) -> None:
    async with meeting(tmp_path, seconds=18) as (laptop, lived):
        laptop.ip("address", "add", "10.77.0.77/24", "dev", "eth0")
        laptop.ip("address", "delete", f"{laptop.addresses[0]}/24", "dev", "eth0")
        laptop.ip("address", "replace", "10.77.0.77/24", "dev", "eth0")

    ben = lived["Ben"]
    assert ben["state"] == "left"
    assert ben["reconnects"] == 1
    [seen] = [seen for source, seen in ben["sources"].items() if source.endswith("/camera")]
    assert seen["longest_gap"] < 5
    assert seen["frames"] > 60
