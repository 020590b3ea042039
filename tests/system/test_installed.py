"""The finished packages, on a computer of their own without a network: `make smoke` builds them and runs this.

Not a part of `make test`: building takes minutes, and what is tested here are packages that lie in a folder, not the
sources beside it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import visit
from tests.system.machine import UNABLE, WHY, machine
from tests.system.visit import DATA, LACKING, Story

PACKAGES = Path(os.environ.get("PARLEY_PACKAGES", ""))
FULL = next(iter(sorted(PACKAGES.glob("parley-full_*.deb"))), None) if "PARLEY_PACKAGES" in os.environ else None
LEAN = next(iter(sorted(PACKAGES.glob("parley_*.deb"))), None) if "PARLEY_PACKAGES" in os.environ else None

pytestmark = [
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.skipif(not (FULL and LEAN), reason="tests finished packages; `make smoke` builds and tests them"),
    pytest.mark.skipif(UNABLE, reason=WHY),
    pytest.mark.skipif(bool(LACKING), reason=f"lacking: {', '.join(LACKING)}"),
]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    assert FULL is not None
    pictures = Path(os.environ.get("PARLEY_PICTURES") or tmp_path_factory.mktemp("pictures"))
    pictures.mkdir(exist_ok=True)
    with machine() as computer:
        assert computer.run("ip", "route") == ""
        yield visit.tell(computer, FULL, pictures)


def test_what_is_installed_is_the_program_its_menu_entry_icons_and_ports(story: Story) -> None:
    assert {
        "/usr/bin/parley", "/usr/share/applications/parley.desktop", "/etc/ufw/applications.d/parley",
        "/usr/share/icons/hicolor/48x48/apps/parley.png", "/usr/share/icons/hicolor/scalable/apps/parley.svg",
        "/usr/share/doc/parley/copyright", "/usr/lib/parley/_internal/weights/whisper-base/model.bin",
    } <= set(story.installed)


def test_a_meeting_is_hosted_from_the_window_and_its_link_copied(story: Story) -> None:
    assert story.link.startswith("https://")
    assert "/j/" in story.link


def test_a_second_one_joins_and_its_words_come_back_as_captions(story: Story) -> None:
    assert "what your country can do for you" in visit.words(story.captions)


def test_everybody_leaves_well_and_nothing_runs_on(story: Story) -> None:
    assert story.statuses == [0, 0]
    assert story.stray == []
    assert "Traceback" not in story.complaints


def test_removed_it_leaves_nothing_but_what_its_user_made(story: Story) -> None:
    assert story.left_behind == []
    assert f"{DATA}/window.json" in story.kept
    assert f"{DATA}/parley.db" in story.kept


def test_lean_becomes_newer_and_full_and_keeps_everything(tmp_path: Path) -> None:
    assert LEAN is not None
    assert FULL is not None
    with machine() as computer:
        shutil.copyfile(LEAN, computer.shared / "lean.deb")
        shutil.copyfile(FULL, computer.shared / "full.deb")
        newer(LEAN, tmp_path, computer.shared / "newer.deb")
        visit.install(computer, "lean.deb")
        visit.write_choices(computer)
        assert "whisper-base           missing" in computer.run("parley", "models", "list")
        before = computer.run("sha256sum", f"{DATA}/window.json")

        visit.install(computer, "newer.deb")
        assert computer.run("dpkg-query", "--show", "--showformat=${Version}", "parley") == "9.0.0"
        assert computer.run("parley", "--version").startswith("parley ")
        computer.run("sh", "-c", "echo '# mine' >> /etc/ufw/applications.d/parley", user=False)
        visit.install(computer, "full.deb")

        assert "whisper-base           ready" in computer.run("parley", "models", "list")
        assert computer.run("sha256sum", f"{DATA}/window.json") == before
        assert "# mine" in computer.run("cat", "/etc/ufw/applications.d/parley", user=False)


def newer(package: Path, folder: Path, to: Path) -> None:
    """The same package with another version."""
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder / "tree"], check=True)
    control = folder / "tree" / "DEBIAN" / "control"
    lines = control.read_text().splitlines()
    control.write_text("".join(f"{'Version: 9.0.0' if line.startswith('Version:') else line}\n" for line in lines))
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", folder / "tree", to], check=True,
                   stdout=subprocess.DEVNULL)
