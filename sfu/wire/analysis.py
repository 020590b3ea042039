"""What is found out about a meeting when it is over; stored in this form, and had over HTTP.

Times are seconds of meeting time.  Only what was captioned is known here: who did not agree to captions has no part.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sfu.wire.parts import Message

Version = Literal["first", "second"]
"""Of a transcript: heard while the meeting went on; made again from its recording."""


class Talker(Message):
    """`share`: of all that was spoken; `turns`: how often they took the floor; Chinese characters count as words."""

    participant: str
    name: str
    seconds: float
    share: float = Field(ge=0, le=1)
    turns: int
    words: int
    longest_s: float


class TalkTime(Message):
    """Who spoke most stands first."""

    people: list[Talker]
    seconds: float


class Topic(Message):
    """A stretch of the meeting that keeps to the same words."""

    start: float
    end: float
    words: list[str]


class Topics(Message):
    topics: list[Topic]


class Point(Message):
    """Something that was said: `text` word by word, or, from a model, in its own words, and then `segment` is empty."""

    text: str
    name: str = ""
    start: float | None = None
    segment: str = ""


class Action(Point):
    """`owner`: who is to do it, `due`: until when, both as they were said; empty where nobody said."""

    owner: str = ""
    due: str = ""


class Minutes(Message):
    """`made_by`: Parley's own rules, which only quote, or a language model, which may be wrong in its own words.

    `version`: of the transcript that they are of.
    """

    summary: list[Point]
    decisions: list[Point]
    actions: list[Action]
    made_by: Literal["rules", "model"] = "rules"
    model: str = ""
    version: Version = "first"


class Analysis(Message):
    """GET /api/meetings/M/analysis.  What has not been found out (yet) is null; `/api/tasks?meeting=M` says why."""

    talk_time: TalkTime | None = None
    topics: Topics | None = None
    minutes: Minutes | None = None


class WantedAnalysis(Message):
    """POST /api/meetings/M/analysis: find it out again, from the transcript as it reads now.

    `minutes`: by the built-in rules, or by the language model that the host has set up.
    `version`: of the transcript.
    """

    minutes: Literal["rules", "model"] = "rules"
    version: Version = "first"


