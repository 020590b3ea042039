"""How long system tests wait: one figure for all of them, and one way.

Real processes on a computer that also does other things are as slow as they like; a test that waits for what will come
loses nothing by waiting longer.  What takes longer than this on a busy computer (a model that loads, words that are
spoken) says so where it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE = 30.0


async def until(value: Callable[[], Awaitable[Any]], what: str, seconds: float = PATIENCE) -> Any:
    """Asks again and again until the answer is true; AssertionError when it stays false."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (answer := await value()):
        assert asyncio.get_running_loop().time() < deadline, f"waited {seconds} s in vain for {what}"
        await asyncio.sleep(0.1)
    return answer
