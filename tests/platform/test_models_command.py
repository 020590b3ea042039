from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from models import registry as registry_module
from models.__main__ import main
from models.catalogue import Catalogue


@pytest.fixture(autouse=True)
def _toys_only(toy: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, "shipped_catalogue", lambda: toy)


def test_list_names_what_is_missing_and_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--models-dir", str(tmp_path)]) == 0

    said = capsys.readouterr().out
    assert said.startswith("toy ")
    assert "missing" in said
    assert "Run `parley models fetch toy`." in said


def test_fetch_then_verify_succeed_and_say_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "toy", "--models-dir", str(tmp_path)]) == 0
    assert main(["verify", "toy", "--models-dir", str(tmp_path)]) == 0

    said = capsys.readouterr()
    assert said.out.count("ready") == 2
    assert "toy: 100 %" in said.err


def test_verify_of_what_is_not_there_is_a_failure(tmp_path: Path) -> None:
    assert main(["verify", "toy", "--models-dir", str(tmp_path)]) == 1


def test_json_has_every_field_a_program_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "--json", "--models-dir", str(tmp_path)])

    [toy] = json.loads(capsys.readouterr().out)
    assert toy["id"] == "toy"
    assert toy["state"] == "missing"
    assert toy["path"] == str(tmp_path / "toy")
    assert {"problem", "title", "task", "licence", "input", "bytes", "memory_mb", "speed"} <= toy.keys()


def test_fetch_from_a_folder_needs_no_network(tmp_path: Path, stick: Path) -> None:
    assert main(["fetch", "toy", "--from", str(stick), "--models-dir", str(tmp_path / "models")]) == 0

    fetched = (tmp_path / "models" / "toy" / "model.bin").read_bytes()
    assert hashlib.sha256(fetched).digest() == hashlib.sha256((stick / "model.bin").read_bytes()).digest()


def test_an_unknown_model_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "nothing", "--models-dir", str(tmp_path)]) == 1

    assert capsys.readouterr().err == "There is no model called 'nothing'. Known models: toy.\n"


@pytest.mark.parametrize("line", [[], ["fetch"], ["bake"]])
def test_bad_usage_says_how_it_is_used(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(line)

    assert left.value.code == 2
    assert "usage: parley models" in capsys.readouterr().err
