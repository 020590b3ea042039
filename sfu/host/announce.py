"""What the host says on its standard output: sentences for people, or one JSON object a line for programs.

The first line of a program's output is `ready` or `error`; whoever started us waits for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

import segno

from sfu.core import codes
from sfu.rtp.errors import UserError


class Announcer:
    """Whoever reads may go away; then nobody is told any more and the meeting goes on."""

    def __init__(self, as_json: bool, out: TextIO | None = None) -> None:
        self._json = as_json
        self._out: TextIO | None = out if out is not None else sys.stdout

    def ready(self, facts: dict[str, Any]) -> None:
        others = "".join(f"  or    {link}\n" for link in facts["links"][1:])
        grpc = f"  grpc  {facts['grpc']}   (other programs)\n" if facts["grpc"] else ""
        self._say(
            {"event": "ready", **facts},
            f"The meeting \"{facts['title']}\" is open.\n"
            f"  link  {facts['link']}\n"
            f"{others}"
            f"  code  {codes.shown(facts['code'])}\n"
            f"  words {facts['words']}   (whoever joins without the whole link compares them)\n"
            f"  trust {facts['trust']}   (for browsers that should not warn; the certificate's SHA-256 is\n"
            f"        {facts['authority']})\n"
            f"  feeds {facts['feeds']['whip']} (OBS, cameras), {facts['feeds']['whep']} (players),\n"
            f"        with the bearer token {facts['feeds']['token']}\n"
            f"{grpc}"
            "It ends for everyone when this program stops (Ctrl+C).",
        )
        if not self._json and self._out is not None and self._out.isatty():
            segno.make(facts["link"], micro=False).terminal(self._out, compact=True)

    def child(self, name: str, state: str, pid: int | None = None) -> None:
        self._say({"event": "child", "name": name, "state": state, "pid": pid}, f"{name}: {state}")

    def firewall(self, let_in: bool | None, sentence: str, rules: Sequence[str]) -> None:
        """`let_in` None: cannot tell.  Without a sentence all is well, and people are not bothered."""
        facts = {"event": "firewall", "open": let_in, "sentence": sentence, "rules": list(rules)}
        if self._json:
            self._say(facts, "")
        elif sentence:
            self._say(facts, "\n  ".join([sentence, *rules]))

    def ended(self, transcript: str | None) -> None:
        where = f" The transcript is in {transcript}" if transcript else ""
        self._say({"event": "ended", "transcript": transcript}, f"The meeting has ended.{where}")

    def error(self, error: UserError) -> None:
        if self._json:
            self._say({"event": "error", "code": error.code, "sentence": error.sentence}, "")
        else:
            print(f"parley host: {error.sentence}", file=sys.stderr)

    def _say(self, facts: dict[str, Any], sentence: str) -> None:
        if self._out is None:
            return
        try:
            print(json.dumps(facts, ensure_ascii=False) if self._json else sentence, file=self._out, flush=True)
        except BrokenPipeError:
            self._out = None
