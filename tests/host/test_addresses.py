from __future__ import annotations

import ipaddress
from socket import AF_INET, AF_INET6
from types import SimpleNamespace

import pytest

from sfu.host import addresses

EVERYWHERE = [ipaddress.ip_address("0.0.0.0"), ipaddress.ip_address("::")]


def test_a_link_names_the_house_before_the_world_and_self_assigned_last() -> None:
    found = [ipaddress.ip_address(text) for text in ("169.254.1.1", "93.184.216.34", "192.168.1.5", "192.168.1.5")]

    assert [str(address) for address in addresses.in_order(found)] == ["192.168.1.5", "93.184.216.34", "169.254.1.1"]


def test_bound_to_one_address_only_that_is_reachable() -> None:
    loopback = ipaddress.ip_address("127.0.0.1")

    assert addresses.reachable([loopback]) == [loopback]


def test_bound_to_everything_there_is_always_something_to_put_into_a_link() -> None:
    found = addresses.reachable([ipaddress.ip_address("0.0.0.0")])

    assert found
    assert all(address.version == 4 and not address.is_unspecified for address in found)


def test_of_both_families_what_people_can_read_out_comes_first() -> None:
    found = [ipaddress.ip_address(text) for text in ("fd00::5", "192.168.1.5", "2001:db8::1")]

    assert str(addresses.in_order(found)[0]) == "192.168.1.5"


def test_bridges_to_containers_and_addresses_without_a_meaning_elsewhere_are_not_given_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interfaces(monkeypatch, lo="127.0.0.1 ::1", docker0="172.17.0.1", eth0="192.168.1.5 fe80::1%eth0 fd00::5")

    assert [str(address) for address in addresses.reachable(EVERYWHERE)] == ["192.168.1.5", "fd00::5"]


def test_with_nothing_else_a_bridge_will_do_and_then_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    interfaces(monkeypatch, lo="127.0.0.1", docker0="172.17.0.1")
    assert [str(address) for address in addresses.reachable(EVERYWHERE)] == ["172.17.0.1"]

    interfaces(monkeypatch, lo="127.0.0.1")
    assert [str(address) for address in addresses.reachable(EVERYWHERE)] == ["127.0.0.1"]


def interfaces(monkeypatch: pytest.MonkeyPatch, **shown: str) -> None:
    """This computer has these, each with its addresses."""
    up = {name: SimpleNamespace(isup=True) for name in shown}
    entries = {
        name: [SimpleNamespace(address=text, family=AF_INET6 if ":" in text else AF_INET) for text in listed.split()]
        for name, listed in shown.items()
    }
    monkeypatch.setattr(addresses.psutil, "net_if_stats", lambda: up)
    monkeypatch.setattr(addresses.psutil, "net_if_addrs", lambda: entries)
