"""The application's fonts, chosen once for each language, and the ruler that captions are measured with.

In English a Latin face comes first, or curly quotes become as wide as Chinese ones; in Chinese the simplified face
does, or some characters take their Japanese shape.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

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


def files() -> list[Path]:
    """Where the faces lie that appear later than the first screen: bold, and Chinese.

    Asked of fontconfig, because Qt does not tell; elsewhere the system keeps fonts in memory for all programs.
    """
    asking = shutil.which("fc-match")
    if asking is None:
        return []
    wanted = (f"{','.join(LATIN)}:bold", ",".join(CHINESE))
    command = [asking, "--format=%{file}"]
    answers = [subprocess.run([*command, face], capture_output=True, text=True, check=False) for face in wanted]
    return [Path(answer.stdout) for answer in answers if answer.stdout]
