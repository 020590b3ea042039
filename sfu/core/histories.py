"""What somebody who comes late is told, cut into messages that fit into a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sfu.wire import messages as wire

# Half a frame: the other half is room for JSON's escapes of one last long entry.
MAX_BYTES = wire.MAX_FRAME // 2


def histories(
    chat: Iterable[wire.ChatMessage], files: Iterable[wire.SharedFile], captions: Iterable[wire.Caption]
) -> Iterator[wire.History]:
    """Nothing for nothing."""
    entries: list[tuple[str, Any]] = [("files", file) for file in files]
    entries += [("captions", caption) for caption in captions]
    entries += [("chat", message) for message in chat]
    part: dict[str, list[Any]] = {}
    size = 0
    for kind, entry in entries:
        length = len(entry.model_dump_json().encode())
        if part and size + length > MAX_BYTES:
            yield _history(part)
            part, size = {}, 0
        part.setdefault(kind, []).append(entry)
        size += length
    if part:
        yield _history(part)


def _history(part: dict[str, list[Any]]) -> wire.History:
    return wire.History(
        chat=part.get("chat", []), files=part.get("files", []), captions=part.get("captions", [])
    )
