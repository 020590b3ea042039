"""Who holds something in a folder that several processes share, so that what a dead one held is found."""

from __future__ import annotations

import psutil


def holder(process: int | None = None) -> str:
    """A process, ours if none is named, so that no other is ever taken for it."""
    held_by = psutil.Process(process)
    return f"{held_by.pid}:{held_by.create_time():.2f}"


def is_alive(one: str) -> bool:
    pid, _, born = one.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == born
    except (ValueError, psutil.Error):
        return False
