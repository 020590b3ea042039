from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app import licences

LOCK = Path(__file__).resolve().parents[2] / "installer" / "requirements.lock"


def test_every_package_that_is_locked_for_this_system_is_listed_with_a_licence() -> None:
    parts = {part.name.lower().replace("_", "-").replace(".", "-"): part for part in licences.installed()}

    assert {"parley", "pyside6-essentials", "aiortc", "faster-whisper", "uvicorn", "numpy"} <= set(parts)
    locked = set(re.findall(r"^([a-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE))
    assert set(parts) - {"parley"} <= {name.replace(".", "-") for name in locked}
    assert not [name for name, part in parts.items() if not part.licence]


def test_a_bill_of_materials_names_packages_and_weights_with_their_digests(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.main(["--sbom"]) == 0

    bill = json.loads(capsys.readouterr().out)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bill["components"]}
    assert parts["aiortc"]["purl"].startswith("pkg:pypi/aiortc@1.")
    weights = parts["whisper-base"]
    assert weights["type"] == "machine-learning-model"
    assert all(re.fullmatch("[0-9a-f]{64}", file["hashes"][0]["content"]) for file in weights["components"])


def test_texts_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.main(["--texts"]) == 0

    said = capsys.readouterr().out
    assert "== aiortc" in said
    assert "Redistribution and use in source and binary forms" in said
