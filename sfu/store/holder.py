"""Who holds something in a folder that several processes share, so that what a dead one held is found."""

from __future__ import annotations

import os

import psutil


def holder() -> str:
    """This process, so that no other is ever taken for it."""
    return f"{os.getpid()}:{psutil.Process().create_time():.2f}"


def is_alive(one: str) -> bool:
    pid, _, born = one.partition(":")
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == born
    except (ValueError, psutil.Error):
        return False
