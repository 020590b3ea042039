"""What the connection is like, as numbers for sentences; the sentences are made in QML."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal

from app.session.events import LinkQuality
from app.session.quality import verdict


class QualityModel(QObject):
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quality: LinkQuality | None = None

    def follow(self, quality: LinkQuality | None) -> None:
        if quality != self._quality:
            self._quality = quality
            self.changed.emit()

    @Property(str, notify=changed)
    def verdict(self) -> str:
        """good, fair, poor; empty: not known yet."""
        return verdict(self._quality).value

    @Property(int, notify=changed)
    def uplink(self) -> int:
        """What may be sent, kbps."""
        return round(self._quality.uplink / 1000) if self._quality else 0

    @Property(int, notify=changed)
    def height(self) -> int:
        """Lines of the best picture that is sent; 0: none is."""
        return self._quality.height if self._quality else 0

    @Property(int, notify=changed)
    def round_trip(self) -> int:
        """There and back, ms."""
        return round(self._quality.round_trip * 1000) if self._quality else 0

    @Property(float, notify=changed)
    def lost_up(self) -> float:
        """Percent of what we send, to one decimal."""
        return round(self._quality.lost_up * 100, 1) if self._quality else 0.0

    @Property(float, notify=changed)
    def lost_down(self) -> float:
        return round(self._quality.lost_down * 100, 1) if self._quality else 0.0
