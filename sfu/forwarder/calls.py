"""System calls and locks of threads that hold no lock of Python's; `calls.pxd` has the C functions of the same names.

Interpreted code calls what stands here, compiled code what stands there (see `sfu.core.memory`).  Both take the same
numbers and tables, laid out by `batches` and `sealing`, and answer the same.
"""

from __future__ import annotations

import ctypes
import threading
import time
from typing import Any

_DONT_WAIT = 0x40
_SEAL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int))
_LOCKS: list[threading.Lock] = []


def receive_many(function: Any, fd: int, messages: int, count: int) -> int:
    """recvmmsg(2) into `count` messages at the address `messages`: how many came, or an error's number below zero."""
    done: int = function(fd, messages, count, _DONT_WAIT, None)
    return done if done >= 0 else -ctypes.get_errno()


def send_many(function: Any, fd: int, messages: int, count: int) -> int:
    """sendmmsg(2) of `count` messages at the address `messages`: how many left, or an error's number below zero."""
    done: int = function(fd, messages, count, _DONT_WAIT)
    return done if done >= 0 else -ctypes.get_errno()


def seal(function: int, keys: int, at: int, size: int) -> int:
    """libsrtp's `function` at that address, on the packet of `size` bytes at the address `at`: 0, or an error."""
    code: int = _SEAL(function)(keys, at, ctypes.byref(ctypes.c_int(size)))
    return code


def wipe(at: int, size: int) -> None:
    """Zeros over `size` bytes at the address `at`."""
    ctypes.memset(at, 0, size)


def word(at: int, index: int) -> int:
    """The `index`th 64-bit number of the table at the address `at`."""
    return ctypes.c_uint64.from_address(at + 8 * index).value


def clock_function() -> int:
    """What `nanoseconds` is to be given."""
    return 0


def nanoseconds(function: int) -> int:
    """Of `time.monotonic`."""
    return time.monotonic_ns()


def make_lock() -> int:
    """A lock that is taken.  Whoever takes it next waits for a `release`; it is never freed."""
    lock = threading.Lock()
    lock.acquire()
    _LOCKS.append(lock)
    return len(_LOCKS) - 1


def take(lock: int, wait: bool) -> bool:
    return _LOCKS[lock].acquire(wait)


def release(lock: int) -> None:
    """One that is taken, by whomever."""
    _LOCKS[lock].release()
