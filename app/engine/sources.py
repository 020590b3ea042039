"""What the engine asks of anything that captures or plays: a device, or a file that stands in for one.

A source works on its own named thread and hands over each block or frame there; it never queues.  The engine knows
these protocols only, so a test, a headless participant and a laptop run the same code behind them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from app.session.commands import Noise, SetSound
from app.session.devices import Device
from app.session.sharing import ShareMode
from sfu.rtp.errors import ErrorCode, UserError

if TYPE_CHECKING:
    from app.engine.h264 import Chip

RATE = 48_000
BLOCK = 960
"""Samples in 20 ms, the one block size of capture, coding and playout."""
BLOCK_S = BLOCK / RATE
QUIETEST_DBOV = -127

RAW = SetSound(echo=False, noise=Noise.KEPT, gain=False, notice_muted=False)
"""For sound that no microphone captured: nothing is done to it."""

Samples = NDArray[np.int16]
"""Mono, 48 kHz."""


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """20 ms of sound; `at` is the monotonic instant of its first sample."""

    samples: Samples
    at: float


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One picture; `at` is the monotonic instant at which it was taken."""

    picture: av.VideoFrame
    at: float


SoundDevices = tuple[tuple[Device, ...], tuple[Device, ...]]
Item_co = TypeVar("Item_co", covariant=True)
Failed = Callable[[UserError], None]


class Source(Protocol[Item_co]):
    """A device that captures; used once: start, then close."""

    def start(self, deliver: Callable[[Item_co], None], failed: Failed) -> None:
        """Opens the device; may block.  Raises UserError(NO_DEVICE).  `failed` is called if it goes away later."""

    def close(self) -> None:
        """Idempotent; when it returns, nothing more is delivered."""


Microphone = Source[AudioBlock]
Camera = Source[CameraFrame]


class Playing(Protocol):
    """Something that takes sound at its own pace."""

    def room(self, now: float) -> int:
        """How many blocks it wants at this instant to play on without a gap."""

    def delay(self, now: float) -> float:
        """Seconds until what it is given next will be heard."""

    def play(self, samples: Samples) -> None:
        """Takes one block of 20 ms."""


class Speaker(Playing, Protocol):
    """A loudspeaker; used once: start, then close.  `underruns`: blocks that it had to invent, since the first."""

    underruns: int

    def start(self, failed: Failed) -> None:
        """Opens the device; may block.  Raises UserError(NO_DEVICE)."""

    def close(self) -> None:
        """Idempotent."""


def no_screen(what: str, mode: ShareMode) -> Camera:
    raise UserError(ErrorCode.NO_DEVICE, "There is no screen that could be shown.")


@dataclass(frozen=True, slots=True)
class Devices:
    """How to get each device when it is wanted: by id, "" for the system's default."""

    microphone: Callable[[str], Microphone]
    camera: Callable[[str], Camera]
    speaker: Callable[[str], Speaker]
    sound: SetSound = RAW
    sound_devices: Callable[[], SoundDevices] = lambda: ((), ())
    """Microphones and loudspeakers that are plugged in now; called in a thread while none of them is open."""
    screen: Callable[[str, ShareMode], Camera] = no_screen
    blur: Callable[[bool], None] = lambda on: None
    """Whether the camera's room is blurred; may block.  Raises UserError where it cannot be."""
    system_sound: Callable[[], Microphone | None] = lambda: None
    """What the computer plays; None where the system does not give it."""
    real: bool = False
    """Whether its microphones are more than files, so that one which gives nothing but zeros is worth a word."""
    chip: Chip | None = None
    """Encodes H264 where it may be sent; None: VP8 always."""


def level_dbov(samples: Samples) -> int:
    """The level of a block, -127..0 dBov (RFC 6464: the root mean square against full scale)."""
    if not samples.size:
        return QUIETEST_DBOV
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    if power < 1e-3:
        return QUIETEST_DBOV
    return max(QUIETEST_DBOV, min(0, round(10 * math.log10(power / 32_768.0**2))))
