"""Two people in a real browser, through the page that a real host serves."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.engine.clips import write_clip
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import DECODED, HEARD, enter, fill_in, names_on_tiles, receives_picture_and_sound
from tests.system.hosting import RunningHost, hosting

# The answer as the page got it: what stands first on a line is what Chromium sends.
_NOTE_ANSWER = """
(() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    window.answered = description.sdp;
    return take.call(this, description);
  };
})()
"""
ENERGY = (
    "(await window.parley.statistics()).inbound.filter((s) => s.kind === 'audio').reduce((sum, s) => sum + s.energy, 0)"
)

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


async def test_a_browser_sends_sound_that_repeats_itself_and_another_hears_it(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await browser.open(host.link, [_NOTE_ANSWER])
        await fill_in(ana, "Ana")
        await ana.until("!document.getElementById('meeting').hidden")
        ben = await enter(browser, host, "Ben")

        await receives_picture_and_sound(ben)

        first = (await ana.evaluate("window.answered")).split("m=")[1]
        number = next(line for line in first.splitlines() if " red/48000/2" in line).split(":")[1].split()[0]
        assert first.splitlines()[0].split()[3] == number
        await ben.until(f"{ENERGY} > 0")


async def test_a_browser_and_the_desktop_client_see_and_hear_each_other(tmp_path: Path) -> None:
    clip = await asyncio.to_thread(write_clip, tmp_path / "clip.webm", 20.0)
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await enter(browser, host, "Ana")
        async with headless(host, "Ben", clip, tmp_path / "ben.json") as ben:
            await receives_picture_and_sound(page)
            # What Ben has decoded is in his report; by the time of so many pictures the other way it is enough.
            await page.until(f"{DECODED} > 60")
            ben.send_signal(signal.SIGTERM)
            await ben.wait()
        you = (await page.evaluate("window.parley.statistics()"))["you"]

    sources = json.loads((tmp_path / "ben.json").read_text())["sources"]
    assert sources[f"{you}/camera"]["frames"] > 15
    assert sources[f"{you}/microphone"]["heard"] > 0


async def test_a_forwarder_that_is_killed_costs_a_browser_a_blink_and_no_rejoining(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await enter(browser, host, "Ana")
        ben = await enter(browser, host, "Ben")
        for page in (ana, ben):
            await receives_picture_and_sound(page)
        before = await heard_and_seen(ana)

        await host.kill_forwarder()

        for page in (ana, ben):
            await receives_picture_and_sound(page)
        heard, seen = before
        await ana.until(f"{HEARD} > {heard + 50} && {DECODED} > {seen + 20}")
        assert await ana.evaluate("document.getElementById('banner').textContent") == ""
        assert sorted(await names_on_tiles(ana)) == ["Ana (you)", "Ben"]


async def test_a_browser_that_looks_for_another_way_goes_on_seeing_and_hearing(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana, ben = await enter(browser, host, "Ana"), await enter(browser, host, "Ben")
        for page in (ana, ben):
            await receives_picture_and_sound(page)
        before = await ana.evaluate("window.parley.statistics()")

        for _ in range(2):
            await ana.evaluate("window.parley.restart()")

        heard, seen = await heard_and_seen(ana)
        await ana.until(f"{HEARD} > {heard + 50} && {DECODED} > {seen + 20}")
        after = await ana.evaluate("window.parley.statistics()")
        assert (after["you"], after["path"]["protocol"]) == (before["you"], "udp")
        assert browser.complaints == []


async def heard_and_seen(page: Page) -> tuple[int, int]:
    """As the connection counts them; a new connection would begin again at nothing."""
    return int(await page.evaluate(HEARD)), int(await page.evaluate(DECODED))


async def test_a_browser_whose_pictures_stop_gets_them_back_without_leaving(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await enter(browser, host, "Ana")
        ben = await enter(browser, host, "Ben")
        await receives_picture_and_sound(ana)
        await host.kill_forwarder()
        await host.kill_forwarder()

        await ana.until("document.getElementById('banner').textContent.includes('Trying again')")
        for page in (ana, ben):
            await page.until("document.getElementById('banner').textContent === ''")
            await receives_picture_and_sound(page)

        assert sorted(await names_on_tiles(ana)) == ["Ana (you)", "Ben"]


async def test_a_wrong_code_is_a_sentence_under_the_form(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await browser.open(host.link.replace(host.ready["code"], "WRONGONE"))
        await fill_in(page, "Ana", consent="no")

        await page.until("document.getElementById('entrance-error').textContent.includes('Check it with the host')")


async def test_markup_in_a_name_is_only_a_name(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>"
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await enter(browser, host, name)

        assert await names_on_tiles(page) == [f"{name} (you)"]
        assert browser.complaints == []


async def test_everything_can_be_done_and_named_without_a_mouse(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await enter(browser, host, "Ana")
        buttons = "[...document.querySelectorAll('#meeting button:not([role=tab])')]"
        nameless = "!one.textContent.trim() && !one.getAttribute('aria-label') || one.tabIndex < 0"
        assert await page.evaluate(f"{buttons}.filter((one) => {nameless}).map((one) => one.id)") == []

        await press(page, "d")
        await page.until("document.getElementById('microphone').textContent === 'Unmute'")
        await press(page, "d")
        await page.until("document.getElementById('microphone').textContent === 'Mute'")


@asynccontextmanager
async def headless(
    host: RunningHost, name: str, clip: Path, report: Path, seconds: int = 60
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The desktop client's engine without a window, playing a clip."""
    command = [sys.executable, "-m", "app", "join", host.link, "--name", name, "--headless"]
    command += ["--media", str(clip), "--report", str(report), "--seconds", str(seconds), "--consent-captions", "no"]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def press(page: Page, key: str) -> None:
    """With Ctrl held."""
    event = f"new KeyboardEvent('keydown', {{key: {json.dumps(key)}, ctrlKey: true}})"
    await page.evaluate(f"document.dispatchEvent({event})")
