from __future__ import annotations

import ipaddress

from sfu.core.codes import ALPHABET, LENGTH
from sfu.host.discovery import Announcement

HERE = ipaddress.ip_address("192.168.1.5")
PIN = "ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLs"
OTHER_PIN = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"


def test_an_announcement_says_where_and_what_and_holds_no_secret() -> None:
    info = Announcement("Weekly", 7443, PIN).info([HERE])

    assert info.parsed_addresses() == ["192.168.1.5"]
    assert info.port == 7443
    assert set(info.properties) == {b"v", b"title", b"host"}
    codes = [value for value in info.properties.values() if value and len(value) == LENGTH]
    assert not any(set(code.decode()) <= set(ALPHABET) for code in codes)


def test_two_computers_of_one_name_and_title_are_two() -> None:
    names = {Announcement("Weekly", 7443, pin).info([HERE]).name for pin in (PIN, OTHER_PIN)}
    names |= {Announcement("Weekly", 7444, PIN).info([HERE]).name}

    assert len(names) == 3


def test_a_long_chinese_title_is_cut_between_characters() -> None:
    title = Announcement("会" * 120, 7443, PIN).info([HERE]).properties[b"title"]

    assert title is not None
    assert title.decode() == "会" * 66
