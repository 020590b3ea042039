"""Finding words in everything that was said: English by stem, Chinese by pairs of characters.

SQLite's FTS5 takes an unbroken run of Chinese for one word, so nobody would find 广州 in 我们在广州见.  Here such a run
is cut into overlapping pairs, and its last character, before it is indexed; what is looked for is cut in the same way
and must stand in the same order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

MOST_HITS = 100
_MOST_WORDS = 32
# Han (with extension A and compatibility), kana, hangul: scripts that are written without spaces, or may be.
_UNSPACED = re.compile(
    "([\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind`: line, chat or title; `reference`: the segment, the message's id, or nothing."""

    meeting: str
    title: str
    kind: str
    reference: str
    name: str
    text: str
    at: float


def indexed(text: str) -> str:
    """`text` as words that FTS5 tells apart."""
    return " ".join(word for run in _UNSPACED.split(text) for word in _words(run))


def _words(run: str) -> Iterator[str]:
    if not _UNSPACED.fullmatch(run):
        yield run
        return
    yield from (run[i : i + 2] for i in range(len(run) - 1))
    yield run[-1]


def asked(query: str) -> str:
    """What somebody typed, as an FTS5 expression: all words, in any order; nothing they type is an operator."""
    terms: list[str] = []
    for run in _UNSPACED.split(query):
        if not _UNSPACED.fullmatch(run):
            terms += [f'"{word}"' for word in _WORD.findall(run)]
        elif len(run) == 1:
            terms.append(f'"{run}"*')
        else:
            terms.append('"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"')
    return " ".join(terms[:_MOST_WORDS])


def index(db: sqlite3.Connection, meeting: str, kind: str, reference: str, text: str) -> None:
    """This now reads so; empty: it is found no more."""
    db.execute("DELETE FROM findable WHERE meeting = ? AND kind = ? AND reference = ?", (meeting, kind, reference))
    if text.strip():
        row = db.execute("INSERT INTO findable(meeting, kind, reference) VALUES(?, ?, ?)", (meeting, kind, reference))
        db.execute("INSERT INTO words(rowid, body) VALUES(?, ?)", (row.lastrowid, indexed(text)))


_FIND = """
SELECT f.meeting, m.title, f.kind, f.reference,
       coalesce(l.name, c.name, '') AS name, coalesce(l.text, c.text, m.title) AS text,
       coalesce(l.start, c.at, 0) AS at
FROM words JOIN findable f ON f.number = words.rowid JOIN meetings m ON m.id = f.meeting
LEFT JOIN lines l ON f.kind = 'line' AND l.meeting = f.meeting AND l.segment = f.reference
LEFT JOIN chat c ON f.kind = 'chat' AND c.meeting = f.meeting AND c.id = CAST(f.reference AS INTEGER)
WHERE words MATCH :asked AND (
    :account IS NULL OR m.owner = :account AND c.recipient IS NULL
    OR EXISTS (SELECT 1 FROM participants p WHERE p.meeting = f.meeting AND p.account = :account
               AND (c.recipient IS NULL OR p.id IN (c.sender, c.recipient))))
ORDER BY m.made_at DESC, words.rank LIMIT :most
"""


def find(db: sqlite3.Connection, query: str, account: str | None, most: int = MOST_HITS) -> list[Hit]:
    """Newest meetings first.  `account`: whose meetings, and whose private messages; None: everybody's."""
    expression = asked(query)
    if not expression:
        return []
    rows = db.execute(_FIND, {"asked": expression, "account": account, "most": most})
    return [Hit(**row) for row in rows]
