"""`guest`: how long a browser takes to be in the meeting, what it loads for that, and how soon it is back.

A real host and a headless Chromium in a network namespace of their own where there may be one (root), else on this
computer's loopback.  Every join is a new tab with an empty cache: from the navigation to the first remote frame that
is decoded, through the form and the notice, which are answered at once.  For a reconnection everything between the
two is dropped for `--outage` seconds; it is over when new frames are decoded, counted from the network's return.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import _lan
from tests.system.chromium import Browser, Page, chromium
from tests.system.guests import DECODED, enter, fill_in
from tests.system.hosting import RunningHost, hosting

SHORT = ("--joins", "3", "--outages", "1")


def run(argv: Sequence[str]) -> dict[str, Any]:
    """`join_p95_s`, `bytes_first_load`, `reconnect_p95_s` and how they were measured."""
    given = _parser().parse_args(argv)
    if _lan.able("nft") and not _lan.inside():
        return _lan.again("guest", argv, "nft add table inet cable")
    with tempfile.TemporaryDirectory(prefix="parley-guest-") as folder:
        return asyncio.run(_measure(Path(folder), given, inside=_lan.inside()))


async def _measure(folder: Path, given: argparse.Namespace, *, inside: bool) -> dict[str, Any]:
    address = _lan.ADDRESS if inside else "127.0.0.1"
    host_options = ("--no-captions", "--unlisted", "--bind", address)
    rules = [f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {address}"]
    async with hosting(folder / "data", host_options) as host, chromium(folder / "profile", rules) as browser:
        await enter(browser, host, "Ana")
        joins = [await _join(browser, host, f"Guest {n}") for n in range(given.joins)]
        loaded = await _bytes(browser, host)
        backs = [await _outage(browser, host, given.outage) for _ in range(given.outages if inside else 0)]
    return {
        "join_p95_s": _p95(joins),
        "join_median_s": round(statistics.median(joins), 3),
        "bytes_first_load": loaded,
        "reconnect_p95_s": _p95(backs) if backs else None,
        "joins": given.joins,
        "outages": len(backs),
        "outage_s": given.outage,
        "namespace": inside,
        "load": round(os.getloadavg()[0], 1),
    }


async def _join(browser: Browser, host: RunningHost, name: str) -> float:
    page = await _fresh(browser)
    began = time.monotonic()
    await page.call("Page.navigate", url=host.link)
    await page.until("document.readyState === 'complete' && window.parley")
    await fill_in(page, name)
    await page.until(f"(await window.parley.statistics()) && {DECODED} > 0")
    took = time.monotonic() - began
    await _leave(browser, page)
    return took


async def _fresh(browser: Browser) -> Page:
    page = await browser.open("about:blank")
    await page.call("Network.enable")
    await page.call("Network.setCacheDisabled", cacheDisabled=True)
    return page


async def _leave(browser: Browser, page: Page) -> None:
    await page.evaluate("document.getElementById('leave').click()")
    await page.evaluate("document.getElementById('question-yes').click()")
    await page.call("Page.close")


async def _bytes(browser: Browser, host: RunningHost) -> int:
    """What the network carried, headers and all, until the page was complete."""
    page = await _fresh(browser)
    await page.call("Page.navigate", url=host.link)
    await page.until("document.readyState === 'complete' && window.parley")
    return int(await page.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".reduce((sum, entry) => sum + entry.transferSize, 0)"
    ))


async def _outage(browser: Browser, host: RunningHost, seconds: float) -> float:
    """Seconds from the network's return to the next decoded frame."""
    page = await _fresh(browser)
    await page.call("Page.navigate", url=host.link)
    await page.until("document.readyState === 'complete' && window.parley")
    await fill_in(page, "Traveller")
    await page.until(f"(await window.parley.statistics()) && {DECODED} > 0")
    _nft("add chain inet cable cut { type filter hook input priority 0 ; }")
    _nft(f"add rule inet cable cut tcp dport {host.ready['port']} drop")
    _nft(f"add rule inet cable cut tcp sport {host.ready['port']} drop")
    _nft(f"add rule inet cable cut udp dport {host.ready['port']} drop")
    _nft(f"add rule inet cable cut udp sport {host.ready['port']} drop")
    await asyncio.sleep(seconds)
    before = await page.evaluate(f"(await window.parley.statistics()) ? {DECODED} : 0")
    _nft("delete chain inet cable cut")
    back = time.monotonic()
    # A new connection counts from zero.
    await page.until(f"(await window.parley.statistics()) && {DECODED} > 0 && {DECODED} !== {before}", 30)
    took = time.monotonic() - back
    await _leave(browser, page)
    return took


def _nft(rule: str) -> None:
    subprocess.run(["nft", rule], check=True)


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench guest")
    parser.add_argument("--joins", type=int, default=20)
    parser.add_argument("--outages", type=int, default=5)
    parser.add_argument("--outage", type=float, default=5.0, metavar="S")
    return parser
