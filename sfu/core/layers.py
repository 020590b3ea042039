"""The layers of a picture: which one a viewer is meant to see, and which one can be had.

A camera is sent in up to three sizes at once (simulcast).  A small camera sends fewer, a sender may stop one when its
network is poor, and one that nobody watches is switched off at the sender.  So what a viewer wants is a level, and
what it gets is the best layer that is alive at or below it; only where there is none below, the least above.
"""

from __future__ import annotations

from sfu.core.flow import Stream
from sfu.core.sources import Source, level_of
from sfu.wire.messages import RIDS

LEVELS = range(len(RIDS))
HIGH, MEDIUM, LOW = LEVELS
# 1080p, 540p and 270p, which VP8 at 24 to 30 frames a second needs to look good.
NOMINAL_BITRATES = (1_500_000, 600_000, 200_000)
# Two frames of the slowest camera that people use (5 frames a second in the dark), and a little.
SILENT_AFTER = 0.5


def level_for(priority: int) -> int:
    """The level that a view's priority asks for."""
    if priority >= 8:
        return HIGH
    return MEDIUM if priority >= 5 else LOW


def is_alive(stream: Stream, now: float) -> bool:
    return now - stream.heard_at < SILENT_AFTER


def pick(source: Source, level: int, now: float) -> Stream | None:
    """The stream of this source that comes nearest to `level`; None while nothing of it has ever come."""
    known = sorted(source.layers.values(), key=lambda stream: stream.level)
    alive = [stream for stream in known if is_alive(stream, now)] or known
    below = [stream for stream in alive if stream.level >= level]
    if below:
        return below[0]
    return alive[-1] if alive else None


def rid_at(source: Source, level: int) -> str | None:
    """The name of the layer that a viewer of `level` would want, whether or not it comes at the moment."""
    names = sorted(source.rids, key=lambda rid: level_of(rid, source.rids))
    below = [rid for rid in names if level_of(rid, source.rids) >= level]
    if below:
        return below[0]
    return names[-1] if names else None
