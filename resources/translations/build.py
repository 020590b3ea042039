"""Collects the window's strings and compiles what was translated: `python resources/translations/build.py`.

The `.ts` files are for people and reviews; the `.qm` files beside them are what Qt reads.  Both are committed, so that
a clone runs without Qt's tools; a test says when they are out of step with the QML.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import PySide6

HERE = Path(__file__).resolve().parent
UI = HERE.parent.parent / "app" / "ui"
TOOLS = Path(PySide6.__file__).parent
LANGUAGES = {"en": "en", "zh": "zh_CN"}


def main() -> int:
    sources = sorted(map(str, UI.rglob("*.qml")))
    for short, full in LANGUAGES.items():
        ts, qm = HERE / f"parley_{short}.ts", HERE / f"parley_{short}.qm"
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", full]
        plural = ["-pluralonly"] if short == "en" else []
        subprocess.run([_tool("lupdate"), "-silent", *options, *plural, *sources, "-ts", str(ts)], check=True)
        subprocess.run([_tool("lrelease"), "-silent", str(ts), "-qm", str(qm)], check=True)
    return 0


def _tool(name: str) -> str:
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(TOOLS / f"{name}{suffix}")


if __name__ == "__main__":
    sys.exit(main())
