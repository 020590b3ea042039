from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from sfu.core.transcript import Line
from sfu.host.journal import Journal, recover
from sfu.wire.messages import Meeting

ABOUT = Meeting(id="m1", title="Weekly", code="ABCDEFGH")


def line(text: str) -> Line:
    return Line(
        segment="a", speaker="p1", name="Ana", text=text, language="en", start=1.0, end=2.0, confidence=0.9
    )


def journal(folder: Path) -> Journal:
    return Journal(folder, ABOUT, "2026-01-01T10:00:00.000+00:00")


def test_nothing_said_leaves_nothing_behind(tmp_path: Path) -> None:
    silent = journal(tmp_path / "m1")

    assert silent.export() is None
    silent.close()
    assert not (tmp_path / "m1").exists()


def test_a_line_is_on_disk_before_anybody_sees_it(tmp_path: Path) -> None:
    spoken = journal(tmp_path / "m1")
    spoken.keep(line("Hello."))

    written = (tmp_path / "m1" / "transcript.jsonl").read_text().splitlines()
    assert json.loads(written[0])["meeting"]["title"] == "Weekly"
    assert json.loads(written[1])["text"] == "Hello."
    spoken.close()


def test_the_readable_forms_are_written_at_the_end_for_their_owner_alone(tmp_path: Path) -> None:
    spoken = journal(tmp_path / "m1")
    spoken.keep(line("Hello."))
    folder = spoken.export()
    spoken.close()

    assert folder == tmp_path / "m1"
    assert "<v Ana>Hello.</v>" in (tmp_path / "m1" / "transcript.vtt").read_text()
    assert json.loads((tmp_path / "m1" / "transcript.json").read_text())["lines"][0]["text"] == "Hello."
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "m1").iterdir())


def test_what_a_killed_host_had_shown_is_exported_at_the_next_start(tmp_path: Path) -> None:
    killed = journal(tmp_path / "m1")
    killed.keep(line("Hello."))
    killed.close()
    with (tmp_path / "m1" / "transcript.jsonl").open("a") as file:
        file.write('{"segment":"b","spea')

    recover(tmp_path)

    assert len(json.loads((tmp_path / "m1" / "transcript.json").read_text())["lines"]) == 1


def test_a_journal_that_cannot_be_read_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "m1").mkdir()
    (tmp_path / "m1" / "transcript.jsonl").write_text("nonsense")

    with caplog.at_level(logging.WARNING):
        recover(tmp_path)

    assert [record.message for record in caplog.records] == ["transcript not recovered"]
    assert (tmp_path / "m1" / "transcript.jsonl").read_text() == "nonsense"
