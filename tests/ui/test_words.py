"""No string is missing in either language, and what Qt reads is what people translated."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtCore import QTranslator

from app.ui.resources import TRANSLATIONS, UI
from app.ui.words import LANGUAGES

CALL = re.compile(r'qsTr\("((?:[^"\\]|\\.)*)"')
# Words that are the same everywhere, or are drawn and not read.
UNTRANSLATED = {"English", "简体中文", "Parley", "Switch to English", "切换为中文", "Esc", "KM4T-7QXD"}


def messages(language: str) -> dict[tuple[str, str], list[str]]:
    root = ElementTree.parse(TRANSLATIONS / f"parley_{language}.ts").getroot()
    found = {}
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            assert translation.get("type") is None, message.findtext("source")
            found[context.findtext("name", ""), message.findtext("source", "")] = forms
    return found


def test_every_string_of_the_window_is_translated_into_chinese() -> None:
    translated = messages("zh")
    used = {(path.stem, text) for path in UI.rglob("*.qml") for text in CALL.findall(path.read_text("utf-8"))}

    assert used - translated.keys() == set()
    assert translated.keys() - used == set()
    assert all(all(forms) for forms in translated.values())


def test_no_words_are_written_by_hand_into_a_screen() -> None:
    """What a property shows comes from a translation, a model or a symbol; names of icons and kinds are not shown."""
    shown = re.compile(r'(?:\b(?:text|label|title|detail|heading|placeholder)|Accessible\.name): "([^"]+)"')
    by_hand = {
        (path.name, text)
        for path in UI.rglob("*.qml")
        for text in shown.findall(path.read_text("utf-8"))
        if re.search(r"\w\w", text) and text not in UNTRANSLATED
    }

    assert by_hand == set()


def test_placeholders_survive_translation() -> None:
    for (_, source), forms in messages("zh").items():
        for form in forms:
            assert sorted(re.findall(r"%[\dn]", form)) == sorted(re.findall(r"%[\dn]", source)), source


def test_english_has_its_plural_forms() -> None:
    assert all(len(forms) == 2 and all(forms) for forms in messages("en").values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_says_what_the_source_says(language: str) -> None:
    translator = QTranslator()
    assert translator.load(f"parley_{language}.qm", str(TRANSLATIONS))

    for (context, source), forms in messages(language).items():
        count = 2 if len(forms) > 1 or "%n" in source else -1
        assert translator.translate(context, source, "", count) == forms[-1], source


def test_no_words_for_people_are_written_outside_translation() -> None:
    """A literal given to a property that people read."""
    read = re.compile(r'\b(?:text|label|title|detail|heading|placeholder|action):\s*"([^"]+)"')
    loose = {found for path in UI.rglob("*.qml") for found in read.findall(path.read_text("utf-8"))}

    assert loose <= UNTRANSLATED
