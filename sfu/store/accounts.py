"""People who have an account on this host, and where they are signed in.

Passwords come here as Argon2id hashes and tokens as SHA-256 digests; neither can be turned back.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from sfu.rtp.errors import ErrorCode, UserError


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    email: str
    made_at: float
    password: str = field(default="", repr=False)
    """Its hash."""


_COLUMNS = "a.id, a.name, a.email, a.made_at, a.password"


def register(db: sqlite3.Connection, account: Account) -> None:
    """Raises UserError(TAKEN): names are told apart without regard to case."""
    try:
        db.execute(
            "INSERT INTO accounts VALUES(?, ?, ?, ?, ?, ?)",
            (account.id, account.name, account.name.casefold(), account.email, account.password, account.made_at),
        )
    except sqlite3.IntegrityError:
        raise UserError(ErrorCode.TAKEN, "Somebody here has that name already. Choose another.") from None


def named(db: sqlite3.Connection, name: str) -> Account | None:
    return _one(db.execute(f"SELECT {_COLUMNS} FROM accounts a WHERE folded = ?", (name.casefold(),)))


def get(db: sqlite3.Connection, account: str) -> Account:
    found = _one(db.execute(f"SELECT {_COLUMNS} FROM accounts a WHERE id = ?", (account,)))
    if found is None:
        raise UserError(ErrorCode.NOT_FOUND, "There is no such account on this host.")
    return found


def listed(db: sqlite3.Connection, most: int = 100, skip: int = 0) -> list[Account]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM accounts a ORDER BY folded LIMIT ? OFFSET ?", (most, skip))
    return [Account(**row) for row in rows]


def set_password(db: sqlite3.Connection, account: str, password: str) -> None:
    """Whoever was signed in with the old one is so no more."""
    db.execute("UPDATE accounts SET password = ? WHERE id = ?", (password, account))
    db.execute("DELETE FROM logins WHERE account = ?", (account,))


def sign_in(db: sqlite3.Connection, account: str, token: bytes, until: float, wall: float) -> None:
    db.execute("DELETE FROM logins WHERE until <= ?", (wall,))
    db.execute("INSERT INTO logins VALUES(?, ?, ?)", (token, account, until))


def sign_out(db: sqlite3.Connection, token: bytes) -> None:
    db.execute("DELETE FROM logins WHERE token = ?", (token,))


def signed_in(db: sqlite3.Connection, token: bytes, wall: float) -> Account | None:
    asked = f"SELECT {_COLUMNS} FROM logins l JOIN accounts a ON a.id = l.account WHERE l.token = ? AND l.until > ?"
    return _one(db.execute(asked, (token, wall)))


def _one(rows: sqlite3.Cursor) -> Account | None:
    row = rows.fetchone()
    return Account(**row) if row is not None else None
