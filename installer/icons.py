"""The icon in the forms that Windows and macOS want, from the one drawing: `python -m installer.icons`.

Written to `build/icons`, before `parley.spec` runs there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from installer import freezing

FOLDER = freezing.ROOT / "build" / "icons"
SIZE = 256


def main() -> int:
    """Writes `parley.ico` and `parley.icns`; 0 when both are there."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from installer.linux_files import draw_icon

    FOLDER.mkdir(parents=True, exist_ok=True)
    for ending in ("ico", "icns"):
        draw_icon(FOLDER / f"parley.{ending}", SIZE)
    return 0


def icon(ending: str) -> str | None:
    """The file for PyInstaller; None where it was not made."""
    file = Path(FOLDER / f"parley.{ending}")
    return str(file) if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
