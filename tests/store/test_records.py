from __future__ import annotations

from pathlib import Path

import pytest

from sfu.core.records import Consented, Deed, FileIs, Unsaid, Went, WordsCorrected
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import accounts, meetings, records
from sfu.store.accounts import Account
from sfu.store.meetings import Planned, State
from sfu.wire.messages import FileState, SharedFile
from tests.store.rows import begun, came, kept, line, opened, said

FILE = SharedFile(id="f1", owner="p1", owner_name="Ana", name="plan.pdf", size=3, sha256="0" * 64, at=3.0)


def test_every_kind_of_record_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    consent = Consented("p1", "Ana", "captions", True, 1.5)
    correction = WordsCorrected("a", 1, "Helo.", "Hello.", "p1", "Ana", 5.0)
    deed = Deed("p1", "Ana", "mute", "p2/microphone", 6.0)

    kept(db, came("p1", "Ana"), consent, line("a", "Hello."), correction)
    kept(db, said(1, "广州见。"), FileIs(FILE), deed, Went("p1", 9.0))

    assert records.transcript(db, "m1") == [line("a", "Hello.")]
    assert records.consents(db, "m1") == [consent]
    assert records.corrections(db, "m1") == [correction]
    assert records.audit(db, "m1") == [deed]
    assert records.files(db, "m1", None) == [FILE]
    assert [message.text for message in records.chat(db, "m1", None)] == ["广州见。"]
    (stay,) = records.participants(db, "m1")
    assert (stay.name, stay.came, stay.went) == ("Ana", 1.0, 9.0)


def test_a_line_that_was_corrected_takes_the_place_of_the_first_and_a_struck_one_is_gone(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)

    kept(db, line("a", "Helo."), line("b", "Um."), line("a", "Hello."), line("b", ""))

    assert [each.text for each in records.transcript(db, "m1")] == ["Hello."]


def test_private_messages_are_shown_to_two_people_only(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    kept(db, said(1, "all"), said(2, "Ben only", to="p2"), said(3, "gone"), Unsaid(3))

    def seen(*who: str) -> list[str]:
        return [message.text for message in records.chat(db, "m1", frozenset(who))]

    assert seen("p3") == ["all", ""]
    assert seen("p2") == seen("p1") == ["all", "Ben only", ""]
    assert [message.id for message in records.chat(db, "m1", None, after=1, most=1)] == [2]


def test_a_file_is_what_was_last_said_of_it(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    kept(db, FileIs(FILE), FileIs(FILE.model_copy(update={"state": FileState.READY})))

    assert [file.state for file in records.files(db, "m1", frozenset())] == [FileState.READY]


def test_a_meeting_is_begun_once_and_its_code_is_its_own_for_ever(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)

    with pytest.raises(UserError) as again:
        meetings.begin(db, "m1", "nobody", 2.0)
    with pytest.raises(UserError) as missing:
        meetings.begin(db, "m9", "nobody", 2.0)
    meetings.end(db, "m1", 3.0)
    meetings.end(db, "m1", 4.0)

    assert (again.value.code, missing.value.code) == (ErrorCode.TAKEN, ErrorCode.NOT_FOUND)
    over = meetings.get(db, "CODEm1")
    assert (over.state, over.ended_at) == (State.ENDED, 3.0)


def test_an_account_sees_what_it_owns_and_where_it_was(tmp_path: Path) -> None:
    db = opened(tmp_path)
    for name in ("ana", "ben"):
        accounts.register(db, Account(name, name.title(), "", 1.0, "hash"))
    meetings.plan(db, Planned("mine", "AAAAAAAA", "Mine", owner="ana"), 1.0)
    begun(db, "there", wall=2.0)
    begun(db, "elsewhere", wall=3.0)
    kept(db, came("p1", "Ana", "ana"), meeting="there")

    assert [row.id for row in meetings.listed(db, "ana")] == ["there", "mine"]
    assert [row.id for row in meetings.listed(db, None, State.LIVE, most=1)] == ["elsewhere"]
    assert meetings.seen(db, "there", "ana").id == "there"
    with pytest.raises(UserError):
        meetings.seen(db, "there", "ben")


def test_names_are_taken_without_regard_to_case_and_a_new_password_signs_everybody_out(tmp_path: Path) -> None:
    db = opened(tmp_path)
    accounts.register(db, Account("a1", "Ana", "ana@example.org", 1.0, "hash"))
    accounts.sign_in(db, "a1", b"digest", until=10.0, wall=1.0)

    with pytest.raises(UserError) as taken:
        accounts.register(db, Account("a2", "ANA", "", 1.0, "hash"))

    assert taken.value.code is ErrorCode.TAKEN
    assert accounts.signed_in(db, b"digest", 9.9) is not None
    assert accounts.signed_in(db, b"digest", 10.0) is None
    accounts.set_password(db, "a1", "other")
    assert accounts.signed_in(db, b"digest", 5.0) is None
    assert [each.name for each in accounts.listed(db)] == ["Ana"]
