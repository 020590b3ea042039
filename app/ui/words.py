"""The window's language: loads what was translated."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from app.ui.resources import TRANSLATIONS

LANGUAGES = ("en", "zh")


def system_language() -> str:
    """`zh` where the system's first language is Chinese, else `en`."""
    return "zh" if QLocale.system().uiLanguages()[:1] and QLocale.system().uiLanguages()[0].startswith("zh") else "en"


class Translation:
    """The translator in use.  English has one too: its plural forms."""

    def __init__(self) -> None:
        self._translator = QTranslator()

    def speak(self, language: str) -> None:
        QCoreApplication.removeTranslator(self._translator)
        self._translator = QTranslator()
        if not self._translator.load(f"parley_{language}.qm", str(TRANSLATIONS)):
            raise FileNotFoundError(f"parley_{language}.qm is not in {TRANSLATIONS}")
        QCoreApplication.installTranslator(self._translator)
