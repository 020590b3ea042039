from __future__ import annotations

import json
import platform
import sqlite3
import zipfile
from pathlib import Path

import pytest

from app import report
from app.probes import Finding, State
from sfu.rtp.errors import UserError
from sfu.store.thread import open_database


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probes are asked elsewhere (test_doctor)."""
    finding = Finding("network", State.OK, f"192.168.1.20, fd00::1:2 of {platform.node()} in {Path.home()}/parley")
    monkeypatch.setattr(report, "examine", lambda names, setting: [finding])


def test_a_report_has_facts_and_no_secret_name_or_word(tmp_path: Path, quick: None) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "window.json").write_text(json.dumps({
        "name": "Ana Lovelace", "theme": "dark", "recent": [{"title": "Layoffs", "link": "https://192.168.1.20/j/KM4T"}],
        "microphone_device": "Ana's headset"}))
    (data / "authority.key").write_text("SECRET")
    (data / "Layoffs.vtt").write_text("they will be fired")
    db = open_database(data / "parley.db")
    db.execute("INSERT INTO accounts VALUES('a1', 'Ana Lovelace', 'ana lovelace', 'ana@example.org', 'hash', 0)")
    db.commit()
    db.close()

    report.write(tmp_path / "report.zip", data)

    with zipfile.ZipFile(tmp_path / "report.zip") as made:
        content = {name: made.read(name).decode() for name in made.namelist()}
    everything = " ".join(content.values())
    for private in ("Ana", "Lovelace", "Layoffs", "KM4T", "SECRET", "fired", "example.org", "192.168", "fd00",
                    str(Path.home())):
        assert private not in everything, private
    assert json.loads(content["choices.json"]) == {"theme": "dark"}
    assert json.loads(content["data.json"])["rows"]["accounts"] == 1
    assert json.loads(content["data.json"])["files"][".vtt"] == {"files": 1, "bytes": 18}
    assert json.loads(content["program.json"])["packages"]["aiortc"]
    assert "ADDRESS, ADDRESS of this-computer in ~/parley" in content["doctor.json"]


def test_devices_named_after_people_are_only_counted() -> None:
    told = report.told(Finding("camera", State.OK, "Ana's phone, Webcam"))

    assert told["detail"] == "2 of them"


def test_a_damaged_database_is_a_fact_too(tmp_path: Path, quick: None) -> None:
    (tmp_path / "parley.db").write_bytes(b"not a database, whatever it may be called" * 100)

    assert report.collect(tmp_path)["data"]["rows"] == {"unreadable": 1}
    with pytest.raises(sqlite3.Error):
        sqlite3.connect(tmp_path / "parley.db").execute("SELECT * FROM sqlite_schema")


def test_a_report_that_cannot_be_written_is_a_sentence(tmp_path: Path, quick: None) -> None:
    with pytest.raises(UserError, match="could not be written to"):
        report.write(tmp_path / "no" / "report.zip", tmp_path)
