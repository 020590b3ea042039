#!/usr/bin/env python3
"""From a clean clone to a program that runs: `python3 -m installer.bootstrap`.

A fresh machine has Python 3.11, pip and nothing else.  This makes `.venv`, installs the dependencies exactly as the
lock file pins them (every file by SHA-256, from whatever index, mirror or folder this machine's pip is set up with),
links the project into it and gets the system packages.  It is run before every `make` target, so it remembers what
it did and answers in a blink when nothing has changed.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import compiling, system_packages

if sys.version_info < (3, 11):  # noqa: UP036  (the first thing an older Python must be told)
    sys.exit(f"Parley needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
             "Run this file with a newer one, for example: python3.11 -m installer.bootstrap")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUNTIME_LOCK = ROOT / "installer" / "requirements.lock"
DEV_LOCK = ROOT / "installer" / "requirements-dev.lock"   # a superset: the same pins, and the tools
CUDA_LOCK = ROOT / "installer" / "requirements-cuda.lock"  # as well, with the extra `cuda`
STAMP = "parley-bootstrap.stamp"


class SetupFailed(Exception):
    """Set-up cannot go on; the message says what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Sets up what is missing; 0 when everything is in place."""
    options = _parser().parse_args(argv)
    try:
        if not options.no_system:
            wanted = system_packages.RUNTIME + (system_packages.TESTS if options.dev else ())
            system_packages.ensure(wanted)
        locks = [DEV_LOCK if options.dev else RUNTIME_LOCK, *([CUDA_LOCK] if options.cuda else [])]
        python = ensure_environment(options.venv.resolve(), *locks)
        compiling.ensure(python)
        if options.weights:
            _run([python, "-m", "models", "fetch", *options.weights], "The weights are not here yet")
    except (SetupFailed, system_packages.SystemPackagesMissing) as failure:
        print(f"\nSet-up stopped. {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up stopped. Run it again to go on.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Set Parley up in .venv, as the lock file says.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--cuda", action="store_true", help="also what captions on an NVIDIA card need (0.5 GB more)")
    parser.add_argument("--venv", type=Path, default=VENV, metavar="DIR", help="where to (default: .venv)")
    parser.add_argument("--weights", nargs="+", default=[], metavar="ID", help="also fetch these models")
    parser.add_argument("--no-system", action="store_true", help="leave the operating system's packages alone")
    return parser


def ensure_environment(venv: Path, *locks: Path) -> Path:
    """The interpreter of an environment that holds what `locks` pin, and the project; made or mended if need be."""
    python = interpreter(venv)
    stamp = venv / STAMP
    goals = {fingerprint(lock) for lock in locks}
    done = set(stamp.read_text(encoding="ascii").split()) if stamp.exists() else set()
    if goals <= done and python.exists():
        return python
    stamp.unlink(missing_ok=True)   # half-done work must not look finished
    if not works(python):
        print(f"Making {venv.relative_to(ROOT) if venv.is_relative_to(ROOT) else venv}")
        make_environment(venv)
    for lock in locks:
        print(f"Installing what {lock.name} pins; the first time takes a minute or two")
        _pip(venv, "install", "--require-hashes", "--only-binary=:all:", "--requirement", str(lock))
    _pip(venv, "install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    # The others contain the runtime lock, so afterwards its goal is met too.
    if {DEV_LOCK, CUDA_LOCK} & set(locks):
        goals.add(fingerprint(RUNTIME_LOCK))
    stamp.write_text("\n".join(sorted(goals)) + "\n", encoding="ascii")
    return python


def fingerprint(lock: Path) -> str:
    """Changes exactly when an environment made from `lock` would have to be mended."""
    digest = hashlib.sha256()
    for part in (lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), sys.version.encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def interpreter(venv: Path) -> Path:
    """Where the environment's Python is."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(python: Path) -> bool:
    """True if `python` starts and is the version that is running this."""
    if not python.exists():
        return False
    question = "import sys; print(sys.version)"
    asked = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and asked.stdout.strip() == sys.version.strip()


def make_environment(venv: Path) -> None:
    """An empty environment.  Without ensurepip, which Debian packs separately: our own pip installs into it."""
    with_pip = importlib.util.find_spec("pip") is None
    command = [sys.executable, "-m", "venv", "--clear", *([] if with_pip else ["--without-pip"]), str(venv)]
    _run(command, "The environment could not be made (on Debian: apt-get install python3-venv python3-pip)")


def _pip(venv: Path, *arguments: str) -> None:
    python = interpreter(venv)
    ours = importlib.util.find_spec("pip") is not None
    pip = [sys.executable, "-m", "pip", "--python", str(python)] if ours else [python, "-m", "pip"]
    _run([*pip, "--disable-pip-version-check", "--no-input", "--quiet", *arguments],
         "Some packages could not be installed (see above). If there is no network, point pip at a mirror or a "
         "folder of wheels (`pip config set global.find-links FOLDER`) and try again")


def _run(command: Sequence[str | Path], failure: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupFailed(f"{failure}.")


if __name__ == "__main__":
    sys.exit(main())
