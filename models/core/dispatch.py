"""Who does the work: workers and clients, what they say, and what may follow what.

Workers are slow to start, may die at any moment and may lie.  Who reads which stream is decided in `streams`, who
answers which call in `calls`; this module keeps the members, checks that each says only what it may, and announces
who is there.  It opens no socket and reads no clock: feed it what arrived with the time it arrived, then send
everything `poll(now)` returns, and come back at `wake_at()`.

Trust: a worker that breaks the protocol is dismissed and its work moves on; a client that does is told so.  What comes
from another computer may only be a worker.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.core.calls import Calls
from models.core.members import ANNOUNCED, Input, Member, Peer, State, Worker, is_remote
from models.core.streams import Streams
from models.wire import (
    Body,
    Call,
    Chunk,
    CloseStream,
    Drain,
    Failure,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Reply,
    Result,
    Subscribe,
    Terminate,
    Tune,
    WorkerState,
)
from sfu.rtp.errors import ErrorCode, PeerFault

PING_EVERY = 1.0
# A worker answers pings from a thread of its own, whatever its model does: five unanswered ones are a death.
DEAD_AFTER = 5.0
MAX_SUBSCRIPTIONS = 64

CAUSES = {
    ErrorCode.UNSUPPORTED: Failure.UNSUPPORTED,
    ErrorCode.TOO_LARGE: Failure.TOO_LARGE,
    ErrorCode.TOO_MANY: Failure.OVERLOADED,
}


@dataclass(frozen=True, slots=True)
class Send:
    """Send this to that peer."""

    peer: Peer
    body: Body
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Stats:
    """`late`: answers that nobody waits for any more.  `dropped`: calls that were refused because too many waited."""

    workers: int
    clients: int
    streams: int
    calls: int
    unclaimed: int
    late: int
    faults: int
    dropped: int
    retried: int


class Dispatch:
    """The broker's judgement.  Feed, `poll` until empty, sleep until `wake_at`.

    `pid` goes out with every hello: who hears another one than before has met a new broker and starts over.
    `weights`: what the files of each model must be (fingerprints by catalogue id); a worker that has others under the
    same name is not taken.
    """

    def __init__(self, pid: int = 0, weights: Mapping[str, str] | None = None) -> None:
        self._pid = pid
        self._weights = weights or {}
        self._clients: dict[Peer, Member] = {}
        self._workers: dict[Peer, Worker] = {}
        self._out: list[Send] = []
        self._streams = Streams(self._workers, self._send)
        self._calls = Calls()
        self._subscribed: dict[str, set[Peer]] = {}
        self._payload = b""
        self._ping_at = 0.0
        self._pings = self._faults = 0
        self._handlers: dict[type[Any], Callable[[Peer, Any, float], None]] = {
            Hello: self._hello, Ready: self._ready, Pong: self._pong, Drain: self._drain,
            OpenStream: self._open_stream, CloseStream: self._close_stream, Result: self._result,
            Tune: self._tune, Subscribe: self._subscribe, Call: self._call, Reply: self._reply, Failure: self._failure,
        }

    # -- what happened ---------------------------------------------------------------------------------------

    def received(self, peer: Peer, body: Body, now: float, payload: bytes = b"") -> None:
        """A message arrived at the ROUTER."""
        try:
            if not isinstance(body, Hello) and peer not in self._clients and peer not in self._workers:
                raise PeerFault(ErrorCode.BAD_SEQUENCE, "say hello first")
            handler = self._handlers.get(type(body))
            if handler is None:
                raise PeerFault(ErrorCode.UNKNOWN_MESSAGE, f"the broker does not take {type(body).__name__}")
            self._touch(peer, now)
            self._payload = payload
            handler(peer, body, now)
        except PeerFault as fault:
            self.misbehaved(peer, fault, now)

    def tapped(self, chunk: Chunk, payload: bytes, now: float) -> None:
        """The forwarder handed out one packet of a consented track."""
        self._streams.tapped(chunk, payload, now)

    def misbehaved(self, peer: Peer, fault: PeerFault, now: float) -> None:
        """It sent what it may not: a worker is dismissed, anyone else is told what was wrong."""
        self._faults += 1
        self._send(peer, Failure(cause=CAUSES.get(fault.code, Failure.MALFORMED), sentence=fault.sentence))
        if peer in self._workers or is_remote(peer):
            self._send(peer, Terminate())
            self.lost(peer, f"dismissed: {fault.sentence}", now)

    def lost(self, peer: Peer, why: str, now: float) -> None:
        """The peer is gone: its connection broke, or it fell silent.  Safe to call for strangers."""
        if (worker := self._workers.get(peer)) is not None:
            worker.handle(Input.LOST)
            del self._workers[peer]
            self._announce(worker, why)
            self._streams.leave(peer, worker, now)
            self._calls.worker_lost(peer)
        elif self._clients.pop(peer, None) is not None:
            self._streams.client_lost(peer)
            self._calls.client_lost(peer)
            for peers in self._subscribed.values():
                peers.discard(peer)

    def stop(self) -> None:
        """The broker is leaving: so must its workers."""
        for peer in self._workers:
            self._send(peer, Terminate())

    # -- time ------------------------------------------------------------------------------------------------

    def poll(self, now: float) -> list[Send]:
        """Everything that has to be sent by now."""
        if not self._pings:
            self._streams.begin(now)
        if now >= self._ping_at:
            self._ping_at = now + PING_EVERY
            self._ping(now)
        self._streams.end_overdue(now)
        self._serve_calls(now)
        out, self._out = self._out, []
        return out

    def wake_at(self) -> float:
        return min(self._ping_at, self._streams.wake_at(), self._calls.wake_at())

    def stats(self) -> Stats:
        return Stats(
            workers=len(self._workers),
            clients=len(self._clients),
            streams=len(self._streams),
            calls=self._calls.waiting,
            unclaimed=self._streams.unclaimed,
            late=self._streams.late + self._calls.late,
            faults=self._faults,
            dropped=self._calls.dropped,
            retried=self._calls.retried,
        )

    # -- peers -----------------------------------------------------------------------------------------------

    def _hello(self, peer: Peer, hello: Hello, now: float) -> None:
        """May be repeated: whoever has heard nothing for a while asks this way whether we are still the same."""
        self._send(peer, Hello(name="broker", pid=self._pid))
        if hello.role == Hello.WORKER:
            self._hello_worker(peer, hello, now)
        elif hello.role == Hello.CLIENT:
            if is_remote(peer):
                raise PeerFault(ErrorCode.NOT_ALLOWED, "from another computer only workers are taken")
            self._clients[peer] = Member(hello, now)
            for worker in self._workers.values():
                self._send(peer, _worker_state(worker, ""))
        else:
            raise PeerFault(ErrorCode.UNSUPPORTED, "hello names a role that is unknown here")

    def _hello_worker(self, peer: Peer, hello: Hello, now: float) -> None:
        if not (hello.task and hello.model):
            raise PeerFault(ErrorCode.BAD_FRAME, "a worker says which task and which model it has")
        if peer not in self._workers:
            self._replace_namesakes(hello, now)
            self._workers[peer] = worker = Worker(hello, now)
            self._announce(worker, "loading its model")
        elif self._workers[peer].hello != hello:
            raise PeerFault(ErrorCode.BAD_SEQUENCE, "a worker has one model and never changes it")

    def _replace_namesakes(self, hello: Hello, now: float) -> None:
        """Its supervisor started it anew: the process that had this name is dead, silence need not prove it."""
        before = [peer for peer, worker in self._workers.items() if worker.hello.name == hello.name]
        for peer in before:
            self._send(peer, Terminate())
            self.lost(peer, "replaced by a new process", now)

    def _ready(self, peer: Peer, ready: Ready, now: float) -> None:
        worker = self._worker(peer)
        wanted = self._weights.get(worker.hello.model, "")
        if ready.weights and wanted and ready.weights != wanted:
            raise PeerFault(ErrorCode.UNSUPPORTED, f"its files are not those of {worker.hello.model} here")
        news = worker.state is not State.READY
        worker.handle(Input.LOADED)
        worker.batch = ready.batch
        if news:
            self._announce(worker, "")
        for claim in ready.claims:
            self._streams.claim(peer, claim.stream, claim.finals, now)
        self._streams.seek_workers(now)

    def _pong(self, peer: Peer, pong: Pong, _now: float) -> None:
        if (worker := self._workers.get(peer)) is not None:
            worker.busy = pong.busy if math.isfinite(pong.busy) else 0.0

    def _drain(self, peer: Peer, _drain: Drain, now: float) -> None:
        """A worker wants to leave: its work moves first, nothing of it is lost."""
        worker = self._worker(peer)
        worker.handle(Input.LEAVING)
        self._announce(worker, "leaving")
        self._streams.leave(peer, worker, now)
        self._calls.worker_lost(peer)
        self._send(peer, Terminate())

    def _worker(self, peer: Peer) -> Worker:
        if peer not in self._workers:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "only a worker may send this")
        return self._workers[peer]

    def _client(self, peer: Peer) -> None:
        if peer not in self._clients:
            raise PeerFault(ErrorCode.NOT_ALLOWED, "only a client may send this")

    def _touch(self, peer: Peer, now: float) -> None:
        member = self._workers.get(peer) or self._clients.get(peer)
        if member is not None:
            member.heard = now

    def _ping(self, now: float) -> None:
        members = {**self._clients, **self._workers}
        for peer, member in members.items():
            if now - member.heard > DEAD_AFTER:
                self._send(peer, Terminate())   # should it wake up again, its work is elsewhere
                self.lost(peer, f"silent for {DEAD_AFTER:.0f} seconds", now)
        self._pings += 1
        for peer in (*self._clients, *self._workers):
            self._send(peer, Ping(n=self._pings, now_s=now))

    # -- streams and results ---------------------------------------------------------------------------------

    def _open_stream(self, peer: Peer, wants: OpenStream, now: float) -> None:
        self._client(peer)
        self._streams.open(peer, wants, now)

    def _close_stream(self, peer: Peer, close: CloseStream, now: float) -> None:
        self._streams.close(peer, close.stream, now)

    def _tune(self, peer: Peer, tune: Tune, _now: float) -> None:
        self._client(peer)
        self._streams.tune(peer, tune)

    def _subscribe(self, peer: Peer, subscribe: Subscribe, _now: float) -> None:
        self._client(peer)
        if sum(peer in peers for peers in self._subscribed.values()) >= MAX_SUBSCRIPTIONS:
            raise PeerFault(ErrorCode.TOO_MANY, f"at most {MAX_SUBSCRIPTIONS} subscriptions a client")
        self._subscribed.setdefault(subscribe.stream, set()).add(peer)

    def _result(self, peer: Peer, result: Result, now: float) -> None:
        client = self._streams.result(peer, self._worker(peer), result, now)
        if client is None:
            return
        others = self._subscribed.get("", set()) | self._subscribed.get(result.stream, set())
        for each in {client} | others:
            self._send(each, result, self._payload)

    # -- calls -----------------------------------------------------------------------------------------------

    def _call(self, peer: Peer, call: Call, now: float) -> None:
        self._client(peer)
        self._calls.ask(peer, call, self._payload, now)

    def _reply(self, peer: Peer, reply: Reply, _now: float) -> None:
        self._worker(peer)
        job = self._calls.answered(peer, reply.id)
        if job is not None:
            reply.id = job.id
            self._send(job.client, reply, self._payload)

    def _failure(self, peer: Peer, failure: Failure, _now: float) -> None:
        """This request failed; its worker lives on."""
        self._worker(peer)
        if failure.stream:
            self._streams.failed(peer, failure)
        elif (job := self._calls.answered(peer, failure.id)) is not None:
            failure.id = job.id
            self._send(job.client, failure)

    def _serve_calls(self, now: float) -> None:
        for peer in self._calls.stuck(now):
            self._send(peer, Terminate())
            self.lost(peer, "it did not answer a call long after its time", now)
        for job in self._calls.assign(self._workers, now):
            self._send(job.worker, job.call, job.payload)
        for refusal in self._calls.refuse(self._workers, now):
            failure = Failure(id=refusal.job.id, cause=refusal.cause, sentence=refusal.sentence)
            self._send(refusal.job.client, failure)

    # -- telling ---------------------------------------------------------------------------------------------

    def _send(self, peer: Peer | None, body: Body, payload: bytes = b"") -> None:
        assert peer is not None
        self._out.append(Send(peer, body, payload))

    def _announce(self, worker: Worker, sentence: str) -> None:
        for peer in self._clients:
            self._send(peer, _worker_state(worker, sentence))


def _worker_state(worker: Worker, sentence: str) -> WorkerState:
    hello = worker.hello
    return WorkerState(
        name=hello.name,
        task=hello.task,
        model=hello.model,
        device=hello.device,
        compute=hello.compute,
        state=ANNOUNCED[worker.state],
        sentence=sentence,
        machine=hello.machine,
    )
