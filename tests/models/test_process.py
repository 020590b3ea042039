"""What every process of the inference plane does alike."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# A first block is freed, as after a first pass; then many are taken at once, and all but the newest are given back.
HOLDS_ON = """
import ctypes, psutil
from models.runtime.process import return_large_blocks

return_large_blocks()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
size = 3 << 20
libc.free(ctypes.c_void_p(libc.malloc(size)))
before = psutil.Process().memory_info().rss
blocks = [ctypes.c_void_p(libc.malloc(size)) for _ in range(32)]
for block in blocks:
    ctypes.memset(block, 1, size)
for block in blocks[:-1]:
    libc.free(block)
print((psutil.Process().memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library decides by itself")
def test_large_blocks_that_are_freed_go_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", HOLDS_ON], capture_output=True, text=True, check=True, timeout=60)

    assert int(done.stdout) < 16
