"""A socket to the broker, as every client and worker has it."""

from __future__ import annotations

from typing import Any, TypeVar

import zmq

from models.wire import MAX_PAYLOAD

FIRST_AGAIN_MS, LONGEST_AGAIN_MS = 50, 1_000
"""A broker that is not up, or is being restarted, is tried again so soon, and then less and less often."""

SocketT = TypeVar("SocketT", bound="zmq.Socket[Any]")


def dealer(context: zmq.Context[SocketT], linger_ms: int = 0) -> SocketT:
    """Not connected yet.  `linger_ms`: how long its last messages may take when it is closed."""
    made = context.socket(zmq.DEALER)
    for option, value in (
        (zmq.MAXMSGSIZE, MAX_PAYLOAD), (zmq.LINGER, linger_ms),
        (zmq.RECONNECT_IVL, FIRST_AGAIN_MS), (zmq.RECONNECT_IVL_MAX, LONGEST_AGAIN_MS),
    ):  # fmt: skip
        made.setsockopt(option, value)
    return made
