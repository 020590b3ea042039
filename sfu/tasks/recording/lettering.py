"""Names and subtitles as pixels, in the font that OpenCV brings along: Latin, Greek, Cyrillic and Chinese."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bright = NDArray[np.uint8]

# Its letters are Rubik's; what Rubik lacks comes from WenQuanYi Micro Hei by itself.
_FONT, _WEIGHT = cv2.FontFace("sans"), 400
INK, PLATE = 235, 24
"""Brightness of letters and of what is behind them (limited range, BT.601)."""
_MARGIN = 0.3


def width_of(text: str, size: int) -> int:
    left, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _FONT, size, _WEIGHT)
    return int(left + width)


def shortened(text: str, size: int, width: int) -> str:
    """With an ellipsis where it is cut."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def write(onto: Bright, text: str, left: int, top: int, size: int) -> None:
    """A row of letters whose box is 1.4 times `size` high; what lies outside of `onto` is not drawn."""
    cv2.putText(onto, text, (left, top + round(size * 1.05)), INK, _FONT, size, _WEIGHT)


def plate(text: str, size: int, most: int) -> Bright:
    """A text on its own dark ground, not wider than `most`; both sides are even."""
    margin = round(size * _MARGIN)
    text = shortened(text, size, most - 2 * margin)
    width = min(most, width_of(text, size) + 2 * margin)
    drawn = np.full((round(size * 1.4) // 2 * 2, width // 2 * 2), PLATE, np.uint8)
    write(drawn, text, margin, 0, size)
    return drawn
