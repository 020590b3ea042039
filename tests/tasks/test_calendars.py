from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sfu.store.meetings import Row, State
from sfu.tasks.calendars import invitation


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_no_title_adds_a_line_to_a_calendar_and_none_is_too_long(title: str) -> None:
    row = Row("m1", "ABCDEFGH", title, State.SCHEDULED, None, 1.0, 1_800_000_000.0, 30, None, None)

    text = invitation(row, "https://192.168.1.5:7443/j/ABCDEFGH", ["ana@example.org"])

    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert len(unfolded) == 16
    assert [line.partition(":")[0] for line in unfolded[7:10]] == ["DTSTART", "DTEND", "SUMMARY"]
