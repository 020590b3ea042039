from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sfu.host import firewall
from sfu.host.firewall import Firewall, Report, look, rules, ufw_lets_in
from sfu.host.ports import Port, open_port

ANY = ipaddress.ip_address("0.0.0.0")
LOOPBACK = ipaddress.ip_address("127.0.0.1")
UFW = """Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere
7443/tcp                   ALLOW IN    Anywhere
7443/tcp (v6)              ALLOW IN    Anywhere (v6)
"""


@pytest.fixture
def port() -> Iterator[Port]:
    with closing(open_port([LOOPBACK], 0)) as opened:
        yield opened


class System:
    """Answers commands as a system would."""

    def __init__(self, **answers: tuple[int, str]) -> None:
        self._answers = answers

    def __call__(self, command: Sequence[str]) -> tuple[int, str] | None:
        name = Path(command[0]).name.replace("-", "_")
        if name == "firewall_cmd" and command[1].startswith("--query"):
            return self._answers.get(command[1].rpartition("/")[2])
        return self._answers.get(name)


@pytest.fixture
def as_lan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback stands for the LAN address, so that the probe has somewhere to go."""
    monkeypatch.setattr(firewall, "_only_here", lambda address: False)


def test_every_firewall_has_a_rule_for_both_protocols() -> None:
    for kind in Firewall:
        said = " ".join(rules(kind, 7443, "/opt/parley"))
        assert "7443" in said or kind is Firewall.MACOS
        assert kind is Firewall.MACOS or ("tcp" in said.lower() and "udp" in said.lower())


def test_without_a_network_there_is_nothing_to_open(port: Port) -> None:
    report = look(port, [LOOPBACK], System())

    assert report.open
    assert report.sentence(7443) == ""


def test_firewalld_is_asked_about_both_protocols(port: Port, as_lan: None) -> None:
    report = look(port, [LOOPBACK], System(firewall_cmd=(0, "running"), tcp=(0, "yes"), udp=(1, "no")))

    assert (report.firewall, report.tcp, report.udp) == (Firewall.FIREWALLD, True, False)
    assert "port 7443 (UDP)" in report.sentence(7443)
    assert "--add-port" in report.rules[0]


def test_what_this_account_may_not_read_is_said_and_not_guessed(port: Port, as_lan: None) -> None:
    report = look(port, [LOOPBACK], System(nft=(1, ""), systemctl=(0, "active")))

    assert report.open is None
    assert "may not read its rules" in report.sentence(7443)


def test_an_open_computer_says_nothing(port: Port, as_lan: None) -> None:
    assert look(port, [LOOPBACK], System()).sentence(7443) == ""


def test_a_port_where_nothing_arrives_is_shut_whatever_the_rules_say(as_lan: None) -> None:
    with closing(open_port([LOOPBACK], 0)) as opened:
        report = look(Port(1, opened.tcp, opened.udp), [LOOPBACK], System())

    assert report.open is False
    assert report.rules


def test_ufw_decides_by_the_first_rule_and_then_by_default() -> None:
    assert ufw_lets_in(UFW, 7443, "tcp")
    assert not ufw_lets_in(UFW, 7443, "udp")
    assert ufw_lets_in(UFW.replace("7443/tcp ", "7443     "), 7443, "udp")
    assert not ufw_lets_in(UFW.replace("ALLOW IN", "DENY IN "), 7443, "tcp")
    assert ufw_lets_in(UFW.replace("deny (incoming)", "allow (incoming)"), 7443, "udp")
    assert ufw_lets_in("Status: inactive", 7443, "udp")


def test_ufw_that_may_not_be_read_is_known_to_be_on(
    port: Port, as_lan: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ufw.conf").write_text("ENABLED=yes\n")
    monkeypatch.setattr(firewall, "_UFW_SETTINGS", tmp_path / "ufw.conf")

    report = look(port, [LOOPBACK], System(ufw=(1, "ERROR: You need to be root")))

    assert (report.firewall, report.open) == (Firewall.UFW, None)
    assert report.rules == (f"sudo ufw allow {port.number}/tcp", f"sudo ufw allow {port.number}/udp")


def test_a_ruleset_that_is_no_ruleset_is_not_guessed_at(port: Port, as_lan: None) -> None:
    for said in ("", "[]", "{}", json.dumps({"nftables": [{"chain": {"hook": "input"}}]})):
        assert look(port, [LOOPBACK], System(nft=(0, said))).open is None


def test_a_report_of_two_open_protocols_is_open() -> None:
    states: list[tuple[Any, Any, Any]] = [(True, True, True), (True, None, None), (False, None, False)]
    assert [Report(None, tcp, udp).open for tcp, udp, _ in states] == [opened for _, _, opened in states]
