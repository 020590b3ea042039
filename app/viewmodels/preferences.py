"""The person's choices about the window, as QML reads and changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import Property, QLocale, QObject, Signal, Slot
from PySide6.QtQml import QQmlPropertyMap

from app.preferences import TEXT_SCALES, Preferences, Recent, with_recent
from sfu.wire.languages import LANGUAGES

CAPTION_SCALES, CAPTION_STEP = (0.8, 2.0), 0.1
"""Of the design's 20 px: 16 to 40."""


class PreferencesModel(QObject):
    """`keep` is called with every new choice.  What the system prefers is told from outside."""

    changed = Signal()
    language_changed = Signal()

    def __init__(
        self, chosen: Preferences, keep: Callable[[Preferences], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._keep = keep
        make = getattr(QQmlPropertyMap, "create", QQmlPropertyMap)  # Qt 6.11 deprecates the second
        self._values: QQmlPropertyMap = make(self)
        self._show()
        self._system_dark = False
        self._system_contrast = False
        self._system_language = "en"

    def follow_system(self, *, dark: bool, contrast: bool, language: str) -> None:
        """What the operating system prefers now; counts where the person chose nothing else."""
        before = self._language()
        self._system_dark, self._system_contrast = dark, contrast
        self._system_language = language
        self.changed.emit()
        if self._language() != before:
            self.language_changed.emit()

    @property
    def chosen(self) -> Preferences:
        return self._chosen

    @Property(bool, notify=changed)
    def dark(self) -> bool:
        return self._is_dark()

    @Property(bool, notify=changed)
    def contrast(self) -> bool:
        return self._system_contrast

    @Property(str, notify=language_changed)
    def language(self) -> str:
        return self._language()

    @Property(list, constant=True)
    def spoken_languages(self) -> list[dict[str, str]]:
        """Those that can be captioned, by their own names; `value` and `text`."""
        known = [{"value": code, "text": QLocale(code).nativeLanguageName() or code} for code in LANGUAGES]
        return sorted(known, key=lambda one: one["text"].casefold())

    @Property(QObject, constant=True)
    def values(self) -> QQmlPropertyMap:
        """Every simple choice by name, as it is remembered (`app.preferences.Preferences`).

        Each tells of its own changes: were they one value, all that is bound to any would look again at every change.
        """
        return self._values

    def _show(self) -> None:
        for field in fields(self._chosen):
            value = getattr(self._chosen, field.name)
            if isinstance(value, str | bool | float) and self._values.value(field.name) != value:
                self._values.insert(field.name, value)

    @Slot(str, "QVariant")
    def choose(self, name: str, value: Any) -> None:
        """Remembers a simple choice; a name or a type that is unknown is a mistake of ours."""
        assert type(getattr(self._chosen, name)) is type(value), name
        before = self._language()
        self._choose(**{name: value})
        if self._language() != before:
            self.language_changed.emit()

    @Slot(str)
    def call_me(self, name: str) -> None:
        self._choose(name=name.strip())

    def remember(self, meeting: Recent) -> None:
        self._take(with_recent(self._chosen, meeting))

    def forget(self, link: str) -> None:
        """Takes a meeting off the list of recent ones."""
        self._choose(recent=tuple(other for other in self._chosen.recent if other.link != link))

    def watch(self, places: dict[str, float]) -> None:
        """Where recordings were left."""
        self._choose(watched=places)

    def bind(self, keys: dict[str, str]) -> None:
        """The person's own shortcuts, by action."""
        self._choose(keys=keys)

    @Slot()
    def toggle_theme(self) -> None:
        self._choose(theme="light" if self._is_dark() else "dark")

    @Slot()
    def toggle_language(self) -> None:
        self.choose("language", "en" if self._language() == "zh" else "zh")

    @Slot(int)
    def zoom_captions(self, steps: int) -> None:
        """Captions larger (+1) or smaller (-1); the rest of the window stays."""
        scale = min(CAPTION_SCALES[1], max(CAPTION_SCALES[0], self._chosen.caption_scale + CAPTION_STEP * steps))
        self._choose(caption_scale=round(scale, 2))

    @Slot(int)
    def zoom(self, steps: int) -> None:
        """Text and captions larger (+1), smaller (-1) or as designed (0)."""
        nearest = min(range(len(TEXT_SCALES)), key=lambda place: abs(TEXT_SCALES[place] - self._chosen.text_scale))
        place = max(0, min(len(TEXT_SCALES) - 1, nearest + steps))
        scale = TEXT_SCALES[place] if steps else 1.0
        self._choose(text_scale=scale, caption_scale=scale)

    def _is_dark(self) -> bool:
        return self._system_dark if self._chosen.theme == "system" else self._chosen.theme == "dark"

    def _language(self) -> str:
        return self._system_language if self._chosen.language == "system" else self._chosen.language

    def _choose(self, **choice: Any) -> None:
        self._take(replace(self._chosen, **choice))

    def _take(self, chosen: Preferences) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self._keep(chosen)
            self._show()
            self.changed.emit()
