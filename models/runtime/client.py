"""The broker's client, for the host and for tools.

    async with BrokerClient("ipc:///run/…/broker", "host") as broker:
        await broker.open_stream("ana-1", language="en")
        async for event in broker.events():
            match event:
                case Result() if event.HasField("caption"):
                    ...                      # event.stream, event.caption.committed, .tail, .final, .start_s, …
                case Result():
                    ...                      # event.health.behind_s, event.health.reason
                case WorkerState():
                    ...                      # event.name, event.state, event.sentence: who can caption now
                case Failure():
                    ...                      # event.stream, event.cause, event.sentence
                case CloseStream():
                    ...                      # the last words of a closed stream are out

A caption's text is `committed + tail`, joined as they are: the tail brings its own space or comma.  `committed` only
grows; after a worker's death its segment may be heard anew and then read differently.

Events are the Protobuf messages of `models.wire`.  Iterate `events()` for as long as the client lives: it also answers
the broker's pings, and a client that falls silent for five seconds loses its streams.  It is cancelled like any task.

Order when a person agrees to captions: `open_stream` here, then OpenTap at the forwarder with the same stream name.
When they leave or withdraw: CloseTap, then `close_stream`; finals may still come until the CloseStream event.

A broker that was restarted is noticed by itself: the client says hello again, reopens its streams, and goes on counting
segments where the old broker stopped, so that a segment number never comes to mean something else.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Self

import zmq
import zmq.asyncio

from models.wire import (
    MAX_PAYLOAD,
    Body,
    CloseStream,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Result,
    WorkerState,
    decode,
    encode,
)
from sfu.rtp.errors import PeerFault

log = logging.getLogger("models.client")

# The broker pings every second; after this long without a word it may be a new one that does not know us.
SILENCE_MS = 3_000

Event = Result | WorkerState | Failure | CloseStream


@dataclass(slots=True)
class _Open:
    """A stream as we asked for it, and the segments it has had."""

    wants: OpenStream
    last_segment: int = 0
    segments_before_broker: int = 0


class BrokerClient:
    """One connection to the broker; an async context manager.  Not for use by two loops."""

    def __init__(self, endpoint: str, name: str) -> None:
        self._endpoint = endpoint
        self._name = name
        self._streams: dict[str, _Open] = {}
        self._socket: zmq.asyncio.Socket | None = None
        self._context: zmq.asyncio.Context | None = None
        self._broker: int | None = None

    async def __aenter__(self) -> Self:
        """Connects and says hello.  A broker that is not up yet is waited for; nothing is lost meanwhile."""
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.MAXMSGSIZE, MAX_PAYLOAD)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self._socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
        self._socket.connect(self._endpoint)
        await self._hello()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None and self._context is not None:
            self._socket.close()
            self._context.term()
            self._socket = self._context = None

    async def open_stream(
        self, stream: str, *, language: str = "", hints: Sequence[str] = (), model: str = ""
    ) -> None:
        """Caption the Opus packets that the tap sends as `stream`.

        `language`: "en", "zh", …, or "" to detect; `hints`: names and words to expect (at most 64 of 64 characters);
        `model`: catalogue id, or "" for any.  Names must be new while the broker lives.
        """
        wants = OpenStream(
            stream=stream, task="captions", codec="opus", clock_rate=48_000, language=language, hints=hints,
            worker_model=model,
        )
        self._streams[stream] = _Open(wants)
        await self._send(wants)

    async def close_stream(self, stream: str) -> None:
        """No more audio will come; what was said is finished and then confirmed by a CloseStream event."""
        await self._send(CloseStream(stream=stream))

    async def events(self) -> AsyncIterator[Event]:
        """What the broker tells us, for ever.  A frame that breaks the protocol is logged and skipped."""
        assert self._socket is not None, "enter the client first"
        while True:
            if not await self._socket.poll(SILENCE_MS):
                await self._hello()
                continue
            frames = await self._socket.recv_multipart()
            try:
                body, _payload = decode(frames)
            except PeerFault as fault:
                log.warning("bad frame from the broker", extra={"code": fault.code})
                continue
            event = await self._take(body)
            if event is not None:
                yield event

    async def _take(self, body: Body) -> Event | None:
        match body:
            case Ping():
                await self._send(Pong(n=body.n))
            case Hello():
                await self._met(body.pid)
            case Failure() if not body.stream and not body.id:
                log.warning("the broker refused a message", extra={"sentence": body.sentence})
            case Result():
                self._count(body)
                return body
            case CloseStream():
                self._streams.pop(body.stream, None)
                return body
            case WorkerState() | Failure():
                return body
            case _:
                log.warning("unexpected message", extra={"kind": type(body).__name__})
        return None

    async def _met(self, broker: int) -> None:
        """The broker answered our hello.  Another process than before knows nothing of our streams."""
        restarted = self._broker not in (None, broker)
        self._broker = broker
        if restarted:
            log.warning("the broker was restarted", extra={"streams": len(self._streams)})
            for stream in self._streams.values():
                stream.segments_before_broker = stream.last_segment
                await self._send(stream.wants)

    def _count(self, result: Result) -> None:
        stream = self._streams.get(result.stream)
        if stream is not None and result.HasField("caption"):
            result.caption.segment += stream.segments_before_broker
            stream.last_segment = max(stream.last_segment, result.caption.segment)

    async def _hello(self) -> None:
        await self._send(Hello(role=Hello.CLIENT, name=self._name, pid=os.getpid()))

    async def _send(self, body: Body) -> None:
        assert self._socket is not None, "enter the client first"
        await self._socket.send_multipart(encode(body))
