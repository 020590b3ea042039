from __future__ import annotations

import pytest

from sfu.core.backlog import Backlog
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire import messages as wire


def caption(segment: str, committed: str, final: bool = False) -> wire.Caption:
    return wire.Caption(segment=segment, speaker="p1", name="Ana", committed=committed, final=final, start=0, end=1)


def drained(backlog: Backlog) -> list[wire.HostMessage]:
    messages = []
    while (message := backlog.take()) is not None:
        messages.append(message)
    return messages


def test_messages_come_out_in_order() -> None:
    backlog, sent = Backlog(), [wire.Pong(n=n, now=0) for n in range(3)]
    for message in sent:
        backlog.put(message)

    assert drained(backlog) == sent
    assert backlog.take() is None


def test_a_growing_caption_waits_once_and_its_final_replaces_it() -> None:
    backlog = Backlog()
    for message in (caption("a", "I"), caption("b", "You"), caption("a", "I am"), caption("a", "I am.", final=True)):
        backlog.put(message)

    assert drained(backlog) == [caption("b", "You"), caption("a", "I am.", final=True)]


def test_only_the_newest_speakers_wait() -> None:
    backlog = Backlog()
    for speaker in ("p1", "p2"):
        backlog.put(wire.Speaking(participants=[speaker]))

    assert drained(backlog) == [wire.Speaking(participants=["p2"])]


def test_a_client_that_does_not_keep_up_is_told_to_move_closer() -> None:
    backlog = Backlog(capacity=2)
    for n in range(2):
        backlog.put(wire.Pong(n=n, now=0))

    with pytest.raises(PeerFault, match="too slow") as fault:
        backlog.put(wire.Pong(n=2, now=0))

    assert fault.value.code == ErrorCode.TOO_MANY
    assert len(backlog) == 2


def test_news_that_replaces_what_waits_fits_a_full_backlog() -> None:
    backlog = Backlog(capacity=2)
    backlog.put(wire.Speaking(participants=["p1"]))
    backlog.put(wire.Pong(n=1, now=0))

    backlog.put(wire.Speaking(participants=["p2"]))

    assert len(backlog) == 2
