"""What a socket is that the host hands to its forwarder: the one byte that goes with it."""

from __future__ import annotations

from enum import Enum


class Handed(Enum):
    CONNECTION = b"c"
    """A client's, over TCP, of which nothing has been read."""
    LINK = b"l"
    """To a control process that takes the place of one that died."""
