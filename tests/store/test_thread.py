from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import records, schema
from sfu.store.schema import STEPS, migrate, version_of
from sfu.store.thread import NAME, Store, open_database
from tests.store.rows import begun, kept, opened, said

# Says each number that was acknowledged; another process may write at the same time.
_WRITER = """
import sys
from pathlib import Path
from sfu.store.thread import Store
from tests.store.rows import kept, said

store, first = Store(Path(sys.argv[1])), int(sys.argv[2])
print("open", flush=True)
number = first
while True:
    batch = [store.write(lambda db, number=number + i: kept(db, said(number, f"message {number}"))) for i in range(5)]
    for done in batch:
        done.result()
        print(number, flush=True)
        number += 1
"""


def writer(folder: Path, first: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(folder), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def acknowledged(process: subprocess.Popen[str], count: int) -> list[int]:
    """Kills it without warning after so many; everything that it had said."""
    assert process.stdout is not None
    heard = [int(process.stdout.readline()) for _ in range(count)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    return heard + [int(number) for number in rest.split("\n")[:-1]]


@pytest.mark.parametrize("count", [1, 7, 40])
def test_nothing_that_was_acknowledged_is_lost_by_kill_9(tmp_path: Path, count: int) -> None:
    db = opened(tmp_path)
    begun(db)
    db.close()

    heard = acknowledged(writer(tmp_path, 1), count)

    db = opened(tmp_path)
    assert {message.id for message in records.chat(db, "m1", None, most=100_000)} >= set(heard)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_two_hosts_may_write_into_one_file_at_the_same_time(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    db.close()
    one, other = writer(tmp_path, 1), writer(tmp_path, 1_000_000)

    heard = [*acknowledged(one, 50), *acknowledged(other, 50)]

    assert {message.id for message in records.chat(opened(tmp_path), "m1", None, most=100_000)} >= set(heard)


def test_a_full_disk_refuses_one_message_and_takes_the_next_when_there_is_room(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(begun).result()
    store.read(lambda db: db.execute("PRAGMA max_page_count = 1")).result()  # no more than there are now

    lost = [store.write(lambda db, i=i: kept(db, said(i, "x" * 4000))) for i in range(1, 60)]  # type: ignore[misc]
    refused = [each for each in lost if each.exception() is not None]

    assert refused
    error = refused[-1].exception()
    assert isinstance(error, UserError)
    assert error.code is ErrorCode.DISK_FULL
    store.read(lambda db: db.execute("PRAGMA max_page_count = 1000000")).result()
    store.write(lambda db: kept(db, said(99, "kept"))).result()
    there = {message.id for message in store.read(lambda db: records.chat(db, "m1", None)).result()}
    assert there == {99, *(i for i, each in enumerate(lost, 1) if each.exception() is None)}
    store.close()


def test_one_impossible_piece_of_work_costs_the_others_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(begun).result()

    done = [store.write(lambda db, number=number: kept(db, said(number, "hello"))) for number in (1, 2, 2, 3)]  # type: ignore[misc]

    assert [isinstance(each.exception(), sqlite3.IntegrityError) for each in done] == [False, False, True, False]
    assert len(store.read(lambda db: records.chat(db, "m1", None)).result()) == 3
    store.close()
    assert isinstance(store.read(lambda db: None).exception(), UserError)


def test_another_program_that_holds_the_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sfu.store.thread.PATIENCE_S", 0.05)
    store = Store(tmp_path)
    other = opened(tmp_path)
    other.execute("BEGIN IMMEDIATE")

    error = store.write(begun).exception()

    assert isinstance(error, UserError)
    assert error.code is ErrorCode.BUSY
    other.execute("ROLLBACK")
    store.write(begun).result()
    store.close()


@pytest.mark.parametrize("taken", range(len(STEPS)))
def test_a_file_of_any_earlier_version_becomes_one_of_today(tmp_path: Path, taken: int) -> None:
    old = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    for number, step in enumerate(STEPS[:taken], 1):
        old.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
    old.close()

    db = opened(tmp_path)

    assert version_of(db) == len(STEPS)
    begun(db)


def test_a_file_of_a_newer_parley_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path).close()
    monkeypatch.setattr(schema, "STEPS", STEPS[:1])

    with pytest.raises(UserError) as refused:
        Store(tmp_path)

    assert "newer Parley" in refused.value.sentence


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = opened(tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*STEPS, "CREATE TABLE new(x); nonsense;"))

    with pytest.raises(sqlite3.OperationalError):
        migrate(db)

    assert version_of(db) == len(STEPS)
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'new'").fetchone()[0] == 0


def test_what_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"nonsense" * 1000)

    with pytest.raises(UserError) as refused:
        Store(tmp_path)

    assert "restore" in refused.value.sentence
    assert (tmp_path / NAME).read_bytes() == b"nonsense" * 1000


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    Store(tmp_path / "data").close()

    assert (tmp_path / "data" / NAME).stat().st_mode & 0o077 == 0
    assert open_database(tmp_path / "data" / NAME).execute("PRAGMA journal_mode").fetchone()[0] == "wal"
