"""Compiles the forwarder's per-packet path, where that is possible: `python -m installer.compiling`.

Optional and quiet: without a C compiler, Python's headers or Cython the same source runs interpreted, at a fraction
of the speed, and `parley doctor` says so.  What is compiled, and why it is worth it, is in `sfu/forwarder/form.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from sfu.forwarder import form

BETWEEN = form.ROOT / "build" / "compiling"
"""Kept, so that only what has changed is compiled again; thrown away when how it is compiled has changed."""
DEADLINE_S = 600
_DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,   # annotations are for readers and mypy; C types stand in the .pxd
    "initializedcheck": False,
}


def main() -> int:
    """Compiles and says how it went; 0 whenever the program can run, which is always."""
    reason = ensure(sys.executable)
    print(f"The forwarder runs interpreted: {reason}" if reason else "The forwarder's per-packet path is compiled")
    return 0


def ensure(python: str | Path) -> str:
    """Builds with the environment's `python` what is not up to date; why that was not possible, or nothing."""
    if not form.why_not():
        return ""
    reason = lacking()
    if reason:
        return reason
    print("Compiling the forwarder's per-packet path; this takes half a minute, once")
    command = [str(python), "-c", "from installer.compiling import build; build()"]
    try:
        made = subprocess.run(command, cwd=form.ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the compiler did not run ({error})"
    if made.returncode == 0:
        return ""
    form.BUILT.mkdir(parents=True, exist_ok=True)
    log = form.BUILT / "failure.log"
    log.write_text(made.stdout + made.stderr, "utf-8")
    return f"compiling failed; see {log.relative_to(form.ROOT)}"


def lacking() -> str:
    """What is missing to compile anything here."""
    if os.name != "nt" and not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        return "there is no C compiler (on Debian: apt-get install gcc)"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return "Python's headers are not here (on Debian: apt-get install python3-dev)"
    return ""


def build() -> None:
    """Runs in the environment, which has Cython.  Raises what the compiler raises; a build is all or nothing."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    fingerprint = form.fingerprint()
    os.chdir(form.ROOT)
    _clean(hashlib.sha256(sys.version.encode() + Path(__file__).read_bytes()).hexdigest())
    flags = [] if os.name == "nt" else ["-O2", "-g0"]
    extensions = [Extension(name, [name.replace(".", "/") + ".py"], extra_compile_args=flags) for name in form.MODULES]
    cythonized = cythonize(
        extensions, build_dir=str(BETWEEN), compiler_directives=_DIRECTIVES, quiet=True, nthreads=os.cpu_count() or 1
    )
    command = build_ext(Distribution({"ext_modules": cythonized}))
    command.build_lib, command.build_temp = str(BETWEEN / "lib"), str(BETWEEN / "temp")
    command.parallel = os.cpu_count() or 1
    command.ensure_finalized()
    command.run()
    shutil.rmtree(form.BUILT, ignore_errors=True)
    shutil.copytree(BETWEEN / "lib", form.BUILT)
    (form.BUILT / form.STAMP).write_text(fingerprint + "\n", "ascii")


def _clean(manner: str) -> None:
    stamp = BETWEEN / "manner.sha256"
    if not stamp.exists() or stamp.read_text("ascii") != manner:
        shutil.rmtree(BETWEEN, ignore_errors=True)
        BETWEEN.mkdir(parents=True)
        stamp.write_text(manner, "ascii")


if __name__ == "__main__":
    sys.exit(main())
