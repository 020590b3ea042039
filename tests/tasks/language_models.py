"""A server on loopback that speaks like Ollama: chat completions, streamed, from answers that are given to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], "str | int"]


@dataclass
class Ollama:
    """`asked`: the bodies of what came; `headers` of the last."""

    port: int
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def ollama(answer: Answer, *, silent: bool = False) -> Iterator[Ollama]:
    """`answer` gets a request's body and gives text, or a status; `silent`: it accepts and never answers."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/chat/completions"
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(body)
            server.headers = dict(self.headers)
            if silent:
                over.wait(30)
                return
            said = answer(body)
            if isinstance(said, int):
                self.send_error(said)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for at in range(0, len(said), 7):
                delta = {"choices": [{"index": 0, "delta": {"content": said[at : at + 7]}}]}
                self.wfile.write(f"data: {json.dumps(delta)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_: Any) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    server = Ollama(web.server_port)
    serving = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield server
    finally:
        over.set()
        web.shutdown()
        web.server_close()
        serving.join()
