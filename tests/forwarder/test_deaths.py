"""A real forwarder, killed without warning: media comes back by itself, and no index was used twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forwarder.lives import DEADLINE_S, Caller, Lives

pytestmark = pytest.mark.system


@pytest.fixture(params=[0, 2], ids=["alone", "with_sealers"])
def lives(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lives]:
    forwarder = Lives(tmp_path, sealers=request.param)
    yield forwarder
    forwarder.close()


def flow(ana: Caller, ben: Caller, packets: int) -> None:
    """Sound and picture both ways, never more than the sockets hold."""
    for _ in range(packets // 50):
        for _ in range(25):
            ana.say()
            ana.film()
            ben.say()
        ana.film(60)  # enough to be worth a sealer's while
        for caller in (ana, ben):
            caller.read(0.01)
        ana.lives.read()


def until_both_flow(ana: Caller, ben: Caller) -> None:
    sounds, frames = ben.sounds, ben.frames
    until = time.monotonic() + DEADLINE_S
    while ben.sounds == sounds or ben.frames == frames:
        assert time.monotonic() < until, "media did not come back"
        ana.say()
        ana.film()
        ana.read()
        ben.read(0.02)
        ana.lives.read()


def test_media_comes_back_after_every_kill_and_no_index_is_used_twice(lives: Lives) -> None:
    ana, ben = Caller(lives, "ana", 1), Caller(lives, "ben", 2)
    ben.watch("ana")
    for leap in (0, 20_000, 20_000, 20_000, 20_000):
        ana.audio_sequence = ana.audio_sequence + leap & 0xFFFF
        until_both_flow(ana, ben)
        flow(ana, ben, 1_000)
        ana.film(60)
        lives.kill()
        ana.say()  # waits in the socket until somebody is there
        lives.start()

    until_both_flow(ana, ben)

    assert ben.unopened == ana.unopened == 0
    assert ben.reused == ana.reused == 0
    assert max(index for kind, ssrc, index in ben.indices if (kind, ssrc) == ("rtp", 2010)) > 65_536
    ana.close()
    ben.close()
