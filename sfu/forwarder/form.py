"""Which form of the per-packet path runs: the Python source as it is, or the same source compiled to C.

The path is one source.  Where a C compiler is at hand, set-up (`installer/compiling.py`) makes extension modules of
the files in `MODULES` with Cython's pure Python mode, into `build/compiled`; nothing imports them by itself.  The
forwarder calls `choose()` before it imports the core.  A build that does not belong to the sources in front of us is
never used, so an edit takes effect at once (interpreted) and is compiled again by the next set-up.

How to extend the path, in both forms at once:

* Write plain Python.  A new attribute of a class in `flow.py` needs nothing else: compiled objects have a
  dictionary for what their `.pxd` does not name (except `Packet`, of which there are too many).
* What every packet touches should also stand in the `.pxd` beside the file, or it costs ten times as much: numbers are
  `long long`, flags `bint`, seconds `double`, so that nothing overflows; attributes that other files read are
  `public`.  Local variables of a hot function are named in its `@cython.locals`.
* C types stand in the `.pxd` only.  What C does differently (copying bytes, calling libsrtp) is in `sfu/core/memory`:
  a Python function, and beside it the C function of the same name.
* Check every length before such a call, in code that both forms run.
* `python -m installer.compiling` compiles now; `PARLEY_FORM=interpreted` forbids the compiled form and
  `PARLEY_FORM=compiled` insists on it.  `tests/forwarder/test_forms.py` runs the tests of the core in both.

Standard library only: set-up asks this file what is to be built before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "compiled"
STAMP = "sources.sha256"
VARIABLE = "PARLEY_FORM"
COMPILED, INTERPRETED = "compiled", "interpreted"

MODULES = (
    "sfu.core.allotment",
    "sfu.core.casting",
    "sfu.core.choice",
    "sfu.core.ciphers",
    "sfu.core.clocks",
    "sfu.core.congestion",
    "sfu.core.echoes",
    "sfu.core.feedback",
    "sfu.core.flow",
    "sfu.core.forward",
    "sfu.core.keyframes",
    "sfu.core.layers",
    "sfu.core.ledger",
    "sfu.core.levels",
    "sfu.core.limits",
    "sfu.core.media",
    "sfu.core.outbox",
    "sfu.core.peers",
    "sfu.core.quality",
    "sfu.core.reports",
    "sfu.core.requests",
    "sfu.core.resuming",
    "sfu.core.retransmit",
    "sfu.core.rewriting",
    "sfu.core.taps",
    "sfu.core.trays",
    "sfu.forwarder.batches",
    "sfu.forwarder.loop",
    "sfu.forwarder.poller",
    "sfu.forwarder.roads",
    "sfu.forwarder.sealing",
    "sfu.forwarder.srtp",
    "sfu.forwarder.udp",
    "sfu.rtp.arrivals",
    "sfu.rtp.bandwidth",
    "sfu.rtp.nack",
    "sfu.rtp.packet",
    "sfu.rtp.reception",
    "sfu.rtp.rtcp",
    "sfu.rtp.sequence",
    "sfu.rtp.transport_feedback",
    "sfu.rtp.trend",
)
"""What is compiled: what a packet passes on its way, reports about packets, and what is looked at in a wake-up."""
_DECLARED_ONLY = ("sfu.core.memory", "sfu.forwarder.calls")


class FormUnavailable(Exception):
    """The compiled form was insisted on and is not there; the message says why."""


@dataclass(frozen=True, slots=True)
class Form:
    """What runs, and why."""

    compiled: bool
    reason: str


def choose() -> Form:
    """Makes the chosen form what is imported from now on.  Call it before anything of the core is imported.

    Raises FormUnavailable if `PARLEY_FORM=compiled` cannot be granted.
    """
    form = chosen()
    if form.compiled and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    return form


def chosen() -> Form:
    """What `choose` would run."""
    wish = os.environ.get(VARIABLE, "")
    if wish == INTERPRETED:
        return Form(False, f"{VARIABLE}={INTERPRETED}")
    lacking = why_not()
    if lacking and wish == COMPILED:
        raise FormUnavailable(f"The compiled form is not available: {lacking}.")
    return Form(not lacking, lacking or "compiled by Cython")


def why_not() -> str:
    """Why there is no compiled form to run; empty: there is."""
    if not (BUILT / STAMP).exists():
        return "it was not built (set-up builds it where there is a C compiler and Python's headers)"
    if not getattr(sys, "frozen", False) and (BUILT / STAMP).read_text("ascii").strip() != fingerprint():
        return "the sources have changed since it was built"
    return ""


def sources() -> list[Path]:
    """Every file that the compiled form is made of."""
    files = [ROOT / (name.replace(".", "/") + ".py") for name in (*MODULES, *_DECLARED_ONLY)]
    return files + [file.with_suffix(".pxd") for file in files if file.with_suffix(".pxd").exists()]


def fingerprint() -> str:
    """Changes exactly when the compiled form has to be built again."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(sources()):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the extension module where there would be the source."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in MODULES:
            return None
        file = BUILT / (fullname.replace(".", "/") + importlib.machinery.EXTENSION_SUFFIXES[0])
        return importlib.util.spec_from_file_location(fullname, file)
