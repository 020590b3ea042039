"""Live pictures in QML.

A tile shows the newest picture of its source and keeps it until the next one comes, so nothing flickers.  Where a
graphics card draws, it is handed the planes as they were decoded (`LivePicture.qml` gives the tile a sink for them).
Without one QPainter paints, with round corners and mirroring, which need no shaders; at meeting sizes it costs less
than a millisecond a picture.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from PySide6.QtCore import Property, QLoggingCategory, QObject, QPointF, QRectF, QSizeF, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

Image = Any
"""A QImage or a QVideoFrame; naming the second here would load Qt's multimedia before anything is seen."""


class Pictures(QObject):
    """The newest picture of every source."""

    came = Signal(str)
    went = Signal(str)
    planar_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.planar = False
        """Whether a graphics card draws, and pictures come as QVideoFrames; known once a window has been shown."""
        self._newest: dict[str, Image] = {}

    @Property(bool, notify=planar_changed)
    def takes_planes(self) -> bool:
        return self.planar

    def take_planes(self, planar: bool) -> None:
        if planar != self.planar:
            if planar:
                # Before QML hands us a sink, which would be a mere QObject else; and not before it is needed.
                import PySide6.QtMultimedia  # noqa: F401
            self.planar = planar
            self.planar_changed.emit()

    def show(self, source: str, image: Image) -> None:
        self._newest[source] = image
        self.came.emit(source)

    def newest(self, source: str) -> Image | None:
        return self._newest.get(source)

    def keep(self, sources: Set[str]) -> None:
        """Forgets all others: a camera that comes back must not begin with its last face of before."""
        for source in self._newest.keys() - sources:
            del self._newest[source]
            self.went.emit(source)


def contain(image: QRectF, place: QRectF) -> QRectF:
    """The largest rectangle within the place that shows the whole image unstretched."""
    scale = min(place.width() / image.width(), place.height() / image.height())
    part = QRectF(0, 0, image.width() * scale, image.height() * scale)
    part.moveCenter(place.center())
    return part


def cover(image: QRectF, place: QRectF) -> QRectF:
    """The part of the image, in its own pixels, that fills the place completely without being stretched."""
    scale = max(place.width() / image.width(), place.height() / image.height())
    part = QRectF(0, 0, place.width() / scale, place.height() / scale)
    part.moveCenter(image.center())
    return part


class VideoTile(QQuickPaintedItem):
    """One source, cropped to fill, with round corners; the own picture is mirrored, as people know themselves."""

    source_changed = Signal()
    pictures_changed = Signal()
    mirrored_changed = Signal()
    radius_changed = Signal()
    ready_changed = Signal()
    whole_changed = Signal()
    sink_changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._pictures: Pictures | None = None
        self._mirrored = False
        self._radius = 0.0
        self._ready = False
        self._whole = False
        self._sink: Any = None
        self.setAntialiasing(True)
        # PySide (6.11.3) never lets go of what QML made of a Python type: nine tiles a meeting, each with its signals
        # and what they are connected to, 100 kB in all (measured).  So nothing hangs on a tile that QML has destroyed.
        held = vars(self)
        self.destroyed.connect(lambda: held.clear())  # not the method itself: it would be given the tile

    def paint(self, painter: QPainter) -> None:
        image = self._pictures.newest(self._source) if self._pictures else None
        place = QRectF(0, 0, self.width(), self.height())
        if self._sink is not None or image is None or image.isNull() or place.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(place, self._radius, self._radius)
        painter.setClipPath(path)
        if self._mirrored:
            painter.translate(place.width(), 0)
            painter.scale(-1, 1)
        whole = QRectF(image.rect())
        if self._whole:
            painter.drawImage(contain(whole, place), image, whole)
        else:
            painter.drawImage(place, image, cover(whole, place))

    @Slot(QRectF, result=QRectF)
    def locate(self, part: QRectF) -> QRectF:
        """Where a part of the picture (in parts of its width and height) is seen in this item; empty without one."""
        image = self._pictures.newest(self._source) if self._pictures else None
        place = QRectF(0, 0, self.width(), self.height())
        if image is None or place.isEmpty():
            return QRectF()
        whole = QRectF(QPointF(0, 0), QSizeF(image.size()))
        if whole.isEmpty():
            return QRectF()
        seen, within = (whole, contain(whole, place)) if self._whole else (cover(whole, place), place)
        scale = within.width() / seen.width()
        left = within.x() + (part.x() * whole.width() - seen.x()) * scale
        top = within.y() + (part.y() * whole.height() - seen.y()) * scale
        width, height = part.width() * whole.width() * scale, part.height() * whole.height() * scale
        return QRectF(place.width() - left - width if self._mirrored else left, top, width, height)

    # Declared, as whoever derives a type in QML (`LivePicture`) gets no slots that are added later.
    @Slot(str)
    def _picture_came(self, source: str) -> None:
        if source == self._source:
            self._set_ready(True)
            if self.isVisible():
                self._draw()

    @Slot(str)
    def _picture_went(self, source: str) -> None:
        if source == self._source:
            self._set_ready(False)

    def _look(self) -> None:
        """Another source or another store: show what it has."""
        has = self._pictures is not None and self._pictures.newest(self._source) is not None
        self._set_ready(has)
        self._draw()

    def _draw(self) -> None:
        if self._sink is None:
            self.update()
        elif self._pictures is not None and (frame := self._pictures.newest(self._source)) is not None:
            self._sink.setVideoFrame(frame)

    def _set_ready(self, ready: bool) -> None:
        if ready != self._ready:
            self._ready = ready
            self.ready_changed.emit()

    def _get_source(self) -> str:
        return self._source

    def _set_source(self, source: str) -> None:
        if source != self._source:
            self._source = source
            self._look()
            self.source_changed.emit()

    def _get_pictures(self) -> Pictures | None:
        return self._pictures

    def _set_pictures(self, pictures: Pictures | None) -> None:
        if pictures is self._pictures:
            return
        if self._pictures is not None:
            self._pictures.came.disconnect(self._picture_came)
            self._pictures.went.disconnect(self._picture_went)
        self._pictures = pictures
        if pictures is not None:
            pictures.came.connect(self._picture_came)
            pictures.went.connect(self._picture_went)
        self._look()
        self.pictures_changed.emit()

    def _get_mirrored(self) -> bool:
        return self._mirrored

    def _set_mirrored(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self.update()
        self.mirrored_changed.emit()

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.update()
        self.radius_changed.emit()

    def _get_whole(self) -> bool:
        return self._whole

    def _set_whole(self, whole: bool) -> None:
        """A screen is shown to its edges; a face may lose its own."""
        self._whole = whole
        self.update()
        self.whole_changed.emit()

    def _get_sink(self) -> QObject | None:
        return self._sink  # type: ignore[no-any-return]

    def _set_sink(self, sink: QObject | None) -> None:
        """A `QVideoSink` that draws in this tile's place."""
        self._sink = sink
        self.setFlag(QQuickItem.Flag.ItemHasContents, sink is None)
        self._draw()
        self.sink_changed.emit()

    def _get_ready(self) -> bool:
        return self._ready

    source = Property(str, _get_source, _set_source, notify=source_changed)
    pictures = Property(QObject, _get_pictures, _set_pictures, notify=pictures_changed)
    mirrored = Property(bool, _get_mirrored, _set_mirrored, notify=mirrored_changed)
    radius = Property(float, _get_radius, _set_radius, notify=radius_changed)
    whole = Property(bool, _get_whole, _set_whole, notify=whole_changed)
    sink = Property(QObject, _get_sink, _set_sink, notify=sink_changed)
    ready = Property(bool, _get_ready, notify=ready_changed)


def register() -> None:
    """Makes `VideoTile` known to QML as `Parley.Video`; once a process."""
    # Of Qt's multimedia, every optional library that a system lacks would be a line on the terminal.
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    qmlRegisterType(VideoTile, "Parley.Video", 1, 0, "VideoTile")  # type: ignore[call-overload]  # stub says bytes
