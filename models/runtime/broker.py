"""The broker's process: sockets around `models.core.dispatch`.

`python -m models.runtime.broker --dir DIR` binds a ROUTER as `broker` in DIR (clients and workers) and a PULL as `tap`
(the forwarder's packets; `sfu.rendezvous`), prints one JSON line when both are bound, and runs until SIGTERM, SIGINT or
the death of its parent.  With `--listen tcp://ADDRESS:PORT --keys FILE` a second ROUTER takes workers from other
computers, encrypted, and only those whose key is in the file.  Nothing is decided here.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import zmq
from zmq.auth.thread import ThreadAuthenticator

from models.catalogue import shipped_catalogue
from models.core.dispatch import Dispatch, Send
from models.core.members import LOCAL, REMOTE, Peer
from models.core.outbox import Outbox, Waiting
from models.runtime.curve import HostKeys, new_host_keys
from models.runtime.process import StopSignal
from models.wire import MAX_CHUNK, MAX_PAYLOAD, Chunk, decode, encode
from sfu import rendezvous
from sfu.rtp.errors import ErrorCode, PeerFault, UserError

log = logging.getLogger("models.broker")

# Short on purpose: what a slow peer does not read waits in our outbox, which drops the oldest instead of the newest.
SOCKET_QUEUE = 256
# Messages read in one turn before answers go out, so that a flood cannot starve the pings.
TURN = 256
# A peer that takes messages again is noticed this soon.
RETRY_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Network:
    """Where workers of other computers come in, and by which keys."""

    endpoint: str
    keys: HostKeys


class Gate:
    """Lets in whose key is on the list, and nobody else (ZAP, ZeroMQ RFC 27)."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], keys: HostKeys) -> None:
        self._thread = ThreadAuthenticator(context)
        self._thread.start()
        allowed = {key.encode() for key in keys.workers}
        self._thread.configure_curve_callback("*", credentials_provider=_Allowed(allowed))
        self._thread.configure_curve_callback(rendezvous.ZAP_DOMAIN, credentials_provider=_Anyone())

    def close(self) -> None:
        self._thread.stop()


class _Allowed:
    """What pyzmq's authenticator asks; keys come as Z85 text."""

    def __init__(self, keys: set[bytes]) -> None:
        self._keys = keys

    def callback(self, _domain: str, key: bytes) -> bool:
        return key in self._keys


class _Anyone:
    """Knowing the server's key was enough."""

    def callback(self, _domain: str, _key: bytes) -> bool:
        return True


class Broker:
    """Sockets, one judgement.  `close()` may be called twice."""

    def __init__(self, folder: Path, weights: Mapping[str, str] | None = None, network: Network | None = None) -> None:
        _require_private(folder)
        self.endpoint = rendezvous.place(folder, "broker")
        self.tap_endpoint = rendezvous.place(folder, "tap")
        self._context = zmq.Context()
        self._gate = Gate(self._context, network.keys) if network is not None else None
        self._tap = self._bind(zmq.PULL, self.tap_endpoint, 2 * MAX_CHUNK)
        self._routers = {LOCAL: self._bind(zmq.ROUTER, self.endpoint, MAX_PAYLOAD)}
        self.listening = ""
        if network is not None:
            self._routers[REMOTE] = remote = self._bind(zmq.ROUTER, network.endpoint, MAX_PAYLOAD, network.keys)
            self.listening = remote.getsockopt_string(zmq.LAST_ENDPOINT)
        self._dispatch = Dispatch(os.getpid(), weights)
        self._outboxes: dict[Peer, Outbox] = {}
        self._poller = zmq.Poller()
        for source in (*self._routers.values(), self._tap):
            self._poller.register(source, zmq.POLLIN)

    def run(self, stop: StopSignal) -> None:
        """Serves until asked to stop."""
        self._poller.register(stop.fileno(), zmq.POLLIN)
        while not (stop.asked or stop.parent_gone):
            ready = dict(self._poller.poll(self._wait_ms(time.monotonic())))
            if self._tap in ready:
                self._read_tap()
            for side, router in self._routers.items():
                if router in ready:
                    self._read_router(side, router)
            self._flush()
        self._dispatch.stop()
        self._flush()

    def close(self) -> None:
        if self._gate is not None:
            self._gate.close()
        for router in self._routers.values():
            router.close(linger=200)
        self._tap.close(linger=0)
        self._context.term()

    def _bind(self, kind: int, endpoint: str, largest: int, keys: HostKeys | None = None) -> zmq.Socket[bytes]:
        bound: zmq.Socket[bytes] = self._context.socket(kind)
        bound.setsockopt(zmq.MAXMSGSIZE, largest)
        bound.setsockopt(zmq.SNDHWM, SOCKET_QUEUE)
        bound.setsockopt(zmq.RCVHWM, 4 * SOCKET_QUEUE)
        if kind == zmq.ROUTER:
            bound.setsockopt(zmq.ROUTER_MANDATORY, 1)
        if keys is not None:
            bound.curve_server = True
            bound.curve_secretkey = keys.secret.encode()
            bound.curve_publickey = keys.public.encode()
        try:
            rendezvous.bind(bound, endpoint)
        except zmq.ZMQError as error:
            raise UserError(ErrorCode.BUSY_PORT, f"{endpoint} cannot be used: {error}. Choose another port.") from error
        return bound

    def _wait_ms(self, now: float) -> int:
        until = self._dispatch.wake_at() - now
        if any(self._outboxes.values()):
            until = min(until, RETRY_EVERY)
        return max(0, int(until * 1000) + 1)

    def _read_tap(self) -> None:
        for _ in range(TURN):
            try:
                frames = self._tap.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                body, payload = decode(frames)
                if not isinstance(body, Chunk):
                    raise PeerFault(ErrorCode.UNKNOWN_MESSAGE, f"the tap takes chunks, not {type(body).__name__}")
            except PeerFault as fault:
                log.warning("bad frame at the tap", extra={"code": fault.code, "sentence": fault.sentence})
                continue
            self._dispatch.tapped(body, payload, time.monotonic())

    def _read_router(self, side: bytes, router: zmq.Socket[bytes]) -> None:
        for _ in range(TURN):
            try:
                identity, *frames = router.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            peer, now = Peer(side + identity), time.monotonic()
            try:
                body, payload = decode(frames)
            except PeerFault as fault:
                log.warning("bad frame", extra={"code": fault.code, "sentence": fault.sentence})
                self._dispatch.misbehaved(peer, fault, now)
                continue
            self._dispatch.received(peer, body, now, payload)

    def _flush(self) -> None:
        """Sends until nothing more is wanted or nobody takes more; losing a peer may make new wishes."""
        while sends := self._dispatch.poll(time.monotonic()):
            for send in sends:
                self._post(send)
            for peer in list(self._outboxes):
                self._push(peer)
        for peer in list(self._outboxes):
            self._push(peer)

    def _post(self, send: Send) -> None:
        self._outboxes.setdefault(send.peer, Outbox()).put(Waiting(send.body, send.payload))

    def _push(self, peer: Peer) -> None:
        outbox = self._outboxes[peer]
        router, identity = self._routers[peer[:1]], peer[1:]
        while (message := outbox.peek()) is not None:
            try:
                router.send_multipart([identity, *encode(message.body, message.payload)], zmq.NOBLOCK)
            except zmq.Again:
                return
            except zmq.ZMQError as error:
                if error.errno != zmq.EHOSTUNREACH:
                    raise
                log.info("peer gone", extra={"dropped": outbox.dropped})
                self._dispatch.lost(peer, "its process ended", time.monotonic())
                break
            outbox.pop()
        del self._outboxes[peer]


def _require_private(folder: Path) -> None:
    """The sockets are as private as their folder: whoever can open them can read what people say."""
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        raise UserError(
            ErrorCode.HOST_UNREACHABLE, f"the folder {folder} for the broker cannot be used: {error.strerror}"
        ) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UserError(ErrorCode.NOT_ALLOWED, f"{folder} is open to others; make it private first (chmod 700)")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m models.runtime.broker", description="The inference broker.")
    parser.add_argument("--dir", type=Path, required=True, help="private folder (0700) for the sockets")
    parser.add_argument("--listen", metavar="tcp://ADDRESS:PORT", help="take workers from other computers here")
    parser.add_argument("--keys", type=Path, help="the host's keys, for --listen")
    options = parser.parse_args(argv)
    if options.listen and not options.keys:
        parser.error("--listen needs --keys FILE")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    with StopSignal() as stop:
        try:
            network = Network(options.listen, new_host_keys(options.keys)) if options.listen else None
            broker = Broker(options.dir, {model.id: model.fingerprint for model in shipped_catalogue()}, network)
        except UserError as error:
            print(error.sentence, file=sys.stderr)
            return 2
        ready = {"event": "ready", "endpoint": broker.endpoint, "listening": broker.listening, "pid": os.getpid()}
        print(json.dumps(ready), flush=True)
        try:
            broker.run(stop)
        finally:
            broker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
