"""What every process of the inference plane does alike."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# Many blocks are taken, all but the newest are freed, and those are given back.
HOLDS_ON = """
import ctypes, psutil
from models.runtime.process import give_back, keep_blocks

keep_blocks()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
size = 3 << 20
before = psutil.Process().memory_info().rss
blocks = [ctypes.c_void_p(libc.malloc(size)) for _ in range(32)]
for block in blocks:
    ctypes.memset(block, 1, size)
for block in blocks[:-1]:
    libc.free(block)
kept = psutil.Process().memory_info().rss
give_back()
print((kept - before) >> 20, (psutil.Process().memory_info().rss - before) >> 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library decides by itself")
def test_large_blocks_that_are_freed_are_kept_until_they_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLDS_ON], capture_output=True, text=True, check=True, timeout=60)
    kept, given_back = map(int, done.stdout.split())

    assert kept > 80
    assert given_back < 16
