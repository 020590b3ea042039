"""The page in the other engine."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from sfu.host.addresses import reachable
from tests.system import chromium as blink
from tests.system import firefox as gecko
from tests.system.guests import enter, names_on_tiles, receives_picture_and_sound
from tests.system.hosting import hosting

HERE = reachable([IPv4Address("0.0.0.0")])[0]

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(gecko.EXECUTABLE is None, reason=gecko.MISSING),
    pytest.mark.skipif(HERE.is_loopback, reason="Firefox sends no media over loopback; this computer has nothing else"),
    pytest.mark.skipif(blink.EXECUTABLE is None, reason=blink.MISSING),
]


async def test_firefox_and_chromium_see_and_hear_each_other(tmp_path: Path) -> None:
    async with (
        hosting(tmp_path / "data", ("--no-captions", "--unlisted", "--bind", str(HERE))) as host,
        blink.chromium(tmp_path / "blink", [f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HERE}"]) as one,
        gecko.firefox(tmp_path / "gecko") as other,
    ):
        ana = await enter(one, host, "Ana")
        ben = await enter(other, host, "Ben")

        for page in (ana, ben):
            await receives_picture_and_sound(page)
        assert await names_on_tiles(ben) == ["Ana", "Ben (you)"]
        path = await ben.evaluate("(await window.parley.statistics()).path")
        assert path == {"protocol": "udp", "address": str(HERE)}
        assert other.complaints == []
