from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfu.core.records import Unsaid
from sfu.store import accounts
from sfu.store.accounts import Account
from sfu.store.schema import migrate
from sfu.store.search import asked, find
from tests.store.rows import begun, came, kept, line, opened, said


def found(folder: Path, *queries: str) -> list[list[str]]:
    db = opened(folder)
    begun(db)
    kept(db, line("a", "我们明天在广州见。"))
    kept(db, line("b", "The meetings were moved to Tuesday."), said(1, "Überall café 州"))
    return [[hit.reference for hit in find(db, query, None)] for query in queries]


def test_a_chinese_word_of_two_characters_is_found_inside_a_sentence(tmp_path: Path) -> None:
    assert found(tmp_path, "广州", "州广", "天在广", "广 州", "见") == [["a"], [], ["a"], ["a"], ["a"]]


def test_a_single_character_is_found_wherever_it_stands(tmp_path: Path) -> None:
    (hits,) = found(tmp_path, "州")

    assert sorted(hits) == ["1", "a"]


def test_english_is_found_by_stem_and_without_accents(tmp_path: Path) -> None:
    assert found(tmp_path, "meeting move", "uberall CAFE", "tuesday 广州", "weekly") == [["b"], ["1"], [], [""]]


_TYPED = ["", "   ", '"', "AND", "a OR", "(((", "*", "NEAR(a b)", "col:", "-", "^x", "\x00", "𠀀𠀁"]


@pytest.mark.parametrize("query", _TYPED)
def test_nothing_that_is_typed_is_an_operator(tmp_path: Path, query: str) -> None:
    found(tmp_path, query)


_CHARACTERS = st.one_of(st.sampled_from("广州见明天ab Z-"), st.characters(exclude_categories=["Cs", "Cc"]))
_SAID = st.text(_CHARACTERS, max_size=30)


@settings(deadline=None)
@given(_SAID)
def test_whatever_was_said_is_found_by_saying_it_again(text: str) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    migrate(db)
    begun(db, title="")
    kept(db, line("a", text))

    assert not asked(text) or [hit.reference for hit in find(db, text, None)] in (["a"], [])
    db.close()


def test_what_was_deleted_or_struck_is_found_no_more(tmp_path: Path) -> None:
    db = opened(tmp_path)
    begun(db)
    kept(db, line("a", "secret plan"), said(1, "secret plan"), line("a", ""), Unsaid(1))

    assert find(db, "secret", None) == []


def test_nobody_finds_what_they_could_not_have_heard(tmp_path: Path) -> None:
    db = opened(tmp_path)
    for who in ("ana", "ben", "eve"):
        accounts.register(db, Account(who, who, "", 1.0))
    begun(db)
    kept(db, came("p1", "Ana", "ana"), came("p2", "Ben", "ben"), came("p3", "Eve", "eve"))
    kept(db, said(1, "public tulip"), said(2, "private tulip", to="p2"))
    begun(db, "m2")
    kept(db, line("x", "tulip elsewhere"), meeting="m2")

    def hits(who: str | None) -> list[str]:
        return sorted(hit.reference for hit in find(db, "tulip", who))

    assert hits("eve") == ["1"]
    assert hits("ana") == hits("ben") == ["1", "2"]
    assert hits(None) == ["1", "2", "x"]
