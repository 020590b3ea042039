"""Messages about captions: who agrees to them, how speech is heard, what was said, and the same in English.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import (
    MAX_CORRECTION,
    MAX_GLOSSARY,
    CaptionsState,
    HostSaid,
    Language,
    MeetingTime,
    Message,
    Name,
    ParticipantId,
    Segment,
    Term,
)

# -- client to host ------------------------------------------------------------------------------------------


class AnswerConsent(Message):
    """Sent only after the client has shown the notice and the person has answered.  May be changed at any time."""

    type: Literal["consent"] = "consent"
    captions: bool


class SetCaptions(Message):
    """Start or stop captions for the whole meeting (host and co-hosts)."""

    type: Literal["captions"] = "captions"
    on: bool


class SetGlossary(Message):
    """Names and words of this meeting that captions should get right, the most important first.

    Replaces the glossary there was; the host keeps it for the next meeting (host and co-hosts).
    """

    type: Literal["glossary"] = "glossary"
    terms: Annotated[list[Term], Field(max_length=MAX_GLOSSARY)]


class SetSpoken(Message):
    """The language that this person speaks; empty: let it be guessed."""

    type: Literal["spoken"] = "spoken"
    language: Language


class SetTranslation(Message):
    """For this client: what is said in other languages also comes in English, where the host's model can say it."""

    type: Literal["translation"] = "translation"
    on: bool


# -- host to client ------------------------------------------------------------------------------------------


class Remark(StrEnum):
    """What stands in the transcript beside a name though nobody said it.  Clients say it in their own words."""

    NOT_CAPTIONED = "not_captioned"
    """They said no to captions."""
    INTERRUPTED = "interrupted"
    """Up to ten seconds of what they said may be missing."""


class Caption(HostSaid):
    """One caption segment as it stands now; the next message with the same `segment` replaces it.

    `committed` only ever grows until `final`; `tail` may change.  `final` is sent once, with an empty tail.
    A segment that is withdrawn comes as final with empty text and is never stored.
    """

    type: Literal["caption"] = "caption"
    segment: Annotated[str, Field(max_length=64)]
    speaker: ParticipantId
    name: Name
    committed: Annotated[str, Field(max_length=4_000)]
    tail: Annotated[str, Field(max_length=1_000)] = ""
    final: bool = False
    language: Annotated[str, Field(max_length=8)] = ""
    start: MeetingTime
    end: MeetingTime
    confidence: float = Field(ge=0, le=1, default=0)
    remark: Remark | None = Field(default=None, description="these are no words of theirs, and nobody can correct them")


class CaptionsChanged(HostSaid):
    type: Literal["captions_changed"] = "captions_changed"
    captions: CaptionsState


class Translated(HostSaid):
    """A final caption in English, by a machine; only for those who asked.  Some never come: speech goes first."""

    type: Literal["translated"] = "translated"
    segment: Segment
    speaker: ParticipantId
    text: Annotated[str, Field(min_length=1, max_length=MAX_CORRECTION)]
