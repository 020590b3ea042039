"""The two system calls that take many datagrams at once; `calls.pxd` has the C functions of the same names.

Interpreted code calls what stands here, compiled code what stands there (see `sfu.core.memory`).  Both take the same
tables, laid out by `batches`, and answer the same: how many datagrams went through, or an error's number below zero.
"""

from __future__ import annotations

import ctypes
from typing import Any

_DONT_WAIT = 0x40


def receive_many(function: Any, fd: int, messages: int, count: int) -> int:
    """recvmmsg(2) into `count` messages at the address `messages`."""
    done: int = function(fd, messages, count, _DONT_WAIT, None)
    return done if done >= 0 else -ctypes.get_errno()


def send_many(function: Any, fd: int, messages: int, count: int) -> int:
    """sendmmsg(2) of `count` messages at the address `messages`."""
    done: int = function(fd, messages, count, _DONT_WAIT)
    return done if done >= 0 else -ctypes.get_errno()
