"""The bench beside Janus says what it lacks instead of failing."""

from __future__ import annotations

import shutil

import pytest

from tests.bench import janus


def test_without_janus_the_bench_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "janus" else f"/usr/bin/{name}")
    assert janus.run([]) == {"skipped": "Janus is not installed; on Debian: apt-get install janus"}
