"""The colours people must read (WCAG 2.x): text 4.5:1, outlines, focus and the speaking ring 3:1, in both themes."""

from __future__ import annotations

import re

import pytest

from app.ui.resources import THEME, UI

SOURCE = (THEME / "Parley" / "Theme" / "Theme.qml").read_text(encoding="utf-8")
TOKENS = {
    name: {"dark": dark, "light": light}
    for name, dark, light in re.findall(r'property color (\w+): dark \? "(#\w+)" : "(#\w+)"', SOURCE)
}
SPEAKERS = dict(zip(("dark", "light"), re.findall(r'\[("#.*?")\]', SOURCE), strict=True))
GROUNDS = ("bg", "surface", "surfaceAlt", "stage", "hover")
SOFT = ("Danger", "Warn", "Ok", "Info", "Accent")
TEXT = [(ink, ground) for ink in ("text", "textMuted") for ground in GROUNDS]
TEXT += [("accent", "bg"), ("accent", "surface"), ("danger", "surface"), ("inkAccent", "accent")]
TEXT += [("inkAccent", "accentHover"), ("inkDangerFill", "dangerFill"), ("inkDangerFill", "dangerFillHover")]
TEXT += [(f"ink{soft}Soft", f"{soft.lower()}Soft") for soft in SOFT]
SHAPES = [(shape, ground) for shape in ("borderStrong", "focus") for ground in ("bg", "surface", "stage")]
SHAPES += [("speaking", "stage"), ("dangerFill", "surface")]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_what_it_stands_on(theme: str) -> None:
    poor = [(i, g) for i, g in TEXT if contrast(TOKENS[i][theme], TOKENS[g][theme]) < 4.5]

    assert poor == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_outlines_and_rings_stand_out(theme: str) -> None:
    poor = [(s, g) for s, g in SHAPES if contrast(TOKENS[s][theme], TOKENS[g][theme]) < 3]

    assert poor == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_speakers_name_can_be_read(theme: str) -> None:
    colours = re.findall(r"#\w{6}", SPEAKERS[theme])

    assert len(colours) == 8
    assert all(contrast(c, TOKENS[g][theme]) >= 4.5 for c in colours for g in ("surface", "surfaceAlt", "bg"))


def test_no_text_of_the_window_is_ever_read_as_markup() -> None:
    for path in UI.rglob("*.qml"):
        drawn = re.findall(r"^\s*Text \{(.*?)^\s*\}", path.read_text(encoding="utf-8"), re.S | re.M)
        assert all("textFormat: Text.PlainText" in body for body in drawn), path
    assert "textFormat: Text.PlainText" in (UI / "controls" / "Label.qml").read_text(encoding="utf-8")


def test_no_colour_and_no_font_family_is_written_outside_the_theme() -> None:
    for path in UI.rglob("*.qml"):
        text = path.read_text(encoding="utf-8")
        assert "font.family" not in text, path
        assert set(re.findall(r'"(#[0-9A-Fa-f]{6,8})"', text)) <= {"#FFFFFF"}, path  # a QR code is on white
