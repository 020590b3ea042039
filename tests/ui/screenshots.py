"""Every screen as a picture, to be looked at: `python -m tests.ui.screenshots OUT [NAME…]`.

Both themes, both languages, small and large windows, large text; a fake engine, invented people.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from app import preferences
from tests.ui.carried_scenes import brought, copying, useless
from tests.ui.player_scenes import borrowed, film_choice, lost_recording, playing, refused_recording
from tests.ui.scenes import (
    acting,
    asked,
    chat,
    check_asked,
    check_going,
    check_result,
    check_task,
    consent,
    correcting,
    dialog,
    dropping,
    faces,
    feed_asked,
    files,
    history,
    home,
    hosting,
    many,
    meeting,
    more,
    outside,
    palette,
    person_menu,
    private,
    ready,
    reconnecting,
    recording,
    recording_asked,
    screens,
    settings,
    sharing,
    small,
    sound_settings,
    speaker,
    statistics,
    summed,
    trouble,
    welcome,
    withdrawing,
    yellow,
)
from tests.ui.stage import Stage, settle

ANIMATIONS_S = 0.5
SUBJECTS = ("you", "captions", "models", "keyboard", "privacy", "about")


@dataclass(frozen=True, slots=True)
class Shot:
    name: str
    show: Callable[[Stage], None]
    theme: str = "light"
    language: str = "en"
    size: tuple[int, int] = (1280, 800)
    scale: float = 1.0
    window: str = ""
    """Another window than the main one, by its object name."""


LOOKS = [(theme, language) for theme in ("light", "dark") for language in ("en", "zh")]
SHOTS = [
    *(Shot("home", home, *look) for look in LOOKS),
    *(Shot(f"welcome_{step}", welcome(step), *look) for step in range(3) for look in LOOKS),
    *(Shot("meeting", meeting, *look) for look in LOOKS),
    *(Shot("consent", consent, *look) for look in LOOKS),
    *(Shot("invite", dialog("openInvite"), *look) for look in LOOKS),
    *(Shot("leave", dialog("askLeave"), *look) for look in LOOKS),
    *(Shot("speaker", speaker, *look) for look in LOOKS),
    *(Shot("palette", palette, *look) for look in LOOKS),
    *(Shot("chat", chat, *look) for look in LOOKS),
    *(Shot("files", files, *look) for look in LOOKS),
    *(Shot("withdrawing", withdrawing, *look) for look in LOOKS),
    *(Shot("dropping", dropping, *look) for look in LOOKS),
    Shot("narrow_files", files, "dark", "zh", size=(360, 720)),
    Shot("large_text_files", files, scale=2.0),
    *(Shot(f"settings_{page}", settings(page), *look) for page in SUBJECTS for look in LOOKS),
    *(Shot("copying", copying, *look) for look in LOOKS),
    *(Shot("brought", brought, *look) for look in LOOKS),
    *(Shot("useless", useless, *look) for look in LOOKS),
    Shot("narrow_copying", copying, "dark", "zh", size=(360, 720)),
    Shot("large_text_copying", copying, scale=2.0),
    *(Shot("ready", ready, *look) for look in LOOKS),
    *(Shot("settings_devices", sound_settings, *look) for look in LOOKS),
    Shot("narrow_ready", ready, "dark", size=(360, 720)),
    Shot("large_text_ready", ready, scale=2.0),
    *(Shot("correcting", correcting, *look) for look in LOOKS),
    *(Shot("history", history(True), *look) for look in LOOKS),
    *(Shot("summed", summed, *look) for look in LOOKS),
    *(Shot("playing", playing(), *look) for look in LOOKS),
    *(Shot("playing_voices", playing("voices"), *look) for look in LOOKS),
    *(Shot("playing_chapters", playing("chapters"), *look) for look in LOOKS),
    *(Shot("playing_full", playing(full=True), *look) for look in LOOKS),
    *(Shot("borrowed", borrowed, *look) for look in LOOKS),
    *(Shot("playing_lost", lost_recording, *look) for look in LOOKS),
    *(Shot("playing_refused", refused_recording, *look) for look in LOOKS),
    *(Shot("film_choice", film_choice, *look) for look in LOOKS),
    Shot("narrow_film_choice", film_choice, "light", "zh", size=(360, 720)),
    Shot("narrow_playing", playing(), "dark", "zh", size=(360, 720)),
    Shot("narrow_playing_voices", playing("voices"), size=(360, 720)),
    Shot("large_text_playing", playing(), scale=2.0),
    Shot("large_text_playing_voices", playing("voices"), "dark", "zh", scale=2.0),
    Shot("wide_playing", playing(), "dark", size=(2560, 1440)),
    Shot("narrow_summed", summed, size=(360, 720)),
    Shot("narrow_history", history(False), size=(360, 720)),
    *(Shot("sharing", sharing, *look) for look in LOOKS),
    *(Shot("screen", screens(1), *look) for look in LOOKS),
    *(Shot("two_screens", screens(2), *look) for look in LOOKS),
    *(Shot("statistics", statistics, *look) for look in LOOKS),
    *(Shot("more", more, *look) for look in LOOKS),
    Shot("narrow_screen", screens(1), "dark", size=(360, 720)),
    Shot("narrow_more", more, size=(360, 720)),
    Shot("medium_meeting", meeting, size=(900, 700)),
    *(Shot("lobby", hosting, *look) for look in LOOKS),
    *(Shot("people", person_menu, *look) for look in LOOKS),
    *(Shot("rules", acting("rules"), *look) for look in LOOKS),
    *(Shot("glossary", acting("glossary"), *look) for look in LOOKS),
    *(Shot("machines", acting("machines"), *look) for look in LOOKS),
    *(Shot("reactions", acting("react"), *look) for look in LOOKS),
    *(Shot("asked", asked, *look) for look in LOOKS),
    *(Shot("outside", outside, *look) for look in LOOKS),
    *(Shot("private", private, *look) for look in LOOKS),
    *(Shot("faces", faces, *look) for look in LOOKS),
    *(Shot("recording_asked", recording_asked, *look) for look in LOOKS),
    *(Shot("recording", recording, *look) for look in LOOKS),
    *(Shot("feed_asked", feed_asked, *look) for look in LOOKS),
    Shot("narrow_recording_asked", recording_asked, size=(360, 720)),
    *(Shot("emotions", acting("emotions"), *look) for look in LOOKS),
    *(Shot("processing", acting("processing"), *look) for look in LOOKS),
    *(Shot("check_asked", check_asked, *look) for look in LOOKS),
    *(Shot("check_act", check_task(act="turn_left"), *look) for look in LOOKS),
    *(Shot("check_hue", check_task(colour="#3cff3c", code="4729"), *look) for look in LOOKS),
    *(Shot("check_going", check_going, *look) for look in LOOKS),
    *(Shot("check_consistent", check_result("consistent"), *look) for look in LOOKS),
    *(Shot("check_inconsistent", check_result("inconsistent"), *look) for look in LOOKS),
    Shot("narrow_check_asked", check_asked, size=(360, 720)),
    Shot("narrow_check_hue", check_task(colour="#ff46e6", code="4729"), "dark", size=(360, 720)),
    Shot("narrow_check_result", check_result("inconsistent"), size=(360, 720)),
    Shot("narrow_people", acting("people"), size=(360, 720)),
    Shot("narrow_lobby", hosting, "dark", "zh", size=(360, 720)),
    Shot("narrow_settings", settings("captions"), size=(360, 720)),
    Shot("narrow_speaker", speaker, "dark", size=(360, 720)),
    Shot("large_text_settings", settings("keyboard"), scale=2.0),
    *(Shot("trouble", trouble, *look) for look in LOOKS),
    *(Shot("reconnecting", reconnecting, *look) for look in LOOKS),
    *(Shot("many", many, *look) for look in LOOKS),
    *(Shot("small", small, *look, window="smallWindow") for look in LOOKS),
    *(Shot("yellow", yellow, *look) for look in LOOKS),
    Shot("narrow_welcome", welcome(0), size=(360, 720)),
    Shot("narrow_home", home, size=(360, 720)),
    Shot("narrow_meeting", meeting, "dark", size=(360, 720)),
    Shot("narrow_meeting", meeting, "light", "zh", size=(360, 720)),
    Shot("narrow_consent", consent, size=(360, 720)),
    Shot("large_text_home", home, scale=2.0),
    Shot("large_text_meeting", meeting, scale=2.0),
    Shot("large_text_consent", consent, "dark", "zh", scale=2.0),
    Shot("wide_meeting", meeting, "dark", size=(2560, 1440)),
]


def draw(shot: Shot, out: Path) -> None:
    chosen = preferences.Preferences(
        name="Ana Costa", theme=shot.theme, language=shot.language, still=True,
        text_scale=shot.scale, caption_scale=shot.scale,
    )  # fmt: skip
    stage = Stage(chosen)
    stage.resize(*shot.size)
    shot.show(stage)
    until = time.monotonic() + ANIMATIONS_S
    while time.monotonic() < until:
        settle()
    window(stage, shot).grabWindow().save(str(out / f"{shot.name}_{shot.theme}_{shot.language}.png"))
    stage.desk.finish("", "")
    settle()
    stage.scene.close()


def window(stage: Stage, shot: Shot) -> QQuickWindow:
    if not shot.window:
        return stage.window
    windows = (one for one in QGuiApplication.topLevelWindows() if isinstance(one, QQuickWindow))
    return next(one for one in windows if one.objectName() == shot.window and one.isVisible())


def main() -> int:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    chosen = [shot for shot in SHOTS if not sys.argv[2:] or shot.name in sys.argv[2:]]
    out.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication(["screenshots"])
    for shot in chosen:
        draw(shot, out)
    print(f"{len(chosen)} pictures in {out}")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
