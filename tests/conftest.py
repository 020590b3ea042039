"""The core runs interpreted in tests, so that failures show its lines; `PARLEY_FORM=compiled` runs it compiled."""

from __future__ import annotations

import os

import pytest

from sfu.forwarder import form

if os.environ.get(form.VARIABLE) == form.COMPILED:
    form.choose()


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """pytest-qt's application is of the same kind as the window's tests make: a process has one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication
