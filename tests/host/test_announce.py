from __future__ import annotations

import io
import json

import pytest

from sfu.host.announce import Announcer
from sfu.rtp.errors import ErrorCode, UserError

LINK = "https://127.0.0.1:7443/j/ABCDEFGH#fp=x"
FACTS = {
    "link": LINK, "links": [LINK, LINK.replace("127.0.0.1", "10.0.0.5")],
    "code": "ABCDEFGH", "title": "Weekly", "port": 7443,
    "words": "fall admit march photo", "trust": "http://127.0.0.1:7443/trust",
    "authority": "AA:BB",
    "feeds": {"whip": "https://127.0.0.1:7443/whip/X", "whep": "https://127.0.0.1:7443/whep/X", "token": "t"},
    "grpc": "localhost:7445",
}
BUSY = UserError(ErrorCode.BUSY_PORT, "Port 7443 is in use.")


def test_programs_get_one_object_a_line() -> None:
    out = io.StringIO()
    announcer = Announcer(as_json=True, out=out)

    announcer.ready(FACTS)
    announcer.child("captions-1", "started", 42)
    announcer.ended(None)
    announcer.error(BUSY)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["ready", "child", "ended", "error"]
    assert lines[0]["link"] == FACTS["link"]
    assert lines[3] == {"event": "error", "code": "busy_port", "sentence": "Port 7443 is in use."}


def test_people_get_sentences_and_a_code_they_can_read_out(capsys: pytest.CaptureFixture[str]) -> None:
    announcer = Announcer(as_json=False)

    announcer.ready(FACTS)
    announcer.error(BUSY)

    said = capsys.readouterr()
    assert "ABCD-EFGH" in said.out
    assert "fall admit march photo" in said.out
    assert "or    https://10.0.0.5:7443" in said.out  # guests of another network have another link
    assert "grpc  localhost:7445" in said.out
    assert "{" not in said.out
    assert said.err == "parley host: Port 7443 is in use.\n"


def test_a_reader_that_went_away_does_not_stop_the_meeting() -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    announcer = Announcer(as_json=True, out=Gone())

    announcer.ended(None)
    announcer.ended(None)


def test_a_terminal_shows_the_link_as_a_qr_code() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    Announcer(as_json=False, out=out).ready(FACTS)

    assert "\u2588" in out.getvalue()
