"""A task for tests and benches: answers what it is told to, as slowly as it is told to.

`params` (JSON): {"fail": true} refuses; {"die": true} ends the process; {"sleep": s} works so long; else the payload
comes back.  A batch costs $ECHO_PER_BATCH_S once, as a model's does.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence

from models.runtime.task import Answer, Request, Setup
from models.wire import Body, Chunk, CloseStream, Failure, OpenStream, Reply


class Echo:
    batch = 8

    def __init__(self, per_batch_s: float = 0.0) -> None:
        self._per_batch = per_batch_s
        self._out: list[Body] = []

    def load(self) -> None:
        """There is nothing to load."""

    def open(self, wants: OpenStream) -> None:
        """Streams are taken and say nothing."""

    def feed(self, chunk: Chunk, payload: bytes) -> None:
        """Nothing is heard."""

    def close(self, stream: str) -> None:
        self._out.append(CloseStream(stream=stream))

    def work(self) -> list[Body]:
        out, self._out = self._out, []
        return out

    def waiting(self) -> int:
        return 0

    def answer(self, calls: Sequence[Request]) -> list[Answer]:
        if self._per_batch:
            time.sleep(self._per_batch)
        return [self._one(request) for request in calls]

    def _one(self, request: Request) -> Answer:
        params = json.loads(request.call.params or b"{}")
        if params.get("die"):
            os._exit(1)
        if "sleep" in params:
            time.sleep(params["sleep"])
        if params.get("fail"):
            return Answer(Failure(id=request.call.id, cause=Failure.REFUSED, sentence="told to"))
        has = bool(request.payload)
        return Answer(Reply(id=request.call.id, result=request.call.params, has_payload=has), request.payload)


def create(_setup: Setup) -> Echo:
    return Echo(float(os.environ.get("ECHO_PER_BATCH_S", "0")))
