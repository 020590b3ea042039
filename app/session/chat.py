"""What was written, as the reader sees it: in the order in which the host took it.

A message that was deleted leaves no text.  History that comes again after a reconnection adds nothing twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from sfu.wire.messages import ChatMessage

# Only what a browser opens, and only if it is written out: nothing is guessed to be an address.
_LINK = re.compile(r"https?://[^\s<>\"'`，。；！？、（）【】《》]+", re.IGNORECASE)
MOST_LINKS = 5

Messages = tuple[ChatMessage, ...]


def written(chat: Messages, message: ChatMessage) -> Messages:
    """`chat` with this message in its place; the host's newest word about a message wins."""
    place = bisect_left(chat, message.id, key=lambda other: other.id)
    rest = chat[place + 1 :] if place < len(chat) and chat[place].id == message.id else chat[place:]
    return (*chat[:place], message, *rest)


def links(text: str) -> tuple[str, ...]:
    """Addresses written out in a message, in order, each once, without the punctuation that ends a sentence."""
    found = [match.rstrip(".,;:!?)]}") for match in _LINK.findall(text)]
    return tuple(dict.fromkeys(found))[:MOST_LINKS]


def struck(chat: Messages, number: int) -> Messages:
    """`chat` with the text of this message gone."""
    return tuple(m.model_copy(update={"text": "", "deleted": True}) if m.id == number else m for m in chat)
