"""The tarball, on a computer of its own, by somebody who may install nothing: unpacked, looked at, a meeting hosted.

As `test_installed`, for finished packages in a folder: `make smoke` builds and tests them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.machine import HOME, SHARED, UNABLE, WHY, Machine, machine
from tests.system.visit import DATA, strays
from tests.system.waiting import PATIENCE

PACKAGES = Path(os.environ.get("PARLEY_PACKAGES", ""))
ARCHIVE = next(iter(sorted(PACKAGES.glob("parley-[0-9]*.tar.gz"))), None) if "PARLEY_PACKAGES" in os.environ else None
FOLDER = f"{HOME}/apps"

pytestmark = [
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.skipif(ARCHIVE is None, reason="tests a finished tarball; `make smoke` builds and tests it"),
    pytest.mark.skipif(UNABLE, reason=WHY),
]


@pytest.fixture(scope="module")
def ana() -> Iterator[Machine]:
    """Her computer; she has unpacked the archive and done what INSTALL says."""
    assert ARCHIVE is not None
    with machine() as computer:
        shutil.copyfile(ARCHIVE, computer.shared / ARCHIVE.name)
        computer.run("mkdir", "-p", FOLDER, f"{HOME}/.local/bin")
        computer.run("tar", "--extract", "--file", f"{SHARED}/{ARCHIVE.name}", "--directory", FOLDER, patience=120)
        computer.run("ln", "-s", f"{FOLDER}/{ARCHIVE.name.removesuffix('.tar.gz')}/parley/parley",
                     f"{HOME}/.local/bin/parley")
        computer.run("cp", "-r", f"{FOLDER}/{ARCHIVE.name.removesuffix('.tar.gz')}/share", f"{HOME}/.local/")
        yield computer


def program(*arguments: str) -> list[str]:
    return [f"{HOME}/.local/bin/parley", *arguments]


def test_what_is_unpacked_runs_without_a_privilege(ana: Machine) -> None:
    assert ana.run("id", "--user").strip() != "0"
    assert ana.run(*program("--version")).startswith("parley ")
    assert "whisper-base           missing" in ana.run(*program("models", "list"))
    assert ana.run("sh", "-c", f"test -e {HOME}/.local/share/applications/parley.desktop && echo there") == "there\n"


def test_links_open_it_when_what_install_says_was_done(ana: Machine) -> None:
    ana.run("xdg-mime", "default", "parley.desktop", "x-scheme-handler/parley")

    assert ana.run("xdg-mime", "query", "default", "x-scheme-handler/parley").strip() == "parley.desktop"


def test_its_own_examination_finds_nothing_that_keeps_this_computer_from_hosting(ana: Machine) -> None:
    findings = json.loads(ana.run(*program("doctor", "--json"), patience=180))["findings"]
    found = {finding["name"]: finding for finding in findings}

    assert not [finding for finding in found.values() if finding["state"] == "missing"]
    assert found["forwarder"]["state"] == "ok"
    assert "parley models fetch" in found["weights"]["remedy"]


def test_a_meeting_is_hosted_somebody_joins_and_nothing_runs_on(ana: Machine) -> None:
    host = ana.start(*program("host", "--title", "Review", "--json"), log="host.log")
    ready = said(ana, "link")

    ben = ana.run(*program("join", ready["link"], "--name", "Ben", "--headless", "--consent-captions", "no",
                           "--seconds", "4", "--report", f"{SHARED}/ben.json"), patience=90)
    report = json.loads((ana.shared / "ben.json").read_text())
    ana.run("pkill", "-TERM", "-f", "parley host --title Review")

    assert "Traceback" not in ben
    assert report["name"] == "Ben"
    assert host.wait(PATIENCE) == 0
    assert strays(ana) == []
    assert "Traceback" not in (ana.shared / "host.log").read_text()
    assert ana.run("find", DATA, "-name", "parley.db").strip() == f"{DATA}/parley.db"


def said(computer: Machine, key: str) -> dict[str, Any]:
    """The first line of the host that has `key`."""
    deadline = time.monotonic() + 4 * PATIENCE   # the first start reads 500 MB from wherever they were unpacked
    while time.monotonic() < deadline:
        for line in (computer.shared / "host.log").read_text().splitlines():
            if line.startswith("{") and key in (found := json.loads(line)):
                return dict(found)
        time.sleep(0.2)
    raise AssertionError(f"the host never said {key}: {(computer.shared / 'host.log').read_text()}")
