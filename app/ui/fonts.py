"""The application's fonts, chosen once for each language, and the ruler that captions are measured with.

In English a Latin face comes first, or curly quotes become as wide as Chinese ones; in Chinese the simplified face
does, or some characters take their Japanese shape.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication

from app.session.captions import Measure

LATIN = (
    "Segoe UI Variable Text", "Segoe UI",           # Windows
    "SF Pro Text", "Helvetica Neue",                # macOS
    "Inter", "Noto Sans", "Cantarell", "Ubuntu",    # Linux
    "DejaVu Sans",
)
CHINESE = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")


def choose(language: str) -> None:
    """Sets the application's font for `en` or `zh`; screens built from now on use it."""
    font = QFont()
    font.setFamilies([*CHINESE, *LATIN] if language == "zh" else [*LATIN, *CHINESE])
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    QGuiApplication.setFont(font)


def ruler(pixels: int) -> Measure:
    """Measures text in the application's font at that size."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    metrics = QFontMetricsF(font)
    return metrics.horizontalAdvance
