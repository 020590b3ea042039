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

SLICE_MS, MOST_SLICES = 20, 100
ABANDONED = "destroyed during incubation"
"""Of a screen that was closed before it was built; Qt calls that an error."""


class Scene:
    """One window showing one `ParleyModel`."""

    def __init__(self, parley: ParleyModel, pictures: Pictures, gradual: bool = True) -> None:
        """`gradual`: screens after the first are built in slices of a few milliseconds; else at once."""
        register()
        self._given: tuple[QObject, ...] = (parley, pictures)
        self._engine = QQmlApplicationEngine()
        self._engine.setOutputWarningsToStandardError(False)  # they are in the log, once
        self._engine.warnings.connect(_log)
        self._engine.addImageProvider("icon", Icons())
        self._engine.addImageProvider("qr", QrCodes())
        self._engine.addImportPath(str(THEME))
        self._engine.setInitialProperties({"parley": parley, "pictures": pictures, "gradual": gradual})
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
        building = self._engine.incubationController()  # what is half built is finished: Qt complains of what is not
        for _ in range(MOST_SLICES):
            if building is None or not building.incubatingObjectCount():
                break
            building.incubateFor(SLICE_MS)
        self.window.close()
        self._engine.deleteLater()
        # No event loop runs any more that would do it; without, bindings would outlive what they read.
        QCoreApplication.sendPostedEvents(self._engine, QEvent.Type.DeferredDelete.value)


def _log(warnings: Sequence[QQmlError]) -> None:
    said = [warning.toString() for warning in warnings]
    if any(ABANDONED in text for text in said):
        return
    for text in said:
        log.warning(text)
