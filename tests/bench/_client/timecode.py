"""When a picture was taken, written into the picture itself: black and white squares that survive VP8 and scaling.

Sixteen bits of milliseconds and eight that check them, in two rows in the middle, where no tile crops.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

COLUMNS, ROWS = 12, 2
SQUARES_ACROSS = 32
"""Of the picture's width: a square is 20 pixels wide at 640."""
WRAP_S = 65.536
BLACK, WHITE = 24, 232


def write(luma: Luma, at: float) -> None:
    """Draws the instant `at` (monotonic seconds) over the middle of a picture."""
    height, width = luma.shape
    side = width // SQUARES_ACROSS
    left, top = width // 2 - COLUMNS * side // 2, height // 2 - ROWS * side // 2
    for number, bit in enumerate(_bits(round(at * 1000) & 0xFFFF)):
        row, column = divmod(number, COLUMNS)
        y, x = top + row * side, left + column * side
        luma[y : y + side, x : x + side] = WHITE if bit else BLACK


def places(x: float, y: float, width: float, height: float, shape: float = 16 / 9) -> list[tuple[int, int]]:
    """The middles of the squares of a picture that covers this rectangle."""
    across = max(width, height * shape)
    side = across / SQUARES_ACROSS
    return [
        (round(x + width / 2 + (column - (COLUMNS - 1) / 2) * side),
         round(y + height / 2 + (row - (ROWS - 1) / 2) * side))
        for row in range(ROWS) for column in range(COLUMNS)
    ]  # fmt: skip


def read(luma_at: Callable[[int, int], int], at: list[tuple[int, int]], now: float) -> float | None:
    """The instant that stands there, the newest that is not after `now`; None where no whole code stands."""
    bits = [luma_at(x, y) > 128 for x, y in at]
    value = sum(bit << place for place, bit in enumerate(bits[:16]))
    if _bits(value) != bits:
        return None
    passed = (now - value / 1000) % WRAP_S
    return now - passed if passed < WRAP_S - 1 else now


def _bits(value: int) -> list[bool]:
    # A plain sum would call a picture that is all black a code.
    word = value | (value * 41 + 0x5A >> 3 & 0xFF) << 16
    return [bool(word >> place & 1) for place in range(COLUMNS * ROWS)]
