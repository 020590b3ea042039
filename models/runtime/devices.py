"""Which processors can run a model here, and in which number format.

One worker has one device.  What was chosen is announced with the worker and shown to people; nothing falls back from a
GPU to the CPU without saying so.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Collection

from models.runtime import cuda
from sfu.rtp.errors import ErrorCode, UserError

AUTO, CPU = "auto", "cpu"
# Half precision is what GPUs are made for; INT8 is a fifth slower there but fits where memory is short.
GPU_COMPUTE = ("float16", "int8_float16", "int8")
CPU_COMPUTE = "int8"


def gpus() -> int:
    """How many NVIDIA GPUs the driver lists; 0 without driver.  Loads no library."""
    if shutil.which("nvidia-smi") is None:
        return 0
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return sum(line.startswith("GPU ") for line in listed.splitlines())


def chosen(wanted: str, found: int | None = None, equipped: Callable[[], bool] = cuda.installed) -> list[str]:
    """`auto`, `cpu`, `cuda:1` or several with commas, as a list of devices; one worker each.  Raises UserError.

    A card that nothing can compute on is not taken by `auto` (`parley doctor` says so), and refused when it is named.
    """
    count = gpus() if found is None else found
    if wanted == AUTO:
        usable = count if count and equipped() else 0
        return [f"cuda:{index}" for index in range(usable)] or [CPU]
    devices = [device.strip() for device in wanted.split(",")]
    for device in devices:
        if device != CPU and not _is_gpu(device):
            raise UserError(ErrorCode.UNSUPPORTED, f"{device!r} is no device; write auto, cpu or cuda:0.")
        if _is_gpu(device) and _index(device) >= count:
            here = f"{count} here: cuda:0 to cuda:{count - 1}" if count else "none here that its driver lists"
            raise UserError(ErrorCode.UNSUPPORTED, f"There is no {device}: GPUs are {here}. Use --device cpu or auto.")
        if _is_gpu(device) and not equipped():
            raise UserError(ErrorCode.UNSUPPORTED, f"Nothing can compute on {device}: {cuda.WANTED} is missing. "
                                                   f"{cuda.REMEDY}, or use --device cpu.")
    return list(dict.fromkeys(devices))


def compute_type(device: str, supported: Collection[str] | None = None) -> str:
    """The number format for CTranslate2 on this device.  `supported`: what the library says of it (asked if None)."""
    if device == CPU:
        return CPU_COMPUTE
    if supported is None:
        import ctranslate2

        supported = ctranslate2.get_supported_compute_types("cuda", _index(device))
    return next((kind for kind in GPU_COMPUTE if kind in supported), "float32")


def _is_gpu(device: str) -> bool:
    kind, _, index = device.partition(":")
    return kind == "cuda" and (index.isdecimal() or not index)


def _index(device: str) -> int:
    return int(device.partition(":")[2] or 0)
