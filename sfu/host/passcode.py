"""The meeting's passcode, known to nobody but as a hash, checked without holding anybody else up.

Argon2id is slow and large on purpose, so that a stolen hash is worth little.  Hence a pool of two threads: a crowd at
the door waits for its turn, the meeting itself does not.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

# OWASP's least for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS = 2


class Passcode:
    """None is set to begin with."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="passcode")
        self._hash: Future[str] | None = None

    @property
    def is_set(self) -> bool:
        return self._hash is not None

    def set(self, passcode: str) -> None:
        """Returns at once; whoever is checked from now on is checked against this one.  Empty: none."""
        self._hash = self._pool.submit(_HASHER.hash, passcode) if passcode else None

    async def fits(self, given: str) -> bool:
        """Also when there is none."""
        return self._hash is None or await asyncio.wrap_future(self._pool.submit(_fits, self._hash, given))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _fits(expected: Future[str], given: str) -> bool:
    try:
        # The pool is first in, first out, and has a second thread: the hash is there or being made.
        return _HASHER.verify(expected.result(), given)
    except VerifyMismatchError:
        return False
