"""Where icons, theme and translations lie: beside the packages, in a source tree and in a frozen app alike."""

from __future__ import annotations

from pathlib import Path

UI = Path(__file__).resolve().parent
RESOURCES = UI.parent.parent / "resources"
ICONS = RESOURCES / "icons"
THEME = RESOURCES / "theme"
TRANSLATIONS = RESOURCES / "translations"
