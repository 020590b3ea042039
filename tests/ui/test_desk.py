"""Beginnings and ends: what the desk starts, it stops."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.children import ANY_PORT, USUAL_PORT
from app.desk import Desk
from app.session import commands
from app.session.events import HostTrusted, HostUnverified, LinkChanged, LinkState
from sfu.wire.messages import Ended
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]


class FakeHost(QObject):
    ready = Signal(object)
    failed = Signal(str, str)
    gone = Signal()
    warned = Signal(str)
    placed = Signal(str, str, int)

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.running = self.lingers = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False
        if not self.lingers:
            self.gone.emit()


def hosting(stage: Stage) -> list[FakeHost]:
    """Lets the desk start fake hosts, and returns them as they come."""
    hosts: list[FakeHost] = []

    def make(title: str, port: int) -> FakeHost:
        hosts.append(FakeHost(port))
        return hosts[-1]

    stage.desk._make_host = make  # type: ignore[assignment]
    return hosts


def closing(stage: Stage) -> list[FakeHost]:
    """As `hosting`; the first room has just been left, and its host still has the port."""
    hosts = hosting(stage)
    stage.desk.home.host("Review", "Ana")
    hosts[0].lingers = True
    stage.desk.finish("", "")
    return hosts


def test_joining_starts_an_engine_with_the_persons_choices_and_enters_when_welcomed(stage: MakeStage) -> None:
    shown = stage(microphone=False, camera=True)

    shown.desk.home.join(LINK, "Ana", "")

    assert shown.engine.running
    assert shown.engine.sent == [commands.SetMicrophone(False), commands.SetCamera(True), commands.Join(LINK, "Ana")]
    assert shown.desk.parley.screen == "home"
    shown.engine.say(*live(*PEOPLE))
    assert shown.desk.parley.screen == "meeting"
    assert shown.kept[-1].name == "Ana"


def test_hosting_starts_the_room_walks_in_as_host_and_takes_it_down_at_the_end(stage: MakeStage) -> None:
    shown = stage()
    hosts = hosting(shown)

    shown.desk.home.host("Review", "Ana")
    hosts[0].ready.emit({"link": LINK, "host_token": "secret"})
    shown.engine.say(*live(*PEOPLE, you="p0"))

    assert commands.Join(LINK, "Ana", host_token="secret") in shown.engine.sent
    assert shown.desk.parley.here
    engine = shown.engine
    shown.desk.meeting.end()  # type: ignore[union-attr]
    engine.say(Ended(reason="The host ended the meeting."), LinkChanged(LinkState.LEFT))
    assert not hosts[0].running
    assert not engine.running
    assert shown.desk.parley.screen == "home"


def test_the_next_room_opens_when_the_last_one_has_let_go_of_its_port(stage: MakeStage) -> None:
    shown = stage()
    hosts = closing(shown)

    shown.desk.home.host("Another", "Ana")
    assert not hosts[1].running
    hosts[0].gone.emit()

    assert hosts[1].running


def test_a_room_that_was_called_off_while_the_last_one_closed_never_opens(stage: MakeStage) -> None:
    shown = stage()
    hosts = closing(shown)

    shown.desk.home.host("Another", "Ana")
    shown.desk.finish("", "")
    hosts[0].gone.emit()

    assert not hosts[1].running


def test_a_busy_port_is_only_a_reason_to_take_another(stage: MakeStage) -> None:
    shown = stage()
    hosts = hosting(shown)
    shown.desk.home.host("Review", "Ana")

    hosts[0].failed.emit("busy_port", "Port 7443 is in use.")

    assert [host.port for host in hosts] == [USUAL_PORT, ANY_PORT]
    hosts[1].failed.emit("busy_port", "No port is free.")
    assert shown.desk.home.problem == "No port is free."


def test_a_room_that_dies_ends_the_meeting_with_a_sentence(stage: MakeStage) -> None:
    shown = stage()
    hosts = hosting(shown)
    shown.desk.home.host("Review", "Ana")
    hosts[0].ready.emit({"link": LINK, "host_token": "secret"})
    shown.engine.say(*live(*PEOPLE, you="p0"))

    hosts[0].failed.emit("ended", "The meeting ended because its program on this computer stopped.")
    settle()

    assert shown.desk.parley.screen == "home"
    assert shown.desk.home.problem.startswith("The meeting ended because")


def test_leaving_goes_home_without_a_word_and_being_sent_home_says_why(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana")
    shown.engine.say(*live(*PEOPLE))
    shown.desk.meeting.leave()  # type: ignore[union-attr]
    shown.engine.say(LinkChanged(LinkState.LEFT))
    assert (shown.desk.home.problem_code, shown.desk.home.problem) == ("", "")

    shown.desk.join(LINK, "Ana")
    shown.engine.say(*live(*PEOPLE))
    shown.engine.say(Ended(reason="The host ended the meeting."), LinkChanged(LinkState.LEFT))
    assert (shown.desk.home.problem_code, shown.desk.home.problem) == ("ended", "The host ended the meeting.")


def test_stopping_while_it_joins_stops_the_engine(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana")
    engine = shown.engine

    shown.desk.home.cancel()

    assert not engine.running
    assert shown.desk.home.busy == ""


def test_what_the_last_engine_still_says_does_not_reach_the_next_meeting(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana")
    first = shown.engine
    shown.desk.home.cancel()
    shown.desk.join(LINK, "Ana")

    first.say(LinkChanged(LinkState.FAILED, "host_unreachable", "Too late."))

    assert shown.desk.home.busy == "joining"
    assert shown.desk.engine is shown.engine


def test_closing_the_window_leaves_first_and_then_quits(stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    quits: list[bool] = []
    monkeypatch.setattr("app.desk.QGuiApplication", SimpleNamespace(quit=lambda: quits.append(True)))
    shown = stage()
    shown.desk.join(LINK, "Ana")
    shown.engine.say(*live(*PEOPLE))
    settle()
    shown.window.close()
    settle()
    assert quits == []

    shown.desk.meeting.leave()  # type: ignore[union-attr]
    shown.engine.say(LinkChanged(LinkState.LEFT))

    assert quits == [True]


def test_a_second_meeting_begins_with_an_empty_transcript(stage: MakeStage) -> None:
    shown = stage()
    for _ in range(2):
        shown.desk.join(LINK, "Ana")
        shown.engine.say(*live(*PEOPLE))
        settle()
        assert shown.desk.meeting
        assert shown.desk.meeting.transcript.count == 0
        shown.engine.say(LinkChanged(LinkState.LEFT))
        settle()


def test_copying_puts_the_link_on_the_clipboard(stage: MakeStage) -> None:
    shown = stage()

    shown.desk.parley.copy(LINK)

    assert QGuiApplication.clipboard().text() == LINK


def test_an_engine_that_breaks_sends_everybody_home_with_an_apology(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana")
    shown.engine.say(*live(*PEOPLE))

    shown.engine.broke.emit("ZeroDivisionError: x")

    assert isinstance(shown.desk, Desk)
    assert shown.desk.home.problem_code == "engine_broke"


def test_words_are_compared_on_the_first_screen_and_the_answer_goes_to_the_engine(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join("192.168.1.20 KM4T7QXD", "Ana")

    shown.engine.say(HostUnverified("192.168.1.20:7443", ("fall", "admit", "march", "photo"), changed=True))
    settle()
    assert shown.desk.home.words == "fall  admit  march  photo"
    assert any(item.property("text") == "fall  admit  march  photo" for item in shown.items())

    shown.desk.home.confirm(True)
    assert shown.engine.sent[-1] == commands.TrustHost(agree=True)
    assert shown.desk.home.words == ""


def test_closing_the_question_about_the_words_means_no(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join("KM4T7QXD", "Ana")
    shown.engine.say(HostUnverified("192.168.1.20:7443", ("fall", "admit", "march", "photo"), changed=False))
    settle()

    QTest.keyClick(shown.window, Qt.Key.Key_Escape)
    settle()

    assert shown.engine.sent[-1] == commands.TrustHost(agree=False)


def test_who_joined_by_code_invites_others_with_the_whole_link(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join("KM4T7QXD", "Ana")

    shown.engine.say(HostTrusted(LINK, ("fall", "admit", "march", "photo")), *live(*PEOPLE))

    assert shown.desk.parley.link == LINK
    assert shown.desk.parley.words == "fall admit march photo"


def test_a_firewall_that_keeps_others_out_is_said_in_the_hosts_own_window(stage: MakeStage) -> None:
    shown = stage()
    hosts = hosting(shown)
    shown.desk.host("Weekly", "Ana")
    hosts[0].ready.emit({"link": LINK, "host_token": "t", "trust": "http://192.168.1.20:7443/trust", "authority": "AB"})
    shown.engine.say(*live(*PEOPLE))

    hosts[0].warned.emit("The firewall (ufw) keeps others out of port 7443 (UDP): sudo ufw allow 7443/udp")
    settle()

    assert shown.desk.parley.trust == "http://192.168.1.20:7443/trust"
    assert any("sudo ufw allow 7443/udp" in str(item.property("text")) for item in shown.items())
