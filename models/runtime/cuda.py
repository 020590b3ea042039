"""cuBLAS for CTranslate2, found where it was installed, so that nobody has to set LD_LIBRARY_PATH.

CTranslate2 opens it by its name when it first computes on a card, and finds what is loaded already.  It comes as a
Python package (the extra `cuda`), is inside the installed variant `parley-cuda`, or belongs to the system.  Where there
is no driver nothing is loaded.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path


class Lack(StrEnum):
    """What keeps captions from a graphics card; `NOTHING` does not promise that there is one."""

    NOTHING = ""
    DRIVER = "driver"
    LIBRARIES = "libraries"


# The order in which they need each other.  nvrtc makes kernels for cuBLAS where those that it brings do not fit.
_LINUX = ("libcuda.so.1", "lib", ("libnvrtc.so.12", "libcublasLt.so.12", "libcublas.so.12"))
_WINDOWS = ("nvcuda.dll", "bin", ("nvrtc64_120_0.dll", "cublasLt64_12.dll", "cublas64_12.dll"))
DRIVER, PLACE, LIBRARIES = _WINDOWS if sys.platform == "win32" else _LINUX
WANTED = LIBRARIES[-1]
REMEDY = "Install parley-cuda in place of parley (from the sources: `python3 -m installer.bootstrap --cuda`)"
PACKAGES = ("cuda_nvrtc", "cublas")
"""The folders in `nvidia`; they are no packages to import."""


def brought() -> list[Path]:
    """The libraries that came with Parley, in the order in which they must be loaded; without WANTED, none."""
    found = [file for name in LIBRARIES for package in PACKAGES if (file := _beside(package, name)).exists()]
    return found if any(file.name == WANTED for file in found) else []


def installed() -> bool:
    """Whether cuBLAS 12 is here, with Parley or the system.  Loads nothing."""
    return bool(brought()) or _of_system()


def driver() -> bool:
    """Whether NVIDIA's driver is here."""
    return _loads(DRIVER)


def preload() -> Lack:
    """Before CTranslate2 computes on a card, in the process that does; what is lacking for it."""
    if not driver():
        return Lack.DRIVER
    for library in brought():
        _loads(str(library))
    return Lack.NOTHING if _loads(WANTED) else Lack.LIBRARIES


@cache
def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _of_system() -> bool:
    """Where the linker looks: the folders that a variable names, and on Linux its own list."""
    folders = os.environ.get("PATH" if sys.platform == "win32" else "LD_LIBRARY_PATH", "").split(os.pathsep)
    return any(folder and Path(folder, WANTED).exists() for folder in folders) or WANTED in _listed()


@cache
def _listed() -> str:
    if sys.platform == "win32":
        return ""
    try:
        asked = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout


def _beside(package: str, name: str) -> Path:
    """Wheels put it beside the other packages, and so does the frozen program."""
    engine = find_spec("ctranslate2")   # found without loading it
    packages = Path(engine.origin).parents[1] if engine is not None and engine.origin is not None else Path()
    return packages / "nvidia" / package / PLACE / name
