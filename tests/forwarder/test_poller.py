"""What is ready is named, in every way of waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from sfu.forwarder.poller import Poller


@pytest.fixture(params=[False, True], ids=["best", "portable"])
def poller(request: pytest.FixtureRequest) -> Iterator[Poller]:
    made = Poller(portable=request.param)
    yield made
    made.close()


def test_who_can_be_read_is_named_and_nobody_else(poller: Poller) -> None:
    ours, theirs = socket.socketpair()
    other, silent = socket.socketpair()
    with ours, theirs, other, silent:
        poller.register(ours)
        poller.register(other)
        assert poller.wait(0) == []
        theirs.send(b"x")
        assert poller.wait(5) == [ours]
        poller.unregister(ours)
        assert poller.wait(0) == []


def test_writing_is_waited_for_only_while_it_is_asked_for(poller: Poller) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        poller.register(ours)
        assert poller.wait(0) == []
        poller.watch_writing(ours, True)
        assert poller.wait(0) == [ours]
        poller.watch_writing(ours, False)
        assert poller.wait(0) == []

