from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from models import registry as registry_module
from models.catalogue import Catalogue, parse_catalogue
from models.registry import Progress, Registry, State, default_data_dir, default_models_dir
from sfu.rtp.errors import ErrorCode, UserError
from tests.platform.conftest import FILES, WEIGHTS, Publisher, entry, url_source


def quietly(_: Progress) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def registry(tmp_path: Path, toy: Catalogue) -> Registry:
    return Registry(tmp_path / "models", toy)


def test_a_fetched_model_is_ready_and_its_folder_holds_exactly_the_catalogues_bytes(registry: Registry) -> None:
    folder = registry.fetch("toy", quietly)

    assert registry.path("toy") == folder
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


def test_progress_grows_to_the_whole(registry: Registry) -> None:
    seen: list[Progress] = []

    registry.fetch("toy", seen.append)

    assert [step.received for step in seen] == sorted(step.received for step in seen)
    assert seen[-1].received == seen[-1].total == sum(len(content) for content in FILES.values())


def test_a_missing_model_is_a_sentence_with_the_command_to_run(registry: Registry) -> None:
    with pytest.raises(UserError, match=r"Run `parley models fetch toy`\.") as refused:
        registry.path("toy")

    assert refused.value.code is ErrorCode.MISSING_MODEL
    assert registry.status("toy").state is State.MISSING


def test_an_unknown_model_is_a_sentence_with_the_known_ones(registry: Registry) -> None:
    with pytest.raises(UserError, match=r"no model called 'whisper-huge'\. Known models: toy"):
        registry.path("whisper-huge")


def test_a_ready_model_is_not_fetched_again(registry: Registry, publisher: Publisher) -> None:
    registry.fetch("toy", quietly)
    publisher.ranges.clear()

    registry.fetch("toy", quietly)

    assert publisher.ranges == []


def test_damage_is_noticed_named_and_mended_by_fetching_only_what_is_damaged(
        registry: Registry, publisher: Publisher) -> None:
    folder = registry.fetch("toy", quietly)
    (folder / "config.json").write_bytes(b'{"layers": 7}')
    publisher.ranges.clear()

    with pytest.raises(UserError, match=r"damaged \(the content of config.json"):
        registry.path("toy")
    registry.fetch("toy", quietly)

    assert registry.verify("toy").state is State.READY
    assert publisher.ranges == [("config.json", 0)]


def test_verify_finds_damage_that_left_size_and_time_alone(registry: Registry) -> None:
    folder = registry.fetch("toy", quietly)
    path = folder / "model.bin"
    before = path.stat()
    path.write_bytes(WEIGHTS[:-1] + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert registry.verify("toy").state is State.DAMAGED


def test_files_put_into_the_folder_by_hand_are_found(registry: Registry, tmp_path: Path, stick: Path) -> None:
    shutil.copytree(stick, tmp_path / "models" / "toy")

    assert registry.path("toy") == tmp_path / "models" / "toy"


def test_an_interrupted_fetch_goes_on_where_it_stopped(registry: Registry, publisher: Publisher) -> None:
    class Interrupted(BaseException):
        """As Ctrl-C would be."""

    def interrupt(progress: Progress) -> None:
        if progress.received >= 6_000:
            raise Interrupted

    publisher.cut_after = 6_000
    with pytest.raises(Interrupted):
        registry.fetch("toy", interrupt)
    publisher.ranges.clear()

    registry.fetch("toy", quietly)

    assert publisher.ranges[0] == ("model.bin", 6_000)
    assert registry.status("toy").state is State.READY


def test_wrong_bytes_are_never_put_in_place(registry: Registry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["model.bin"] = WEIGHTS[::-1]

    with pytest.raises(UserError, match="SHA-256 differs"):
        registry.fetch("toy", quietly)

    assert not (tmp_path / "models" / "toy").exists()


def test_the_next_source_is_tried_when_one_fails(tmp_path: Path, publisher: Publisher) -> None:
    dead = url_source("http://127.0.0.1:9/toy/")
    registry = Registry(tmp_path, parse_catalogue(entry("toy", dead, url_source(publisher.address))))

    registry.fetch("toy", quietly)

    assert registry.status("toy").state is State.READY


def test_when_every_source_fails_each_ones_reason_is_told_and_what_to_do(
        registry: Registry, publisher: Publisher, tmp_path: Path) -> None:
    publisher.status = 403
    (tmp_path / "empty").mkdir()

    with pytest.raises(UserError) as refused:
        registry.fetch("toy", quietly, tmp_path / "empty")

    sentence = refused.value.sentence
    assert "empty: model.bin is missing; config.json is missing" in sentence
    assert "the server answered 403" in sentence
    assert "parley models fetch toy --from FOLDER" in sentence


def test_a_folder_of_the_users_makes_the_network_unnecessary(
        registry: Registry, publisher: Publisher, stick: Path) -> None:
    registry.fetch("toy", quietly, stick)

    assert registry.status("toy").state is State.READY
    assert publisher.ranges == []


def test_what_a_folder_lacks_comes_from_the_next_source(
        registry: Registry, publisher: Publisher, stick: Path) -> None:
    (stick / "config.json").unlink()

    registry.fetch("toy", quietly, stick)

    assert publisher.ranges == [("config.json", 0)]


def test_two_fetches_at_once_do_not_disturb_each_other(registry: Registry, publisher: Publisher) -> None:
    publisher.cut_after = 3_000
    fetches = [threading.Thread(target=registry.fetch, args=("toy", quietly)) for _ in range(3)]
    for fetch in fetches:
        fetch.start()
    for fetch in fetches:
        fetch.join(timeout=30)

    assert registry.verify("toy").state is State.READY
    assert publisher.ranges.count(("model.bin", 0)) == 1


def test_too_small_a_disk_is_said_before_anything_is_fetched(
        registry: Registry, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))

    with pytest.raises(UserError, match=r"no room: .* needs 67 MB, and 1 MB are free. Make room"):
        registry.fetch("toy", quietly)

    assert publisher.ranges == []


def test_a_disk_that_fills_up_on_the_way_is_a_sentence(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(registry_module, "from_url", full)

    with pytest.raises(UserError, match="The disk is full"):
        registry.fetch("toy", quietly)


def test_a_models_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, toy: Catalogue) -> None:
    (tmp_path / "file").write_text("in the way", encoding="ascii")

    with pytest.raises(UserError, match=r"could not be written to .* PARLEY_MODELS"):
        Registry(tmp_path / "file", toy).fetch("toy", quietly)


def test_a_bundled_model_is_ready_where_its_package_is(tmp_path: Path) -> None:
    assert Registry(tmp_path).status("silero-vad").state is State.READY


def test_a_bundled_model_without_its_package_says_which_to_install(tmp_path: Path) -> None:
    bundled = '[[model.source]]\nkind = "bundled"\npackage = "no_such_package"\nfolder = "assets"\n'
    registry = Registry(tmp_path, parse_catalogue(entry("toy", bundled)))

    with pytest.raises(UserError, match="Install the package no_such_package again"):
        registry.fetch("toy", quietly)


def test_the_environment_chooses_the_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PARLEY_MODELS", raising=False)
    monkeypatch.setenv("PARLEY_DATA", str(tmp_path))
    assert default_data_dir() == tmp_path
    assert default_models_dir() == tmp_path / "models"

    monkeypatch.setenv("PARLEY_MODELS", str(tmp_path / "elsewhere"))
    assert default_models_dir() == tmp_path / "elsewhere"


def test_weights_that_were_installed_with_parley_are_used_until_there_are_own_ones(
    tmp_path: Path, toy: Catalogue, stick: Path
) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(stick, shipped / "toy")
    registry = Registry(tmp_path / "mine", toy, shipped)
    assert registry.path("toy") == shipped / "toy"
    with pytest.raises(UserError, match="installed with Parley"):
        registry.delete("toy")

    (shipped / "toy" / "model.bin").write_bytes(b"damaged")
    assert registry.status("toy").state is State.DAMAGED
    assert registry.fetch("toy", quietly) == tmp_path / "mine" / "toy"
    assert registry.status("toy").state is State.READY
