from __future__ import annotations

import json

from sfu.wire import messages, schema


def test_the_committed_schema_is_that_of_the_messages() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), "run `python -m sfu.wire`"


def test_every_message_is_in_the_schema_under_its_own_name() -> None:
    written = json.loads(schema.FILE.read_text("utf-8"))

    for name in ("ClientMessage", "HostMessage"):
        kinds = written["$defs"][name]["discriminator"]["mapping"]
        assert kinds, name
        assert all(reference.removeprefix("#/$defs/") in written["$defs"] for reference in kinds.values())
    assert written["maxFrameBytes"] == messages.MAX_FRAME
