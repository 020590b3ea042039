"""What outlives the control process, and how often that is worth another."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfu.host.announce import Announcer
from sfu.host.estate import Estate
from sfu.host.keeper import Keeper

LOOPBACK = ipaddress.ip_address("127.0.0.1")
# Notes each life in a file beside itself, and ends as `HOW` says.
CHILD = """
import os, signal, sys
from pathlib import Path
from sfu.host.estate import Estate
estate = Estate.inherit(Path(sys.argv[2]))
with (estate.folder.parent / "lives").open("a") as notes:
    print(estate.life, estate.meeting, estate.port.number, file=notes)
HOW
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    opened = Estate.open([LOOPBACK], 0)
    inherited = tmp_path / "estate"
    inherited.mkdir()
    opened.folder.rmdir()
    opened.folder = inherited
    with contextlib.closing(opened):
        yield opened


def keeper(estate: Estate, how: str) -> Keeper:
    return Keeper([sys.executable, "-c", CHILD.replace("HOW", how)], estate, Announcer(as_json=True))


def lives(tmp_path: Path) -> list[str]:
    return (tmp_path / "lives").read_text().splitlines()


def test_one_that_was_killed_in_a_meeting_is_started_again_with_the_same_port_and_name(
    tmp_path: Path, estate: Estate
) -> None:
    how = f"estate.begin()\nif estate.life < 3: {KILLED}"

    assert keeper(estate, how).run(with_parent=False) == 0

    same = f"{estate.meeting} {estate.port.number}"
    assert lives(tmp_path) == [f"1 {same}", f"2 {same}", f"3 {same}"]


def test_one_that_dies_before_the_meeting_began_is_not(tmp_path: Path, estate: Estate) -> None:
    assert keeper(estate, KILLED).run(with_parent=False) == -9

    assert len(lives(tmp_path)) == 1


def test_one_that_dies_again_and_again_is_given_up(
    tmp_path: Path, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfu.core.restarts.FIRST_DELAY", 0.01)

    assert keeper(estate, f"estate.begin()\n{KILLED}").run(with_parent=False) == -9

    assert len(lives(tmp_path)) == 5


@pytest.mark.parametrize("status", [0, 2])
def test_a_meeting_that_is_over_is_over(tmp_path: Path, estate: Estate, status: int) -> None:
    assert keeper(estate, f"estate.begin(); sys.exit({status})").run(with_parent=False) == status

    assert len(lives(tmp_path)) == 1


def test_who_is_told_to_stop_starts_nothing_again(tmp_path: Path, estate: Estate) -> None:
    keeping = keeper(estate, "estate.begin(); signal.pause()")
    threading.Timer(1.0, keeping.stop).start()

    assert keeping.run(with_parent=False) == -15

    assert len(lives(tmp_path)) <= 1


def test_secrets_are_for_this_account_alone_and_gone_with_the_meeting(estate: Estate) -> None:
    written = estate.write()
    facts = json.loads(written.read_text())

    assert facts["host_token"] == estate.host_token
    assert estate.host_token not in repr(estate)
    assert written.stat().st_mode & 0o077 == 0
    estate.close()
    assert not written.exists()


def test_rules_go_from_life_to_life(estate: Estate) -> None:
    assert estate.rules() is None

    estate.keep_rules('{"locked": true}')

    assert estate.rules() == '{"locked": true}'


def test_the_door_has_two_ends_that_are_both_kept(estate: Estate) -> None:
    assert estate.door is not None
    ours, theirs = estate.door
    ours.send(b"x")

    assert theirs.recv(1) == b"x"
    assert {sock.fileno() for sock in (ours, theirs)} < set(estate.descriptors)
    assert isinstance(ours, socket.socket)
