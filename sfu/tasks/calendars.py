"""A planned meeting as an iCalendar file (RFC 5545), which every calendar takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sfu.core.exports import one_line
from sfu.store.meetings import Row

_OCTETS = 75  # RFC 5545, 3.1: a longer line is folded


def invitation(meeting: Row, link: str, invited: Sequence[str]) -> str:
    """One event.  A meeting without a time begins when it was made."""
    starts = meeting.starts_at if meeting.starts_at is not None else meeting.made_at
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Parley//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{meeting.id}@parley", f"DTSTAMP:{_instant(meeting.made_at)}", f"DTSTART:{_instant(starts)}",
        f"DTEND:{_instant(starts + meeting.minutes * 60)}", f"SUMMARY:{_text(meeting.title)}",
        f"URL:{link}", f"LOCATION:{_text(link)}", *(f"ATTENDEE:mailto:{email}" for email in invited),
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """RFC 5545, 3.3.11: what would end or divide the value is escaped."""
    escaped = one_line(text).replace("\\", "\\\\")
    return escaped.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """Never within a character."""
    part, size = "", 0
    for character in line:
        length = len(character.encode("utf-8", "replace"))
        if size + length > _OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + character, size + length
    yield part
