"""What somebody who comes late is told, cut into messages that fit into a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sfu.wire import messages as wire

# Half a frame: the other half is room for JSON's escapes of one last long entry.
MAX_BYTES = wire.MAX_FRAME // 2


def histories(
    chat: Iterable[wire.ChatMessage], captions: Iterable[wire.Caption]
) -> Iterator[wire.History]:
    """Nothing for nothing."""
    entries: list[wire.Caption | wire.ChatMessage] = [*captions, *chat]
    part: list[wire.Caption | wire.ChatMessage] = []
    size = 0
    for entry in entries:
        length = len(entry.model_dump_json().encode())
        if part and size + length > MAX_BYTES:
            yield _history(part)
            part, size = [], 0
        part.append(entry)
        size += length
    if part:
        yield _history(part)


def _history(part: list[wire.Caption | wire.ChatMessage]) -> wire.History:
    return wire.History(
        chat=[entry for entry in part if isinstance(entry, wire.ChatMessage)],
        captions=[entry for entry in part if isinstance(entry, wire.Caption)],
    )
