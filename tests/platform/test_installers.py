"""What can be checked of the installers for Windows and macOS without these systems."""

from __future__ import annotations

import plistlib
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from installer.bootstrap import DEV_LOCK
from installer.constraints import constraints
from sfu.host.firewall import Firewall, rules
from sfu.wire.finding import SERVICE

ROOT = Path(__file__).resolve().parents[2]
SETUP = (ROOT / "installer/windows/parley.iss").read_text("utf-8")
SPEC = (ROOT / "installer/parley.spec").read_text("utf-8")


def section(name: str) -> list[str]:
    body = SETUP.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0]
    return [line for line in body.splitlines() if line and not line.startswith(";")]


def test_the_windows_setup_asks_nobody_for_rights_and_can_be_upgraded_in_place() -> None:
    setup = dict(line.split("=", 1) for line in section("Setup") if "=" in line)

    assert setup["PrivilegesRequired"] == "lowest"
    assert re.fullmatch(r"\{\{[0-9A-F-]{36}\}", setup["AppId"])
    assert any("_internal" in line for line in section("InstallDelete"))


def test_its_firewall_rule_has_the_name_that_doctor_looks_for_and_goes_with_it() -> None:
    assert "name=Parley " in rules(Firewall.WINDOWS, 7443)[0]
    assert any("add rule name=Parley " in line and "parley-cli.exe" in line for line in section("Run"))
    assert any("delete rule name=Parley " in line for line in section("UninstallRun"))


def test_links_open_the_window() -> None:
    assert any('run ""%1""' in line for line in section("Registry"))
    assert 'CFBundleURLSchemes": ["parley"]' in SPEC


def test_macos_is_told_why_before_it_asks_people() -> None:
    for wish in ("NSCameraUsageDescription", "NSMicrophoneUsageDescription", "NSLocalNetworkUsageDescription"):
        assert wish in SPEC
    assert f'"{SERVICE.removesuffix(".local.")}"' in SPEC
    granted = plistlib.loads((ROOT / "installer/macos/entitlements.plist").read_bytes())
    assert granted["com.apple.security.device.camera"]
    assert granted["com.apple.security.device.audio-input"]


def test_the_script_for_the_disk_image_is_one_that_a_shell_reads() -> None:
    subprocess.run(["sh", "-n", ROOT / "installer/macos/make_dmg.sh"], check=True)


def test_the_workflow_builds_all_three() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/installers.yml").read_text("utf-8"))["jobs"]

    assert set(jobs) == {"linux", "windows", "macos"}
    assert all(job["steps"][-1]["uses"].startswith("actions/upload-artifact@") for job in jobs.values())


@pytest.mark.parametrize("name", ["pyside6-essentials", "pyinstaller", "cython", "numpy"])
def test_constraints_pin_what_the_lock_pins(name: str) -> None:
    pinned = constraints(DEV_LOCK.read_text("ascii"))

    assert [line for line in pinned if line.startswith(f"{name}==")]
    assert all(re.fullmatch(r"[a-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in pinned)
