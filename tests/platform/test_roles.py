from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sfu import roles

ROOT = Path(__file__).resolve().parents[2]


def test_every_role_is_a_program_of_ours() -> None:
    assert all(find_spec(role) for role in roles.ROLES)


def test_a_role_from_the_sources_and_in_the_installed_program_differs_in_its_first_words_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from_sources = roles.command("sfu.host", "--port", "0")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/parley/parley")
    installed = roles.command("sfu.host", "--port", "0")

    assert from_sources[1:] == ["-m", "app", "--role", "sfu.host", "--port", "0"]
    assert installed == ["/opt/parley/parley", "--role", "sfu.host", "--port", "0"]


def test_windows_has_a_second_executable_because_a_window_there_has_no_standard_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", "/parley/parley.exe")

    assert roles.command("sfu.host")[0] == "/parley/parley-cli.exe"


def test_what_a_role_says_and_its_status_are_those_of_the_program() -> None:
    asked = subprocess.run(roles.command("sfu.host", "--port", "70000"), cwd=ROOT, capture_output=True, text=True,
                           timeout=60, check=False)

    assert asked.returncode == 2
    assert "parley host: error: argument --port: '70000'" in asked.stderr


def test_nothing_else_runs_because_a_command_line_names_it() -> None:
    command = [*roles.command("sfu.host")[:-1], "http.server"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert asked.returncode == 1
    assert "there is no role 'http.server'" in asked.stderr
