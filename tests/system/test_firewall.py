"""The firewall check against a real firewall, in a namespace of its own; the rule that it prints is then obeyed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.system.netns import UNABLE, WHY, Computer, networks

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(UNABLE or shutil.which("nft") is None, reason=f"{WHY}, and nftables"),
]

# As most distributions write it: everything that the computer sends to itself comes in.
SHUT = """
table inet filter {
    chain input {
        type filter hook input priority 0; policy drop;
        ct state established,related accept
        iifname "lo" accept
        tcp dport 22 accept
    }
}
"""


def finding(computer: Computer, folder: Path) -> Any:
    said = computer.run(sys.executable, "-m", "app.probes", "firewall", "7443", str(folder), str(folder))
    return json.loads(said)


def test_the_rule_that_is_printed_opens_what_was_shut(tmp_path: Path) -> None:
    with networks() as net:
        computer = net.computer(0)
        assert finding(computer, tmp_path)["state"] == "ok"

        (tmp_path / "rules").write_text(SHUT)
        computer.run("nft", "-f", str(tmp_path / "rules"))
        shut = finding(computer, tmp_path)
        for rule in shut["remedy"].partition("with: ")[2].split(" ; "):
            computer.run(*rule.removeprefix("sudo ").split())
        mended = finding(computer, tmp_path)

    assert shut["state"] == "note"
    assert "keeps others out of port 7443 (TCP and UDP)" in shut["remedy"]
    assert mended["state"] == "ok"


def test_a_firewall_that_stops_even_our_own_packets_is_noticed_by_probing(tmp_path: Path) -> None:
    with networks() as net:
        computer = net.computer(0)
        (tmp_path / "rules").write_text(SHUT.replace('iifname "lo"', "tcp dport 7443"))
        computer.run("nft", "-f", str(tmp_path / "rules"))
        found = finding(computer, tmp_path)

    assert "port 7443 (UDP)" in found["remedy"]
