"""Every screen in both languages and themes, from 360 px to 1280, at 100 % and 200 % text: it loads, nothing is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem

from app.session.events import LinkChanged, LinkState
from app.viewmodels.home import NearbyRow
from sfu.wire.messages import Consent, Joined
from tests.ui.fake_engine import LINK, PEOPLE, caption, conversation, live, person
from tests.ui.looking import cut, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
LOOKS = [("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark")]
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]


def meet(stage: Stage, *more: object) -> None:
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(*live(*PEOPLE), *conversation())
    settle()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_every_screen_fits_without_a_warning(
    stage: MakeStage, language: str, theme: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, theme=theme, text_scale=scale, caption_scale=scale)
    shown.resize(width, height)
    assert cut(shown) == []

    meet(shown)
    assert cut(shown) == []

    picture = shown.window.grabWindow()
    assert picture.width() >= width
    assert len({picture.pixelColor(x, height // 2).name() for x in range(0, width, 7)}) > 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_meetings_of_this_network_and_the_words_of_a_host_fit(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    shown.desk.home.near([NearbyRow("a", "<b>Weekly</b> " * 9, "anas-laptop", "192.168.1.20:7443")])
    settle()
    assert cut(shown) == []

    shown.desk.home.verify("192.168.1.20:7443", ("fall", "admit", "march", "photo"), changed=True)
    settle()
    shown.window.grabWindow()  # lays the dialog out to its end
    assert cut(shown) == []


SUBJECTS = ("you", "captions", "models", "keyboard", "privacy", "about")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_every_settings_page_fits_without_a_warning(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale, caption_scale=scale)
    shown.resize(width, height)

    for subject in SUBJECTS:
        shown.open_settings(subject)
        assert cut(shown) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_the_first_run_fits_and_ends_on_the_first_screen(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    shown.desk.parley.greet()
    settle()
    assert shown.desk.parley.screen == "welcome"

    for _ in range(3):
        assert cut(shown) == []
        QMetaObject.invokeMethod(button(shown, "Next", "Done", "下一步", "完成"), "click")
        settle()

    assert shown.kept[-1].met
    assert shown.desk.parley.screen == "home"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_speaker_view_fits_without_a_warning(
    stage: MakeStage, theme: str, width: int, height: int, scale: float
) -> None:
    shown = stage(theme=theme, text_scale=scale, caption_scale=scale, caption_place="above", caption_look="plate")
    shown.resize(width, height)
    meet(shown)

    assert shown.desk.meeting
    shown.desk.meeting.gallery.pin("p1")
    settle()

    assert cut(shown) == []


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_the_consent_card_starts_on_dont_allow_and_both_answers_look_alike(
    stage: MakeStage, language: str, theme: str
) -> None:
    shown = stage(language=language, theme=theme)
    shown.desk.join(LINK, "Ana Costa")
    unasked = [p.model_copy(update={"captions": Consent.UNASKED}) for p in PEOPLE]

    shown.engine.say(*live(*unasked))
    settle()

    words = ("Don’t allow", "Allow") if language == "en" else ("不允许", "允许")
    deny, allow = (button(shown, text) for text in words)
    assert shown.window.activeFocusItem() is deny
    assert deny.property("kind") == allow.property("kind") == "secondary"
    assert deny.height() == allow.height()


def test_a_large_meeting_is_paged_and_still_shows_whoever_speaks(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")

    shown.engine.say(*live(*(person(order, f"Person {order}") for order in range(100))))
    settle()

    meeting = shown.desk.meeting
    assert meeting
    assert meeting.gallery.pages > 1
    assert cut(shown) == []


def test_hostile_names_are_drawn_as_they_are(stage: MakeStage) -> None:
    shown = stage()
    shown.resize(360, 720)
    shown.desk.join(LINK, "Ana Costa")
    names = ("<b>bold</b><img src=x>", "W" * 64, "🎉👩‍👩‍👧", "‮abc", "%1 %2 %n")
    people = [PEOPLE[2], *(person(order + 5, name, microphone=True) for order, name in enumerate(names))]

    shown.engine.say(*live(*people), *(caption(f"s{p.id}", p, "<i>" + "x" * 300, "y" * 300) for p in people))
    shown.engine.say(Joined(participant=person(20, "<a href='x'>link</a>")))
    settle()

    assert cut(shown) == []


def test_a_lost_host_is_said_and_found_again(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    shown.engine.say(LinkChanged(LinkState.RECONNECTING))
    settle()
    assert shows(shown, "We lost the host. Trying again. Your transcript is safe.")

    shown.engine.say(LinkChanged(LinkState.LIVE))
    settle()
    assert not shows(shown, "We lost the host. Trying again. Your transcript is safe.")


def test_a_refused_join_says_why_at_home(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")

    shown.engine.say(LinkChanged(LinkState.FAILED, "meeting_full", "This meeting is full: 100 of 100 people are here."))
    settle()

    assert shows(shown, "This meeting is full: 100 of 100 people are here.")


def test_the_same_refusal_is_in_chinese_for_a_chinese_reader(stage: MakeStage) -> None:
    shown = stage(language="zh")
    shown.desk.join(LINK, "Ana Costa")

    shown.engine.say(LinkChanged(LinkState.FAILED, "meeting_full", "This meeting is full."))
    settle()

    assert shows(shown, "会议人数已满。请让主持人腾出位置后重试。")


def test_switching_the_language_changes_the_screen_at_once(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    assert shows(shown, "Captions")

    shown.preferences.toggle_language()
    settle()

    assert shows(shown, "字幕")
    assert not shows(shown, "Captions")


def test_a_live_picture_replaces_the_initials_and_goes_with_the_camera(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    red = QImage(64, 36, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))

    shown.engine.pictured.emit("p0/camera", red)
    settle()
    assert "#ff0000" in colours(shown)

    shown.engine.say(Joined(participant=PEOPLE[0].model_copy(update={"camera": False})))
    settle()
    assert "#ff0000" not in colours(shown)


def button(stage: Stage, *texts: str) -> QQuickItem:
    return next(item for item in stage.items() if item.property("text") in texts and item.property("kind") is not None)


def colours(stage: Stage) -> set[str]:
    picture = stage.window.grabWindow()
    return {picture.pixelColor(x, y).name() for x in range(0, 900, 10) for y in range(60, 600, 10)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_the_invitation_of_ones_own_host_fits(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    meet(shown)
    shown.desk.parley.invite(LINK, ("fall", "admit", "march", "photo"))
    shown.desk.parley.vouch("http://192.168.1.20:7443/trust", ":".join(["AB"] * 32))

    QMetaObject.invokeMethod(shown.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, "invite"))
    settle()
    shown.window.grabWindow()
    assert cut(shown) == []
