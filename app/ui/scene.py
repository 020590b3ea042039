"""The QML scene: engine, image providers, import paths and the window that was loaded.

Python owns every object that QML is given and keeps it here for as long as the engine lives: QML holds no references
that Python's collector could see.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl
from PySide6.QtQml import QQmlApplicationEngine, QQmlError
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface

from app.ui.images import Icons, QrCodes
from app.ui.resources import THEME, UI
from app.ui.video import Pictures, register
from app.viewmodels.parley import ParleyModel

log = logging.getLogger(__name__)


class Scene:
    """One window showing one `ParleyModel`."""

    def __init__(self, parley: ParleyModel, pictures: Pictures) -> None:
        register()
        self._given: tuple[QObject, ...] = (parley, pictures)
        self._engine = QQmlApplicationEngine()
        self._engine.warnings.connect(_log)
        self._engine.addImageProvider("icon", Icons())
        self._engine.addImageProvider("qr", QrCodes())
        self._engine.addImportPath(str(THEME))
        self._engine.setInitialProperties({"parley": parley, "pictures": pictures})
        self._engine.load(QUrl.fromLocalFile(str(UI / "Main.qml")))
        if not self._engine.rootObjects():
            raise RuntimeError("Main.qml could not be loaded; the log says why")
        root = self._engine.rootObjects()[0]
        assert isinstance(root, QQuickWindow)
        self.window = root
        self._pictures = pictures
        root.sceneGraphInitialized.connect(self._drawn_by, Qt.ConnectionType.QueuedConnection)
        self._drawn_by()

    def _drawn_by(self) -> None:
        """A graphics card, or the processor; told from the renderer's thread, once there is one."""
        api = self.window.rendererInterface().graphicsApi()
        self._pictures.take_planes(QSGRendererInterface.isApiRhiBased(api))

    def retranslate(self) -> None:
        """After the translator changed."""
        self._engine.retranslate()

    def close(self) -> None:
        """The window goes first, then the engine, then (by us letting go) what they showed."""
        self.window.close()
        self._engine.deleteLater()
        # No event loop runs any more that would do it; without, bindings would outlive what they read.
        QCoreApplication.sendPostedEvents(self._engine, QEvent.Type.DeferredDelete.value)


def _log(warnings: Sequence[QQmlError]) -> None:
    for warning in warnings:
        log.warning(warning.toString())
