"""What a bundle holds besides media: the words, how each line came to read so, chat, who agreed, who was there.

Who had not agreed is left out of the words and of their history alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sfu.core import exports, recorded
from sfu.core.recorded import Cut
from sfu.core.transcript import Line
from sfu.tasks.recording.facts import Facts, who_agreed

TRANSCRIPT, EDITS = "transcript.json", "edits.json"


def papers(facts: Facts, cut: Cut, lines: Sequence[Line]) -> dict[str, bytes]:
    """By their names in the bundle; `lines`: as the film has them."""
    who = who_agreed(facts, cut)
    began, ended = facts.recording.began, facts.recording.ended or facts.recording.began
    chat = [
        message.model_dump() if who.get(message.sender) else {
            **message.model_dump(), "text": recorded.NOT_RECORDED
        }
        for message in facts.chat if began <= message.at <= ended and message.to is None
    ]  # fmt: skip
    theirs = {line.segment for line in facts.lines if recorded.belongs(line, began, cut, who)}
    said: dict[str, Sequence[object]] = {
        EDITS: [asdict(edit) for edit in facts.edits if edit.segment in theirs],
        "chat.json": chat,
        "consents.json": [asdict(consent) for consent in facts.consents],
        "steps.json": [asdict(deed) for deed in facts.deeds if deed.what.startswith("record.")],
        "people.json": [asdict(person) for person in facts.people],
    }
    written = {name: json.dumps(value, ensure_ascii=False, indent=1) for name, value in said.items()}
    written[TRANSCRIPT] = exports.to_json(facts.head, lines)
    return {name: text.encode("utf-8", errors="replace") for name, text in written.items()}


def flaw(lines: Iterable[Mapping[str, Any]], edits: Iterable[Mapping[str, Any]]) -> str | None:
    """The first line that does not read as its edits say; None: all do.

    Edits of a line are numbered from 1 and each says what it changed; a line that was struck is not in the transcript.
    """
    reads = {line["segment"]: line["text"] for line in lines}
    history: dict[str, list[Mapping[str, Any]]] = {}
    for edit in edits:
        history.setdefault(edit["segment"], []).append(edit)
    for segment, steps in history.items():
        texts = [steps[0]["before"], *[step["text"] for step in steps]]
        numbered = [step["revision"] for step in steps] == list(range(1, len(steps) + 1))
        follows = all(step["before"] == before for step, before in zip(steps, texts, strict=False))
        if not numbered or not follows or texts[-1] != reads.get(segment, ""):
            return segment
    return None
