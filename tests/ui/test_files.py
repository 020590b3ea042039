"""Files in the window: dropped or chosen, on their way, saved, opened, withdrawn; nothing of it needs a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QGuiApplication

from app.session import commands
from app.session.events import Event, TransferChanged
from app.session.files import Stage as Step
from app.session.files import Transfer, Way
from sfu.wire import messages as wire
from sfu.wire.messages import FileState, SharedFile
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, cut, names, press, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
Key = Qt.Key
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]


def shared(number: int = 1, **changed: object) -> SharedFile:
    known = {
        "id": f"f{number}", "owner": "p0", "owner_name": "Mei Lin", "name": "Plan of the year.pdf", "size": 190_000_000,
        "sha256": "0" * 64, "at": 1320.0, "received": 190_000_000, "state": FileState.READY,
    }  # fmt: skip
    return SharedFile.model_validate(known | changed)


def transfer(**changed: object) -> Transfer:
    known = {"key": "t1", "way": Way.UP, "stage": Step.MOVING, "name": "photos.zip", "size": 190_000_000,
             "moved": 118_000_000, "path": "/home/ana/photos.zip"}  # fmt: skip
    return Transfer(**{**known, **changed})  # type: ignore[arg-type]


def in_meeting(stage: Stage, pane: str = "files", you: str = "p2") -> None:
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(*live(*PEOPLE, you=you))
    settle()
    if pane:
        act(stage, pane)


def tell(stage: Stage, *events: Event) -> None:
    """Rows of a list are made when it is drawn."""
    stage.engine.say(*events)
    settle()
    stage.window.grabWindow()
    settle()


def drag(stage: Stage, *urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    middle = QPointF(stage.window.width() / 3, stage.window.height() / 2)
    event = QDragEnterEvent(
        middle.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QGuiApplication.sendEvent(stage.window, event)
    settle()
    return data


def drop(stage: Stage, data: QMimeData) -> None:
    middle = QPointF(stage.window.width() / 3, stage.window.height() / 2)
    event = QDropEvent(
        middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QGuiApplication.sendEvent(stage.window, event)
    settle()


def test_a_file_that_is_dropped_is_shared_with_everybody_and_its_pane_opens(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown, "")
    data = drag(shown, "file:///home/ana/plan.pdf", "https://example.org/x")
    assert shows(shown, "Drop to share with everybody")
    drop(shown, data)

    assert [c for c in shown.engine.sent if isinstance(c, commands.ShareFile)] == [
        commands.ShareFile("/home/ana/plan.pdf")
    ]
    assert shows(shown, "Share files")


def test_what_is_dropped_while_one_writes_privately_goes_to_that_person_only(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown, "chat")
    pane = shown.one("ChatPane")
    pane.setProperty("to", "p1")
    data = drag(shown, "file:///home/ana/plan.pdf")
    assert shows(shown, "Drop to share with Oskar Lindqvist only")
    drop(shown, data)

    assert commands.ShareFile("/home/ana/plan.pdf", "p1") in shown.engine.sent


def test_the_button_asks_which_files_and_each_is_shared(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    shown.desk.choose_files = lambda: ["/home/ana/a.txt", "/home/ana/b.txt"]
    click(shown, "Share files")

    assert shown.engine.sent[-2:] == [commands.ShareFile("/home/ana/a.txt"), commands.ShareFile("/home/ana/b.txt")]


def test_how_far_a_file_is_stands_in_words_and_it_can_be_cancelled(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    tell(shown, TransferChanged(transfer()))
    assert shows(shown, "Being sent: 118 MB of 190 MB")
    click(shown, "Cancel")
    assert shown.engine.sent[-1] == commands.CancelTransfer("t1")

    tell(shown, TransferChanged(transfer(stage=Step.WAITING)))
    assert shows(shown, "118 MB of 190 MB. It goes on when the connection is back.")
    tell(shown, TransferChanged(transfer(stage=Step.CANCELLED)))
    assert not shows(shown, "photos.zip")


def test_a_file_of_somebody_else_is_saved_then_opened_or_shown_in_its_folder(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    opened: list[str] = []
    shown.desk.open_path = opened.append
    tell(shown, wire.FileChanged(file=shared()))
    assert shows(shown, "190 MB")
    click(shown, "Save")
    fetched = shown.engine.sent[-1]
    assert isinstance(fetched, commands.FetchFile)
    assert fetched.file == "f1"
    here = transfer(key="f1", file="f1", way=Way.DOWN, stage=Step.DONE, path="/nowhere/Plan of the year.pdf")
    tell(shown, TransferChanged(here))

    assert shows(shown, "190 MB, saved on this computer")
    click(shown, "Show in folder")
    assert opened == ["/nowhere"]
    assert not shows(shown, "Withdraw")


def test_a_program_is_never_run_from_the_meeting(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    shown.engine.say(wire.FileChanged(file=shared(name="setup.exe")))
    path = "/nowhere/setup.exe"
    here = transfer(key="f1", file="f1", way=Way.DOWN, stage=Step.DONE, name="setup.exe", path=path)
    tell(shown, TransferChanged(here))

    assert not shows(shown, "Open")
    assert shows(shown, "Show in folder")


def test_withdrawing_asks_first_and_escape_changes_nothing(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    tell(shown, wire.FileChanged(file=shared(owner="p2", owner_name="Ana Costa")))
    before = list(shown.engine.sent)
    click(shown, "Withdraw")
    assert shows(shown, "Withdraw Plan of the year.pdf?")
    press(shown, Key.Key_Escape)
    assert shown.engine.sent == before

    shown.desk.meeting.shared.withdraw("f1")  # type: ignore[union-attr]
    assert shown.engine.sent[-1] == wire.WithdrawFile(file="f1")
    tell(shown, wire.FileChanged(file=shared(owner="p2", state=FileState.GONE)))
    assert not shows(shown, "Plan of the year.pdf")


def test_what_failed_says_why_and_can_be_tried_again(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    tell(shown, TransferChanged(transfer(stage=Step.FAILED, code="disk_full", sentence="There is no room.")))
    why = "There is no room on the host’s computer. Ask the host to free some space."
    assert shows(shown, f"It was not shared. {why}")
    click(shown, "Try again")

    assert shown.engine.sent[-2:] == [commands.CancelTransfer("t1"), commands.ShareFile("/home/ana/photos.zip")]


def test_who_comes_late_sees_what_was_shared_and_others_hear_of_it(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown, "")
    shown.engine.say(wire.History(files=[shared()]))
    tell(shown, wire.FileChanged(file=shared(2, name="minutes.odt")))
    assert shows(shown, "Mei Lin shared minutes.odt")
    act(shown, "files")
    shown.window.grabWindow()
    settle()

    assert shows(shown, "Plan of the year.pdf")
    assert shows(shown, "minutes.odt")


def test_where_sharing_is_off_there_is_no_button_and_nothing_can_be_dropped(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown)
    tell(shown, wire.PolicyChanged(policy=wire.Policy(files=False), by="Mei Lin"))
    drop(shown, drag(shown, "file:///home/ana/plan.pdf"))

    assert shows(shown, "You cannot share files in this meeting. Ask the host.")
    assert not [c for c in shown.engine.sent if isinstance(c, commands.ShareFile)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_no_word_about_files_is_cut(stage: MakeStage, width: int, height: int, scale: float, language: str) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    in_meeting(shown)
    long = "A name that somebody gave a file without thinking of whoever reads it on a telephone.tar.gz"
    tell(
        shown,
        wire.FileChanged(file=shared(name=long)),
        wire.FileChanged(file=shared(2, owner="p2", to="p1", state=FileState.ARRIVING, received=40)),
        TransferChanged(transfer()),
        TransferChanged(transfer(key="t2", stage=Step.FAILED, code="too_large")),
        TransferChanged(transfer(key="f1", file="f1", way=Way.DOWN, stage=Step.DONE, path="/nowhere/x")),
    )

    assert cut(shown) == []


def test_every_file_and_everything_that_can_be_done_with_it_has_a_name(stage: MakeStage) -> None:
    shown = stage()
    in_meeting(shown, you="p0")
    tell(shown, wire.FileChanged(file=shared()), TransferChanged(transfer()))

    buttons = names(shown, QAccessible.Role.Button)
    assert {"Save Plan of the year.pdf", "Withdraw Plan of the year.pdf", "Cancel photos.zip"} <= buttons
    assert "Plan of the year.pdf, from Mei Lin (you): 190 MB" in names(shown, QAccessible.Role.ListItem)
