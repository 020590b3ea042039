"""What Parley needs from the operating system, why, and getting it.

Python wheels bring almost everything, but a window needs the system's graphics and keyboard libraries, sound needs
PortAudio, and text needs fonts.  On Debian and its relatives the missing packages are installed where we may (root,
or sudo without a password); otherwise the exact line to run is printed and set-up stops.  Elsewhere the list is
printed once and set-up goes on: other systems name these things differently, and most desktops have them.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SystemPackage:
    """A Debian package and the sentence that justifies it."""

    name: str
    reason: str


RUNTIME = (
    SystemPackage("libegl1", "Qt draws through EGL, offscreen too"),
    SystemPackage("libgl1", "Qt's OpenGL entry points"),
    SystemPackage("libfontconfig1", "Qt finds fonts with it"),
    SystemPackage("libglib2.0-0", "QtCore and the sound plugins link to it"),
    SystemPackage("libdbus-1-3", "accessibility and desktop notifications"),
    SystemPackage("libxkbcommon0", "keyboard layouts"),
    SystemPackage("libxkbcommon-x11-0", "keyboard layouts under X11"),
    SystemPackage("libxcb-cursor0", "Qt's X11 platform refuses to start without it"),
    SystemPackage("libxcb-icccm4", "Qt's X11 platform: talking to the window manager"),
    SystemPackage("libxcb-image0", "Qt's X11 platform: pictures"),
    SystemPackage("libxcb-keysyms1", "Qt's X11 platform: keys"),
    SystemPackage("libxcb-randr0", "Qt's X11 platform: screens"),
    SystemPackage("libxcb-render-util0", "Qt's X11 platform: blending"),
    SystemPackage("libxcb-shape0", "Qt's X11 platform: window shapes"),
    SystemPackage("libxcb-shm0", "Qt's X11 platform: shared memory"),
    SystemPackage("libxcb-sync1", "Qt's X11 platform: frame timing"),
    SystemPackage("libxcb-xfixes0", "Qt's X11 platform: clipboard"),
    SystemPackage("libxcb-xkb1", "Qt's X11 platform: keyboard state"),
    SystemPackage("libwayland-client0", "Qt's Wayland platform"),
    SystemPackage("libwayland-cursor0", "Qt's Wayland platform: pointers"),
    SystemPackage("libwayland-egl1", "Qt's Wayland platform: drawing"),
    SystemPackage("libpulse0", "QtMultimedia lists and watches sound devices"),
    SystemPackage("libxrandr2", "QtMultimedia's screen capture"),
    SystemPackage("libdrm2", "QtMultimedia's hardware decoding"),
    SystemPackage("libportaudio2", "sounddevice plays and records through it"),
    SystemPackage("fonts-noto-core", "text in most of the world's scripts"),
    SystemPackage("fonts-noto-cjk", "Chinese, Japanese and Korean names and captions"),
)
TESTS = (
    SystemPackage("gcc", "tests and benches run the forwarder compiled too"),
    SystemPackage("libc6-dev", "C's own headers, for the same"),
    SystemPackage("chromium", "system tests join a meeting from a real browser"),
    SystemPackage("firefox-esr", "system tests join from the other browser engine"),
    SystemPackage("iproute2", "system tests make networks of their own"),
    SystemPackage("nftables", "system tests close and count the ways out of those networks"),
    SystemPackage("redis-tools", "a system test lets Redis queue background work (its binary is the server too)"),
    SystemPackage("nginx-light", "a system test puts the host behind nginx as docs/nginx says"),
    SystemPackage("xdg-utils", "the test of the tarball does what its INSTALL says about links"),
    SystemPackage("xclip", "the test of the packages reads the copied link"),
    SystemPackage("xdotool", "the test of the packages presses keys"),
    SystemPackage("xvfb", "tests open the window on a display that nobody looks at"),
)


class SystemPackagesMissing(Exception):
    """Packages are missing and we may not install them; the message is the line to run."""


def installed_names(listing: str) -> set[str]:
    """Names of installed packages, and those they provide, from `dpkg-query` lines of status, name, provides."""
    names = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            names |= {name, *(provided.split()[0] for provided in provides.split(",") if provided.strip())}
    return names


def missing(wanted: Iterable[SystemPackage], installed: set[str]) -> list[SystemPackage]:
    """Those of `wanted` that are not installed."""
    return [package for package in wanted if package.name not in installed]


def apt_line(packages: Iterable[SystemPackage], sudo: bool) -> str:
    """The line a person runs to install `packages`."""
    names = " ".join(package.name for package in packages)
    return f"{'sudo ' if sudo else ''}apt-get install --yes --no-install-recommends {names}"


def ensure(wanted: Sequence[SystemPackage]) -> None:
    """Installs what is missing; SystemPackagesMissing with the line to run where we may not."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        if sys.platform == "linux":
            print("Not a Debian system: should the window or sound fail, install what corresponds to "
                  + ", ".join(package.name for package in wanted))
        return
    lacking = missing(wanted, installed_names(_dpkg_listing()))
    if not lacking:
        return
    print("System packages to install:")
    for package in lacking:
        print(f"  {package.name:22} {package.reason}")
    prefix = _privilege()
    if prefix is None:
        raise SystemPackagesMissing(
            f"Please run this line as an administrator, then try again:\n\n  {apt_line(lacking, sudo=True)}\n")
    _install(prefix, lacking)


def _dpkg_listing() -> str:
    form = "${db:Status-Status}\t${Package}\t${Provides}\n"
    return subprocess.run(["dpkg-query", "--show", f"--showformat={form}"],
                          check=True, capture_output=True, text=True).stdout


def _privilege() -> list[str] | None:
    """What to put before apt-get so that it may install; None when we may not."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


def _install(prefix: Sequence[str], packages: Sequence[SystemPackage]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, *apt_line(packages, sudo=False).split()]
    if subprocess.run(install, env=environment, check=False).returncode == 0:
        return
    print("That did not work; refreshing the package lists, which a fresh machine lacks, and trying once more.")
    subprocess.run([*prefix, "apt-get", "update", "--quiet"], env=environment, check=False)
    if subprocess.run(install, env=environment, check=False).returncode != 0:
        raise SystemPackagesMissing("apt-get could not install them (see above). Once it can, this line is all that "
                                    f"is missing:\n\n  {apt_line(packages, sudo=bool(prefix))}\n")
