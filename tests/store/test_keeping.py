from __future__ import annotations

from pathlib import Path

import pytest

from sfu.core.records import Consented, Deed, FileIs, WordsCorrected
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import accounts, erasing, keeping, meetings, records, tasks
from sfu.store.accounts import Account
from sfu.store.backup import back_up, restore
from sfu.store.search import find
from sfu.store.tasks import Wanted
from sfu.store.thread import NAME, Store
from sfu.wire.messages import SharedFile
from tests.store.rows import begun, came, kept, line, opened, said

FILE = SharedFile(id="f1", owner="p1", owner_name="Zebulon", name="zebulon.pdf", size=3, sha256="0" * 64, at=3.0)


def test_retention_deletes_what_ended_long_ago_with_everything_in_it(tmp_path: Path) -> None:
    db = opened(tmp_path)
    for meeting, ended in (("old", 86_400.0), ("new", 3 * 86_400.0)):
        begun(db, meeting)
        kept(db, came("p1", "Ana"), line("a", "tulip"), meeting=meeting)
        meetings.end(db, meeting, ended)
    begun(db, "live", wall=0.0)

    assert keeping.retain(db, days=2, wall=4 * 86_400.0) == ["old"]

    assert [hit.meeting for hit in find(db, "tulip", None)] == ["new"]
    assert records.participants(db, "old") == []
    assert {row.id for row in meetings.listed(db, None)} == {"new", "live"}


@pytest.mark.parametrize("account", [None, "z1"])
def test_of_an_erased_person_not_one_byte_is_left_in_the_file_and_the_others_words_stay(
    tmp_path: Path, account: str | None
) -> None:
    db = opened(tmp_path)
    if account is not None:
        accounts.register(db, Account(account, "Zebulon", "zebulon@example.org", 1.0, "hash"))
    begun(db)
    kept(
        db, came("p1", "Zebulon", account), came("p2", "Ben"), Consented("p1", "Zebulon", "captions", True, 1.0),
        line("a", "quagmire one", name="Zebulon"),
        WordsCorrected("a", 1, "quagmire zero", "quagmire one", "p1", "Zebulon", 2.0),
        said(1, "quagmire two", name="Zebulon"), line("b", "I agree.", speaker="p2", name="Ben"), FileIs(FILE),
        Deed("p1", "Zebulon", "mute", "p2", 4.0), Deed("p2", "Ben", "deny", "Zebulon", 5.0),
    )  # fmt: skip
    shared = tmp_path / "files/m1/f1"
    shared.parent.mkdir(parents=True)
    shared.write_bytes(b"abc")
    if account is not None:
        db.execute("INSERT INTO invitations VALUES('m1', 'zebulon@example.org')")
        mail = Wanted("t1", "mail", "mail:1", "m1", {"to": "zebulon@example.org", "what": "invitation"})
        tasks.ask(db, mail, 1.0)

    if account is not None:
        stays = erasing.erase_account(db, tmp_path, account, 1.0)
    else:
        stays = erasing.erase_name(db, tmp_path, "Zebulon", 1.0)
    keeping.shrink(db)

    assert stays == [("m1", "p1")]
    assert not shared.exists()
    assert [each.text for each in records.transcript(db, "m1")] == ["I agree."]
    assert find(db, "quagmire", None) == []
    left = b"".join(file.read_bytes() for file in tmp_path.glob(f"{NAME}*")).lower()
    assert b"zebulon" not in left
    assert b"quagmir" not in left
    assert b"i agree." in left


def test_a_backup_made_while_the_store_is_open_brings_everything_back(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.tar"
    store = Store(data)
    store.write(lambda db: (begun(db), kept(db, came("p1", "Ana"), said(1, "kept")))).result()
    (data / "files" / "m1").mkdir(parents=True)
    (data / "files" / "m1" / "f1").write_bytes(b"abc")

    back_up(data, copy)
    store.write(lambda db: kept(db, said(2, "later"))).result()
    with pytest.raises(UserError) as running:
        restore(data, copy)
    store.close()
    aside = restore(data, copy)

    assert running.value.code is ErrorCode.BUSY
    assert copy.stat().st_mode & 0o077 == 0
    assert [message.text for message in records.chat(opened(data), "m1", None)] == ["kept"]
    assert (data / "files" / "m1" / "f1").read_bytes() == b"abc"
    assert aside is not None
    assert [message.text for message in records.chat(opened(aside), "m1", None)] == ["kept", "later"]


def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    data, wrong = tmp_path / "data", tmp_path / "wrong.tar"
    store = Store(data)
    store.write(begun).result()
    store.close()
    wrong.write_bytes(b"nonsense")

    with pytest.raises(UserError):
        restore(data, wrong)

    assert [file.name for file in data.iterdir()] == [NAME]
    assert [row.id for row in meetings.listed(opened(data), None)] == ["m1"]
