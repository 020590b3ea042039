"""Messages about how speech is heard: words that the recogniser should expect, and the language somebody speaks.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import MAX_CORRECTION, MAX_GLOSSARY, HostSaid, Language, Message, ParticipantId, Segment, Term

# -- client to host ------------------------------------------------------------------------------------------


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


class Translated(HostSaid):
    """A final caption in English, by a machine; only for those who asked.  Some never come: speech goes first."""

    type: Literal["translated"] = "translated"
    segment: Segment
    speaker: ParticipantId
    text: Annotated[str, Field(min_length=1, max_length=MAX_CORRECTION)]
