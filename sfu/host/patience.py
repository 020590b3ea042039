"""HTTP connections, bounded in what they make us hold and in how long they keep us waiting.

httptools takes a head of any length, and uvicorn waits for ever for the rest of a request and for a reader who does
not read.  Here a head has a size and a time, what is sent for us has to arrive at some rate, and what we send has to
be taken.  Whoever is slower is hung up on; nobody else notices either way.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 16_384
"""Bytes of a request that are no body: its head, the framing of its chunks, what follows them."""
LOOK_EVERY = 10.0
"""Seconds between two looks; what has not moved at two of them in a row has stopped."""
LEAST_SENT = 4_096
"""Bytes of a body between two looks: less than the slowest link that can carry a meeting."""
# A chunk of one byte has five bytes of framing (RFC 9112, 7.1).
_FRAMING = 8


class PatientProtocol(HttpToolsProtocol):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._messages = 0
        self._awaits_head = True
        self._awaits_body = False
        self._besides = 0
        self._body = self._carried = 0  # of this message; of the connection
        self._stood: tuple[object, ...] | None = None
        self._looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_looking()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        carried = self._carried
        super().data_received(data)
        self._besides += len(data) - (self._carried - carried)
        if self._besides > MAX_HEAD + _FRAMING * self._body and not self.transport.is_closing():
            self.send_400_response("That request is too large.")

    def handle_websocket_upgrade(self) -> None:
        """The session's own protocol looks after it from here."""
        self._stop_looking()
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._messages += 1
        self._awaits_head, self._besides, self._body = True, 0, 0

    def on_headers_complete(self) -> None:
        self._awaits_head, self._awaits_body = False, True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._carried += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._awaits_body, self._besides = False, 0
        super().on_message_complete()

    def _look_later(self) -> None:
        self._looking = self.loop.call_later(LOOK_EVERY, self._look)

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()

    def _look(self) -> None:
        stands = self._stands()
        if stands is not None and stands == self._stood:
            self.transport.abort()
        else:
            self._stood = stands
            self._look_later()

    def _stands(self) -> tuple[object, ...] | None:
        """Equal at two looks: the other side has kept us waiting in between.  None: it does not."""
        if held := self.transport.get_write_buffer_size():
            return ("reader", held)
        if self._awaits_head:
            return ("head", self._messages)
        if self._awaits_body and not self.flow.read_paused:
            return ("body", self._messages, self._body // LEAST_SENT)
        return None
