"""A copy of everything a host keeps, in one tar file, and back again.

The copy is made while a host runs: SQLite's own backup gives one state of the database, whatever is written
meanwhile.  Restoring wants the host stopped, checks the copy first and sets aside what was there.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.keeping import FILES
from sfu.store.schema import STEPS, version_of
from sfu.store.thread import NAME, open_database


def back_up(folder: Path, to: Path) -> None:
    """`to` appears whole or not at all, readable by its owner alone.  Raises UserError."""
    fresh = to.with_name(f".{to.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=to.parent) as here:
            copy = Path(here) / NAME
            database = contextlib.closing(open_database(folder / NAME))
            with database as db, contextlib.closing(sqlite3.connect(copy)) as other:
                db.backup(other)
                other.execute("PRAGMA journal_mode = DELETE")
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w") as tar:
                    tar.add(copy, NAME)
                    if (folder / FILES).is_dir():
                        tar.add(folder / FILES, FILES)
                out.flush()
                os.fsync(out.fileno())
        fresh.replace(to)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise UserError(ErrorCode.DISK_FULL, f"The backup could not be written ({error}).") from error


def restore(folder: Path, of: Path) -> Path | None:
    """What was there lies beside it afterwards; its path.  Raises UserError, and then nothing has changed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _require_stopped(folder / NAME)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as here:
            with tarfile.open(of) as tar:
                tar.extractall(here, filter="data")
            _check(Path(here) / NAME)
            return _exchange(folder, Path(here))
    except (OSError, tarfile.TarError, sqlite3.Error) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"{of} is not a backup that can be used ({error}).") from error


def _require_stopped(path: Path) -> None:
    """Leaving WAL needs the file for oneself, and puts into it what the log still held."""
    if not path.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=0.2)) as db:
            if db.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete":
                return
    except sqlite3.OperationalError:
        pass
    except sqlite3.DatabaseError:
        return  # damaged: the reason to restore
    raise UserError(ErrorCode.BUSY, "A host is using these records. Stop it first.")


def _check(copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as db:
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("it is damaged")
        if not 0 < version_of(db) <= len(STEPS):
            raise sqlite3.DatabaseError("it is of another version")


def _exchange(folder: Path, fresh: Path) -> Path | None:
    aside = _set_aside(folder) if (folder / NAME).exists() else None
    for name in (NAME, FILES):
        if (fresh / name).exists():
            (fresh / name).rename(folder / name)
    (folder / NAME).chmod(0o600)
    return aside


def _set_aside(folder: Path) -> Path:
    number = 1
    while (aside := folder / f"before-restore-{number}").exists():
        number += 1
    aside.mkdir(mode=0o700)
    for name in (NAME, FILES):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    for leftover in (f"{NAME}-wal", f"{NAME}-shm"):
        (folder / leftover).unlink(missing_ok=True)
    return aside
