from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from installer import bootstrap
from installer.bootstrap import (
    CUDA_LOCK,
    DEV_LOCK,
    RUNTIME_LOCK,
    STAMP,
    SetupFailed,
    ensure_environment,
    fingerprint,
    works,
)

PIN = re.compile(r"^([a-z0-9._-]+)==(\S+) \\$", re.MULTILINE)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What set-up would have run; nothing is run."""
    steps: list[str] = []

    def make(venv: Path) -> None:
        steps.append("venv")
        python = bootstrap.interpreter(venv)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(bootstrap, "make_environment", make)
    monkeypatch.setattr(bootstrap, "_pip", lambda venv, *arguments: steps.append(arguments[-1]))
    return steps


def test_a_clean_clone_gets_an_environment_the_pins_and_the_project(tmp_path: Path, made: list[str]) -> None:
    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)

    assert made == ["venv", str(RUNTIME_LOCK), str(bootstrap.ROOT)]


def test_nothing_is_done_twice(tmp_path: Path, made: list[str]) -> None:
    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)
    made.clear()

    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)

    assert made == []


def test_tools_are_added_to_an_environment_that_has_none(tmp_path: Path, made: list[str]) -> None:
    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)
    made.clear()

    ensure_environment(tmp_path / "venv", DEV_LOCK)

    assert made == [str(DEV_LOCK), str(bootstrap.ROOT)]


def test_an_environment_with_tools_is_good_enough_to_run(tmp_path: Path, made: list[str]) -> None:
    ensure_environment(tmp_path / "venv", DEV_LOCK)
    made.clear()

    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)

    assert made == []


def test_libraries_for_a_graphics_card_are_added_and_the_rest_stays(tmp_path: Path, made: list[str]) -> None:
    ensure_environment(tmp_path / "venv", DEV_LOCK)
    made.clear()

    ensure_environment(tmp_path / "venv", DEV_LOCK, CUDA_LOCK)
    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)

    assert made == [str(DEV_LOCK), str(CUDA_LOCK), str(bootstrap.ROOT)]


def test_the_lock_for_graphics_cards_pins_the_same_and_two_packages_more() -> None:
    ordinary, cuda = (dict(PIN.findall(lock.read_text("utf-8"))) for lock in (RUNTIME_LOCK, CUDA_LOCK))

    assert set(cuda.items()) - set(ordinary.items()) == {
        (name, cuda[name]) for name in ("nvidia-cublas-cu12", "nvidia-cuda-nvrtc-cu12")
    }
    assert "onnxruntime" in cuda   # and no second one beside it
    assert "onnxruntime-gpu" not in cuda
    assert set(ordinary) <= set(cuda)


def test_a_changed_lock_is_installed(tmp_path: Path, made: list[str]) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one", encoding="ascii")
    ensure_environment(tmp_path / "venv", lock)
    made.clear()
    lock.write_text("two", encoding="ascii")

    ensure_environment(tmp_path / "venv", lock)

    assert made == [str(lock), str(bootstrap.ROOT)]


def test_a_failed_installation_does_not_look_finished(
        tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(venv: Path, *arguments: str) -> None:
        raise SetupFailed("no network")

    ensure_environment(tmp_path / "venv", RUNTIME_LOCK)
    monkeypatch.setattr(bootstrap, "_pip", fail)

    with pytest.raises(SetupFailed):
        ensure_environment(tmp_path / "venv", DEV_LOCK)

    assert not (tmp_path / "venv" / STAMP).exists()


def test_an_environment_whose_python_is_gone_is_made_again(tmp_path: Path) -> None:
    dangling = tmp_path / "python"
    dangling.symlink_to(tmp_path / "uninstalled")

    assert not works(dangling)
    assert works(Path(sys.executable))


def test_the_fingerprint_follows_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one", encoding="ascii")
    before = fingerprint(lock)
    lock.write_text("two", encoding="ascii")

    assert fingerprint(lock) != before


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEV_LOCK], ids=lambda lock: lock.name)
def test_every_pin_has_a_digest_and_no_pin_names_a_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = PIN.findall(text)

    assert len(pins) > 40
    assert not re.search(r"://|--index|--find-links|--trusted", text)
    for block in re.split(PIN, text)[3::3]:
        assert "--hash=sha256:" in block


def test_tools_are_added_to_the_very_pins_that_users_get() -> None:
    users = dict(PIN.findall(RUNTIME_LOCK.read_text(encoding="utf-8")))
    developers = dict(PIN.findall(DEV_LOCK.read_text(encoding="utf-8")))

    assert users.items() <= developers.items()
