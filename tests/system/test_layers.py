"""Simulcast between real browsers: three layers arrive, the viewer gets the one it asked for, the others go off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.chromium import EXECUTABLE, MISSING, chromium
from tests.system.hosting import hosting
from tests.system.waiting import until
from tests.system.watching import enter, layers, picture, watch

pytestmark = [pytest.mark.system, pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)]

SIZE = (1280, 720)


async def test_the_size_that_a_browser_sees_follows_what_it_asks_for(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await enter(browser, host, "Ana", camera=SIZE)
        ben = await enter(browser, host, "Ben", camera=(320, 180))
        camera = (await ana.evaluate("window.parley.statistics()"))["you"] + "/camera"

        async def sees(width: int) -> bool:
            return bool((await picture(ben, camera))["frameWidth"] == width)

        sent = await layers(ana)
        assert sorted(sent) == ["h", "l", "m"]
        for priority, width in ((9, 1280), (1, 320), (6, 640), (10, 1280)):
            await watch(ben, (camera, priority))
            await until(lambda width=width: sees(width), f"a picture {width} wide")  # type: ignore[misc]
        seen = await picture(ben, camera)

        async def only_the_best_is_sent() -> bool:
            return [layer for layer, sent in (await layers(ana)).items() if sent["active"]] == ["h"]

        await until(only_the_best_is_sent, "the other layers to be switched off")
        await watch(ben, (camera, 2))
        await until(lambda: sees(320), "a layer to be switched on again")
        assert seen["framesDecoded"] > 10
        assert browser.complaints == []


async def test_a_small_camera_sends_fewer_layers_and_all_of_its_size(tmp_path: Path) -> None:
    async with hosting(tmp_path / "data") as host, chromium(tmp_path / "profile") as browser:
        ana = await enter(browser, host, "Ana", camera=(640, 360))
        ben = await enter(browser, host, "Ben", camera=(320, 180))
        camera = (await ana.evaluate("window.parley.statistics()"))["you"] + "/camera"
        await watch(ben, (camera, 10))

        async def sees_all() -> bool:
            return bool((await picture(ben, camera))["frameWidth"] == 640)

        await until(sees_all, "the whole picture")
        assert sorted(await layers(ana)) == ["l", "m"]
