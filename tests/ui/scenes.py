"""What the pictures of `tests.ui.screenshots` show: each function brings a window to one moment."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Q_ARG, QMetaObject, QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QGuiApplication, QImage, QPainter

from app.session.devices import Device, DeviceLists
from app.session.events import (
    DevicesChanged,
    LinkChanged,
    LinkQuality,
    LinkState,
    LocalMedia,
    MicrophoneLevel,
    TransferChanged,
)
from app.session.files import Stage as Step
from app.session.files import Transfer, Way
from app.session.sharing import Shareable
from app.session.transcript import clock
from app.ui.resources import RESOURCES
from app.viewmodels.gallery import SELF
from app.viewmodels.history import AttendeeRow, LineRow, MeetingRow, Opened
from app.viewmodels.load import ProgramRow
from app.viewmodels.models import ModelRow
from app.viewmodels.outcome import Outcome, OutcomeRow
from sfu.wire.messages import (
    Act,
    Audience,
    Caption,
    CaptionsChanged,
    CaptionsState,
    CaptionsWorker,
    Changed,
    Chat,
    ChatMessage,
    Check,
    CheckAsked,
    CheckResult,
    ChecksChanged,
    ChecksState,
    CheckStep,
    ClientKind,
    Consent,
    Face,
    FileChanged,
    FileState,
    Joined,
    Lobby,
    Phase,
    Policy,
    PolicyChanged,
    Reacted,
    Reaction,
    RecordingChanged,
    RecordingState,
    Role,
    SharedFile,
    SourceKind,
    UnmuteAsked,
    Verdict,
    Waiter,
    Waiting,
    WitnessSaid,
)
from tests.ui.fake_engine import LINK, PEOPLE, conversation, live, person
from tests.ui.looking import act, made, press
from tests.ui.stage import Stage, settle

PORTRAIT = RESOURCES / "media" / "nasa_astronaut_smile.jpg"


def home(stage: Stage) -> None:
    """Nothing is missing, nothing went wrong."""


def welcome(step: int) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.desk.parley.greet()
        stage.desk.models.show([ModelRow("whisper-base", "Whisper base", "captions", 148, "missing")])
        settle()
        screen = stage.one("Welcome")
        screen.setProperty("step", step)

    return show


def trouble(stage: Stage) -> None:
    stage.desk.models.show([ModelRow("whisper-base", "Whisper base", "captions", 148, "fetching", 118)])
    stage.desk.home.refuse("host_unreachable", "The host did not answer. Check that it is on, then try again.")


def meeting(stage: Stage, asked: bool = True) -> None:
    stage.desk.join(LINK, "Ana Costa")
    people = PEOPLE if asked else [p.model_copy(update={"captions": Consent.UNASKED}) for p in PEOPLE]
    stage.engine.say(*live(*people), *conversation())
    face = QImage(str(PORTRAIT))
    face = face.copy(QRect(0, 0, face.width(), face.width() * 9 // 16)).scaledToWidth(640)
    for source in ("p0/camera", "p1/camera", SELF) if not face.isNull() else ():
        stage.engine.pictured.emit(source, face)


def faces(stage: Stage) -> None:
    """Three faces are read: one guess is sure, one unclear, one is the reader's own."""
    meeting(stage)
    read = [PEOPLE[0], PEOPLE[1], PEOPLE[2]]
    audience = {"emotions": Audience.EVERYONE, "analysed": True, "camera": True}
    stage.engine.say(PolicyChanged(policy=Policy(emotions=Audience.EVERYONE), by="Mei Lin"))
    stage.engine.say(*(Changed(participant=who.model_copy(update=audience)) for who in read))
    box = {"x": 0.30, "y": 0.13, "width": 0.27, "height": 0.55, "at": 1455.0}
    guesses = ({"label": "happy"}, {"unclear": "turned"}, {"label": "neutral"})
    for who, guess in zip(read, guesses, strict=True):
        stage.engine.say(Face.model_validate({"participant": who.id, "present": True} | box | guess))


def consent(stage: Stage) -> None:
    meeting(stage, asked=False)


def many(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(*live(*(person(order, f"Person {order}", microphone=order % 2 == 0) for order in range(30))))


def reconnecting(stage: Stage) -> None:
    meeting(stage)
    stage.engine.say(LinkChanged(LinkState.RECONNECTING))


def dialog(function: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        meeting(stage)
        settle()
        screen = stage.one("Meeting")
        QMetaObject.invokeMethod(screen, function, Qt.ConnectionType.DirectConnection)

    return show


def settings(subject: str) -> Callable[[Stage], None]:
    return lambda stage: stage.open_settings(subject)


def speaker(stage: Stage) -> None:
    meeting(stage)
    if stage.desk.meeting:
        stage.desk.meeting.gallery.pin("p0")


def chat(stage: Stage) -> None:
    meeting(stage)
    hands = ((PEOPLE[1], 1440.0), (PEOPLE[3], 1450.0))
    stage.engine.say(*(Changed(participant=who.model_copy(update={"hand": at})) for who, at in hands))
    written = ((PEOPLE[0], "The agenda is in the shared folder.", None), (PEOPLE[4], "好的，谢谢！", None),
               (PEOPLE[1], "Can you stay five minutes after the meeting?", "p2"), (PEOPLE[2], "Sure.", "p1"))
    for number, (who, text, to) in enumerate(written, 1):
        message = ChatMessage(id=number, sender=who.id, name=who.name, text=text, to=to, at=1300 + 20 * number)
        stage.engine.say(Chat(message=message))
    settle()
    QMetaObject.invokeMethod(stage.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, "chat"))


def files(stage: Stage) -> None:
    """One of each kind: ready, saved here, on its way to and from the host, refused."""
    meeting(stage)
    plan = SharedFile(
        id="f1", owner="p0", owner_name="Mei Lin", name="Plan of the year.pdf", size=1_900_000, sha256="0" * 64,
        at=1310, state=FileState.READY,
    )  # fmt: skip
    ours = {"owner": "p2", "owner_name": "Ana Costa", "received": 118_000_000, "size": 190_000_000}
    for changed in (
        {}, {"id": "f2", "name": "会议记录.docx", "owner": "p4", "owner_name": "张伟"},
        {"id": "f3", "name": "photos.zip", "state": FileState.ARRIVING, **ours},
        {"id": "f4", "name": "salaries.xlsx", "to": "p2", "owner": "p1", "owner_name": "Oskar Lindqvist"},
    ):  # fmt: skip
        stage.engine.say(FileChanged(file=plan.model_copy(update=changed)))
    moving = Transfer("t1", Way.UP, Step.MOVING, "photos.zip", 190_000_000, 118_000_000, "f3")
    there = Transfer("f2", Way.DOWN, Step.DONE, "会议记录.docx", 1_900_000, 1_900_000, "f2", "/home/ana/x.docx")
    failed = Transfer("t2", Way.UP, Step.FAILED, "film.mp4", 3_900_000_000, code="disk_full")
    stage.engine.say(*(TransferChanged(each) for each in (moving, there, failed)))
    settle()
    act(stage, "files")


def withdrawing(stage: Stage) -> None:
    files(stage)
    QMetaObject.invokeMethod(
        made(stage, "withdrawCard"), "ask", Qt.ConnectionType.DirectConnection,
        Q_ARG(str, "f3"), Q_ARG(str, "photos.zip"),
    )  # fmt: skip


def dropping(stage: Stage) -> None:
    meeting(stage)
    data = QMimeData()
    data.setUrls([QUrl("file:///home/ana/plan.pdf")])
    event = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QGuiApplication.sendEvent(stage.window, event)


def hosting(stage: Stage) -> None:
    stage.desk.join(LINK, "Mei Lin")
    worker = CaptionsWorker(name="w", machine="studio-pc", device="cuda:0", compute="float16", model="whisper-base")
    state = CaptionsState(on=True, available=True, model="whisper-base", workers=[worker])
    waiting = [Waiter(id="w1", name="Li Na", client=ClientKind.BROWSER, since=1400.0),
               Waiter(id="w2", name="Noa Levi", client=ClientKind.DESKTOP, since=1430.0)]
    stage.engine.say(*live(*PEOPLE, you="p0"), *conversation(), CaptionsChanged(captions=state), Lobby(waiting=waiting))
    reactions = ("p1", Reaction.CLAP), ("p3", Reaction.SLOWER)
    stage.engine.say(*(Reacted(participant=who, reaction=what) for who, what in reactions))
    programs = [("window", 31, 310), ("host", 6, 140), ("forwarder", 7, 82), ("broker", 1, 40), ("captions", 94, 420)]
    stage.desk.parley.enter(stage.desk.meeting, here=True)  # type: ignore[arg-type]
    stage.desk.parley.room_load.show([ProgramRow(*program) for program in programs], 38, 4)
    settle()


def acting(*actions: str) -> Callable[[Stage], None]:
    """A host's meeting after these actions."""

    def show(stage: Stage) -> None:
        hosting(stage)
        for action in actions:
            act(stage, action)

    return show


def asked(stage: Stage) -> None:
    meeting(stage)
    stage.engine.say(UnmuteAsked(kind=SourceKind.MICROPHONE, by="Mei Lin"))


def person_menu(stage: Stage) -> None:
    acting("people")(stage)
    lines = stage.one("PeoplePane")
    for line in lines.childItems():
        if line.inherits("QQuickListView"):
            line.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    settle()
    press(stage, Qt.Key.Key_Down)
    press(stage, Qt.Key.Key_Return)


def devices_of(stage: Stage) -> None:
    lists = DeviceLists(
        microphones=(Device("usb", "USB headset"), Device("in", "Built-in microphone", default=True)),
        speakers=(Device("usb", "USB headset"),),
        cameras=(Device("0", "Integrated camera"),),
    )
    stage.engine.say(DevicesChanged(lists, "usb", "usb", "0"), LocalMedia(True, True), MicrophoneLevel(-24))
    face = QImage(str(PORTRAIT))
    stage.engine.pictured.emit(SELF, face.copy(QRect(0, 0, face.width(), face.width() * 9 // 16)).scaledToWidth(640))


def ready(stage: Stage) -> None:
    stage.preferences.choose("preview", True)
    stage.desk.home.join(LINK, "Ana Costa", "")
    devices_of(stage)


def sound_settings(stage: Stage) -> None:
    stage.open_settings("devices")
    devices_of(stage)


def sharing(stage: Stage) -> None:
    stage.desk.look_for_screens = lambda: (
        Shareable("screen:0", "DP-1"), Shareable("screen:1", "HDMI-1"), Shareable("window:a", "Plan.odt", window=True),
    )  # fmt: skip
    meeting(stage)
    act(stage, "share")


def screens(count: int) -> Callable[[Stage], None]:
    """Others share; what they show is our own settings, drawn small."""

    def show(stage: Stage) -> None:
        meeting(stage)
        page = QImage(1280, 720, QImage.Format.Format_RGB32)
        page.fill(0xFFF7F7F2)
        painter = QPainter(page)
        painter.setPen(0xFF203040)
        for line in range(14):
            painter.drawText(80, 80 + 44 * line, f"{line + 1}.  A line of the plan, sharp enough to be read")
        painter.end()
        for who in PEOPLE[:count]:
            stage.engine.say(Changed(participant=who.model_copy(update={"screen": True})))
            stage.engine.pictured.emit(f"{who.id}/screen", page)
        stage.engine.say(LocalMedia(True, True, "", count > 1), LinkQuality(300_000, 270, 0.012, 0.0, 0.09))

    return show


def statistics(stage: Stage) -> None:
    screens(0)(stage)
    act(stage, "statistics")


def more(stage: Stage) -> None:
    meeting(stage)
    settle()
    menu = made(stage, "moreMenu")
    QMetaObject.invokeMethod(menu, "open")


def correcting(stage: Stage) -> None:
    meeting(stage)
    settle()
    card = made(stage, "correctCard")
    QMetaObject.invokeMethod(
        card, "ask", Q_ARG(str, "s6"), Q_ARG(str, "Ana Costa"),
        Q_ARG(str, "It is on the second page, under the heading about numbers."),
    )  # fmt: skip


def history(read: bool) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        past = stage.desk.parley.past
        week = 7 * 86_400_000.0
        titles = ("Weekly design review", "Interview with Priya", "预算讨论", "Planning")
        named = enumerate(titles)
        rows = [MeetingRow(f"m{n}", title, 1.7e12 - n * week, 52 - 7 * n, 5 - n, False) for n, title in named]
        people = [AttendeeRow(p.id, p.name) for p in PEOPLE]
        said = [event for event in conversation() if isinstance(event, Caption) and event.final]
        lines = [
            LineRow(c.segment, c.name, int(c.speaker[1:]), clock(c.start), c.committed, headed=True) for c in said
        ]
        past.opened.connect(lambda: past.show_meetings(rows))
        past.opening_wanted.connect(lambda meeting: past.show_one(Opened(rows[0], people, lines)))
        act(stage, "history")
        if read:
            past.read("m0")

    return show


def summed(stage: Stage) -> None:
    """The minutes of a past meeting, by rules."""
    names = {person.name: order for order, person in enumerate(PEOPLE)}
    ana, oskar = list(names)[:2]
    heads = {part: OutcomeRow(part, "heading", part) for part in ("summary", "decisions", "actions", "topics", "talk")}
    rows = [
        heads["summary"],
        OutcomeRow("s1", "point", "Without a signature there is a warning on the first start.", ana, 0, "2:12", "s1"),
        heads["decisions"],
        OutcomeRow("d1", "point", "So we have decided to postpone the release by one week.", oskar, 1, "8:40", "s2"),
        heads["actions"],
        OutcomeRow("a1", "action", "I'll order the certificate and send the invoice by Friday.", ana, 0, "9:05", "s3",
                   due="by Friday"),
        OutcomeRow("a2", "action", "We need to book the hotel.", "", -1, "31:10", "s4"),
        heads["topics"],
        OutcomeRow("t1", "topic", "installer, signature, certificate, release", time="0:00"),
        OutcomeRow("t2", "topic", "conference, stand, people, budget", time="14:30"),
        heads["talk"],
        OutcomeRow("p1", "talker", ana, ana, 0, "24:10", share=0.62),
        OutcomeRow("p2", "talker", oskar, oskar, 1, "14:49", share=0.38),
    ]  # fmt: skip
    history(True)(stage)
    past = stage.desk.parley.past
    past.result.show(Outcome(rows, by="rules", work="running", progress=0.4, has_model=True))
    settle()
    record = stage.one("MeetingRecord")
    record.setProperty("summed", True)


def small(stage: Stage) -> None:
    meeting(stage)
    act(stage, "small")


def yellow(stage: Stage) -> None:
    stage.preferences.choose("caption_look", "yellow")
    meeting(stage)


def outside(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(Waiting(you="p9", title="Weekly design review", sentence=""))


def private(stage: Stage) -> None:
    chat(stage)
    made(stage, "personMenu").writing.emit("p1")


def palette(stage: Stage) -> None:
    meeting(stage)
    settle()
    QMetaObject.invokeMethod(stage.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, "palette"))


def checkable(stage: Stage) -> None:
    """Cameras can be checked, and Hana's is on."""
    meeting(stage)
    stage.engine.say(ChecksChanged(checks=ChecksState(possible=True)))


def check_asked(stage: Stage) -> None:
    checkable(stage)
    you = PEOPLE[2].id
    stage.engine.say(CheckAsked(check="c1", by=PEOPLE[0].id, name=PEOPLE[0].name, seconds=13.5, until=1500.0))
    stage.engine.say(Check(check="c1", participant=you, by=PEOPLE[0].id, stage="asking", until=1500.0))


def check_task(act: Act = "", colour: str = "", code: str = "") -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        checkable(stage)
        stage.engine.say(Check(check="c1", participant=PEOPLE[2].id, by=PEOPLE[0].id, stage="running", until=1500.0))
        stage.engine.say(CheckStep(check="c1", act=act, colour=colour, code=code, until=1490.0))

    return show


def check_going(stage: Stage) -> None:
    checkable(stage)
    act(stage, "check")
    stage.engine.say(Check(check="c1", participant=PEOPLE[0].id, by=PEOPLE[2].id, stage="running", until=1470.0))


def check_result(verdict: Verdict) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        check_going(stage)
        stage.engine.say(Check(check="c1", participant=PEOPLE[0].id, by=PEOPLE[2].id, stage="over"))
        said = witnesses(verdict)
        stage.engine.say(CheckResult(check="c1", participant=PEOPLE[0].id, verdict=verdict, witnesses=said))

    return show


def witnesses(verdict: Verdict) -> list[WitnessSaid]:
    seconds = [place * 0.2 for place in range(64)]
    wave = [math.sin(at * 2) * math.exp(-((at - 6) ** 2) / 20) for at in seconds]
    others, ripple = [0.8 * at for at in wave], [1 + 0.2 * math.cos(3 * at) for at in seconds]
    score = 0.9 if verdict == "consistent" else -0.9
    return [
        WitnessSaid(name="lips", score=score, measured=3.1, seconds=seconds, values=wave, others=others),
        WitnessSaid(name="challenge", score=abs(score), seconds=seconds, values=[max(0.0, w) for w in wave]),
        WitnessSaid(name="repetition", score=0.2, seconds=seconds, values=ripple),
        WitnessSaid(name="provenance", score=0, reason="not_asked"),
    ]


def recording_asked(stage: Stage) -> None:
    meeting(stage)
    stage.engine.say(RecordingChanged(recording=RecordingState(phase=Phase.ON, by="Mei Lin", since=10)))


def feed_asked(stage: Stage) -> None:
    """Whether a feed is recorded, asked of who runs the meeting."""
    meeting(stage)
    me = next(person for person in PEOPLE if person.name == "Ana Costa")
    runs = me.model_copy(update={"role": Role.HOST, "recording": Consent.YES, "recorded": True})
    stage_left = me.model_copy(update={"id": "p77", "name": "Stage left", "client": ClientKind.STREAM, "order": 77})
    stage.engine.say(
        Changed(participant=runs), Joined(participant=stage_left),
        RecordingChanged(recording=RecordingState(phase=Phase.ON, by="Ana Costa", since=10)),
    )  # fmt: skip


def recording(stage: Stage) -> None:
    """The badge of who agreed."""
    recording_asked(stage)
    settle()
    me = next(person for person in PEOPLE if person.name == "Ana Costa")
    answered = me.model_copy(update={"recording": Consent.YES, "recorded": True})
    stage.engine.say(Changed(participant=answered))
