"""The real forwarder over a long day: hundreds come and go, one does her worst, and it is as it was."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sfu.core.ledger import SIZE
from sfu.link import messages as link
from sfu.rtp import rtcp
from tests.core.test_core_fuzz import CAPTURES, mutated
from tests.forwarder.lives import Caller, Lives

pytestmark = pytest.mark.system

COMING_AND_GOING = 300
WARM = 50
"""Visits after which everything that is made once has been made."""
MOST_GROWTH_MB = 4.0
STORM = 800
CLIENT_HELLO = bytes((22,)) + b"\xfe\xfd" + bytes(30)
DEADLINE_S = 20.0


@pytest.fixture
def lives(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lives]:
    started = Lives(tmp_path, sealers=getattr(request, "param", 0))
    yield started
    started.close()


def snapshot(lives: Lives) -> link.Snapshot:
    """One that was made after everything that was said to the forwarder before."""
    asked = time.monotonic()
    while time.monotonic() < asked + DEADLINE_S:
        lives.read(0.1)
        fresh = [event for event in lives.events if isinstance(event, link.Snapshot) and event.at > asked + 0.5]
        if fresh:
            return fresh[-1]
    raise AssertionError("no snapshot")


def files(lives: Lives) -> int:
    return int(psutil.Process(lives.process.pid).num_fds())


def visit(lives: Lives, ana: Caller, number: int) -> None:
    """Somebody new in every way that leaves traces: address, keys, SSRCs, a tap, media both ways, requests."""
    guest = Caller(lives, f"guest{number}", number % 200 + 10)
    guest.watch("ana")
    lives.order(link.OpenTap(source=f"{guest.name}/microphone", stream=guest.name))
    for caller in (ana, guest):
        caller.film(2 if number % 4 else 50)
        caller.say()
    guest.read(0.02 if number % 10 == 0 else 0.0)
    guest.control(rtcp.PictureLoss(1, guest.picture), rtcp.Nack(1, guest.picture, (1, 2, 3)))
    lives.order(link.RemovePeer(peer=guest.name))
    guest.close()
    ana.read()
    lives.read()


@pytest.mark.parametrize("lives", [0, 2], indirect=True, ids=["alone", "with_sealers"])
def test_hundreds_who_come_and_go_leave_the_process_as_it_was(lives: Lives) -> None:
    ana = Caller(lives, "ana", 1)
    ana.consent()
    for number in range(WARM):
        visit(lives, ana, number)
    before, opened = snapshot(lives), files(lives)

    for number in range(WARM, WARM + COMING_AND_GOING):
        visit(lives, ana, number)
        if number % 50 == 0:
            ana.consent()
    after = snapshot(lives)

    assert ([peer.peer for peer in after.peers], after.others) == (["ana"], [])
    assert after.rss_mb - before.rss_mb < MOST_GROWTH_MB
    assert files(lives) <= opened + 2  # it may just be reading its own memory
    assert lives.ledger.stat().st_size == SIZE
    ben = Caller(lives, "ben", 2)
    assert hears(ana, ben)


def hears(ana: Caller, ben: Caller) -> bool:
    """Ben sees and hears Ana, who goes on."""
    ben.watch("ana")
    sounds, frames = ben.sounds, ben.frames
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until and not (ben.sounds > sounds and ben.frames > frames):
        ana.say()
        ana.film()
        ana.read(0.01)
        ben.read(0.02)
    return ben.sounds > sounds and ben.frames > frames


def sealed(mallory: Caller, draw: random.Random) -> None:
    """What no parser expects, under keys that are good."""
    mallory.raw(mutated(draw.choice(CAPTURES), draw))


def bare(mallory: Caller, draw: random.Random) -> None:
    mallory.socket.sendto(draw.choice((draw.randbytes(draw.randint(0, 1500)), *CAPTURES)), mallory.lives.address)


def strange(mallory: Caller, draw: random.Random) -> None:
    """From addresses that nobody has proven to live at, in the name of nobody: hellos, checks, noise."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        for datagram in (CLIENT_HELLO, draw.choice(CAPTURES), draw.randbytes(200)):
            stranger.sendto(datagram, mallory.lives.address)


def stormy(mallory: Caller, draw: random.Random) -> None:
    lost = tuple(draw.randrange(1 << 16) for _ in range(200))
    mallory.control(rtcp.Nack(1, mallory.picture, lost), rtcp.PictureLoss(1, mallory.picture))


@pytest.mark.parametrize("attack", [sealed, bare, strange, stormy])
def test_whoever_does_her_worst_is_alone_with_it(lives: Lives, attack: Callable[[Caller, random.Random], None]) -> None:
    draw = random.Random(5)
    ana, ben, mallory = Caller(lives, "ana", 1), Caller(lives, "ben", 2), Caller(lives, "mallory", 3)
    mallory.watch("ana")
    assert hears(ana, ben)
    for number in range(STORM):  # the first allocate what is needed at all
        if number == STORM // 4:
            before, opened = snapshot(lives), files(lives)
        attack(mallory, draw)
        if number % 25 == 0:
            ana.say()
            ana.film()
            for caller in (ana, ben, mallory):
                caller.read()
            lives.read()
        if number % 500 == 0:
            ana.consent()
            ben.consent()
    after = snapshot(lives)

    assert lives.process.poll() is None
    assert {"ana", "ben"} <= {peer.peer for peer in after.peers}
    assert [event for event in lives.events if isinstance(event, link.PeerLost) and event.peer != "mallory"] == []
    assert after.rss_mb - before.rss_mb < MOST_GROWTH_MB
    assert files(lives) <= opened + 2  # it may just be reading its own memory
    assert next(peer.malformed for peer in after.peers if peer.peer == "ana") == 0
    assert hears(ana, ben)
