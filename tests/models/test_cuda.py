"""cuBLAS where Parley's own packages lie, looked for and loaded without a graphics card."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.runtime import cuda
from models.runtime.cuda import Lack
from models.runtime.devices import chosen
from sfu.rtp.errors import UserError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux") or shutil.which("cc") is None,
                                reason="needs Linux and a C compiler (Debian: apt-get install gcc)")


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages with CTranslate2 in it, on a computer with a driver; the system has no cuBLAS."""
    engine = tmp_path / "ctranslate2" / "__init__.py"
    engine.parent.mkdir()
    engine.touch()
    monkeypatch.setattr(cuda, "find_spec", lambda name: type("Spec", (), {"origin": str(engine)}))
    monkeypatch.setattr(cuda, "DRIVER", "libc.so.6")
    monkeypatch.setattr(cuda, "_of_system", lambda: False)
    cuda._loads.cache_clear()
    yield tmp_path
    cuda._loads.cache_clear()


def compiled(folder: Path, name: str, *linked: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    command = ["cc", "-shared", "-fPIC", f"-Wl,-soname,{name},--no-as-needed", "-o", str(file), "-xc", "-", "-xnone"]
    subprocess.run([*command, *map(str, linked)], input="int here(void) { return 1; }", text=True, check=True)
    return file


def put(packages: Path) -> None:
    light = compiled(packages / "nvidia/cublas/lib", "libcublasLt.so.12")
    compiled(packages / "nvidia/cublas/lib", "libcublas.so.12", light)
    compiled(packages / "nvidia/cuda_nvrtc/lib", "libnvrtc.so.12")


# What it loads stays loaded, so it is asked in a process of its own; the engine's own way is to open it by its name.
_ASK = """
import ctypes, sys
from models.runtime import cuda
cuda.find_spec = lambda name: type("Spec", (), {"origin": sys.argv[1]})
cuda.DRIVER = sys.argv[2]
print(repr(cuda.preload()), end=" ")
try:
    print(ctypes.CDLL("libcublas.so.12").here())
except OSError:
    print("not loaded")
"""


def asked(packages: Path, driver: str) -> str:
    command = [sys.executable, "-c", _ASK, str(packages / "ctranslate2" / "__init__.py"), driver]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(cuda.__file__).parents[2])
    return done.stdout


def test_what_came_with_parley_is_found_by_its_name_without_a_variable(beside: Path) -> None:
    put(beside)

    assert cuda.installed()
    assert [file.name for file in cuda.brought()] == ["libnvrtc.so.12", "libcublasLt.so.12", "libcublas.so.12"]
    assert asked(beside, "libc.so.6") == f"{Lack.NOTHING!r} 1\n"


def test_without_a_driver_nothing_is_loaded(beside: Path) -> None:
    put(beside)

    assert asked(beside, "libno-driver-here.so.1") == f"{Lack.DRIVER!r} not loaded\n"


def test_without_the_libraries_that_is_what_is_lacking(beside: Path) -> None:
    assert not cuda.installed()
    assert cuda.preload() is Lack.LIBRARIES


def test_a_linker_that_knows_another_major_version_has_nothing_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    monkeypatch.setattr(cuda, "_listed", lambda: "\tlibcublas.so.13 (libc6,x86-64) => /usr/lib/libcublas.so.13\n")
    assert not cuda._of_system()

    monkeypatch.setattr(cuda, "_listed", lambda: "\tlibcublas.so.12 (libc6,x86-64) => /usr/lib/libcublas.so.12\n")
    assert cuda._of_system()


def test_a_card_that_nothing_can_compute_on_is_left_alone_and_named_it_is_refused_with_what_to_do() -> None:
    assert chosen("auto", found=1, equipped=lambda: False) == ["cpu"]
    with pytest.raises(UserError, match="parley-cuda"):
        chosen("cuda:0", found=1, equipped=lambda: False)
