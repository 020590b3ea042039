"""`parley store`: copy, bring back and tidy what a host keeps, without a host."""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.registry import default_data_dir
from sfu.roles import spawn_apart
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import accounts, erasing, keeping, tasks
from sfu.store.backup import back_up, restore
from sfu.store.thread import NAME, open_database


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status; raises UserError with what stands in the way."""
    given = _parser().parse_args(argv)
    folder: Path = given.data if given.data is not None else default_data_dir()
    match given.what:
        case "backup":
            back_up(folder, given.file)
            print(f"Everything is in {given.file}. It is readable by you alone; keep it so.")
        case "restore":
            aside = restore(folder, given.file)
            print("Restored." + (f" What was there lies in {aside}." if aside is not None else ""))
        case "erase":
            _erase(folder, given.name)
        case "retain":
            with _existing(folder) as db:
                print(f"Deleted {keeping.delete_old(db, folder, given.days, time.time())} meetings.")
                keeping.shrink(db)
    return 0


def _erase(folder: Path, name: str) -> None:
    with _existing(folder) as db:
        account, wall = accounts.named(db, name), time.time()
        db.execute("BEGIN IMMEDIATE")
        stays = list(erasing.erase_account(db, folder, account.id, wall)) if account is not None else []
        stays += erasing.erase_name(db, folder, name, wall)
        db.execute("COMMIT")
        keeping.shrink(db)
        left = tasks.unfinished(db)
    print(f"{name} is forgotten: {len(stays)} stays in meetings. Backups that you made before still hold them.")
    if left:
        spawn_apart("sfu.tasks", "--data", str(folder))
        print("What they were in is being made anew.")


@contextlib.contextmanager
def _existing(folder: Path) -> Iterator[sqlite3.Connection]:
    if not (folder / NAME).exists():
        raise UserError(ErrorCode.NOT_FOUND, f"There is nothing in {folder}. Name the host's folder with --data.")
    with contextlib.closing(open_database(folder / NAME)) as db:
        yield db


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley store", description="What a host keeps: records, chat, files.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the host's folder (default: $PARLEY_DATA)")
    what = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    for name, purpose in (
        ("backup", "copy everything into one file, also while a host runs"),
        ("restore", "bring a backup back; the host must be stopped"),
    ):
        what.add_parser(name, help=purpose).add_argument("file", type=Path)
    erase = what.add_parser("erase", help="forget one person: their words, messages, files, name and account")
    erase.add_argument("name", help="exactly as it stood in the meetings")
    retain = what.add_parser("retain", help="delete meetings that ended long ago")
    retain.add_argument("days", type=int)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
