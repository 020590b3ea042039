from __future__ import annotations

import gc
from collections.abc import Callable

import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoSink

from app.ui.video import Pictures, VideoTile, cover, register
from tests.ui.fake_engine import LINK, live, person
from tests.ui.stage import Stage, settle

SIDES = st.integers(1, 4000)


@given(SIDES, SIDES, SIDES, SIDES)
def test_the_part_that_is_shown_has_the_tiles_shape_and_lies_inside_the_picture(w: int, h: int, a: int, b: int) -> None:
    part = cover(QRectF(0, 0, w, h), QRectF(0, 0, a, b))

    assert abs(part.width() * b - part.height() * a) < 1e-6 * (w + h) * (a + b) + 1e-6
    assert part.left() >= -1e-6
    assert part.top() >= -1e-6
    assert part.right() <= w + 1e-6
    assert part.bottom() <= h + 1e-6


def half_red_half_blue() -> QImage:
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    image.fill(QColor("#0000ff"))
    painter = QPainter(image)
    painter.fillRect(0, 0, 50, 50, QColor("#ff0000"))
    painter.end()
    return image


def painted(mirrored: bool) -> QImage:
    pictures = Pictures()
    pictures.show("self/camera", half_red_half_blue())
    tile = VideoTile()
    tile.setWidth(100)
    tile.setHeight(50)
    tile.setProperty("radius", 10.0)
    tile.setProperty("mirrored", mirrored)
    tile.setProperty("source", "self/camera")
    tile.setProperty("pictures", pictures)
    canvas = QImage(100, 50, QImage.Format.Format_RGB32)
    canvas.fill(QColor("#ffffff"))
    painter = QPainter(canvas)
    tile.paint(painter)
    painter.end()
    assert tile.property("ready")
    return canvas


def test_a_picture_fills_the_tile_with_round_corners(application: QGuiApplication) -> None:
    canvas = painted(mirrored=False)

    assert canvas.pixelColor(20, 25).name() == "#ff0000"
    assert canvas.pixelColor(80, 25).name() == "#0000ff"
    assert canvas.pixelColor(0, 0).name() == "#ffffff"


def test_the_own_picture_is_a_mirror(application: QGuiApplication) -> None:
    assert painted(mirrored=True).pixelColor(20, 25).name() == "#0000ff"


def test_faces_of_those_who_left_are_forgotten(application: QGuiApplication) -> None:
    pictures = Pictures()
    pictures.show("p1/camera", half_red_half_blue())
    pictures.show("p2/camera", half_red_half_blue())
    went: list[str] = []
    pictures.went.connect(went.append)

    pictures.keep({"p2/camera"})

    assert went == ["p1/camera"]
    assert pictures.newest("p1/camera") is None
    assert pictures.newest("p2/camera") is not None


def tile_of(width: int, height: int, *, mirrored: bool = False, whole: bool = False) -> VideoTile:
    pictures = Pictures()
    pictures.show("p1/camera", half_red_half_blue())
    tile = VideoTile()
    tile.setWidth(width)
    tile.setHeight(height)
    for name, value in {"mirrored": mirrored, "whole": whole, "source": "p1/camera", "pictures": pictures}.items():
        tile.setProperty(name, value)
    return tile


def test_a_part_of_the_picture_is_found_where_it_is_drawn(application: QGuiApplication) -> None:
    """The picture is 100x50; a square tile cuts its sides away, and shows the middle half of it."""
    middle = QRectF(0.25, 0, 0.5, 1)

    assert tile_of(200, 200).locate(middle) == QRectF(0, 0, 200, 200)
    assert tile_of(200, 200, whole=True).locate(middle) == QRectF(50, 50, 100, 100)
    assert tile_of(200, 100, mirrored=True).locate(QRectF(0, 0, 0.25, 1)) == QRectF(150, 0, 50, 100)


def test_without_a_picture_nothing_is_located(application: QGuiApplication) -> None:
    assert VideoTile().locate(QRectF(0, 0, 1, 1)).isEmpty()


def test_a_tile_with_a_sink_hands_it_what_comes_and_paints_nothing(application: QGuiApplication) -> None:
    register()
    pictures, sink = Pictures(), QVideoSink()
    tile = VideoTile()
    for name, value in (("width", 100), ("height", 50), ("source", "p1/camera"), ("pictures", pictures)):
        tile.setProperty(name, value)
    tile.setProperty("sink", sink)

    frame = QVideoFrame(QVideoFrameFormat(QSize(64, 32), QVideoFrameFormat.PixelFormat.Format_YUV420P))
    pictures.show("p1/camera", frame)

    assert sink.videoFrame().size() == QSize(64, 32)
    assert not tile.flags() & VideoTile.Flag.ItemHasContents
    assert tile.locate(QRectF(0.25, 0.0, 0.5, 1.0)) == QRectF(25, 0, 50, 50)


def test_a_tile_that_qml_has_destroyed_holds_nothing_any_more(stage: Callable[..., Stage]) -> None:
    shown = stage()
    people = [person(number, f"Guest {number}", camera=True) for number in range(6)]
    for _ in range(2):
        shown.desk.join(LINK, "Ana Costa")
        shown.engine.say(*live(*people))
        settle()
        shown.desk.finish("", "")
        settle()

    tiles = [found for found in gc.get_objects() if type(found) is VideoTile]
    destroyed = [tile for tile in tiles if not shiboken6.isValid(tile)]
    assert len(destroyed) >= 10
    assert [vars(tile) for tile in destroyed if vars(tile)] == []
