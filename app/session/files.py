"""Files that are shared in the meeting, and how far those are that this computer sends or saves.

The host's newest word about a file wins; what happens to its bytes here is a transfer.  No file is touched here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sfu.wire.messages import FileState, SharedFile

Files = tuple[SharedFile, ...]
_FORBIDDEN = frozenset('/\\<>:"|?*')
# What a system runs when it is opened.  Such a file is shown in its folder instead.
_RUN = frozenset(
    ".app .appimage .apk .bat .bash .cmd .com .command .cpl .deb .desktop .dmg .exe .hta .jar .js .jse .lnk .msi .msp"
    " .pif .pkg .ps1 .py .pyw .reg .rpm .run .scr .sh .url .vb .vbe .vbs .ws .wsf .wsh".split()
)


class Way(StrEnum):
    UP = "up"
    DOWN = "down"


class Stage(StrEnum):
    """WAITING: the connection is gone; it goes on by itself.  PREPARING: its hash is worked out."""

    PREPARING = "preparing"
    MOVING = "moving"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`key`: of one that is sent, this computer's own name for it; of one that is saved, the file's id.

    `size` and `moved` are bytes; `path`: what is sent, or where it lies now; `code`: why it failed (`sfu.rtp.errors`,
    or `unreadable` here, or `unwritable`), and `sentence` the same in words.
    """

    key: str
    way: Way
    stage: Stage
    name: str
    size: int = 0
    moved: int = 0
    file: str = ""
    path: str = ""
    code: str = ""
    sentence: str = ""
    to: str | None = None
    """Whom it is sent to; None: everybody."""


Transfers = tuple[Transfer, ...]


def known(files: Files, file: SharedFile) -> Files:
    """`files` with what the host says of this one."""
    if file.state is FileState.GONE:
        return tuple(other for other in files if other.id != file.id)
    if any(other.id == file.id for other in files):
        return tuple(file if other.id == file.id else other for other in files)
    return (*files, file)


def moved(transfers: Transfers, now: Transfer) -> Transfers:
    """`transfers` with this one as it is now.  What was sent whole is the host's to tell about."""
    over = now.stage is Stage.CANCELLED or (now.way is Way.UP and now.stage is Stage.DONE)
    if any(other.key == now.key for other in transfers):
        kept = tuple(now if other.key == now.key else other for other in transfers)
    else:
        kept = (*transfers, now)
    return tuple(other for other in kept if not (over and other.key == now.key))


def saved_as(name: str) -> str:
    """A file name for this computer; whatever the host says, it is never a path."""
    plain = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in name).strip().strip(".")
    return plain[:200] or "file"


def is_run(name: str) -> bool:
    """Whether opening it would start a program."""
    return any(name.lower().rstrip(". ").endswith(ending) for ending in _RUN)


def words(size: int) -> str:
    """Bytes for people, in units that are the same in every language."""
    amount, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
