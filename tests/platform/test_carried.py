"""What is brought on a stick: looked into before anything is copied, and copied from nowhere else."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import IO, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import registry as registry_module
from models import sources
from models.__main__ import main
from models.carried import Fate, Reason, Useless, survey
from models.catalogue import Catalogue, parse_catalogue
from models.registry import NoRoom, Progress, Registry, State
from models.sources import SourceFailed
from sfu.rtp.errors import ErrorCode, UserError
from tests.platform.conftest import FILES, WEIGHTS, Publisher, entry, url_source
from tests.platform.test_bundle import packed


def quietly(_: Progress) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def registry(tmp_path: Path, toy: Catalogue) -> Registry:
    return Registry(tmp_path / "models", toy)


def fates(place: Path, registry: Registry) -> dict[str, Fate]:
    return {carried.name: carried.fate for carried in survey(place, registry)}


def test_a_bundle_and_a_folder_say_what_is_in_them(tmp_path: Path, stick: Path, registry: Registry) -> None:
    bundle = packed(tmp_path / "toy.zip", FILES, "toy/", zipfile.ZIP_STORED)
    own = tmp_path / "all"
    own.mkdir()
    stick.rename(own / "toy")

    assert fates(bundle, registry) == fates(own, registry) == fates(own / "toy", registry) == {"toy": Fate.WANTED}


def test_the_stick_itself_can_be_given_and_a_bundle_on_it_is_found(tmp_path: Path, registry: Registry) -> None:
    root = tmp_path / "usb"
    (root / "photos").mkdir(parents=True)
    (root / "photos" / "model.bin").write_bytes(b"a photo")
    (root / "broken.zip").write_bytes(b"PK\x03\x04 cut off")
    bundle = packed(root / "parley-models.zip", FILES, "toy/", zipfile.ZIP_STORED)

    [toy] = survey(root, registry)
    registry.take(toy.name, quietly, toy.place)

    assert toy.place == bundle
    assert registry.status("toy").state is State.READY


def test_what_is_here_already_is_said_to_be(stick: Path, registry: Registry) -> None:
    registry.take("toy", quietly, stick)

    assert fates(stick, registry) == {"toy": Fate.HERE}


@pytest.mark.parametrize(("files", "fate"), [
    ({"model.bin": WEIGHTS + b"older", "config.json": FILES["config.json"]}, Fate.OTHER),
    ({"model.bin": WEIGHTS}, Fate.PART),
])
def test_files_of_another_version_and_half_a_model_are_not_copied(
    tmp_path: Path, registry: Registry, files: dict[str, bytes], fate: Fate
) -> None:
    assert fates(packed(tmp_path / "old.zip", files, "toy/"), registry) == {"toy": fate}


def test_a_model_of_a_newer_parley_is_named(tmp_path: Path, registry: Registry) -> None:
    bundle = packed(tmp_path / "new.zip", FILES, "whisper-next/")

    assert fates(bundle, registry) == {"whisper-next": Fate.UNKNOWN}


@pytest.mark.parametrize(("content", "reason"), [
    (b"a letter", Reason.NO_BUNDLE),
    (b"", Reason.NO_BUNDLE),
    (b"PK\x03\x04 and nothing after it", Reason.CUT_OFF),
])
def test_another_file_or_half_of_one_is_told_apart(
    tmp_path: Path, registry: Registry, content: bytes, reason: Reason
) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(Useless, match=r"x\.zip") as refused:
        survey(tmp_path / "x.zip", registry)

    assert refused.value.reason is reason


def test_an_archive_of_something_else_an_empty_folder_and_no_folder_are_sentences(
    tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "empty").mkdir()
    places = {packed(tmp_path / "photos.zip", {"a.jpg": b"x"}, "trip/"): Reason.NOTHING,
              tmp_path / "empty": Reason.NOTHING, tmp_path / "pulled out": Reason.UNREADABLE}

    for place, reason in places.items():
        with pytest.raises(Useless) as refused:
            survey(place, registry)
        assert refused.value.reason is reason


@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_bundle_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "x.zip").write_bytes(content)

    with pytest.raises(Useless):
        survey(folder / "x.zip", Registry(folder / "models"))


def test_nobody_else_is_asked_for_what_is_damaged_on_the_stick(
    stick: Path, registry: Registry, publisher: Publisher
) -> None:
    (stick / "model.bin").write_bytes(WEIGHTS[::-1])

    with pytest.raises(SourceFailed, match="SHA-256 differs"):
        registry.take("toy", quietly, stick)

    assert publisher.ranges == []
    assert registry.status("toy").state is State.MISSING


def test_a_stick_that_is_pulled_out_is_not_taken_for_a_full_disk(
    stick: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(source: IO[bytes], name: str) -> NoReturn:
        raise SourceFailed(f"{name} cannot be read (Input/output error)")

    monkeypatch.setattr(sources, "_read", gone)

    with pytest.raises(SourceFailed, match=r"model\.bin cannot be read"):
        registry.take("toy", quietly, stick)


def test_stopping_in_the_middle_of_a_file_leaves_no_half_of_it(
    tmp_path: Path, stick: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        """As a press of Cancel."""

    def stop(progress: Progress) -> None:
        if progress.received >= 8_000:
            raise Stopped

    monkeypatch.setattr(sources, "CHUNK", 4_000)
    with pytest.raises(Stopped):
        registry.take("toy", stop, stick)

    assert list((tmp_path / "models" / ".fetching" / "toy").iterdir()) == []
    registry.take("toy", quietly, stick)
    assert registry.status("toy").state is State.READY


def test_too_small_a_disk_is_told_in_numbers(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))

    with pytest.raises(NoRoom, match="1 MB are free") as refused:
        registry.check_room(148_000_000)

    assert (refused.value.needed // 10**6, refused.value.free) == (215, 1_000_000)
    assert refused.value.code is ErrorCode.DISK_FULL


def test_writing_a_bundle_can_be_stopped_and_a_full_stick_is_a_sentence(
    tmp_path: Path, stick: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.take("toy", quietly, stick)
    target = tmp_path / "usb"
    target.mkdir()

    def stop(_: Progress) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        registry.bundle(target / "x.zip", (), stop)

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("models.bundle.copy", full)
    with pytest.raises(UserError, match="No space left"):
        registry.bundle(target / "x.zip", (), quietly)
    assert list(target.iterdir()) == []


def test_at_the_command_line_a_folder_needs_no_names_and_what_is_no_use_is_said(
    tmp_path: Path, stick: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = parse_catalogue(entry("toy", url_source(publisher.address)) + entry("second", url_source("https://x.y/")))
    monkeypatch.setattr(registry_module, "shipped_catalogue", lambda: known)
    folder = tmp_path / "usb"
    folder.mkdir()
    stick.rename(folder / "toy")
    (folder / "second").mkdir()
    (folder / "second" / "model.bin").write_bytes(b"short")

    assert main(["fetch", "--from", str(folder), "--models-dir", str(tmp_path / "models")]) == 0

    assert "second: left out, its files belong to another version" in capsys.readouterr().err
    assert publisher.ranges == []
