"""Minutes as text that people send around: Markdown and plain text, under headings in the language of the meeting.

As in `sfu.core.exports`, what people and models said is never markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sfu.core.analysis.reading import is_chinese
from sfu.core.exports import began_of, clock, markdown, one_line, title_of
from sfu.wire.analysis import Action, Analysis, Point

Head = dict[str, object]
_WORDS = {
    "en": {
        "summary": "Summary", "decisions": "Decisions", "actions": "Action items", "talk": "Who spoke",
        "topics": "Topics", "rules": "Put together by rules from what was said, word by word; not everything is found.",
        "model": "Written by a language model ({}); it may be wrong.", "second": " Of the second transcript.",
    },
    "zh": {
        "summary": "摘要", "decisions": "决定", "actions": "待办事项", "talk": "发言时间", "topics": "话题",
        "rules": "由规则从发言原文中摘出，可能有遗漏。", "model": "由语言模型（{}）撰写，可能有误。",
        "second": "依据第二份文字记录。",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    items: tuple[str, ...]


def sections(found: Analysis) -> list[Section]:
    """What there is, in order; plain text, one line an item."""
    said = _WORDS["zh" if is_chinese(_all(found)) else "en"]
    parts: list[Section] = []
    if found.minutes is not None:
        parts += [
            Section(said["summary"], tuple(_quoted(each) for each in found.minutes.summary)),
            Section(said["decisions"], tuple(_quoted(each) for each in found.minutes.decisions)),
            Section(said["actions"], tuple(_to_do(each) for each in found.minutes.actions)),
        ]
    if found.topics is not None:
        topics = (f"{clock(each.start)[:8]} {', '.join(map(one_line, each.words))}" for each in found.topics.topics)
        parts.append(Section(said["topics"], tuple(topics)))
    if found.talk_time is not None:
        people = (
            f"{one_line(each.name)}: {clock(each.seconds)[:8]} ({each.share:.0%})" for each in found.talk_time.people
        )
        parts.append(Section(said["talk"], tuple(people)))
    return [part for part in parts if part.items]


def made_by(found: Analysis) -> str:
    """A sentence about who wrote the minutes; "" without any."""
    if found.minutes is None:
        return ""
    said = _WORDS["zh" if is_chinese(_all(found)) else "en"]
    by = said[found.minutes.made_by].format(one_line(found.minutes.model))
    return by + said["second"] if found.minutes.version == "second" else by


def to_markdown(head: Head, found: Analysis) -> str:
    parts = [f"# {markdown(title_of(head))}\n", f"{markdown(began_of(head))}\n", f"*{markdown(made_by(found))}*\n"]
    for section in sections(found):
        parts += [f"## {markdown(section.heading)}\n", *(f"- {markdown(item)}" for item in section.items), ""]
    return "\n".join(parts)


def to_txt(head: Head, found: Analysis) -> str:
    parts = [title_of(head), began_of(head), made_by(found), ""]
    for section in sections(found):
        parts += [section.heading, *(f"- {item}" for item in section.items), ""]
    return "\n".join(parts)


def to_json(head: Head, found: Analysis) -> str:
    """`{"meeting", "began_at", "analysis"}`."""
    return json.dumps({**head, "analysis": found.model_dump()}, ensure_ascii=False, indent=1) + "\n"


def _quoted(point: Point) -> str:
    """With who said it, and when, where somebody did."""
    text = one_line(point.text)
    return f"{text} ({one_line(point.name)}, {clock(point.start)[:8]})" if point.start is not None else text


def _to_do(action: Action) -> str:
    about = ", ".join(one_line(part) for part in (action.owner, action.due) if part)
    return f"{about}: {_quoted(action)}" if about else _quoted(action)


def _all(found: Analysis) -> str:
    def texts() -> Iterator[str]:
        if found.minutes is not None:
            told = found.minutes
            yield from (each.text for each in (*told.summary, *told.decisions, *told.actions))
        if found.topics is not None:
            yield from (word for topic in found.topics.topics for word in topic.words)

    return " ".join(texts())
