"""How long the page lets sound and pictures wait, against a connection that says what a test wants it to say."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

LEAST, MOST, CALM_LOOKS = 60, 300, 30
_SCRIPT = Path("resources/web/buffer.js").read_bytes()
# The timer is the test's: `look` is one turn of it.
_STAGE = """(async () => {
  const turns = [];
  globalThis.setInterval = (turn) => turns.push(turn);
  globalThis.clearInterval = (number) => { turns[number - 1] = null; };
  const { Buffer } = await import("data:text/javascript;base64,%s");
  const receivers = [{ jitterBufferTarget: null }, { jitterBufferTarget: null }, {}];
  let said = [];
  const connection = { getStats: async () => new Map(said.entries()), getReceivers: () => receivers };
  const buffer = new Buffer(connection);
  globalThis.look = async (reports) => {
    said = reports;
    await turns[0]?.();
    return receivers.map((receiver) => receiver.jitterBufferTarget ?? null);
  };
  globalThis.targets = () => receivers.map((receiver) => receiver.jitterBufferTarget ?? null);
  globalThis.closes = () => { buffer.close(); return turns[0] === null; };
})()"""


class Looks:
    """Turns of the timer: each with the packets that came and were lost since the one before."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._came = self._lost = self._asked = 0

    async def look(self, came: int = 100, lost: int = 0, asked: int = 0, trip: float = 0.1) -> int:
        """What receivers are told to wait, in milliseconds; all of those that can be told are told the same."""
        self._came, self._lost, self._asked = self._came + came, self._lost + lost, self._asked + asked
        half = self._came // 2
        reports: Sequence[dict[str, Any]] = [
            {"type": "inbound-rtp", "packetsReceived": half, "packetsLost": self._lost},
            {"type": "inbound-rtp", "packetsReceived": self._came - half, "packetsLost": 0, "nackCount": self._asked},
            {"type": "candidate-pair", "nominated": True, "currentRoundTripTime": trip},
            {"type": "candidate-pair", "nominated": False, "currentRoundTripTime": 9.0},
            {"type": "outbound-rtp", "packetsLost": 9_999},
        ]
        first, second, deaf = await self._page.evaluate(f"await look({_script(reports)})")
        assert first == second
        assert deaf is None
        return int(first)


def _script(reports: Sequence[dict[str, Any]]) -> str:
    return str(list(reports)).replace("True", "true").replace("False", "false")


@asynccontextmanager
async def looking(folder: Path) -> AsyncIterator[tuple[Page, Looks]]:
    async with chromium(folder / "profile") as browser:
        page = await browser.open("about:blank")
        await page.evaluate(f"await {_STAGE % base64.b64encode(_SCRIPT).decode()}")
        yield page, Looks(page)


async def test_it_waits_hardly_at_all_and_after_losses_for_those_that_are_sent_again(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, looks):
        assert await page.evaluate("targets()") == [LEAST, LEAST, None]

        assert await looks.look() == LEAST
        assert await looks.look(lost=1) == LEAST  # one is chance
        assert await looks.look(came=1000, lost=5) == LEAST  # one in two hundred is nothing
        assert await looks.look(lost=5, trip=0.08) == LEAST + 160
        assert await looks.look(asked=5, trip=0.05) == LEAST + 100  # what was repaired has been lost, too
        assert await looks.look(lost=5, trip=0.4) == MOST
        assert await looks.look(lost=5, trip=0.0) == LEAST


async def test_it_comes_back_only_after_a_calm_while_and_only_once(tmp_path: Path) -> None:
    async with looking(tmp_path) as (page, looks):
        assert await looks.look(lost=5) == LEAST + 200
        assert {await looks.look() for _ in range(CALM_LOOKS - 1)} == {LEAST + 200}
        assert await looks.look(lost=5) == LEAST + 200  # and the calm is counted anew

        assert {await looks.look() for _ in range(CALM_LOOKS - 1)} == {LEAST + 200}
        assert await looks.look() == LEAST
        assert await looks.look(came=-2_000, lost=-5) == LEAST  # counters that begin anew are no losses
        assert await page.evaluate("closes()")
