from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.analysis.minutes import minutes
from sfu.core.analysis.writing import to_json, to_markdown, to_txt
from sfu.wire.analysis import Action, Analysis, Minutes, Point
from tests.core.analysis.meetings import RELEASE, SCHOOL_ZH

HEAD: dict[str, object] = {"meeting": {"title": "Weekly"}, "began_at": "2026-01-02T03:04:05.000+00:00"}


def test_minutes_read_as_a_person_would_write_them_down() -> None:
    text = to_txt(HEAD, Analysis(minutes=minutes(RELEASE.lines(), RELEASE.names)))

    assert text.startswith("Weekly\n2026-01-02T03:04:05.000+00:00\nPut together by rules")
    assert "Mei Tanaka, by Friday: I'll order the certificate and send the invoice by Friday. (Mei Tanaka," in text


def test_a_chinese_meeting_has_chinese_headings() -> None:
    text = to_markdown(HEAD, Analysis(minutes=minutes(SCHOOL_ZH.lines(), SCHOOL_ZH.names)))

    assert "## 决定\n\n- 那就定湿地公园吧。" in text


def test_a_models_words_are_marked_as_such() -> None:
    told = Minutes(summary=[Point(text="All well.")], decisions=[], actions=[], made_by="model", model="small")

    assert "language model (small)" in to_txt(HEAD, Analysis(minutes=told))
    assert json.loads(to_json(HEAD, Analysis(minutes=told)))["analysis"]["minutes"]["model"] == "small"


@given(st.text(max_size=80), st.text(max_size=20))
def test_nothing_that_was_said_is_a_heading_a_link_or_a_line_of_its_own(text: str, name: str) -> None:
    told = Minutes(summary=[], decisions=[], actions=[Action(text=text, name=name, start=1.0, owner=name, due=text)])
    lines = to_markdown(HEAD, Analysis(minutes=told)).split("\n")

    assert sum(line.startswith("#") for line in lines) == 2
    assert len(lines) == 10
