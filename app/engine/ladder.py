"""Which sizes of one picture are sent, and how many bits each gets: simulcast, decided without any device.

The smallest layer is the one that must arrive, so bits are given out from below: a layer gets what it needs, or less
down to `STARVED` of it, or is not sent at all.  Small cameras send fewer layers, and then the lower names, as browsers
do.  Encoding is not known here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sfu.wire.messages import RIDS

# Two layers from 270 lines up, three from 540: below that the smallest would be a smear.
TWO_FROM, THREE_FROM = 270, 540
MOST_HEIGHT = 1080
MOST_SCREEN_HEIGHT = 2160
# Bits per second that VP8 at 24 frames/s needs to look good, by lines of the picture.
NEEDS = ((180, 150_000), (270, 200_000), (360, 500_000), (540, 600_000), (720, 1_200_000), (1080, 1_500_000))
SHARP_NEEDS = ((720, 1_500_000), (1080, 2_500_000), (2160, 6_000_000))
"""The same for a shared screen at 5 to 10 frames/s, whose every letter is an edge."""
STARVED = 0.4
"""Of what a layer needs: with less it is mush, and the bits serve the one below."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One size of the picture; `bitrate` is what it needs to look good."""

    width: int
    height: int
    bitrate: int


def needs(height: int, table: Sequence[tuple[int, int]] = NEEDS) -> int:
    """Bits per second for a picture of so many lines, between the table's entries by proportion."""
    below = table[0]
    for above in table:
        if height <= above[0]:
            share = (height - below[0]) / max(1, above[0] - below[0])
            return round(below[1] + max(0.0, share) * (above[1] - below[1]))
        below = above
    return table[-1][1]


def ladder(width: int, height: int, most: int = MOST_HEIGHT) -> dict[str, Layer]:
    """The layers of a camera's picture, best first, with `most` lines at most."""
    scale = min(1.0, most / height)
    lines = height * scale
    count = 3 if lines >= THREE_FROM else 2 if lines >= TWO_FROM else 1
    layers = {}
    for step, rid in enumerate(RIDS[len(RIDS) - count :]):
        side = scale / (1 << step)
        lines = even(height * side)
        layers[rid] = Layer(even(width * side), lines, needs(lines))
    return layers


def screen_ladder(width: int, height: int, text: bool) -> dict[str, Layer]:
    """A shared screen has one layer: text as it is, up to 4K; motion no larger than a camera's best."""
    most = MOST_SCREEN_HEIGHT if text else MOST_HEIGHT
    scale = min(1.0, most / height)
    lines = even(height * scale)
    return {RIDS[0]: Layer(even(width * scale), lines, needs(lines, SHARP_NEEDS))}


def even(side: float) -> int:
    """Chroma has half the lines and columns, so both are even."""
    return max(2, int(side) // 2 * 2)


def allocate(target: float, layers: Mapping[str, Layer], wanted: Collection[str]) -> dict[str, int]:
    """Bits per second for each layer that is sent, best first, for `target` in all."""
    given: dict[str, int] = {}
    for rid in reversed(list(layers)):
        if rid not in wanted:
            continue
        share = min(float(layers[rid].bitrate), target)
        if share < STARVED * layers[rid].bitrate and given:
            break
        given[rid] = round(share)
        target -= share
    return dict(reversed(given.items()))
