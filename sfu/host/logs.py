"""The host's log: one event a line, with the ids it is about; never tokens, addresses or what people said."""

from __future__ import annotations

import logging
import sys

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """`time level logger: message key=value …` with the keys of `extra`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        about = [f"{key}={value}" for key, value in vars(record).items() if key not in _STANDARD]
        return " ".join([super().format(record), *about])


def to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It tells of its own coming and going at INFO; that is our news to tell.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
