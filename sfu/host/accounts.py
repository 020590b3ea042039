"""Accounts on this host: for whoever wants a name that nobody else can use, and meetings that they own.

Nobody needs one unless the host says so.  Tokens are 256 random bits of which the store has a digest.  Logging in is
slowed down per address and per name, and takes as long for a name that is not there.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sfu.core import names
from sfu.core.guesses import Guesses
from sfu.host.passwords import Passwords
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import accounts, erasing, keeping
from sfu.store.accounts import Account
from sfu.store.thread import Store, T, Work
from sfu.wire import http

LIFETIME = 7 * 86_400.0


class Accounts:
    def __init__(self, store: Store, folder: Path, passwords: Passwords) -> None:
        self._store = store
        self._folder = folder
        self._passwords = passwords
        self._guesses = Guesses()
        self._registrations = Guesses()
        self.work_left: Callable[[], None] = lambda: None
        """Called when something in the background was asked for."""

    async def register(self, wanted: http.Register, address: str) -> Account:
        """Raises UserError: TOO_MANY, TAKEN, BAD_FRAME."""
        now = time.monotonic()
        if self._registrations.barred(address, now):
            raise UserError(ErrorCode.TOO_MANY, "Too many accounts were made from here. Wait a minute.")
        self._registrations.wrong(address, now)
        name = names.cleaned(wanted.name)
        hashed = await self._passwords.hash(wanted.password)
        made = Account(secrets.token_hex(8), name, wanted.email or "", time.time(), hashed)
        await self._write(partial(accounts.register, account=made))
        return made

    async def log_in(self, given: http.Credentials, address: str) -> tuple[str, float, Account]:
        """A token, how long it is good, and whose.  Raises UserError: TOO_MANY, BAD_LOGIN."""
        guessed = (address, f"name {names.cleaned(given.name).casefold()}")
        now = time.monotonic()
        if any(self._guesses.barred(one, now) for one in guessed):
            raise UserError(ErrorCode.TOO_MANY, "Too many wrong passwords. Wait a minute.")
        for one in guessed:  # counted before it is checked: a hundred guesses at once are a hundred guesses
            self._guesses.wrong(one, now)
        account = await self._read(partial(accounts.named, name=names.cleaned(given.name)))
        if account is None:
            await self._passwords.hash(given.password)  # a name that is not there takes as long
        if account is None or not await self._passwords.fits(account.password, given.password):
            raise UserError(ErrorCode.BAD_LOGIN, "That name and password do not go together.")
        for one in guessed:
            self._guesses.forgive(one)
        return await self._signed_in(account)

    async def who(self, token: str) -> Account | None:
        """Who is signed in with this token."""
        return await self._read(partial(accounts.signed_in, token=_digest(token), wall=time.time()))

    async def log_out(self, token: str) -> None:
        await self._write(partial(accounts.sign_out, token=_digest(token)))

    async def change_password(self, account: Account, wanted: http.NewPassword) -> None:
        """Whoever was signed in is so no more.  Raises UserError(BAD_LOGIN, TOO_MANY)."""
        now, guessed = time.monotonic(), f"name {account.name.casefold()}"
        if self._guesses.barred(guessed, now):
            raise UserError(ErrorCode.TOO_MANY, "Too many wrong passwords. Wait a minute.")
        self._guesses.wrong(guessed, now)
        if not await self._passwords.fits(account.password, wanted.old):
            raise UserError(ErrorCode.BAD_LOGIN, "That is not your password.")
        self._guesses.forgive(guessed)
        hashed = await self._passwords.hash(wanted.new)
        await self._write(partial(accounts.set_password, account=account.id, password=hashed))

    async def get(self, account: str) -> Account:
        return await self._read(partial(accounts.get, account=account))

    async def listed(self, most: int, skip: int) -> list[Account]:
        return await self._read(partial(accounts.listed, most=most, skip=skip))

    async def erase(self, account: str) -> None:
        """The account and what was said with it; what they were in is made anew.  Raises UserError(TAKEN)."""
        await self._write(
            partial(erasing.erase_account, folder=self._folder, account=account, wall=time.time())
        )
        await self._read(keeping.shrink)
        self.work_left()

    async def _signed_in(self, account: Account) -> tuple[str, float, Account]:
        token, wall = secrets.token_urlsafe(32), time.time()
        until = wall + LIFETIME
        await self._write(
            partial(accounts.sign_in, account=account.id, token=_digest(token), until=until, wall=wall)
        )
        return token, until, account

    async def _read(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._store.read(work))

    async def _write(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._store.write(work))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
