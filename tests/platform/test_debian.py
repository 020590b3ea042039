from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from installer import debian, linux_files, packages, tarball
from installer.linux_files import Variant
from installer.system_packages import RUNTIME
from models.catalogue import Catalogue
from models.registry import Registry
from tests.platform.conftest import FILES

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages for Debian are made on Debian")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program in a folder, as `installer.build` leaves it."""
    folder = tmp_path_factory.mktemp("frozen") / "parley"
    (folder / "_internal").mkdir(parents=True)
    (folder / "parley").write_text("#!/bin/sh\necho here\n", "utf-8")
    (folder / "parley").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    return debian.make(Variant.LEAN, folder, folder.parent / "dist", folder)


def field(package: Path, name: str) -> str:
    asked = subprocess.run(["dpkg-deb", "--field", package, name], check=True, capture_output=True, text=True)
    return asked.stdout.strip()


def test_a_package_carries_program_menu_entry_links_icons_and_ports(package: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    subprocess.run(["dpkg-deb", "--extract", package, there], check=True)

    assert subprocess.run([there / "usr/bin/parley"], capture_output=True, text=True, check=True).stdout == "here\n"
    entry = (there / "usr/share/applications/parley.desktop").read_text("utf-8")
    assert "MimeType=x-scheme-handler/parley;" in entry
    assert "Exec=parley run %u" in entry
    for size in linux_files.ICON_SIZES:
        icon = (there / f"usr/share/icons/hicolor/{size}x{size}/apps/parley.png").read_bytes()
        assert int.from_bytes(icon[16:20], "big") == size
    assert "ports=7443/tcp|7443/udp" in (there / "etc/ufw/applications.d/parley").read_text("utf-8")


def test_everything_in_it_belongs_to_root_and_nothing_runs_when_it_is_installed(package: Path) -> None:
    listing = subprocess.run(["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True).stdout
    scripts = subprocess.run(["dpkg-deb", "--info", package, "postinst"], check=False, capture_output=True).returncode

    assert {line.split()[1] for line in listing.splitlines()} == {"root/root"}
    assert scripts != 0


def test_it_depends_on_what_the_sources_need_of_the_system_and_recommends_fonts(package: Path) -> None:
    needs = {name.split()[0] for name in field(package, "Depends").split(", ")}

    assert {item.name for item in RUNTIME if not item.name.startswith("fonts-")} <= needs
    assert "fonts-noto-cjk" in field(package, "Recommends")


def test_the_variants_replace_each_other(
    folder: Path, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_files, "put_weights", lambda inside, weights: None)
    full, cuda = (debian.make(variant, folder, tmp_path / "dist", tmp_path) for variant in (Variant.FULL, Variant.CUDA))

    assert [field(package, name) for name in ("Conflicts", "Replaces")] == ["parley-full, parley-cuda"] * 2
    assert [field(full, name) for name in ("Conflicts", "Provides")] == ["parley, parley-cuda", "parley"]
    assert [field(cuda, name) for name in ("Replaces", "Provides")] == ["parley, parley-full", "parley"]
    assert cuda.name.startswith("parley-cuda_")


def test_a_tarball_is_one_folder_with_words_about_what_to_do(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    archive = tarball.make(Variant.LEAN, folder, tmp_path / "dist", tmp_path)
    shutil.unpack_archive(archive, tmp_path / "there", filter="data")

    [root] = (tmp_path / "there").iterdir()
    assert archive.name == f"{root.name}.tar.gz"
    assert (root / "parley/parley").exists()
    assert (root / "share/applications/parley.desktop").exists()
    assert "libegl1" in (root / "INSTALL").read_text("utf-8")


def test_the_full_variant_needs_no_hashing_when_it_starts(
    tmp_path: Path, toy: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(tmp_path / "mine", toy)
    (tmp_path / "mine/toy").mkdir(parents=True)
    for name, content in FILES.items():
        (tmp_path / "mine/toy" / name).write_bytes(content)
    monkeypatch.setattr(linux_files, "FULL_WEIGHTS", ("toy",))
    monkeypatch.setattr(linux_files, "Registry", lambda folder: registry)

    linux_files.put_weights(tmp_path, tmp_path / "mine")

    shipped = tmp_path / "weights"
    monkeypatch.setattr("models.registry.faults", None)   # whoever hashed would stumble
    elsewhere = Registry(tmp_path / "empty", toy, shipped)
    assert elsewhere.path("toy") == shipped / "toy"


def test_the_finished_program_says_what_is_in_it_beside_the_packages(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "parley").symlink_to(folder)

    assert packages.main(["sbom", "--dist", str(tmp_path)]) == 0

    assert (tmp_path / f"parley-{linux_files.VERSION}.cdx.json").read_text() == "here\n"
    assert "cdx.json (0.0 MB)" in capsys.readouterr().out


def test_what_is_not_built_yet_is_said_with_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        packages.main(["--cuda", "deb", "--dist", str(tmp_path)])

    assert f"{tmp_path}/parley-cuda is not there yet: `make installer`" in capsys.readouterr().err
