"""With the internet cable out: no default route, no name server, and nobody even tries to leave."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from models.registry import Registry, State, default_models_dir
from tests.system.chromium import EXECUTABLE, MISSING
from tests.system.netns import UNABLE, WHY, Computer, networks

WEIGHTS = Registry(default_models_dir()).status("whisper-base").state is State.READY

pytestmark = [
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.weights,
    pytest.mark.skipif(UNABLE or shutil.which("nft") is None, reason=f"{WHY}, and nftables"),
    pytest.mark.skipif(EXECUTABLE is None, reason=MISSING),
    pytest.mark.skipif(not WEIGHTS, reason="no weights here; `parley models fetch whisper-base` brings them"),
]

PATIENCE = 240.0
# What stays: loopback, the network itself, and multicast that no router passes on (mDNS, group membership).
EXIT = """
table inet exits {
    counter left { }
    chain output {
        type filter hook output priority 0; policy accept;
        oifname "lo" accept
        ip daddr 10.77.0.0/24 accept
        ip daddr { 224.0.0.0/24 } accept
        ip6 daddr { fe80::/10, ff02::/16 } accept
        counter name left
    }
}
"""


def packets_that_left(computer: Computer) -> int:
    listed = json.loads(computer.run("nft", "--json", "list", "counters"))
    return sum(entry["counter"]["packets"] for entry in listed["nftables"] if "counter" in entry)


def attempts_without_a_route(computer: Computer) -> int:
    """Connections and datagrams for which the kernel found no way (RFC 4293, OutNoRoutes), IPv4 and IPv6."""
    names, values = (line.split() for line in computer.run("grep", "^Ip:", "/proc/net/snmp").splitlines())
    found = int(dict(zip(names, values, strict=True))["OutNoRoutes"])
    for line in computer.run("cat", "/proc/net/snmp6").splitlines():
        if line.startswith("Ip6OutNoRoutes"):
            found += int(line.split()[1])
    return found


def test_a_whole_meeting_needs_no_internet_and_nobody_tries_to_reach_it(tmp_path: Path) -> None:
    """The host may not even look for a way out.  Browsers ask for things of their own; our page asks for nothing."""
    with networks() as net:
        server, guests = net.computer(0), net.computer(0)
        (tmp_path / "rules").write_text(EXIT)
        for computer in (server, guests):
            computer.run("nft", "-f", str(tmp_path / "rules"))
        program = [sys.executable, "-m", "tests.system.offline", server.name, server.addresses[0], str(tmp_path)]
        meeting = json.loads(guests.run(*program, patience=PATIENCE))
        left = [packets_that_left(computer) for computer in (server, guests)]
        tried = attempts_without_a_route(server)

    assert meeting["captioned"] == "Ana"
    assert meeting["complaints"] == []
    assert "<v Ana>" in meeting["export"]
    assert meeting["asked"] == [server.addresses[0]]
    assert (left, tried) == ([0, 0], 0)
