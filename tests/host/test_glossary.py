"""The glossary outlives its meeting."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sfu.host import glossary
from sfu.rtp.errors import UserError


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "data" / "glossary.txt"

    glossary.keep(file, ["Crianan", "王芳"])

    assert glossary.read(file) == ("Crianan", "王芳")
    assert file.stat().st_mode & 0o077 == 0


def test_people_may_write_it_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "glossary.txt"
    file.write_bytes(b"# ours\n\n Crianan \r\nCrianan\n\xff\xfe\n")

    assert glossary.read(file)[0] == "Crianan"
    assert glossary.read(tmp_path / "none.txt") == ()


def test_what_cannot_be_read_is_a_sentence_and_what_cannot_be_kept_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        glossary.read(tmp_path)
    (tmp_path / "file").touch()

    with caplog.at_level(logging.CRITICAL):
        glossary.keep(tmp_path / "file" / "glossary.txt", ["x"])
