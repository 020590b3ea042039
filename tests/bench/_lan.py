"""A bench in a network namespace of its own: another address on it is reached as over a cable, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

ADDRESS = "10.78.0.1"
_INSIDE = "PARLEY_BENCH_INSIDE"
_SETUP = (
    "ip link set lo up && ip link add lan type veth peer name far && ip link set far up"
    f" && ip address add {ADDRESS}/24 dev lan && ip link set lan up"
)


def inside() -> bool:
    return _INSIDE in os.environ


def able(*tools: str) -> bool:
    """Namespaces need root and two tools, the bench perhaps others."""
    return os.geteuid() == 0 and all(shutil.which(tool) for tool in ("unshare", "ip", *tools))


def again(bench: str, argv: Sequence[str], then: str) -> dict[str, Any]:
    """What the bench of that name finds in there; `then`: a command in a shell, when the address is there.

    Raises CalledProcessError.
    """
    script = f"{_SETUP} && {then} && exec {sys.executable} -m tests.bench {bench} --json {' '.join(argv)}"
    done = subprocess.run(
        ["unshare", "--net", "sh", "-c", script], stdout=subprocess.PIPE, text=True, check=True,
        env={**os.environ, _INSIDE: "1"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return {key: value for key, value in found.items() if key not in ("bench", "short")}
