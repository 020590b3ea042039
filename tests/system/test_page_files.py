"""Files between a real page and a real host: dropped, cut off on the way, had, withdrawn."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.engine.signalling import Signalling, open_session
from sfu.wire import messages as wire
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import fill_in
from tests.system.hosting import hosting
from tests.system.relay import relay
from tests.system.waiting import PATIENCE, until

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

MEGABYTES = 12
CONTENT = b"".join(bytes([n]) * 1_000_000 for n in range(MEGABYTES))
_DROP = """(() => {
    const blocks = [...Array(%d).keys()].map((n) => new Uint8Array(1_000_000).fill(n));
    const files = new DataTransfer();
    files.items.add(new File(blocks, "plan.bin"));
    const place = document.getElementById("stage");
    for (const kind of ["dragover", "drop"]) {
        place.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
        if (kind === "dragover") window.overlay = !document.getElementById("drop").hidden;
    }
})()"""


async def changed(ben: Signalling, state: wire.FileState, more_than: int = -1) -> wire.SharedFile:
    """The next word about a file that stands so, with so much of it on the host."""
    async with asyncio.timeout(PATIENCE):
        while True:
            match await ben.receive():
                case wire.FileChanged(file=file) if file.state is state and file.received > more_than:
                    return file


async def said(page: Page) -> Any:
    return await page.evaluate("document.getElementById('file-state').textContent")


async def button(page: Page, name: str) -> None:
    found = f"document.querySelector('#file-list [aria-label^={json.dumps(name)}]')"
    await page.until(f"{found} !== null")
    await page.evaluate(f"{found}.click()")


async def test_a_file_that_is_dropped_survives_a_cut_is_had_and_withdrawn(tmp_path: Path) -> None:
    async with (
        hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser,
        relay(host.ready["port"]) as between, open_session(host.invite, "Ben", wire.ClientKind.HEADLESS) as ben,
    ):  # fmt: skip
        downloads = {"behavior": "allow", "downloadPath": str(tmp_path / "saved")}
        await browser.call("Browser.setDownloadBehavior", downloads)
        page = await browser.open(between.through(host.link))
        await fill_in(page, "Ana")
        await page.until("(await window.parley.statistics())?.connection === 'connected'")
        between.pause_s = 0.02
        await page.evaluate(_DROP % MEGABYTES)
        assert await page.evaluate("window.overlay && document.getElementById('drop').hidden")
        begun = await changed(ben, wire.FileState.ARRIVING, more_than=1_000_000)
        between.broken = True
        between.cut()
        await page.until("document.getElementById('file-state').textContent.includes('waits for the connection')")
        between.broken, between.pause_s = False, 0.0
        whole = await changed(ben, wire.FileState.READY)
        await page.until("document.getElementById('file-state').textContent === ''")

        assert (whole.id, whole.name, whole.owner_name) == (begun.id, "plan.bin", "Ana")
        assert whole.sha256 == hashlib.sha256(CONTENT).hexdigest()
        await button(page, "Download")
        saved = tmp_path / "saved" / "plan.bin"

        async def there() -> bool:
            return saved.exists() and saved.stat().st_size == len(CONTENT)

        await until(there, "the download")
        assert saved.read_bytes() == CONTENT
        await button(page, "Delete")
        assert (await changed(ben, wire.FileState.GONE)).id == whole.id
        await page.until("document.querySelector('#file-list [aria-label^=Delete]') === null")
        assert not [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
