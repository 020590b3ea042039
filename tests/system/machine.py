"""A computer of its own for what is installed: the system's files, changed nowhere but there; one network, loopback.

The root folder is an overlay on this computer's (what is written lands in memory), in namespaces of mounts, network
and processes.  dpkg installs there as it does anywhere; the sources, and whoever's home, cannot be seen; when it is
switched off every process in it is gone.  Needs root, overlayfs and util-linux.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.system.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
_TOOLS = ("unshare", "nsenter", "chroot", "setpriv", "dpkg", "ip")
_FILESYSTEMS = Path("/proc/filesystems")
UNABLE = (os.geteuid() != 0 or not all(map(shutil.which, _TOOLS)) or not _FILESYSTEMS.exists()
          or "overlay" not in _FILESYSTEMS.read_text())
WHY = "a computer of its own needs root, overlayfs, dpkg, iproute2 and util-linux"
USER, HOME = 4711, "/home/ana"
SHARED = "/shared"
"""In it the folder that both sides see."""

_SWITCH_ON = f"""
set -e
place=$1 shared=$2 sources=$3
mount -t tmpfs -o size=4g tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
mount --rbind /dev "$place/root/dev"
mount -t proc proc "$place/root/proc"
for hidden in /tmp /home /root /run "$sources"; do
    [ ! -d "$place/root$hidden" ] || mount -t tmpfs tmpfs "$place/root$hidden"
done
mkdir -p "$place/root{HOME}" "$place/root{SHARED}" "$place/root/tmp/.X11-unix"
chmod 1777 "$place/root/tmp" "$place/root/tmp/.X11-unix"
chown {USER}:{USER} "$place/root{HOME}"
mount --bind "$shared" "$place/root{SHARED}"
ip link set lo up
echo on
exec sleep infinity
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """`pid`: the first process in it.  `shared`: a folder of this computer that it sees as /shared."""

    pid: int
    root: Path
    shared: Path

    def prefix(self, *, user: bool = True) -> list[str]:
        """What to put before a command to run it there, as a person (with a display) or as root."""
        inside = ["nsenter", f"--target={self.pid}", "--mount", "--net", "--pid", "chroot", str(self.root)]
        if not user:
            return inside
        person = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        variables = [f"HOME={HOME}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "DISPLAY=:77", f"XDG_RUNTIME_DIR={HOME}"]
        return [*inside, *person, "env", "-i", f"--chdir={HOME}", *variables]

    def run(self, *command: str, user: bool = True, patience: float = PATIENCE) -> str:
        """Standard output; AssertionError with everything it said when it fails."""
        done = subprocess.run([*self.prefix(user=user), *command], capture_output=True, text=True, timeout=patience,
                              check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *command: str, log: str) -> subprocess.Popen[str]:
        """Runs on; what it says goes to a file in the shared folder."""
        with (self.shared / log).open("a", encoding="utf-8") as errors:
            return subprocess.Popen([*self.prefix(), *command], stdin=subprocess.DEVNULL, stdout=errors,
                                    stderr=errors, text=True)

    def processes(self) -> list[str]:
        """Command lines of what runs there, but for the first process, which never asks how its orphans ended."""
        listed = self.run("ps", "-e", "-o", "pid=,args=", user=False).splitlines()
        lines = [line.strip().split(maxsplit=1) for line in listed]
        running = [args for pid, args in lines if pid != "1" and not args.endswith("<defunct>")]
        return [args for args in running if not args.startswith(("ps -e", "chroot"))]


@contextmanager
def machine() -> Iterator[Machine]:
    """Switched off, with everything in it, when the block ends."""
    with tempfile.TemporaryDirectory(prefix="parley-machine-") as place, tempfile.TemporaryDirectory() as shared:
        Path(shared).chmod(0o777)
        holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "-c", _SWITCH_ON, "bash", place,
             shared, str(ROOT)], stdout=subprocess.PIPE, text=True)
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "on\n", "the computer could not be switched on"
            first = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()[0]
            yield Machine(int(first), Path(place) / "root", Path(shared))
        finally:
            holder.kill()
            holder.communicate()

