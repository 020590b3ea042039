"""What one machine can do, one question at a time.

Each probe asks the real thing: it loads the library, opens the port, lists the devices.  Such questions can hang in
a driver or take the process down with them, so `doctor` runs every probe in a process of its own
(`python -m app.probes NAME`) and this module needs no caution.  Nothing is switched on: a camera is listed, not
opened, because its light would frighten people.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from ipaddress import ip_address
from pathlib import Path

from sfu.forwarder import form
from sfu.roles import mend

SETUP = mend()
# Captions of a long day's meetings, the database and one model fit easily.
ROOM_MB = 500


class State(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"        # a meeting can be held, with less
    MISSING = "missing"  # a meeting cannot be hosted here until this is mended


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found, and what to do about it (empty when nothing is to be done)."""

    name: str
    state: State
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the probes are asked about."""

    port: int
    data_dir: str
    models_dir: str


def python(_: Setting) -> Finding:
    version = sys.version.split()[0]
    try:
        wanted = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
                  for line in metadata.requires("parley") or [] if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        return Finding("python", State.NOTE, f"{version}; Parley itself is not installed in {sys.prefix}", SETUP)
    absent = [name for name in wanted if not _installed(name)]
    if absent:
        return Finding("python", State.MISSING, f"{version}; not installed: {', '.join(absent)}", SETUP)
    return Finding("python", State.OK, f"{version} with {len(wanted)} packages, in {sys.prefix}")


def processor(_: Setting) -> Finding:
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    detail = f"{cores} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB memory"
    if cores < 2:
        return Finding("processor", State.NOTE, detail, "Captions need a core of their own; host without them here.")
    return Finding("processor", State.OK, detail)


def gpu(_: Setting) -> Finding:
    from app import graphics

    detail, remedy = graphics.judged(graphics.look())
    return Finding("gpu", State.NOTE if remedy else State.OK, detail, remedy)


def window(_: Setting) -> Finding:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6 import QtCore, QtQml, QtQuick  # noqa: F401  (loading them is the question)
    from PySide6.QtGui import QGuiApplication

    QGuiApplication([]).quit()
    version = f"Qt {QtCore.qVersion()}"
    if sys.platform != "linux":
        return Finding("window", State.OK, version)
    if (reason := _x11_fault(Path(QtCore.__file__).parent)) is not None:
        return Finding("window", State.NOTE, f"{version}; no window on an X11 display ({reason})", SETUP)
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        return Finding("window", State.NOTE, f"{version}; no display in this session",
                       "Windows are drawn offscreen here; log in at a desktop to see them.")
    return Finding("window", State.OK, version)


def fonts(_: Setting) -> Finding:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    application = QGuiApplication([])   # fonts are known only while an application exists
    families = len(QFontDatabase.families())
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    application.quit()
    if not families:
        return Finding("fonts", State.NOTE, "none", f"{SETUP} (Debian: fonts-noto-core)")
    if not chinese:
        return Finding("fonts", State.NOTE, f"{families} families, none for Chinese",
                       "Chinese names and captions would be boxes. Debian: apt-get install fonts-noto-cjk")
    return Finding("fonts", State.OK, f"{families} families; Chinese in {chinese[0]}")


def camera(_: Setting) -> Finding:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtMultimedia import QMediaDevices

    application = QGuiApplication([])
    names = [device.description() for device in QMediaDevices.videoInputs()]
    application.quit()
    if not names:
        return Finding("camera", State.NOTE, "none", "You can take part without one; others see your name.")
    return Finding("camera", State.OK, ", ".join(names))


def sound(_: Setting) -> Finding:
    try:
        import sounddevice
    except OSError as error:   # PortAudio is a system library on Linux
        return Finding("sound", State.NOTE, str(error), f"{SETUP} (Debian: libportaudio2)")
    devices = sounddevice.query_devices()
    microphones = [device["name"] for device in devices if device["max_input_channels"] > 0]
    speakers = [device["name"] for device in devices if device["max_output_channels"] > 0]
    lacking = [kind for kind, found in (("microphone", microphones), ("speaker", speakers)) if not found]
    if lacking:
        return Finding("sound", State.NOTE, f"no {' and no '.join(lacking)}",
                       "Plug one in to be heard and to hear; hosting for others works without.")
    return Finding("sound", State.OK, f"{len(microphones)} microphones, {len(speakers)} speakers")


def weights(setting: Setting) -> Finding:
    from models.registry import Registry, remedy
    from models.registry import State as Weights

    registry = Registry(Path(setting.models_dir))
    captions = registry.status("whisper-base")
    if captions.state is not Weights.READY:
        return Finding("weights", State.NOTE, f"whisper-base is {captions.state} ({captions.problem})",
                       f"{remedy(captions)} Meetings have no captions until then.")
    ready = [model.id for model in registry.models() if registry.status(model.id).state is Weights.READY]
    return Finding("weights", State.OK, f"{', '.join(ready)} in {setting.models_dir}")


def ports(setting: Setting) -> Finding:
    busy = [label for label, kind in (("TCP", socket.SOCK_STREAM), ("UDP", socket.SOCK_DGRAM))
            if not _free(setting.port, kind)]
    if busy:
        return Finding("ports", State.MISSING, f"{setting.port} is in use ({' and '.join(busy)})",
                       f"A meeting may be running here already; host with another --port, say {setting.port + 1}.")
    return Finding("ports", State.OK, f"{setting.port} is free for TCP and UDP")


def network(_: Setting) -> Finding:
    import psutil

    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    addresses = [address.address for name, group in psutil.net_if_addrs().items() if name in up
                 for address in group if address.family in (socket.AF_INET, socket.AF_INET6)]
    reachable = [text for text in addresses if not (ip := ip_address(text.split("%")[0])).is_loopback
                 and not ip.is_link_local]
    if not reachable:
        return Finding("network", State.NOTE, "only this computer itself",
                       "Others can join once it is connected to a network.")
    return Finding("network", State.OK, ", ".join(reachable))


def firewall(setting: Setting) -> Finding:
    from contextlib import closing

    from sfu.host import firewall as check
    from sfu.host.addresses import everywhere, reachable
    from sfu.host.ports import open_port
    from sfu.rtp.errors import UserError

    binds = everywhere()
    try:
        with closing(open_port(binds, setting.port)) as port:
            report = check.look(port, reachable(binds))
    except UserError:   # a meeting runs here: its port cannot be opened to be probed, but the rules can be read
        addresses = [str(address) for address in reachable(binds) if not address.is_loopback]
        report = check.judge(check.Arrival(addresses[0], tcp=True, udp=True) if addresses else None, setting.port)
    name = report.firewall or "none that is known"
    if not (sentence := report.sentence(setting.port)):
        return Finding("firewall", State.OK, f"{name}; port {setting.port} is open to others")
    state = "shut" if report.open is False else "cannot be read by this account"
    detail = f"{name}; port {setting.port}: {state}"
    return Finding("firewall", State.NOTE, detail, f"{sentence} {' ; '.join(report.rules)}")


def storage(setting: Setting) -> Finding:
    folder = Path(setting.data_dir)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Finding("storage", State.MISSING, f"{existing} cannot be written to",
                       "Choose a folder of yours with PARLEY_DATA.")
    free_mb = shutil.disk_usage(existing).free / 1e6
    if free_mb < ROOM_MB:
        return Finding("storage", State.NOTE, f"{free_mb:.0f} MB free in {folder}", "Make room there.")
    return Finding("storage", State.OK, f"{free_mb / 1e3:.0f} GB free in {folder}")


def forwarder(_: Setting) -> Finding:
    chosen = form.chosen()
    if chosen.compiled:
        return Finding("forwarder", State.OK, "compiled")
    return Finding("forwarder", State.NOTE, f"interpreted: {chosen.reason}",
                   f"Enough for small meetings; for large ones: {SETUP} (Debian: gcc, python3-dev)")


PROBES: dict[str, Callable[[Setting], Finding]] = {
    probe.__name__: probe
    for probe in (python, processor, gpu, window, fonts, camera, sound, weights, ports, network, firewall, storage,
                  forwarder)
}


def main(argv: Sequence[str]) -> int:
    """`NAME PORT DATA_DIR MODELS_DIR`: runs one probe and prints its finding as JSON."""
    name, port, data_dir, models_dir = argv
    print(json.dumps(asdict(PROBES[name](Setting(int(port), data_dir, models_dir)))))
    return 0


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def _x11_fault(pyside: Path) -> str | None:
    """Why Qt's X11 platform could not be loaded: usually a library that the system lacks."""
    import ctypes

    plugin = pyside / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return None


def _free(port: int, kind: int) -> bool:
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        if kind == socket.SOCK_STREAM and os.name == "posix":
            # A meeting that has just ended leaves its port in TIME_WAIT; a new host may take it all the same.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
