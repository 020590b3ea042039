from __future__ import annotations

import json
import typing

from sfu.wire import messages, schema
from sfu.wire.parts import HostSaid


def test_the_committed_schema_is_that_of_the_messages() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), "run `python -m sfu.wire`"


def test_every_message_is_in_the_schema_under_its_own_name() -> None:
    written = json.loads(schema.FILE.read_text("utf-8"))

    for name in ("ClientMessage", "HostMessage"):
        kinds = written["$defs"][name]["discriminator"]["mapping"]
        assert kinds, name
        assert all(reference.removeprefix("#/$defs/") in written["$defs"] for reference in kinds.values())
    assert written["maxFrameBytes"] == messages.MAX_FRAME


def test_whatever_a_host_says_can_be_numbered_and_nothing_else() -> None:
    for union, numbered in ((messages.HostMessage, True), (messages.ClientMessage, False)):
        for kind in typing.get_args(typing.get_args(union)[0]):
            assert issubclass(kind, HostSaid) is numbered, kind
