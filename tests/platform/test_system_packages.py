from __future__ import annotations

import pytest

from installer import system_packages
from installer.system_packages import (
    RUNTIME,
    TESTS,
    SystemPackage,
    SystemPackagesMissing,
    apt_line,
    ensure,
    installed_names,
    missing,
)

EGL = SystemPackage("libegl1", "drawing")
GLIB = SystemPackage("libglib2.0-0", "QtCore")
LISTING = ("installed\tlibegl1\t\n"
           "config-files\txvfb\t\n"
           "installed\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84.4-3), libgio-2.0-0\n")


def test_a_package_counts_if_it_is_installed_or_provided_but_not_if_only_its_settings_are_left() -> None:
    names = installed_names(LISTING)

    assert {"libegl1", "libglib2.0-0", "libgio-2.0-0"} <= names
    assert "xvfb" not in names


def test_only_what_is_missing_is_asked_for() -> None:
    assert missing([EGL, GLIB, *TESTS], installed_names(LISTING)) == list(TESTS)


def test_the_line_to_run_can_be_pasted() -> None:
    assert apt_line([EGL, GLIB], sudo=True) \
        == "sudo apt-get install --yes --no-install-recommends libegl1 libglib2.0-0"


def test_every_package_says_why_and_none_is_listed_twice() -> None:
    packages = RUNTIME + TESTS

    assert all(package.reason for package in packages)
    assert len({package.name for package in packages}) == len(packages)


@pytest.fixture
def bare_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian that has libegl1 and nothing else, used by somebody who may not install."""
    monkeypatch.setattr(system_packages.shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(system_packages, "_dpkg_listing", lambda: "installed\tlibegl1\t\n")
    monkeypatch.setattr(system_packages, "_privilege", lambda: None)


@pytest.mark.usefixtures("bare_debian")
def test_who_may_not_install_gets_the_exact_line_and_the_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemPackagesMissing, match="sudo apt-get install --yes --no-install-recommends libglib2"):
        ensure([EGL, GLIB])

    assert "QtCore" in capsys.readouterr().out


@pytest.mark.usefixtures("bare_debian")
def test_where_nothing_is_missing_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    ensure([EGL])

    assert capsys.readouterr().out == ""


def test_other_systems_are_told_the_list_and_go_on(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda tool: None)
    monkeypatch.setattr(system_packages.sys, "platform", "linux")

    ensure([EGL, GLIB])

    assert "libegl1, libglib2.0-0" in capsys.readouterr().out
