"""Every dialog of the page, opened as a person opens it: nothing serious by axe, in both themes; pictures on demand.

`PARLEY_PICTURES=DIR pytest tests/system/test_page_dialogs.py` writes each as a picture, in both languages.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, chromium
from tests.system.guests import click
from tests.system.hosting import hosting
from tests.system.test_page import AXE, dress, faults
from tests.system.test_page_contract import CAPTION, FILE, PRETEND, Guest

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

SIZES = [(390, 844), (1440, 900)]
PICTURES = os.environ.get("PARLEY_PICTURES", "")
_FILES = """(() => {
    const files = new DataTransfer();
    files.items.add(new File(["x"], "x.txt"));
    const over = new DragEvent("dragover", { dataTransfer: files, bubbles: true, cancelable: true });
    document.getElementById("stage").dispatchEvent(over);
})()"""


async def person(ana: Guest) -> None:
    await ana.open_tab("people")
    await ana.page.evaluate("document.querySelector('#people-list button:has([href$=ellipsis])').click()")


async def rules(ana: Guest) -> None:
    await ana.open_tab("people")
    await click(ana.page, "rules")


async def ending(ana: Guest) -> None:
    await click(ana.page, "end")


async def correcting(ana: Guest) -> None:
    await ana.open_tab("transcript")
    await ana.page.evaluate("document.querySelector('#transcript-lines button').click()")


async def files(ana: Guest) -> None:
    await ana.open_tab("files")


async def dropping(ana: Guest) -> None:
    await ana.page.evaluate(_FILES)


def pressing(id_: str) -> Callable[[Guest], Awaitable[None]]:
    async def press(ana: Guest) -> None:
        await click(ana.page, id_)

    return press


DIALOGS: dict[str, Callable[[Guest], Awaitable[None]]] = {
    "settings": pressing("settings"), "leave": pressing("leave"), "reactions": pressing("react"),
    "face": pressing("face"), "person": person, "rules": rules, "ending": ending, "correcting": correcting,
    "files": files, "dropping": dropping,
}  # fmt: skip
_CLOSE = """(() => {
    document.querySelectorAll("dialog[open]").forEach((one) => one.close());
    document.getElementById("drop").hidden = true;
    if (!document.getElementById("pane").hidden) document.getElementById("close-pane").click();
})()"""


async def prepared(ana: Guest) -> None:
    """Ana is host; somebody spoke, files are shared, faces may be read."""
    await ana.page.until("!document.getElementById('meeting').hidden")
    await ana.becomes("host")
    policy = {"chat": True, "private_chat": True, "files": True, "emotions": "everyone", "passcode": True}
    await ana.tell("policy_changed", policy=policy, by="Ben")
    await ana.tell("history", captions=[{**CAPTION, "committed": "What was said, as it reads now."}])
    await ana.tell("file", reference="", file={**FILE, "name": "Plan of the year.pdf", "state": "ready"})
    await ana.tell("file", reference="", file={**FILE, "id": "f2", "to": "p1", "size": 90, "received": 40})
    await ana.page.until("!document.getElementById('face').hidden")


async def keep_picture(ana: Guest, name: str) -> None:
    shot = await ana.page.call("Page.captureScreenshot", format="png")
    with open(os.path.join(PICTURES, f"{name}.png"), "wb") as picture:  # noqa: ASYNC230  (on demand only)
        picture.write(base64.b64decode(shot["data"]))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"] if PICTURES else ["en"])
async def test_axe_finds_nothing_serious_in_any_dialog(tmp_path: Path, theme: str, language: str) -> None:
    found = {}
    speaks = f"Object.defineProperty(navigator, 'languages', {{ get: () => ['{language}'] }});"
    speaks += f"Object.defineProperty(navigator, 'language', {{ get: () => '{language}' }});"
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        page = await browser.open(host.link, [PRETEND, speaks])
        ana = Guest(page)
        await page.call("Runtime.evaluate", expression=AXE)
        await dress(page, *SIZES[1], theme)
        await page.evaluate("document.getElementById('name').value = 'Ana'")
        await page.evaluate("document.querySelector('#join-form .primary').click()")
        await page.until("document.getElementById('consent-dialog').open")
        found["consent"] = await faults(page)
        if PICTURES:
            await keep_picture(ana, f"consent_{theme}_{language}")
        await page.evaluate("document.querySelector('#consent-dialog button[value=no]').click()")
        await prepared(ana)
        for width, height in SIZES if language == "en" else SIZES[1:]:
            await dress(page, width, height, theme)
            for name, show in DIALOGS.items():
                await show(ana)
                found[f"{name} {width}"] = await faults(page)
                if PICTURES:
                    await keep_picture(ana, f"{name}_{width}_{theme}_{language}")
                await page.evaluate(_CLOSE)

    assert found == {screen: [] for screen in found}
