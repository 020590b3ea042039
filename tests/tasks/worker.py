"""`python -m tests.tasks.worker` is `python -m sfu.tasks` with the kinds of the tests."""

from __future__ import annotations

from sfu.tasks.__main__ import main
from tests.tasks.kinds import KINDS

if __name__ == "__main__":
    raise SystemExit(main(None, KINDS))
