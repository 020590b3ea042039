"""Guesses on the screen: gone within a second, hidden by one key, and the own choice goes to the host."""

from __future__ import annotations

import time

import pytest
from PySide6.QtGui import QGuiApplication

from app.session import faces
from app.session.reducer import after
from app.session.state import Session
from app.viewmodels.faces import FacesModel
from sfu.wire import messages as wire
from sfu.wire.messages import Audience


def person(number: int, audience: Audience = Audience.EVERYONE) -> wire.Participant:
    return wire.Participant(
        id=f"p{number}", name=f"Person {number}", role=wire.Role.MEMBER, client=wire.ClientKind.DESKTOP, order=number,
        emotions=audience, analysed=audience is not Audience.OFF,
    )  # fmt: skip


def smile(who: str = "p2", *, present: bool = True) -> wire.Face:
    return wire.Face(participant=who, present=present, x=0.2, y=0.1, width=0.3, height=0.5, label="happy", at=1)


def here(now: float = 10.0) -> Session:
    session = Session(you="p1", roster=(person(1, Audience.ME), person(2)))
    return after(session, smile(), now)


def test_a_guess_replaces_the_one_before_and_ends_with_its_face() -> None:
    session = after(here(), smile().model_copy(update={"label": "neutral"}), 10.3)
    assert [shown.face.label for shown in session.faces] == ["neutral"]

    assert after(session, smile(present=False), 10.4).faces == ()


def test_a_guess_ends_with_its_person() -> None:
    assert after(here(), wire.Left(participant="p2"), 10.1).faces == ()


def test_a_guess_is_no_longer_fresh_after_a_second() -> None:
    kept = here().faces

    assert faces.fresh(kept, 10.5) is kept
    assert faces.fresh(kept, 11.0) == ()


def test_what_is_drawn_disappears_by_itself(qapp: QGuiApplication) -> None:
    now = [10.0]
    model = FacesModel(lambda: now[0])
    model.follow(here())
    assert model.shown["p2"]["label"] == "happy"

    now[0] = 10.9
    until = time.monotonic() + 20
    while model.shown and time.monotonic() < until:
        qapp.processEvents()    # an event loop would not run here once a test before has told the application to quit
        time.sleep(0.01)

    assert model.shown == {}


def test_one_key_hides_all_and_changes_nothing_else() -> None:
    model = FacesModel(lambda: 10.0)
    said: list[object] = []
    model.wanted.connect(said.append)
    model.follow(here())

    model.toggle()

    assert (model.shown, model.visible, said) == ({}, False, [])
    model.toggle()
    assert set(model.shown) == {"p2"}


@pytest.mark.parametrize("audience", Audience)
def test_the_own_choice_goes_to_the_host_as_it_was_made(audience: Audience) -> None:
    model = FacesModel(lambda: 10.0)
    said: list[object] = []
    model.wanted.connect(said.append)

    model.share(audience.value)

    assert said == [wire.ShareEmotions(audience=audience)]


def test_the_panel_knows_whose_face_is_read_and_who_sees_it() -> None:
    model = FacesModel(lambda: 10.0)
    model.follow(here())

    assert model.analysed == [{"name": "Person 1", "audience": "me"}, {"name": "Person 2", "audience": "everyone"}]
    assert model.mine == "me"
