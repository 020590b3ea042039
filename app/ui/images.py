"""Images that are made, not loaded: icons in any colour, and QR codes.

A provider must never raise: Qt would go on with nothing.  What cannot be drawn is transparent and said in the log.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote

import segno
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from app.ui.resources import ICONS

log = logging.getLogger(__name__)

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004); scanners fail with less."""
PAPER = 0xFFFFFFFF
DEFAULT_SIZE = 24


@lru_cache(maxsize=128)
def drawing(name: str) -> str:
    """The icon's SVG; empty if there is none of that name."""
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        log.warning("no such icon", extra={"icon": name})
        return ""
    return path.read_text(encoding="utf-8")


def icon(name: str, colour: str, side: int) -> QImage:
    """`colour` is RRGGBB."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    svg = drawing(name).replace("currentColor", f"#{colour}")
    if svg:
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
    return image


def qr(text: str, side: int) -> QImage:
    """Black on white in whole pixels a module, centred in a square of `side` pixels."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(PAPER)
    drawn = BytesIO()
    code = segno.make(text, error="m", micro=False)
    modules = code.symbol_size(border=QUIET_ZONE)[0]
    code.save(drawn, kind="png", scale=max(1, side // modules), border=QUIET_ZONE, dark="#101817", light="#ffffff")
    picture = QImage.fromData(QByteArray(drawn.getvalue()))
    painter = QPainter(image)
    place = picture.rect()
    place.moveCenter(image.rect().center())
    painter.drawImage(place, picture)
    painter.end()
    return image


class Icons(QQuickImageProvider):
    """`image://icon/NAME/RRGGBB`"""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        name, _, colour = id.partition("/")
        return icon(name, colour or "000000", requestedSize.width() if requestedSize.width() > 0 else DEFAULT_SIZE)


class QrCodes(QQuickImageProvider):
    """`image://qr/PERCENT-ENCODED-TEXT`"""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        side = requestedSize.width() if requestedSize.width() > 0 else 10 * DEFAULT_SIZE
        try:
            return qr(unquote(id), side)
        except segno.DataOverflowError:
            log.warning("too long for a QR code", extra={"characters": len(id)})
            return QImage(1, 1, QImage.Format.Format_RGB32)
