"""The broker's client, for the host and for tools.

    async with BrokerClient(place(folder, "broker"), "host") as broker:
        await broker.open_stream("ana-1", language="en")
        async for event in broker.events():
            match event:
                case Result() if event.HasField("caption"):
                    ...                      # event.stream, event.caption.committed, .tail, .final, .start_s, …
                case Result() if event.HasField("face"):
                    ...                      # event.face.label, .x, .y, .width, .height, .unclear, …
                case Result():
                    ...                      # event.health.behind_s, event.health.reason
                case WorkerState():
                    ...                      # event.name, event.state, event.sentence: who can caption now
                case Failure():
                    ...                      # event.stream, event.cause, event.sentence
                case CloseStream():
                    ...                      # the last words of a closed stream are out
                case Restarted():
                    ...                      # event.unfinished: streams of which up to 10 s may be lost

A caption's text is `committed + tail`, joined as they are: the tail brings its own space or comma.  `committed` only
grows; after a worker's death its segment may be heard anew and then read differently.

Events are the Protobuf messages of `models.wire`.  Iterate `events()` for as long as the client lives: it also answers
the broker's pings, and a client that falls silent for five seconds loses its streams.  It is cancelled like any task.

Order when a person agrees to captions: `open_stream` here, then OpenTap at the forwarder with the same stream name.
When they leave or withdraw: CloseTap, then `close_stream`; finals may still come until the CloseStream event.

A broker that was restarted is noticed by itself: the client says hello again and reopens its streams, naming the
segments that are final, so that a segment number never comes to mean something else.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Self

import zmq
import zmq.asyncio

from models.core.calls import LONGEST
from models.runtime.calling import ANY, GRACE, Answered, CallFailed, Wish
from models.runtime.dealer import dealer
from models.wire import (
    Body,
    CloseStream,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Reply,
    Result,
    Subscribe,
    Tune,
    WorkerState,
    decode,
    encode,
)
from sfu import rendezvous
from sfu.rtp.errors import PeerFault

log = logging.getLogger("models.client")

# The broker pings every second; after this long without a word it may be a new one that does not know us.
SILENCE_MS = 3_000


@dataclass(frozen=True, slots=True)
class Restarted:
    """The broker is another process than before.  Of these streams something was being said: up to ten seconds of it
    may never become text."""

    unfinished: tuple[str, ...]


Event = Result | WorkerState | Failure | CloseStream | Restarted


@dataclass(slots=True)
class _Open:
    """A stream as we asked for it, and the segments it has had."""

    wants: OpenStream
    finals: int = 0
    unfinished: bool = False


class BrokerClient:
    """One connection to the broker; an async context manager.  Not for use by two loops."""

    def __init__(self, endpoint: str, name: str) -> None:
        self._endpoint = endpoint
        self._name = name
        self._streams: dict[str, _Open] = {}
        self._socket: zmq.asyncio.Socket | None = None
        self._context: zmq.asyncio.Context | None = None
        self._broker: int | None = None
        self._subscriptions: set[str] = set()
        self._calls: dict[int, asyncio.Future[Answered]] = {}
        self._call_id = 0

    async def __aenter__(self) -> Self:
        """Connects and says hello.  A broker that is not up yet is waited for; nothing is lost meanwhile."""
        self._context = zmq.asyncio.Context()
        self._socket = dealer(self._context)
        rendezvous.connect(self._socket, self._endpoint)
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
        await self.open(wants)

    async def open(self, wants: OpenStream) -> None:
        """Have a worker of task `wants.task` read what the tap sends as `wants.stream`.  Names as in `open_stream`."""
        self._streams[wants.stream] = _Open(wants)
        await self._send(wants)

    async def tune(self, tune: Tune) -> None:
        """Hear an open stream so from now on, instead of how it was opened."""
        known = self._streams.get(tune.stream)
        if known is None:
            return
        known.wants.language, known.wants.translate = tune.language, tune.translate
        del known.wants.hints[:]
        known.wants.hints.extend(tune.hints)
        await self._send(tune)

    async def subscribe(self, stream: str = "") -> None:
        """Results of this stream, or of all (""), whoever opened them, come as events from now on."""
        self._subscriptions.add(stream)
        await self._send(Subscribe(stream=stream))

    async def call(self, task: str, payload: bytes = b"", wish: Wish = ANY) -> Answered:
        """One request, one answer; `events()` must be running.

        Raises CallFailed with the cause when it could not be met: within 10 s at the latest.
        """
        self._call_id += 1
        self._calls[self._call_id] = answer = asyncio.get_running_loop().create_future()
        try:
            await self._send(wish.call(self._call_id, task, payload), payload)
            async with asyncio.timeout(LONGEST + GRACE):
                reply: Answered = await answer
                return reply
        except TimeoutError:
            raise CallFailed(Failure.NO_WORKER, "the broker does not answer") from None
        finally:
            self._calls.pop(self._call_id, None)

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
                body, payload = decode(frames)
            except PeerFault as fault:
                log.warning("bad frame from the broker", extra={"code": fault.code})
                continue
            event = await self._take(body, payload)
            if event is not None:
                yield event

    async def _take(self, body: Body, payload: bytes) -> Event | None:
        match body:
            case Reply():
                self._settle(body.id, Answered(body.result, payload))
            case Failure() if body.id:
                self._settle(body.id, CallFailed(body.cause, body.sentence))
            case Ping():
                await self._send(Pong(n=body.n))
            case Hello():
                return await self._met(body.pid)
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

    def _settle(self, call: int, outcome: Answered | CallFailed) -> None:
        waiting = self._calls.get(call)
        if waiting is None or waiting.done():
            return
        if isinstance(outcome, CallFailed):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)

    async def _met(self, broker: int) -> Restarted | None:
        """The broker answered our hello.  Another process than before knows nothing of our streams and calls."""
        restarted = self._broker not in (None, broker)
        self._broker = broker
        if not restarted:
            return None
        log.warning("the broker was restarted", extra={"streams": len(self._streams)})
        for call in list(self._calls):
            self._settle(call, CallFailed(Failure.WORKER_DIED, "the broker was restarted; ask again"))
        for stream in self._streams.values():
            stream.wants.finals = stream.finals
            await self._send(stream.wants)
        for name in self._subscriptions:
            await self._send(Subscribe(stream=name))
        return Restarted(tuple(name for name, stream in self._streams.items() if stream.unfinished))

    def _count(self, result: Result) -> None:
        stream = self._streams.get(result.stream)
        if stream is None or not result.HasField("caption"):
            return
        stream.unfinished = not result.caption.final
        if result.caption.final:
            stream.finals = max(stream.finals, result.caption.segment)

    async def _hello(self) -> None:
        await self._send(Hello(role=Hello.CLIENT, name=self._name, pid=os.getpid()))

    async def _send(self, body: Body, payload: bytes = b"") -> None:
        assert self._socket is not None, "enter the client first"
        await self._socket.send_multipart(encode(body, payload))
