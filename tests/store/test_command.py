from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from sfu.core.records import FileIs
from sfu.host.archive import Archive
from sfu.store import meetings, records
from sfu.store.thread import Store
from sfu.wire.messages import Meeting, SharedFile
from tests.store.rows import came, kept, line, opened

FILE = SharedFile(id="f1", owner="p1", owner_name="Ana", name="a.txt", size=3, sha256="0" * 64, at=3.0)


def held(folder: Path) -> None:
    """A meeting of Ana and Ben that is over."""
    store = Store(folder)
    archive = Archive(store, folder, "m1")
    archive.begin(Meeting(id="m1", title="Weekly", code="ABCDEFGH"))
    store.write(
        lambda db: kept(
            db, came("p1", "Ana"), came("p2", "Ben"), line("a", "Mine."), line("b", "Yours.", "p2", "Ben"), FileIs(FILE)
        )
    ).result()
    (folder / "files" / "m1").mkdir(parents=True)
    (folder / "files" / "m1" / "f1").write_bytes(b"abc")
    archive.end()
    store.close()


def test_one_person_is_forgotten_in_records_files_and_readable_transcripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("sfu.store.__main__.spawn_apart", lambda *command: started.append(command))
    held(tmp_path)

    assert main(["store", "--data", str(tmp_path), "erase", "Ana"]) == 0

    assert "Ana is forgotten: 1 stays" in capsys.readouterr().out
    assert started == [("sfu.tasks", "--data", str(tmp_path))]  # what she was in is made anew
    assert not (tmp_path / "files" / "m1" / "f1").exists()
    exported = (tmp_path / "meetings" / "m1" / "transcript.vtt").read_text()
    assert "Yours." in exported
    assert "Ana" not in exported


def test_old_meetings_go_with_their_files(tmp_path: Path) -> None:
    held(tmp_path)
    db = opened(tmp_path)
    db.execute("UPDATE meetings SET ended_at = 1")

    assert main(["store", "--data", str(tmp_path), "retain", "30"]) == 0

    assert meetings.listed(db, None) == []
    assert not (tmp_path / "files" / "m1").exists()
    assert not (tmp_path / "meetings" / "m1").exists()


def test_a_backup_is_made_and_brought_back(tmp_path: Path) -> None:
    held(tmp_path / "data")
    copy = str(tmp_path / "copy.tar")

    assert main(["store", "--data", str(tmp_path / "data"), "backup", copy]) == 0
    assert main(["store", "--data", str(tmp_path / "other"), "restore", copy]) == 0

    assert len(records.transcript(opened(tmp_path / "other"), "m1")) == 2


def test_a_folder_in_which_nothing_is_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "--data", str(tmp_path), "erase", "Ana"]) == 1
    assert "--data" in capsys.readouterr().err
