"""Files out of ZIPs: bundles of ours and archives of publishers, none of them believed."""

from __future__ import annotations

import errno
import hashlib
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest

from models import bundle as bundle_module
from models.bundle import from_zip
from models.catalogue import WeightFile, parse_catalogue
from models.registry import Progress, Registry
from models.sources import SourceFailed
from sfu.rtp.errors import UserError
from tests.platform.conftest import FILES, Publisher, entry, url_source

WANTED = [WeightFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
          for name, content in FILES.items()]


def silently(received: int, total: int, doing: str) -> None:
    """Progress that nobody watches."""


def quietly(progress: Progress) -> None:
    """The same, for a registry."""


def packed(path: Path, files: dict[str, bytes], prefix: str = "", method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return path


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    return folder


def test_files_come_out_of_the_folder_of_their_model(tmp_path: Path, stage: Path) -> None:
    from_zip(packed(tmp_path / "stick.zip", FILES, "toy/"), "toy/", WANTED, stage, silently)

    assert {name: (stage / name).read_bytes() for name in FILES} == FILES


@pytest.mark.parametrize(("content", "told"), [
    (FILES["model.bin"][:-1] + b"!", "SHA-256"),
    (b"short", "model.bin has 5 bytes, not 20000"),
    (None, "model.bin is not in it"),
])
def test_other_bytes_are_refused_and_thrown_away(
    tmp_path: Path, stage: Path, content: bytes | None, told: str
) -> None:
    files = {name: old for name, old in (FILES | {"model.bin": content}).items() if old is not None}

    with pytest.raises(SourceFailed, match=told):
        from_zip(packed(tmp_path / "stick.zip", files), "", WANTED, stage, silently)

    assert not (stage / "model.bin").exists()


def test_a_member_that_was_damaged_on_the_way_is_named(tmp_path: Path, stage: Path) -> None:
    path = packed(tmp_path / "stick.zip", FILES, method=zipfile.ZIP_STORED)
    damaged = bytearray(path.read_bytes())
    damaged[1000] ^= 0xFF
    path.write_bytes(damaged)

    with pytest.raises(SourceFailed, match=r"model\.bin is damaged"):
        from_zip(path, "", WANTED, stage, silently)


def test_a_disk_that_fills_up_while_unpacking_is_no_fault_of_the_bundle(
    tmp_path: Path, toy_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = packed(tmp_path / "stick.zip", FILES, "toy/")

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundle_module, "copy", full)

    with pytest.raises(UserError, match="The disk is full"):
        toy_registry.fetch("toy", quietly, stick)


@pytest.fixture
def toy_registry(tmp_path: Path, publisher: Publisher) -> Registry:
    """A model whose publisher packs its files into one archive."""
    content = packed(tmp_path / "toy.task", FILES).read_bytes()
    publisher.files = {"toy.task": content}
    archive = (f'[model.source.archive]\nname = "toy.task"\nsize = {len(content)}\n'
               f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n')
    return Registry(tmp_path / "models", parse_catalogue(entry("toy", url_source(publisher.address) + archive)))


def test_a_publishers_archive_is_fetched_compared_and_unpacked(toy_registry: Registry) -> None:
    folder = toy_registry.fetch("toy", quietly)

    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert not (folder / "toy.task").exists()


def test_an_archive_with_another_digest_is_never_opened(toy_registry: Registry, publisher: Publisher) -> None:
    archive = publisher.files["toy.task"]
    publisher.files["toy.task"] = archive[:-1] + bytes([archive[-1] ^ 1])

    with pytest.raises(UserError, match=r"toy\.task is not what it should be"):
        toy_registry.fetch("toy", quietly)
