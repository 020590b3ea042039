"""Starting one of our own programs: from the sources, and in the installed program, which brings no Python to ask.

A meeting is several processes of one installation, and each starts others.  From the sources that is `python -m app`,
in the installed program its one executable; what follows is the same: `--role MODULE`, and the arguments of that
module.  `app/__main__.py` hands such a command line back to `play`.

Standard library only: this is loaded by every process before anything else.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

FLAG = "--role"
ROLES = frozenset({
    "app", "app.headless", "app.probes", "app.engine.h264",
    "models.runtime.broker", "models.runtime.worker",
    "sfu.forwarder", "sfu.host", "sfu.recorder", "sfu.tasks",
})
"""What may be started so: nothing else of what is installed runs because a command line names it."""


def frozen() -> bool:
    """Whether this is the installed program, made by PyInstaller."""
    return bool(getattr(sys, "frozen", False))


def mend() -> str:
    """What a person does when something of Parley itself is missing or broken."""
    return "Install Parley again." if frozen() else "Run `make setup`."


def command(role: str, *arguments: str) -> list[str]:
    """The command line that runs `role`, a module of `ROLES`, with these arguments."""
    assert role in ROLES, role
    return [*_program(), FLAG, role, *arguments]


def spawn_apart(role: str, *arguments: str) -> None:
    """Nobody watches it and it outlives us; what it has to say it says in the store."""
    import subprocess  # every process of ours loads this module before anything else, and few start another

    from sfu.inheritance import popen

    process = popen(command(role, *arguments), (), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.returncode = 0  # not ours to wait for: without this Python would warn that it still runs


def play(given: Sequence[str]) -> None:
    """`given`: a role and its arguments.  Becomes it, as `python -m role` would; ends by returning or SystemExit."""
    role, *arguments = given or [""]
    if role not in ROLES:
        raise SystemExit(f"parley: there is no role {role!r}; the roles are {', '.join(sorted(ROLES))}")
    sys.argv = [role, *arguments]
    runpy.run_module(role, run_name="__main__", alter_sys=True)


def _program() -> list[str]:
    if not frozen():
        return [sys.executable, "-m", "app"]
    executable = Path(sys.executable)
    if sys.platform == "win32":   # the window's executable has no standard output there, and roles speak on theirs
        executable = executable.with_name("parley-cli.exe")
    return [str(executable)]
