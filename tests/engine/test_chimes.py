from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from app.engine.chimes import LOUDNESS, Chimes, rendered
from app.engine.engine import Engine
from app.engine.playout import Playout
from app.engine.sources import BLOCK, Devices, Samples
from app.session import commands
from app.session.commands import Sound


class Listener:
    """A loudspeaker that wants one block whenever it is asked."""

    underruns = 0

    def __init__(self) -> None:
        self.heard: list[Samples] = []
        self.closed = False
        self.over: Callable[[], object] = lambda: None

    def start(self, failed: object) -> None: ...

    def room(self, now: float) -> int:
        return 0 if self.closed else 10

    def delay(self, now: float) -> float:
        return 0.0

    def play(self, samples: Samples) -> None:
        self.heard.append(samples)

    def close(self) -> None:
        self.closed = True
        self.over()


@pytest.mark.parametrize("sound", Sound)
def test_a_chime_is_whole_blocks_begins_and_ends_softly_and_is_no_louder_than_it_should(sound: Sound) -> None:
    samples = rendered(sound)

    assert samples.size % BLOCK == 0
    assert abs(int(samples[0])) < 50
    assert np.abs(samples[-10:]).max() < 400
    assert 1_000 < np.abs(samples).max() <= LOUDNESS * 32_767


def test_a_chime_is_mixed_into_what_is_played_and_the_echo_canceller_knows_it() -> None:
    chimes, listener = Chimes(), Listener()
    played: list[Samples] = []
    chimes.ring(Sound.LEFT)

    Playout([chimes], listener, played.append).fill(0.0)

    assert np.array_equal(np.concatenate(listener.heard), rendered(Sound.LEFT)[: 10 * BLOCK])
    assert len(played) == 10


async def test_before_a_meeting_the_loudspeaker_is_opened_for_the_test_sound_and_closed_after_it() -> None:
    listener, over, loop = Listener(), asyncio.Event(), asyncio.get_running_loop()
    listener.over = lambda: loop.call_soon_threadsafe(over.set)

    def none(device: str) -> object:
        raise AssertionError(device)

    engine = Engine(Devices(none, none, lambda device: listener), lambda event: None)  # type: ignore[arg-type,return-value]
    running = asyncio.create_task(engine.run())
    engine.post(commands.Ring(Sound.JOINED))
    async with asyncio.timeout(10):
        await over.wait()
    running.cancel()
    await asyncio.wait([running])

    whole = np.concatenate(listener.heard)
    assert np.array_equal(whole[: rendered(Sound.JOINED).size], rendered(Sound.JOINED))
