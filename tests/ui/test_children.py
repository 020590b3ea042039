"""The host process as the window sees it; a few lines of Python stand in for the real one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from app.children import DIED, NEVER_SPOKE, HostProcess

READY = 'print("{\\"event\\":\\"ready\\",\\"link\\":\\"L\\",\\"host_token\\":\\"T\\"}", flush=True)\n'
UNTIL_CLOSED = "import sys; sys.stdin.read()\n"
DEADLINE = 10.0


class Heard:
    def __init__(self, program: list[str]) -> None:
        self.ready: list[dict[str, str]] = []
        self.failed: list[tuple[str, str]] = []
        self.process = HostProcess(program)
        self.process.ready.connect(self.ready.append)
        self.process.failed.connect(lambda code, sentence: self.failed.append((code, sentence)))
        self.process.start()

    def until(self, happened: Callable[[], bool]) -> None:
        give_up = time.monotonic() + DEADLINE
        while not happened():
            assert time.monotonic() < give_up
            QCoreApplication.processEvents()


def script(*lines: str) -> list[str]:
    return [sys.executable, "-c", "".join(lines)]


def test_the_ready_line_is_passed_on_once(application: QGuiApplication) -> None:
    heard = Heard(script(READY, READY, UNTIL_CLOSED))
    heard.until(lambda: bool(heard.ready))

    heard.process.stop()
    heard.process.stop()
    heard.process.wait()

    assert heard.ready == [{"event": "ready", "link": "L", "host_token": "T"}]
    assert heard.failed == []


def test_an_error_line_is_passed_on_as_its_sentence(application: QGuiApplication) -> None:
    heard = Heard(script('print(\'{"event":"error","code":"busy_port","sentence":"Port 7443 is in use."}\')'))

    heard.until(lambda: bool(heard.failed))

    assert heard.failed == [("busy_port", "Port 7443 is in use.")]


@pytest.mark.parametrize(("program", "failure"), [
    (script("raise SystemExit(3)"), ("start_failed", NEVER_SPOKE)),
    (script("print('hello')"), ("start_failed", NEVER_SPOKE)),
    (script("print('[1]'); print('{}')"), ("start_failed", NEVER_SPOKE)),
    (["/nonexistent/program"], ("start_failed", NEVER_SPOKE)),
    (script(READY), ("ended", DIED)),
])
def test_every_way_to_die_is_one_failure(
    application: QGuiApplication, program: list[str], failure: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(program)

    heard.until(lambda: bool(heard.failed))

    assert heard.failed == [failure]
    caplog.clear()  # what is not an event is logged, and that is all


def test_a_firewall_that_keeps_others_out_is_passed_on_with_its_rule(application: QGuiApplication) -> None:
    said = '{"event":"firewall","open":false,"sentence":"It is shut.","rules":["sudo ufw allow 7443/udp"]}'
    warnings: list[str] = []
    heard = Heard(script(READY, f"print({said!r}, flush=True)\n", UNTIL_CLOSED))
    heard.process.warned.connect(warnings.append)

    heard.until(lambda: bool(warnings))
    heard.process.stop()
    heard.process.wait()

    assert warnings == ["It is shut. sudo ufw allow 7443/udp"]


def test_stopping_does_not_wait_and_says_when_the_port_is_free(application: QGuiApplication) -> None:
    heard = Heard(script(READY, UNTIL_CLOSED))
    gone: list[bool] = []
    heard.process.gone.connect(lambda: gone.append(True))
    heard.until(lambda: bool(heard.ready))

    heard.process.stop()
    assert gone == []
    heard.until(lambda: bool(gone))

    assert heard.failed == []
