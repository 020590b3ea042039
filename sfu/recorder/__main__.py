"""`python -m sfu.recorder`: started by the control process when a recording begins, and gone when it ends."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path

from sfu.inheritance import inherited
from sfu.recorder.loop import RESERVE, Job, Loop

# Media that is late on the disk is on the disk all the same.
NICE = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="sfu.recorder", description="Writes one recording.")
    parser.add_argument("--link-fd", type=int, required=True, help="inherited stream socket to the control process")
    parser.add_argument("--tape", required=True, help="ZeroMQ endpoint on which the forwarder's packets come")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--zero", type=float, required=True, help="second 0 of the recording, monotonic clock")
    parser.add_argument("--room", type=int, required=True, help="bytes that it may take")
    parser.add_argument("--reserve", type=int, default=RESERVE, help="bytes that stay free on the disk")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the host, who says Finish
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(NICE)
    job = Job(given.tape, given.folder, given.zero, given.room, given.reserve)
    Loop(job, inherited(given.link_fd)).run()


if __name__ == "__main__":
    main()
