"""A meeting on a system that has only what every system has, as Windows: no Unix sockets, a loop without children."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from sfu.portable import VARIABLE
from tests.engine.clips import write_clip
from tests.system.hosting import hosting
from tests.system.test_two_participants import SECONDS, meet

pytestmark = pytest.mark.system


async def test_two_people_meet_and_nothing_is_left_behind(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "tone.webm", seconds=SECONDS)
    async with hosting(tmp_path / "data", (), prefix=("env", f"{VARIABLE}=1")) as host:
        children = host.ready["children"]
        running = {name: psutil.Process(number).cmdline() for name, number in children.items()}
        reports = await meet(host, clip, tmp_path)

    for name, other in (("Ana", "Ben"), ("Ben", "Ana")):
        sources = [source for source in reports[name]["sources"].values() if source["name"] == other]
        assert max(source.get("frames", 0) for source in sources) > 20
        assert max(source.get("heard", 0.0) for source in sources) > 1.0
    assert "--portable" in running["forwarder"]
    assert "broker" in running
    assert not any(psutil.pid_exists(number) for number in children.values())
