"""Something dies in a running meeting: `failover` (the forwarder), `--control`, `--workers`, `--captions`.

Each subject is a module of its own, `_failover_SUBJECT.py`; this file only finds it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

SHORT: list[str] = ["--packets", "10000"]


def run(argv: Sequence[str]) -> dict[str, Any]:
    """The figures of the subject that the first argument names; without one, of media."""
    subject, rest = "media", list(argv)
    if rest and rest[0] in ("--control", "--workers", "--captions"):
        subject = rest.pop(0)[2:]
    figures: dict[str, Any] = importlib.import_module(f"tests.bench._failover_{subject}").run(rest)
    return figures
