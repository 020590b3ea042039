"""The page itself: accessible by a machine's measure, small, self-sufficient, and deaf to markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sfu.wire.languages import LANGUAGES
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import click, enter, fill_in
from tests.system.hosting import hosting

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_SERIOUS = """(await axe.run()).violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(", "))"""
SIZES = [(390, 844), (1440, 900)]


async def faults(page: Page) -> Any:
    return await page.evaluate(_SERIOUS)


async def dress(page: Page, width: int, height: int, theme: str) -> None:
    await page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    await page.call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"},
    ])  # fmt: skip
    await page.until("document.getAnimations().length === 0")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_any_screen(tmp_path: Path, theme: str) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        await enter(browser, host, "Ben")
        page = await browser.open(host.link)
        await page.call("Runtime.evaluate", expression=AXE)
        found = {"entrance": await faults(page)}
        await fill_in(page, "Ana")
        await page.until("!document.getElementById('meeting').hidden")
        for width, height in SIZES:
            await dress(page, width, height, theme)
            found[f"meeting {width}"] = await faults(page)
            await click(page, "show-pane")
            for tab in ("transcript", "chat", "people", "files"):
                if not await page.evaluate(f"document.getElementById('tab-{tab}').hidden"):
                    await click(page, f"tab-{tab}")
                    found[f"{tab} {width}"] = await faults(page)
            await click(page, "close-pane")
        await click(page, "layout")
        found["speaker"] = await faults(page)
        await click(page, "settings")
        found["settings"] = await faults(page)
        await page.evaluate("document.getElementById('settings-dialog').close()")
        await page.evaluate("document.getElementById('leave').click()")
        await page.until("document.getElementById('question').open")
        found["question"] = await faults(page)
        await click(page, "question-yes")
        await page.until("!document.getElementById('farewell').hidden")
        found["farewell"] = await faults(page)

    assert found == {screen: [] for screen in found}


async def test_nothing_of_the_page_is_wider_than_a_small_phone(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await enter(browser, host, "Ana")
        for width in (360, 820):
            await dress(page, width, 640, "light")
            await page.until(f"innerWidth === {width}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_sentence_exists_in_both_languages_with_the_same_places() -> None:
    web = Path("resources/web")
    written = ["".join(file.read_text("utf-8") for file in web.glob(f"strings*-{each}.js")) for each in ("en", "zh")]
    texts = [dict(re.findall(r'^  (\w+): "(.*)",$', sentences, re.MULTILINE)) for sentences in written]

    assert texts[0].keys() == texts[1].keys()
    for key, english in texts[0].items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", texts[1][key])), key
    used = set(re.findall(r'text\("(\w+)"', "".join(file.read_text("utf-8") for file in web.glob("*.js"))))
    used |= set(re.findall(r'data-(?:text|label|placeholder)="(\w+)"', (web / "index.html").read_text("utf-8")))
    assert used <= texts[0].keys()


def test_the_page_offers_the_languages_that_can_be_captioned() -> None:
    written = "".join(
        re.findall(r'^  "([a-z ]+)"', Path("resources/web/languages.js").read_text("utf-8"), re.MULTILINE)
    )

    assert set(written.split()) == LANGUAGES


def test_symbols_are_the_icons_of_the_set() -> None:
    page = Path("resources/web/index.html").read_text("utf-8")
    for name, drawn in re.findall(r'<symbol id="icon-([\w-]+)" viewBox="0 0 24 24">(.*)</symbol>', page):
        icon = Path(f"resources/icons/{name}.svg")
        assert icon.exists(), name
        assert _shapes(drawn) == _shapes(icon.read_text("utf-8")), name
    scripts = "".join(file.read_text("utf-8") for file in Path("resources/web").glob("*.js"))
    used = set(re.findall(r"#icon-([\w-]+)", page + scripts))
    used |= set(re.findall(r'(?:control\("[\w-]+", [^"]*|action\()"([\w-]+)"', scripts))
    assert used <= set(re.findall(r'<symbol id="icon-([\w-]+)"', page))


def _shapes(svg: str) -> list[list[str]]:
    """What is drawn, whatever the layout of the text."""
    parts = re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*>", svg)
    return [sorted(re.findall(r'\w+="[^"]*"', part)) for part in parts]


MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|style=\"")


def test_no_code_writes_markup_and_nothing_is_fetched_from_elsewhere() -> None:
    for file in Path("resources/web").iterdir():
        text = file.read_text("utf-8")
        assert not MARKUP.search(text), file
        assert not [url for url in re.findall(r"https?://[^\s\"'`]+", text) if "www.w3.org" not in url], file
