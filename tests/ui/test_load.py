"""What the host sees of its own computer."""

from __future__ import annotations

import os
import subprocess
import sys

from PySide6.QtGui import QGuiApplication

from app.load import LoadWatch
from app.viewmodels.load import LoadModel


def test_each_program_of_the_meeting_is_listed_and_a_dead_one_says_so(application: QGuiApplication) -> None:
    model = LoadModel()
    watch = LoadWatch(model)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        watch.begin(os.getpid(), {"forwarder": child.pid})
        here = {row.name: row for row in model.programs.items()}
        assert set(here) == {"window", "host", "forwarder"}
        assert here["host"].memory > 10
        assert model.cores >= 1

        watch.place("forwarder", "died", 0)
        watch.look()
        assert [row.state for row in model.programs.items()] == ["started", "started", "died"]
    finally:
        child.communicate(b"\n")

    watch.end()
    assert model.programs.items() == []


def test_a_program_that_is_gone_costs_nothing(application: QGuiApplication) -> None:
    model = LoadModel()
    watch = LoadWatch(model)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    watch.begin(os.getpid(), {"broker": gone.pid})
    watch.look()

    assert [(row.cpu, row.memory) for row in model.programs.items() if row.name == "broker"] == [(0, 0)]
    watch.end()
