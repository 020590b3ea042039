from __future__ import annotations

from app.viewmodels.home import Busy, HomeModel


def watched() -> tuple[HomeModel, list[tuple[str, ...]]]:
    home = HomeModel()
    wishes: list[tuple[str, ...]] = []
    home.hosting_wanted.connect(lambda *what: wishes.append(("host", *what)))
    home.joining_wanted.connect(lambda *what: wishes.append(("join", *what)))
    return home, wishes


def test_a_wish_goes_out_with_the_name() -> None:
    home, wishes = watched()

    home.host(" Review ", " Ana ")
    home.join(" https://… ", "Ana", " tulip ")

    assert wishes == [("host", "Review", "Ana"), ("join", "https://…", "Ana", "tulip")]


def test_without_a_name_nothing_begins_and_the_reason_is_said() -> None:
    home, wishes = watched()

    home.join("https://…", "  ", "")

    assert wishes == []
    assert home.problem_code == "no_name"


def test_while_something_begins_nothing_else_does() -> None:
    home, wishes = watched()
    home.wait(Busy.JOINING)

    home.host("Review", "Ana")

    assert wishes == []


def test_a_refusal_ends_the_waiting() -> None:
    home, _ = watched()
    home.wait(Busy.STARTING)

    home.refuse("busy_port", "Another program uses this port.")

    assert (home.busy, home.problem_code) == ("", "busy_port")
