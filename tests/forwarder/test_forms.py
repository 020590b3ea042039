"""One source in two forms: which one runs is never a surprise, and both keep the same promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sfu.forwarder import form

# Everything that packets pass is tested by these.
CONFORMANCE = ["tests/core", "tests/forwarder", "tests/rtp/test_nack.py", "tests/rtp/test_reception.py",
               "tests/rtp/test_sequence.py"]  # fmt: skip


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build folder that says it belongs to these sources."""
    monkeypatch.delenv(form.VARIABLE, raising=False)
    monkeypatch.setattr(form, "BUILT", tmp_path)
    (tmp_path / form.STAMP).write_text(form.fingerprint() + "\n", "ascii")
    return tmp_path


def test_what_was_built_from_these_sources_runs(built: Path) -> None:
    assert form.chosen() == form.Form(True, "compiled by Cython")


def test_what_was_built_from_other_sources_never_runs(built: Path) -> None:
    (built / form.STAMP).write_text("0" * 64 + "\n", "ascii")

    assert form.chosen() == form.Form(False, "the sources have changed since it was built")


def test_without_a_build_everything_runs_interpreted(built: Path) -> None:
    (built / form.STAMP).unlink()

    assert not form.chosen().compiled


def test_the_interpreted_form_can_be_insisted_on(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(form.VARIABLE, form.INTERPRETED)

    assert not form.chosen().compiled


def test_insisting_on_a_compiled_form_that_is_not_there_says_why(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(form.VARIABLE, form.COMPILED)
    (built / form.STAMP).unlink()

    with pytest.raises(form.FormUnavailable, match="not built"):
        form.chosen()


@pytest.mark.slow
@pytest.mark.skipif(bool(form.why_not()), reason=f"no compiled form: {form.why_not()}")
@pytest.mark.skipif(form.VARIABLE in os.environ, reason="these tests run in a chosen form already")
def test_the_compiled_form_passes_every_test_of_the_interpreted_one() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *CONFORMANCE]

    run = subprocess.run(
        command, cwd=form.ROOT, env=os.environ | {form.VARIABLE: form.COMPILED}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout[-6000:]
