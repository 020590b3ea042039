from __future__ import annotations

import hashlib
import os
from pathlib import Path

from models.catalogue import WeightFile
from models.weights import NOTE, fault, faults, known_good, note_verified
from tests.platform.conftest import FILES, WEIGHTS

MODEL_BIN = WeightFile(name="model.bin", size=len(WEIGHTS), sha256=hashlib.sha256(WEIGHTS).hexdigest())


def test_the_right_bytes_have_no_fault(stick: Path) -> None:
    assert fault(stick / "model.bin", MODEL_BIN) is None


def test_a_missing_a_short_and_an_altered_file_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"

    assert "is missing" in str(fault(path, MODEL_BIN))
    path.write_bytes(WEIGHTS[:-1])
    assert "has 19999 bytes instead of 20000" in str(fault(path, MODEL_BIN))
    path.write_bytes(WEIGHTS[:-1] + b"!")
    assert "SHA-256 differs" in str(fault(path, MODEL_BIN))


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "model.bin").mkdir()

    assert len(faults(tmp_path, [MODEL_BIN])) == 1


def test_a_verified_folder_is_believed_until_a_file_is_touched(stick: Path) -> None:
    note_verified(stick, [MODEL_BIN])
    assert known_good(stick, [MODEL_BIN])

    os.utime(stick / "model.bin", ns=(1, 1))

    assert not known_good(stick, [MODEL_BIN])


def test_a_note_made_for_other_digests_is_not_believed(stick: Path) -> None:
    note_verified(stick, [MODEL_BIN])

    assert not known_good(stick, [MODEL_BIN.model_copy(update={"sha256": "0" * 64})])


def test_a_damaged_note_is_no_note(stick: Path) -> None:
    (stick / NOTE).write_text("{", encoding="utf-8")

    assert not known_good(stick, [MODEL_BIN])


def test_a_folder_nobody_verified_is_not_believed(stick: Path) -> None:
    assert set(FILES) == {path.name for path in stick.iterdir()}
    assert not known_good(stick, [MODEL_BIN])
