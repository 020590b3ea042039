"""A recording is played in the page: by Chromium, with its voices apart, by keyboard, and not by whoever may not."""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import click, enter
from tests.system.hosting import RunningHost, hosting
from tests.system.recorded import put_recording
from tests.system.test_page import AXE, dress, faults

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

PICTURES = os.environ.get("PARLEY_PICTURES", "")
SIZES = [(390, 844), (1440, 900)]
VIDEO = "document.querySelector('.player video')"
AUDIOS = "[...document.querySelectorAll('.player audio')]"
SAYS = "document.querySelector('.recordings + p').textContent"
HEARD = "document.querySelector('.player [aria-current=true] span')?.textContent"


def command(host: RunningHost, method: str, path: str, body: Any = None) -> None:
    """As the host."""
    address = f"https://{host.invite.host}:{host.invite.port}/api/meetings/{host.ready['code']}{path}"
    request = urllib.request.Request(address, json.dumps(body).encode() if body else None, method=method)
    request.add_header("Authorization", f"Bearer {host.ready['host_token']}")
    request.add_header("Content-Type", "application/json")
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    urllib.request.urlopen(request, timeout=30, context=blind).close()


async def press(page: Page, key: str) -> None:
    event = f"new KeyboardEvent('keydown', {{ key: {json.dumps(key)}, bubbles: true, cancelable: true }})"
    await page.evaluate(f"document.activeElement.dispatchEvent({event})")


async def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        shot = await page.call("Page.captureScreenshot", format="png")
        Path(PICTURES, f"{name}.png").write_bytes(base64.b64decode(shot["data"]))  # noqa: ASYNC240  (on demand only)


async def open_player(page: Page, host: RunningHost) -> None:
    command(host, "PUT", "/participants/p1/role", {"role": "co_host"})
    await click(page, "show-pane")
    await click(page, "tab-people")
    await page.until("document.getElementById('recordings').offsetParent !== null")
    await click(page, "recordings")
    await page.until("document.querySelector('.recordings button') !== null")
    await page.evaluate("document.querySelector('.recordings button').click()")
    await page.until(f"{VIDEO}?.readyState >= 3 && {VIDEO}.currentTime > 0.1")


async def test_a_co_host_plays_a_recording_with_its_voices_apart(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        put_recording(tmp_path / "data")
        page = await enter(browser, host, "Ana")
        await open_player(page, host)

        await page.until(f"{AUDIOS}.length === 2 && {VIDEO}.muted")
        await press(page, "Home")
        await page.until(f"{AUDIOS}.every((one) => !one.paused) && {VIDEO}.currentTime > 2")
        await page.until(f"{AUDIOS}.every((one) => Math.abs(one.currentTime - {VIDEO}.currentTime) < 0.04)")
        await page.until(f"{HEARD} !== undefined")

        await press(page, "k")
        await page.until(f"{VIDEO}.paused && {AUDIOS}.every((one) => one.paused)")
        await page.evaluate("document.querySelectorAll('.player-side li > button')[4].click()")
        await page.until(f"Math.abs({VIDEO}.currentTime - 4) < 0.05 && {HEARD} === 'Sentence 4 of the recording.'")
        await press(page, ">")
        await page.until(f"[{VIDEO}, ...{AUDIOS}].every((one) => one.playbackRate === 1.25 && one.preservesPitch)")
        await press(page, "j")
        await page.until(f"{VIDEO}.currentTime === 0")

        await page.evaluate("document.querySelector('.player header button').click()")
        await page.until("document.querySelector('.player') === null")
        watched = json.loads(await page.evaluate("localStorage.getItem('parley.watched')"))
        assert watched["rate"] == 1.25


async def test_axe_finds_nothing_serious_in_the_player(tmp_path: Path) -> None:
    found = {}
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        put_recording(tmp_path / "data")
        page = await enter(browser, host, "Ana")
        await page.call("Runtime.evaluate", expression=AXE)
        await open_player(page, host)
        await page.until(f"{AUDIOS}.length === 2")
        await press(page, "k")
        for theme in ("light", "dark"):
            for width, height in SIZES:
                await dress(page, width, height, theme)
                for tab in ("transcript", "play_voices", "play_chapters"):
                    await page.evaluate(f"document.getElementById('player-tab-{tab}').click()")
                    found[f"{tab} {width} {theme}"] = await faults(page)
                    await keep_picture(page, f"player_{tab}_{width}_{theme}")
        await page.evaluate("document.querySelector('.player header button').click()")
        found["list"] = await faults(page)
        await keep_picture(page, "recordings")
        await dress(page, 360, 640, "light")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360

    assert found == {screen: [] for screen in found}


async def test_what_was_deleted_or_taken_away_says_so(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        meeting = put_recording(tmp_path / "data")
        page = await enter(browser, host, "Ana")
        await open_player(page, host)
        await page.evaluate("document.querySelector('.player header button').click()")

        shutil.rmtree(tmp_path / "data" / "recordings" / meeting / "r1" / "made")
        await page.evaluate("document.querySelector('.recordings button').click()")
        await page.until(f"{SAYS} .startsWith('This recording was deleted')")

        command(host, "PUT", "/participants/p1/role", {"role": "member"})
        await page.until(f"{SAYS}.startsWith('You may not see')")
