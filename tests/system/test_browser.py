"""Two people in a real browser, through the page that a real host serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, Browser, Page, chromium
from tests.system.hosting import RunningHost, hosting

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]


async def test_two_browsers_see_and_hear_each_other(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await enter(browser, host, "Ana")
        ben = await enter(browser, host, "Ben")

        for page in (ana, ben):
            await receives_picture_and_sound(page)

        assert await names_on_tiles(ana) == ["Ana (you)", "Ben"]
        assert await names_on_tiles(ben) == ["Ana", "Ben (you)"]
        assert browser.complaints == []


async def enter(browser: Browser, host: RunningHost, name: str) -> Page:
    """Through the form and the notice, as a person would."""
    page = await browser.open(host.link)
    await page.evaluate(f"document.getElementById('name').value = {name!r}")
    await page.evaluate("document.querySelector('#join-form button').click()")
    await page.until("document.getElementById('consent-dialog').open")
    await page.evaluate("document.querySelector('#consent-dialog button[value=no]').click()")
    await page.until("!document.getElementById('meeting').hidden")
    return page


async def receives_picture_and_sound(page: Page) -> None:
    """Frames are decoded and their number rises; sound packets come in."""
    await page.until("(await window.parley.statistics()).connection === 'connected'")
    seen = await page.until(f"{_DECODED} > 0 && {_DECODED}")
    await page.until(f"{_DECODED} > {seen + 10}")
    await page.until(f"{_HEARD} > 10")


async def names_on_tiles(page: Page) -> Any:
    return await page.evaluate("[...document.querySelectorAll('.tile .name')].map((name) => name.textContent)")


_DECODED = (
    "(await window.parley.statistics()).inbound.filter((s) => s.source?.endsWith('/camera'))"
    ".reduce((sum, s) => sum + s.framesDecoded, 0)"
)
_HEARD = (
    "(await window.parley.statistics()).inbound.filter((s) => s.kind === 'audio')"
    ".reduce((sum, s) => sum + s.packets, 0)"
)
