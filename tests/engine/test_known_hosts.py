from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.engine.known_hosts import FILE, MOST, KnownHosts, Standing

HERE, THERE = "192.168.1.20:7443", "10.0.0.5:7443"
KEY, OTHER = b"\x01" * 32, b"\x02" * 32


def test_a_key_once_trusted_is_known_after_a_restart_and_at_any_address(tmp_path: Path) -> None:
    KnownHosts(tmp_path).trust(HERE, KEY)

    again = KnownHosts(tmp_path)
    assert again.standing(HERE, KEY) is Standing.KNOWN
    assert again.standing(THERE, KEY) is Standing.KNOWN


def test_another_key_at_a_known_address_is_a_change_and_elsewhere_it_is_new(tmp_path: Path) -> None:
    known = KnownHosts(tmp_path)
    known.trust(HERE, KEY)

    assert known.standing(HERE, OTHER) is Standing.CHANGED
    assert known.standing(THERE, OTHER) is Standing.NEW


def test_a_change_that_was_confirmed_is_not_asked_about_again() -> None:
    known = KnownHosts()
    known.trust(HERE, KEY)
    known.trust(HERE, OTHER)

    assert known.standing(HERE, OTHER) is Standing.KNOWN


def test_a_damaged_file_asks_again_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for content in ("{", "[]", '{"aa": 1}', "\udc80"):
        (tmp_path / FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
        with caplog.at_level(logging.ERROR):
            assert KnownHosts(tmp_path).standing(HERE, KEY) is Standing.NEW


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    known = KnownHosts(tmp_path)
    known._origins = {f"{n:064x}": [f"10.0.{n // 256}.{n % 256}:7443"] for n in range(MOST)}

    known.trust(HERE, KEY)

    assert len(KnownHosts(tmp_path)._origins) == MOST
    assert KnownHosts(tmp_path).standing(HERE, KEY) is Standing.KNOWN
