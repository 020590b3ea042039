"""What keeps captions from an NVIDIA card: the card, its driver, the libraries, or nothing; for `parley doctor`."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from models.runtime import cuda
from models.runtime.cuda import Lack

PCI = Path("/sys/bus/pci/devices")
_NVIDIA, _DISPLAY = "0x10de", "0x03"
"""Vendor and class of a device, as Linux writes them."""


@dataclass(frozen=True, slots=True)
class Card:
    """What was found.  `on_bus`: NVIDIA's cards that the computer has, whether or not anything can talk to them;
    `named`: those that the driver names; `usable`: those that CTranslate2 counts."""

    on_bus: int
    named: tuple[str, ...]
    lack: Lack
    usable: int
    brought: bool


def look() -> Card:
    """Asks this computer.  Loads cuBLAS where there is a driver."""
    import ctranslate2

    lack = cuda.preload()
    usable = ctranslate2.get_cuda_device_count()
    return Card(_on_bus(PCI), _named(), lack, usable, bool(cuda.brought()))


def judged(card: Card) -> tuple[str, str]:
    """What it means for captions, and what to do, empty if nothing."""
    names = ", ".join(card.named) or f"{card.on_bus} of NVIDIA's"
    if not (card.on_bus or card.named):
        idle = "; CUDA libraries are here, for nothing" if card.brought else ""
        return f"none; captions use the CPU with INT8 weights{idle}", ""
    if card.lack is Lack.DRIVER:
        return (f"{names}, but NVIDIA's driver ({cuda.DRIVER}) is missing; captions use the CPU",
                "Install the driver (Debian: nvidia-driver, Ubuntu: `ubuntu-drivers install`) and restart; "
                "captions use the CPU until then.")
    if card.lack is Lack.LIBRARIES:
        return f"{names} with its driver, but {cuda.WANTED} is missing; captions use the CPU", f"{cuda.REMEDY}."
    if not card.usable:
        return (f"{names}, but its driver is too old for CUDA 12, or has stopped; captions use the CPU",
                "Update the driver (525 or newer) and restart; `nvidia-smi` says what is wrong.")
    return f"{card.usable} for captions ({names})", ""


def _on_bus(devices: Path) -> int:
    return sum(_said(device / "vendor") == _NVIDIA and _said(device / "class").startswith(_DISPLAY)
               for device in (devices.iterdir() if devices.is_dir() else ()))


def _said(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _named() -> tuple[str, ...]:
    if (tool := shutil.which("nvidia-smi")) is None:
        return ()
    asked = subprocess.run([tool, "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True,
                           check=False, timeout=5)
    return tuple(asked.stdout.strip().splitlines()) if asked.returncode == 0 else ()
