"""Real browsers on networks that are not simple: no UDP, no IPv4, a host on two networks, UDP that stops working."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import DECODED, HEARD, enter, receives_picture_and_sound
from tests.system.hosting import RunningHost, hosting
from tests.system.netns import UNABLE, WHY, Computer, networks

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(UNABLE or shutil.which("nft") is None, reason=f"{WHY}, and nftables"),
    pytest.mark.skipif(EXECUTABLE is None, reason=MISSING),
]

EVERYWHERE = ("--no-captions", "--unlisted", "--bind", "0.0.0.0", "--bind", "::")
# Nothing leaves the namespace, so nothing has to be kept from leaving; the rule knows no IPv6 addresses.
NAMES = "--host-resolver-rules="
NO_UDP = """
table inet blocked {
    chain output { type filter hook output priority 0; policy accept; oifname != "lo" meta l4proto udp drop; }
    chain input { type filter hook input priority 0; policy accept; iifname != "lo" meta l4proto udp drop; }
}
"""
# Until Chromium gives a silent path up, and then some, on a computer that is busy with other tests.
PATIENCE = 60.0
# What a path carries is looked at, not how fast this computer encodes.
LIGHT = ("--use-fake-device-for-media-stream=fps=5", NAMES)


def block_udp(computer: Computer, folder: Path) -> None:
    (folder / "rules").write_text(NO_UDP)
    computer.run("nft", "-f", str(folder / "rules"))


def by(host: RunningHost, start: str) -> RunningHost:
    """The same host, invited to by the link that begins so."""
    link = next(link for link in host.ready["links"] if link.startswith(start))
    return replace(host, ready={**host.ready, "link": link})


async def protocol(page: Page) -> Any:
    return await page.evaluate("(await window.parley.statistics()).path.protocol")


async def test_a_browser_without_udp_comes_by_tcp_and_one_that_loses_udp_goes_over_to_it(tmp_path: Path) -> None:
    with networks() as net:
        server, blocked, fine = net.computer(0), net.computer(0), net.computer(0)
        block_udp(blocked, tmp_path)
        async with (
            hosting(tmp_path / "data", EVERYWHERE, server.prefix) as host,
            chromium(tmp_path / "ana", LIGHT, blocked) as one,
            chromium(tmp_path / "ben", LIGHT, fine) as other,
        ):
            ana, ben = await enter(one, host, "Ana"), await enter(other, host, "Ben")
            for page in (ana, ben):
                await receives_picture_and_sound(page, PATIENCE)
            assert (await protocol(ana), await protocol(ben)) == ("tcp", "udp")
            you = (await ben.evaluate("window.parley.statistics()"))["you"]

            block_udp(fine, tmp_path)

            await ben.until("(await window.parley.statistics()).path.protocol === 'tcp'", PATIENCE)
            heard, seen = await ben.evaluate(HEARD), await ben.evaluate(DECODED)
            await ben.until(f"{HEARD} > {heard + 50} && {DECODED} > {seen + 10}", PATIENCE)
            assert (await ben.evaluate("window.parley.statistics()"))["you"] == you


async def test_guests_by_ipv6_and_on_another_network_meet(tmp_path: Path) -> None:
    with networks() as net:
        server, modern, elsewhere = net.computer(0, 1), net.computer(0), net.computer(1)
        modern.ip("-4", "address", "flush", "dev", "eth0")
        async with (
            hosting(tmp_path / "data", EVERYWHERE, server.prefix) as host,
            chromium(tmp_path / "ana", LIGHT, modern) as one,
            chromium(tmp_path / "ben", LIGHT, elsewhere) as other,
        ):
            ana = await enter(one, by(host, "https://[fd77::1]"), "Ana")
            ben = await enter(other, by(host, "https://10.77.1.1"), "Ben")

            for page in (ana, ben):
                await receives_picture_and_sound(page, PATIENCE)
            assert await protocol(ana) == await protocol(ben) == "udp"
