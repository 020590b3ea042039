"""Passwords and passcodes as hashes, made and checked without holding anybody else up.

Argon2id is slow and large on purpose, so that a stolen hash is worth little.  Hence a pool of two threads: a crowd at
the door waits for its turn, the meeting itself does not, and a crowd that is too long is sent away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from sfu.rtp.errors import ErrorCode, UserError

P = ParamSpec("P")
T = TypeVar("T")

# OWASP's least for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS = 2
# A check takes some 30 ms of a core: the last of these waits two seconds.
MOST_WAITING = 128


class Passwords:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="passwords")
        self._waiting = 0

    def hashed(self, password: str) -> Future[str]:
        """For the host's own decisions, which are not refused."""
        return self._pool.submit(_HASHER.hash, password)

    async def hash(self, password: str) -> str:
        """Raises UserError(TOO_MANY) when too many wait."""
        return await self._in_turn(_HASHER.hash, password)

    async def fits(self, expected: str | Future[str], given: str) -> bool:
        """Raises UserError(TOO_MANY) when too many wait."""
        return await self._in_turn(_fits, expected, given)

    async def _in_turn(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        if self._waiting >= MOST_WAITING:
            raise UserError(ErrorCode.TOO_MANY, "Too many people are signing in. Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._pool.submit(work, *args, **named))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class Passcode:
    """The meeting's; none is set to begin with."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._hash: Future[str] | None = None

    @property
    def is_set(self) -> bool:
        return self._hash is not None

    def set(self, passcode: str, made: Callable[[], object] = lambda: None) -> None:
        """Returns at once; whoever is checked from now on is checked against this one.  Empty: none.

        `made` is called, in whatever thread, once there is something to be `kept`.
        """
        self._hash = self._passwords.hashed(passcode) if passcode else None
        if self._hash is not None:
            self._hash.add_done_callback(lambda _: made())

    @property
    def kept(self) -> str:
        """For the next life of this meeting: the hash, once it is made; empty without a passcode."""
        made = self._hash
        return made.result() if made is not None and made.done() and not made.cancelled() else ""

    def take_up(self, kept: str) -> None:
        if kept:
            self._hash = Future()
            self._hash.set_result(kept)

    async def fits(self, given: str) -> bool:
        """Also when there is none."""
        return self._hash is None or await self._passwords.fits(self._hash, given)


def _fits(expected: str | Future[str], given: str) -> bool:
    try:
        # The pool is first in, first out, and has a second thread: the hash is there or being made.
        return _HASHER.verify(expected if isinstance(expected, str) else expected.result(), given)
    except VerifyMismatchError:
        return False
