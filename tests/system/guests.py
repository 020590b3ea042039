"""What a person does in the page that the host serves, in either browser."""

from __future__ import annotations

import json
from typing import Any, Protocol

from tests.system.hosting import RunningHost

DECODED = (
    "(await window.parley.statistics()).inbound.filter((s) => s.source?.endsWith('/camera'))"
    ".reduce((sum, s) => sum + s.framesDecoded, 0)"
)
HEARD = (
    "(await window.parley.statistics()).inbound.filter((s) => s.kind === 'audio')"
    ".reduce((sum, s) => sum + s.packets, 0)"
)


class Page(Protocol):
    async def evaluate(self, expression: str) -> Any: ...
    async def until(self, expression: str, seconds: float = ...) -> Any: ...


class Opens(Protocol):
    async def open(self, url: str) -> Any: ...


async def enter(browser: Opens, host: RunningHost, name: str, consent: str = "no") -> Any:
    """Through the form and the notice."""
    page = await browser.open(host.link)
    await fill_in(page, name, consent)
    await page.until("!document.getElementById('meeting').hidden")
    return page


async def fill_in(page: Page, name: str, consent: str = "no") -> None:
    await page.evaluate(f"document.getElementById('name').value = {json.dumps(name)}")
    await page.evaluate("document.querySelector('#join-form .primary').click()")
    await page.until("document.getElementById('consent-dialog').open")
    await page.evaluate(f"document.querySelector('#consent-dialog button[value={consent}]').click()")


async def click(page: Page, id_: str) -> None:
    await page.evaluate(f"document.getElementById({json.dumps(id_)}).click()")


# Browsers that encode 1080p leave a busy machine little; what is broken stays broken for longer than this.
MEDIA_PATIENCE = 90.0


async def receives_picture_and_sound(page: Page, seconds: float = MEDIA_PATIENCE) -> None:
    """Frames are decoded and their number rises; sound packets come in; each within so many seconds."""
    await page.until("(await window.parley.statistics())?.connection === 'connected'", seconds)
    seen = await page.until(f"{DECODED} > 0 && {DECODED}", seconds)
    await page.until(f"{DECODED} > {seen + 10}", seconds)
    await page.until(f"{HEARD} > 10", seconds)


async def names_on_tiles(page: Page) -> Any:
    return await page.evaluate("[...document.querySelectorAll('#tiles .tile .name')].map((name) => name.textContent)")
