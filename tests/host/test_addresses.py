from __future__ import annotations

import ipaddress

from sfu.host import addresses


def test_a_link_names_the_house_before_the_world_and_self_assigned_last() -> None:
    found = [ipaddress.ip_address(text) for text in ("169.254.1.1", "93.184.216.34", "192.168.1.5", "192.168.1.5")]

    assert [str(address) for address in addresses.in_order(found)] == ["192.168.1.5", "93.184.216.34", "169.254.1.1"]


def test_bound_to_one_address_only_that_is_reachable() -> None:
    loopback = ipaddress.ip_address("127.0.0.1")

    assert addresses.reachable(loopback) == [loopback]


def test_bound_to_everything_there_is_always_something_to_put_into_a_link() -> None:
    found = addresses.reachable(ipaddress.ip_address("0.0.0.0"))

    assert found
    assert all(address.version == 4 and not address.is_unspecified for address in found)
