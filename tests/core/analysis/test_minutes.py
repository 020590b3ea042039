from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.analysis.cues import decides, due_of, promise
from sfu.core.analysis.minutes import minutes
from sfu.core.analysis.reading import Sentence
from sfu.core.transcript import Line
from tests.core.analysis.meetings import CLINIC, KITCHEN, MISSED, PRODUCT_ZH, RELEASE, SCHOOL_ZH, Script

SCRIPTS = (RELEASE, KITCHEN, CLINIC, PRODUCT_ZH, SCHOOL_ZH)
MEDIA = Path(__file__).parents[4] / "shared" / "media" / "transcripts.json"


def said(text: str, name: str = "Ana") -> Sentence:
    return Sentence(text, "p1", name, 1.0, 2.0, "s1")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.told[0].name)
def test_decisions_are_found_and_nothing_else_is_called_one(script: Script) -> None:
    found = {point.text for point in minutes(script.lines(), script.names).decisions}

    assert found == {told.text for told in script.told if told.kind == "D"} - MISSED


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.told[0].name)
def test_what_is_to_be_done_is_found_with_who_and_until_when(script: Script) -> None:
    found = {(point.text, point.owner, point.due) for point in minutes(script.lines(), script.names).actions}

    assert found == {(told.text, told.owner, told.due) for told in script.told if told.kind == "A"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.told[0].name)
def test_every_point_is_something_that_was_said_and_can_be_looked_up(script: Script) -> None:
    spoken = {line.segment: line for line in script.lines()}
    found = minutes(script.lines(), script.names)

    assert 3 <= len(found.summary) <= 10
    for point in (*found.summary, *found.decisions, *found.actions):
        assert point.text == spoken[point.segment].text
        assert (point.name, point.start) == (spoken[point.segment].name, spoken[point.segment].start)
    assert found.made_by == "rules"


def test_the_summary_tells_of_both_topics() -> None:
    lines = [line.model_copy(update={"start": 5 * line.start, "end": 5 * line.end - 1}) for line in RELEASE.lines()]
    told = " ".join(point.text for point in minutes(lines).summary)

    assert "installer" in told
    assert "conference" in told


@pytest.mark.parametrize("text", [
    "Have we decided how many people travel?", "We haven't decided that yet.", "If we agree on a date we can go.",
    "I don't know whether it has been decided.", "Let's see.",
    "去展会的人数确定了吗？", "还没有确定。", "这个问题我们决定不了。",
])  # fmt: skip
def test_what_is_open_is_no_decision(text: str) -> None:
    assert not decides(text)


@pytest.mark.parametrize("text", [
    "I'll be honest, I don't like it.", "Let me think about that.", "I'll share my screen now.", "Will you be there?",
    "I could have told you that.", "Yes, I'll do that.", "What will you send to the office?", "我觉得应该没问题。",
    "今天我们先讨论一下预算。", "我来说一下情况。", "谁去联系他们呢？",
])  # fmt: skip
def test_what_promises_nothing_is_no_action(text: str) -> None:
    assert promise(said(text), ["Ana", "Ben"]) is None


@pytest.mark.parametrize(("text", "owner", "due"), [
    ("Ben, can you send the list by tomorrow morning?", "Ben Carter", "by tomorrow morning"),
    ("Costa should call them.", "Ana Costa", ""),
    ("I’ll write it up before Friday", "Ana Costa", "before Friday"),
    ("小明，麻烦你下周三之前整理一下。", "王小明", "下周三之前"),
])  # fmt: skip
def test_who_is_meant_is_known_by_any_part_of_the_name_that_is_theirs_alone(text: str, owner: str, due: str) -> None:
    found = promise(said(text, "Ana Costa"), ["Ana Costa", "Ben Carter", "王小明", "Ben-Ami Costas"])

    assert found is not None
    assert (found.owner, found.due) == (owner, due)


def test_until_when_is_said_in_the_words_that_were_used() -> None:
    assert due_of("We finish within the next two weeks, I hope") == "within the next two weeks"
    assert due_of("三月十五号之前交") == "三月十五号之前"
    assert due_of("Monday was nice") == ""


def test_real_speech_that_decides_and_promises_nothing_has_neither() -> None:
    """The recordings' own words (a speech, novels, a news sentence); those of GRID are commands to nobody."""
    if not MEDIA.exists():
        pytest.skip("the shared recordings are not here")
    clips = [clip for clip in json.loads(MEDIA.read_text("utf-8")) if "grid" not in clip["file"]]
    lines = [
        Line(segment=f"s{number}", speaker=f"p{number}", name=clip["speaker"], text=clip["text"], language=clip["lang"],
             start=20.0 * number, end=20.0 * number + clip["duration_s"], confidence=1)
        for number, clip in enumerate(clips)
    ]  # fmt: skip
    found = minutes(lines)

    assert (found.decisions, found.actions) == ([], [])
    assert found.summary


@given(st.lists(st.text(max_size=60), max_size=15))
def test_whatever_was_said_gives_minutes_of_quotes(texts: list[str]) -> None:
    lines = [
        Line(segment=f"s{n}", speaker="p", name="P", text=text, language="", start=n * 9, end=n * 9 + 1, confidence=1)
        for n, text in enumerate(texts)
    ]
    found = minutes(lines, ["P", "[", "(.*", ""])

    for point in (*found.summary, *found.decisions, *found.actions):
        assert any(point.text in text.strip() for text in texts)
