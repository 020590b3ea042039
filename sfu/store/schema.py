"""The tables, as the steps that led to them: a file of any earlier version becomes one of today by the missing steps.

`PRAGMA user_version` counts the steps that were taken.  A step that has been released is never edited; add another.
Instants named `*_at` of meetings, accounts and tasks are wall-clock seconds (Unix time), as is `wall`; `at`, `start`
and `end` are seconds of meeting time.
"""

from __future__ import annotations

import sqlite3

from sfu.rtp.errors import ErrorCode, UserError

_PEOPLE_AND_MEETINGS = """
CREATE TABLE accounts(
    id TEXT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, email TEXT NOT NULL DEFAULT '',
    password TEXT NOT NULL, made_at REAL NOT NULL) STRICT;
CREATE TABLE logins(
    token BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
    until REAL NOT NULL) STRICT;
CREATE TABLE meetings(
    id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('scheduled', 'live', 'ended')),
    owner TEXT REFERENCES accounts(id) ON DELETE SET NULL, made_at REAL NOT NULL,
    starts_at REAL, minutes INTEGER NOT NULL DEFAULT 60, began_at REAL, ended_at REAL,
    holder TEXT NOT NULL DEFAULT '', exported INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX meetings_newest ON meetings(made_at DESC, id);
CREATE TABLE invitations(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, email TEXT NOT NULL,
    PRIMARY KEY(meeting, email)) STRICT;
CREATE TABLE participants(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, id TEXT NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL, client TEXT NOT NULL, account TEXT REFERENCES accounts(id) ON DELETE SET NULL,
    came REAL NOT NULL, went REAL, PRIMARY KEY(meeting, id)) STRICT;
CREATE INDEX participants_account ON participants(account);
"""

_RECORDS = """
CREATE TABLE consents(
    number INTEGER PRIMARY KEY, meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
    participant TEXT NOT NULL, name TEXT NOT NULL, about TEXT NOT NULL, yes INTEGER NOT NULL, at REAL NOT NULL,
    wall REAL NOT NULL) STRICT;
CREATE INDEX consents_meeting ON consents(meeting);
CREATE TABLE lines(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, segment TEXT NOT NULL, speaker TEXT NOT NULL,
    name TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL,
    confidence REAL NOT NULL, PRIMARY KEY(meeting, segment)) STRICT;
CREATE TABLE corrections(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, segment TEXT NOT NULL, revision INTEGER NOT NULL,
    before TEXT NOT NULL, text TEXT NOT NULL, editor TEXT NOT NULL, name TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY(meeting, segment, revision)) STRICT;
CREATE TABLE chat(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, id INTEGER NOT NULL, sender TEXT NOT NULL,
    name TEXT NOT NULL, recipient TEXT, text TEXT NOT NULL, at REAL NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(meeting, id)) STRICT;
CREATE TABLE files(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, id TEXT NOT NULL, owner TEXT NOT NULL,
    owner_name TEXT NOT NULL, recipient TEXT, name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
    state TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY(meeting, id)) STRICT;
CREATE TABLE analyses(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, kind TEXT NOT NULL, made_at REAL NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY(meeting, kind)) STRICT;
CREATE TABLE audit(
    number INTEGER PRIMARY KEY, meeting TEXT REFERENCES meetings(id) ON DELETE CASCADE, doer TEXT NOT NULL,
    name TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL, at REAL NOT NULL, wall REAL NOT NULL) STRICT;
CREATE INDEX audit_meeting ON audit(meeting);
"""

# `key` makes asking for the same work twice one task; `lease_until` is when whoever took it counts as dead.
_TASKS = """
CREATE TABLE tasks(
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
    meeting TEXT REFERENCES meetings(id) ON DELETE CASCADE, payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0, progress REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
    made_at REAL NOT NULL, due_at REAL NOT NULL, lease TEXT NOT NULL DEFAULT '', lease_until REAL) STRICT;
CREATE INDEX tasks_due ON tasks(state, due_at);
"""

# What is found has a row in `findable` with the number of its words in `words`, cut by `search.indexed`.
_SEARCH = """
CREATE TABLE findable(
    number INTEGER PRIMARY KEY, meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, reference TEXT NOT NULL, UNIQUE(meeting, kind, reference)) STRICT;
CREATE VIRTUAL TABLE words USING fts5(body, tokenize = "porter unicode61 remove_diacritics 2");
CREATE TRIGGER forget_words AFTER DELETE ON findable BEGIN DELETE FROM words WHERE rowid = old.number; END;
"""

# `called_off`: somebody wants it stopped; `doubtful`: from here on it may have happened, so it is not begun again.
_TASKS_STOPPED = """
ALTER TABLE tasks ADD COLUMN called_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tasks_meeting ON tasks(meeting);
"""

# `ended` is empty while it runs, and of a host that was killed until the next one has looked (`left_open`).
_RECORDINGS = """
CREATE TABLE recordings(
    meeting TEXT NOT NULL REFERENCES meetings(id) ON DELETE CASCADE, id TEXT NOT NULL, began REAL NOT NULL,
    ended REAL, made_at REAL NOT NULL, PRIMARY KEY(meeting, id)) STRICT;
"""

STEPS = (_PEOPLE_AND_MEETINGS, _RECORDS, _TASKS, _SEARCH, _TASKS_STOPPED, _RECORDINGS)


def migrate(db: sqlite3.Connection) -> None:
    """Each missing step in a transaction of its own.  Raises UserError for a file of a newer Parley."""
    version = version_of(db)
    if version > len(STEPS):
        sentence = "A newer Parley wrote these records. Install that version, or choose another --data folder."
        raise UserError(ErrorCode.UNSUPPORTED, sentence)
    for number, step in enumerate(STEPS[version:], version + 1):
        try:
            db.executescript(f"BEGIN IMMEDIATE;{step}PRAGMA user_version = {number};COMMIT;")
        except sqlite3.OperationalError:
            db.rollback()
            if version_of(db) < number:  # else another host took this step at the same moment
                raise


def version_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
