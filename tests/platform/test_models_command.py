from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from models import registry as registry_module
from models.__main__ import main
from models.catalogue import Catalogue
from models.recommend import Machine, recommended


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
    assert {"problem", "title", "task", "format", "licence", "input"} <= toy.keys()
    assert {"bytes", "memory_mb", "needs", "speed"} <= toy.keys()


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


def test_a_deleted_model_can_be_fetched_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fetch", "toy", "--models-dir", str(tmp_path)])

    assert main(["delete", "toy", "--models-dir", str(tmp_path)]) == 0

    assert not (tmp_path / "toy").exists()
    assert "missing" in capsys.readouterr().out
    assert main(["fetch", "toy", "--models-dir", str(tmp_path)]) == 0


def test_a_bundle_carries_a_model_to_another_computer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there, stick = tmp_path / "here", tmp_path / "there", tmp_path / "stick.zip"
    main(["fetch", "toy", "--models-dir", str(here)])
    assert main(["bundle", "--out", str(stick), "--models-dir", str(here)]) == 0

    assert main(["fetch", "toy", "--from", str(stick), "--models-dir", str(there)]) == 0

    assert "unpacking" in capsys.readouterr().err
    assert main(["verify", "toy", "--models-dir", str(there)]) == 0


def test_from_a_bundle_everything_that_is_in_it_comes_without_being_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there, stick = tmp_path / "here", tmp_path / "there", tmp_path / "stick.zip"
    main(["fetch", "toy", "--models-dir", str(here)])
    main(["bundle", "--out", str(stick), "--models-dir", str(here)])
    assert hashlib.sha256(stick.read_bytes()).hexdigest() in capsys.readouterr().out

    assert main(["fetch", "--from", str(stick), "--models-dir", str(there)]) == 0

    assert main(["verify", "toy", "--models-dir", str(there)]) == 0
    (tmp_path / "empty").mkdir()
    assert main(["fetch", "--from", str(tmp_path / "empty"), "--models-dir", str(there)]) == 1
    (tmp_path / "damaged.zip").write_bytes(b"PK no zip")
    assert main(["fetch", "--from", str(tmp_path / "damaged.zip"), "--models-dir", str(there)]) == 1
    assert "no bundle of models" in capsys.readouterr().err


def test_a_bundle_with_other_bytes_is_not_believed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stick = tmp_path / "stick.zip"
    stick.write_bytes(b"PK no zip")

    main(["fetch", "toy", "--from", str(stick), "--models-dir", str(tmp_path / "there")])

    assert main(["verify", "toy", "--models-dir", str(tmp_path / "there")]) == 0  # from the next source


def test_nothing_is_no_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "--out", str(tmp_path / "x.zip"), "--models-dir", str(tmp_path / "none")]) == 1
    assert "fetch" in capsys.readouterr().err


@pytest.mark.parametrize(("machine", "model"), [
    (Machine(cores=2, memory_mb=8_000, gpus=0), "whisper-base"),
    (Machine(cores=1, memory_mb=8_000, gpus=0), "whisper-tiny.en"),
    (Machine(cores=8, memory_mb=2_000, gpus=0), "whisper-tiny.en"),
    (Machine(cores=8, memory_mb=32_000, gpus=1), "whisper-base"),
])
def test_the_model_fits_the_computer(machine: Machine, model: str) -> None:
    assert recommended(machine, ["whisper-base", "whisper-tiny.en"])[0] == model
    assert recommended(Machine(8, 32_000, 1), ["whisper-small", "whisper-base"])[0] == "whisper-small"


def test_what_nobody_measured_is_recommended_with_a_word_about_it() -> None:
    assert "We have not measured it" in recommended(Machine(8, 32_000, 1), ["whisper-large-v3-turbo"])[1]
