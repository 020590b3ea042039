from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from app import doctor, probes
from app.doctor import as_text, ask, finding_from, main
from app.probes import PROBES, Finding, Setting, State

OK = Finding("python", State.OK, "3.11")
NO_CAMERA = Finding("camera", State.NOTE, "none", "Take part without one.")
BUSY = Finding("ports", State.MISSING, "7443 is in use (TCP)", "Choose another --port.")


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(port=7443, data_dir=str(tmp_path), models_dir=str(tmp_path / "models"))


def with_findings(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    monkeypatch.setattr(doctor, "examine", lambda names, setting: list(findings))


def test_a_machine_that_lacks_only_comforts_can_host(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_findings(monkeypatch, OK, NO_CAMERA)

    assert main([]) == 0
    assert capsys.readouterr().out.endswith("A meeting can be hosted here.\n")


def test_a_machine_that_lacks_something_necessary_cannot(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_findings(monkeypatch, OK, BUSY)

    assert main([]) == 1
    assert "cannot be hosted here yet" in capsys.readouterr().out


def test_json_carries_the_verdict_and_every_finding(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_findings(monkeypatch, OK, BUSY)

    main(["--json"])

    said = json.loads(capsys.readouterr().out)
    assert said == {"able_to_host": False, "findings": [
        {"name": "python", "state": "ok", "detail": "3.11", "remedy": ""},
        {"name": "ports", "state": "missing", "detail": "7443 is in use (TCP)", "remedy": "Choose another --port."}]}


def test_every_remedy_stands_beneath_its_finding() -> None:
    lines = as_text([OK, NO_CAMERA], able=True).splitlines()

    assert lines[1].startswith("note     camera")
    assert lines[2].strip() == "-> Take part without one."


def test_what_libraries_chat_before_the_finding_is_ignored() -> None:
    assert finding_from('ALSA: no such device\n{"name": "sound", "state": "note", "detail": "x", "remedy": ""}\n') \
        == Finding("sound", State.NOTE, "x")


def test_a_taken_port_is_found_and_another_proposed(setting: Setting) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        finding = probes.ports(Setting(port, setting.data_dir, setting.models_dir))

    assert finding.state is State.MISSING
    assert f"{port} is in use (TCP)" == finding.detail
    assert str(port + 1) in finding.remedy


def test_missing_weights_are_a_note_with_the_command_to_run(setting: Setting) -> None:
    finding = probes.weights(setting)

    assert finding.state is State.NOTE
    assert "parley models fetch whisper-base" in finding.remedy


def test_a_data_folder_that_does_not_exist_yet_is_judged_by_its_parent(setting: Setting) -> None:
    finding = probes.storage(Setting(7443, f"{setting.data_dir}/not/yet", setting.models_dir))

    assert finding.state is State.OK


@pytest.mark.system
def test_a_probe_that_fails_is_a_finding_with_its_last_words(setting: Setting) -> None:
    finding = ask("no such probe", setting, deadline_s=30)

    assert finding.state is State.NOTE
    assert "KeyError" in finding.detail


@pytest.mark.system
def test_a_necessary_probe_that_does_not_answer_in_time_is_missing(setting: Setting) -> None:
    finding = ask("python", setting, deadline_s=0.001)

    assert finding.state is State.MISSING
    assert "no answer" in finding.detail


@pytest.mark.system
def test_every_probe_answers_on_this_machine(setting: Setting) -> None:
    findings = doctor.examine(list(PROBES), setting)

    assert [finding.name for finding in findings] == list(PROBES)
    assert all(finding.remedy for finding in findings if finding.state is not State.OK)
    assert not any("Error" in finding.detail for finding in findings)
