from __future__ import annotations

from pathlib import Path

import pytest

from sfu.store import analyses, erasing, tasks
from sfu.tasks.analysis import analyse
from sfu.tasks.context import Stopped
from sfu.tasks.settings import LanguageModel, Settings, save
from sfu.wire.messages import TaskState
from tests.core.analysis.meetings import RELEASE
from tests.tasks.meetings import done, opened, taken


def test_a_meeting_that_is_over_gets_talk_time_topics_and_minutes(tmp_path: Path) -> None:
    with opened(tmp_path, RELEASE) as store:
        context = taken(store, tmp_path, analyses.RULES)
        done(store, analyse, context)

        found = store.read(lambda db: analyses.get(db, "m1")).result()
        assert store.read(lambda db: tasks.get(db, "t1").state).result() is TaskState.DONE

    assert found.talk_time is not None
    assert {each.name for each in found.talk_time.people} == set(RELEASE.names)
    assert found.topics is not None
    assert found.topics.topics
    assert found.minutes is not None
    assert len(found.minutes.decisions) == 2
    assert found.minutes.actions[0].due == "by Friday"


def test_whoever_set_up_a_language_model_gets_its_minutes_after_those_by_rules(tmp_path: Path) -> None:
    save(tmp_path, Settings(minutes=LanguageModel(url="http://127.0.0.1:11434/v1", model="small")))
    with opened(tmp_path, RELEASE) as store:
        done(store, analyse, taken(store, tmp_path, analyses.RULES))

        waiting = store.read(lambda db: tasks.listed(db, "m1", TaskState.WAITING)).result()
    assert [row.kind for row in waiting] == [analyses.MODEL]


def test_it_stops_where_it_is_told_to(tmp_path: Path) -> None:
    with opened(tmp_path, RELEASE) as store:
        context = taken(store, tmp_path, analyses.RULES)
        context.stop()
        with pytest.raises(Stopped):
            analyse(context)


def test_every_meeting_that_is_over_is_looked_at_once_and_again_when_somebody_was_erased(tmp_path: Path) -> None:
    with opened(tmp_path, RELEASE) as store:
        assert store.write(lambda db: analyses.ask_owed(db, 1.0)).result() == 1
        assert store.write(lambda db: analyses.ask_owed(db, 2.0)).result() == 0

        store.write(lambda db: erasing.erase_stay(db, tmp_path, "m1", "p1", 2.5)).result()

        (asked,) = store.read(lambda db: tasks.listed(db, "m1")).result()
        assert (asked.kind, asked.state) == (analyses.RULES, TaskState.WAITING)


def test_nobody_who_was_erased_is_named(tmp_path: Path) -> None:
    with opened(tmp_path, RELEASE) as store:
        store.write(lambda db: erasing.erase_stay(db, tmp_path, "m1", "p1", 2.5)).result()
        done(store, analyse, taken(store, tmp_path, analyses.RULES))
        found = store.read(lambda db: analyses.get(db, "m1")).result()

    assert "Ana" not in found.model_dump_json()


def test_asking_again_while_it_is_found_out_asks_once_and_afterwards_anew(tmp_path: Path) -> None:
    with opened(tmp_path, RELEASE) as store:
        first = store.write(lambda db: analyses.ask(db, "m1", analyses.RULES, 1.0)).result()
        again = store.write(lambda db: analyses.ask(db, "m1", analyses.RULES, 2.0)).result()
        store.write(lambda db: tasks.call_off(db, first.id)).result()
        anew = store.write(lambda db: analyses.ask(db, "m1", analyses.RULES, 3.0)).result()

    assert again.id == first.id
    assert (anew.id == first.id, anew.state) == (False, TaskState.WAITING)
