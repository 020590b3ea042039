from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sfu.store.meetings import Row, State
from sfu.tasks.calendars import invitation
from sfu.wire.http import NewMeeting


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_no_title_adds_a_line_to_a_calendar_and_none_is_too_long(title: str) -> None:
    row = Row("m1", "ABCDEFGH", title, State.SCHEDULED, None, 1.0, 1_800_000_000.0, 30, None, None)

    text = invitation(row, "https://192.168.1.5:7443/j/ABCDEFGH", ["ana@example.org"])

    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert len(unfolded) == 16
    assert [line.partition(":")[0] for line in unfolded[7:10]] == ["DTSTART", "DTEND", "SUMMARY"]


def test_the_longest_meeting_on_the_last_day_that_can_be_planned_has_an_end() -> None:
    last = NewMeeting(title="Last", starts_at=253_402_214_399, minutes=1440)
    row = Row("m1", "ABCDEFGH", last.title, State.SCHEDULED, None, 1.0, last.starts_at, last.minutes, None, None)

    assert "DTEND:99991231T235959Z" in invitation(row, "https://192.168.1.5:7443/j/ABCDEFGH", [])
    with pytest.raises(ValidationError):
        NewMeeting(title="Too late", starts_at=253_402_214_400)
