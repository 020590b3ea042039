"""The session protocol as one JSON Schema, for people who write clients in other languages.

`sfu/wire/schema.json` is made from `messages.py` by `python -m sfu.wire` and committed; a test fails when it is
out of date.  This file decides nothing about the protocol.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from sfu.wire import messages

FILE = Path(__file__).with_name("schema.json")
_HTTP = (messages.JoinRequest, messages.JoinReply, messages.Problem)


def schema() -> dict[str, Any]:
    """The whole protocol: `$defs` of every message, and which of them each side may send."""
    adapters: tuple[tuple[str, TypeAdapter[Any]], ...] = (
        ("ClientMessage", messages.CLIENT),
        ("HostMessage", messages.HOST),
    )
    roots, definitions = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in adapters], ref_template="#/$defs/{model}"
    )
    _, http = models_json_schema([(model, "validation") for model in _HTTP], ref_template="#/$defs/{model}")
    named = {name: roots[name, "validation"] for name, _ in adapters}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parley session protocol",
        "description": (messages.__doc__ or "").strip(),
        "version": messages.PROTOCOL,
        "maxFrameBytes": messages.MAX_FRAME,
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in named],
        "$defs": {**named, **definitions["$defs"], **http["$defs"]},
    }


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
