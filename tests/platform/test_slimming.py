"""On small libraries that are compiled here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import slimming

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not all(shutil.which(tool) for tool in ("cc", "nm", "readelf", "strip")),
    reason="needs Linux, a C compiler and binutils (Debian: apt-get install gcc)")


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A program's folder: `main` and its libraries."""
    folder = tmp_path / "_internal"
    (folder / "av.libs").mkdir(parents=True)
    return folder


def compiled(file: Path, source: str, *linked: Path) -> Path:
    command = ["cc", "-g", "-shared", "-fPIC", f"-Wl,-soname,{file.name}", "-o", str(file), "-xc", "-", "-xnone"]
    subprocess.run([*command, *map(str, linked)], input=source, text=True, check=True)
    return file


def program(inside: Path, source: str, *linked: Path) -> Path:
    file = inside.parent / "parley"
    # Old-style RPATH holds for the libraries of libraries too, as the frozen program's own search path does.
    search = ["-Wl,--disable-new-dtags", f"-Wl,-rpath,{inside}:{inside / 'av.libs'}"]
    subprocess.run(["cc", "-o", str(file), *search, "-xc", "-", "-xnone", *map(str, linked)], input=source, text=True,
                   check=True)
    return file


def test_libraries_that_only_what_was_left_out_needed_go_and_so_do_links_to_them(inside: Path) -> None:
    used = compiled(inside / "libused.so.1", "int used(void) { return 7; }")
    first, second = inside / "libfirst.so.1", inside / "libsecond.so.1"
    compiled(second, "int second(void) { return 2; }")
    compiled(first, "int second(void); int first(void) { return second(); }", second)
    compiled(second, "int first(void); int second(void) { return first(); }", first)   # they need each other
    (inside / "libfirst.so").symlink_to(first.name)
    run = program(inside, "int used(void); int main(void) { return used(); }", used)

    slimming.drop_orphans(inside)

    assert sorted(file.name for file in inside.glob("*.so*")) == ["libused.so.1"]
    assert subprocess.run([run], check=False).returncode == 7


def test_a_library_that_is_linked_but_never_called_becomes_a_small_one_that_says_so(inside: Path) -> None:
    encoder = compiled(inside / "av.libs" / "libSvtAv1Enc-9393c086.so.4", "int encode(void) { return 1; }")
    codecs = compiled(inside / "av.libs" / "libavcodec-5e6b81c2.so.62",
                      "int encode(void); int decode(void) { return 5; } int both(void) { return encode(); }", encoder)
    source = "int decode(void); int both(void); int main(int n, char **v) { return n > 1 ? both() : decode(); }"
    run = program(inside, source, codecs)
    assert subprocess.run([run, "encode"], check=False).returncode == 1
    (inside / "opencv_python_headless.libs").mkdir()

    slimming.slim(inside)

    assert subprocess.run([run], check=False).returncode == 5
    loud = subprocess.run([run, "encode"], check=False, capture_output=True, text=True)
    assert loud.returncode < 0
    assert "Parley is installed without libSvtAv1Enc-9393c086.so.4" in loud.stderr


def test_the_same_library_of_two_wheels_is_there_once(inside: Path) -> None:
    other = inside / "opencv_python_headless.libs"
    other.mkdir()
    compiled(inside / "av.libs" / "libavutil-5809ad29.so.60.26.102", "int util(void) { return 1; }")
    same = compiled(other / "libavutil-befbbc48.so.60.26.101", "int util(void) { return 2; }")
    older = compiled(other / "libvpx-4fb239ff.so.11.0.1", "int vpx(void) { return 3; }")

    slimming.share(inside / "av.libs", other)

    assert same.resolve().name == "libavutil-5809ad29.so.60.26.102"
    assert not older.is_symlink()


def test_what_libraries_carry_for_debuggers_goes(inside: Path) -> None:
    module = compiled(inside / "module.so", "int answer(void) { return 42; }")
    before = module.stat().st_size

    slimming.strip([module])

    assert module.stat().st_size < before
    listing = subprocess.run(["nm", "-D", module], capture_output=True, text=True, check=True).stdout
    assert "answer" in listing
