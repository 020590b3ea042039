"""A real file system with little room, for tests of what happens when it is full.

It is a tmpfs in a mount namespace of its own, so it is gone when its one process is, however that ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """`inside`: as programs in the namespace see it; `outside`: the same for us."""

    def __init__(self, process: int, inside: Path) -> None:
        self._process = process
        self.inside = inside
        self.outside = Path(f"/proc/{process}/root{inside}")

    def command(self, *command: str) -> list[str]:
        """Runs it where the disk is."""
        return ["nsenter", "--mount", "--target", str(self._process), "--", *command]

    def fill(self, leaving: int = 0) -> None:
        """Until so many bytes are free."""
        with (self.outside / "ballast").open("wb") as ballast:
            ballast.write(bytes(max(0, shutil.disk_usage(self.outside).free - leaving)))


@contextmanager
def small_disk(folder: Path, octets: int) -> Iterator[SmallDisk]:
    """Mounted on `folder`; skips the test where this user may not."""
    if not all(map(shutil.which, ("unshare", "nsenter", "mount"))):
        pytest.skip("there is no unshare, nsenter and mount (util-linux) here")
    script = f'mount -t tmpfs -o size={octets},mode=700 tmpfs "$0" && echo mounted && exec cat'
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if not process.stdout.readline():
            pytest.skip(f"no file system can be mounted here: {process.stderr.read().decode().strip()}")
        try:
            os.stat(f"/proc/{process.pid}/root{folder}")
            yield SmallDisk(process.pid, folder)
        finally:
            process.kill()
