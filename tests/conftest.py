"""The core runs interpreted in tests, so that failures show its lines; `PARLEY_FORM=compiled` runs it compiled."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from sfu.forwarder import form

# Fuzzing shares its machine with whatever else runs: a slow example is not a failure.
settings.register_profile("parley", deadline=None)
settings.load_profile("parley")

if os.environ.get(form.VARIABLE) == form.COMPILED:
    form.choose()


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """pytest-qt's application is of the same kind as the window's tests make: a process has one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication


class SideBySide(LoadScopeScheduling):
    """For `make test`: one process for all tests of real programs, one at a time; beside it those that only compute,
    file by file.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "system" if _is_of_programs(nodeid) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SideBySide:
    return SideBySide(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest part begins first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not _is_of_programs(item.nodeid))


def _is_of_programs(nodeid: str) -> bool:
    return nodeid.startswith("tests/system/")
