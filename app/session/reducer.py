"""What a session is after something happened.  Pure: the host's messages and the engine's facts come in any order.

A message about somebody we have not met, or who has just gone, is a race and not a fault: the newest word of the
host about a person always wins.
"""

from __future__ import annotations

from dataclasses import replace

from app.session import chat, checks, faces, files, transcript
from app.session.events import (
    DevicesChanged,
    Event,
    HostTrusted,
    HostUnverified,
    HostWarned,
    Howling,
    LinkChanged,
    LinkQuality,
    LinkState,
    LocalMedia,
    MicrophoneDead,
    MicrophoneLevel,
    TalkingWhileMuted,
    TransferChanged,
)
from app.session.state import MODERATORS, Announcement, Delay, Reacting, Session, Spoken, Translation
from sfu.wire.messages import (
    Caption,
    CaptionsChanged,
    Changed,
    Chat,
    ChatDeleted,
    ChatMessage,
    Check,
    CheckAsked,
    CheckResult,
    ChecksChanged,
    CheckStep,
    Corrected,
    EmotionsChanged,
    Ended,
    Error,
    Face,
    FileChanged,
    FileState,
    History,
    Joined,
    Left,
    Lobby,
    Muted,
    Notice,
    Participant,
    Phase,
    PolicyChanged,
    Reacted,
    RecordingChanged,
    RecordingState,
    Role,
    SharedFile,
    SourceKind,
    Speaking,
    Translated,
    UnmuteAsked,
    Waiter,
    Waiting,
    Welcome,
)


def after(session: Session, event: Event, now: float) -> Session:
    """The session after `event`; `now` is this computer's monotonic clock in seconds."""
    match event:
        case Welcome():
            return _welcomed(session, event, now)
        case Joined(participant=person):
            met = _with(session, person)
            return met if session.person(person.id) else _announced(met, Spoken.JOINED, name=person.name)
        case Changed(participant=person):
            return _changed(session, person)
        case Left():
            return _left(session, event)
        case Speaking(participants=loudest):
            return replace(session, speaking=tuple(loudest))
        case Caption():
            return _heard(session, event, now)
        case Corrected(segment=segment, text=text):
            return replace(session, transcript=transcript.corrected(session.transcript, segment, text))
        case Translated(speaker=speaker, text=text):
            return replace(session, translated=Translation(speaker, text, now))
        case Chat(message=message):
            return _written(session, message)
        case ChatDeleted(message=number):
            return replace(session, chat=chat.struck(session.chat, number))
        case History():
            return _recalled(session, event)
        case FileChanged(file=file):
            return _shared(session, file)
        case TransferChanged(transfer=transfer):
            return replace(session, transfers=files.moved(session.transfers, transfer))
        case Muted(kind=kind, by=name):
            return _announced(session, Spoken.MUTED, name=name, code=kind)
        case UnmuteAsked(kind=kind, by=name):
            return _announced(replace(session, asked=event), Spoken.ASKED, name=name, code=kind)
        case Waiting():
            return replace(session, waiting=event)
        case Lobby(waiting=waiters):
            return _knocked(session, tuple(waiters))
        case PolicyChanged():
            return _ruled(session, event)
        case Reacted(participant=participant, reaction=reaction):
            others = tuple(shown for shown in session.reactions if shown.person != participant)
            return replace(session, reactions=(*others, Reacting(participant, reaction, now)))
        case CaptionsChanged(captions=captions):
            return replace(session, captions=captions, delay=session.delay if captions.on else None)
        case EmotionsChanged(emotions=emotions):
            return replace(session, emotions=emotions)
        case RecordingChanged(recording=recording):
            return _recorded(session, recording)
        case ChecksChanged(checks=state):
            return replace(session, checking=state)
        case Check() | CheckAsked() | CheckStep() | CheckResult():
            return replace(session, checks=checks.after(session.checks, event, session.you))
        case Face():
            return replace(session, faces=faces.seen(session.faces, event, now))
        case Notice(code=code, sentence=sentence):
            return _announced(session, Spoken.NOTICE, code=code, sentence=sentence)
        case Error(code=code, sentence=sentence):
            return _announced(session, Spoken.REFUSED, code=code, sentence=sentence)
        case Ended(reason=reason):
            return replace(session, ended=reason)
        case LinkChanged(state=state, code=code, sentence=sentence):
            return _linked(session, state, code, sentence)
        case HostUnverified():
            return replace(session, unverified=event)
        case HostTrusted():
            return replace(session, unverified=None, invite=event)
        case HostWarned(sentence=sentence):
            return replace(session, warning=sentence)
        case LocalMedia():
            return _captured(session, event)
        case MicrophoneLevel(dbov=dbov):
            return replace(session, level=dbov)
        case TalkingWhileMuted(talking=talking):
            return replace(session, talking_muted=talking)
        case Howling(howling=howling):
            return replace(session, howling=howling)
        case MicrophoneDead(dead=dead):
            return replace(session, deaf=dead)
        case DevicesChanged():
            return replace(session, devices=event)
        case LinkQuality():
            return replace(session, quality=event)
    return session  # answers, slots and pongs are the engine's own business


def not_now(session: Session) -> Session:
    """The person does not want to turn on what they were asked for."""
    return replace(session, asked=None)


def check_answered(session: Session) -> Session:
    """The question about the own camera is answered here; the host's word about it is still on its way."""
    return replace(session, checks=checks.answered(session.checks))


def check_closed(session: Session) -> Session:
    """The person wants to see no more of the check that they asked for."""
    return replace(session, checks=checks.closed(session.checks))


def answered(session: Session) -> Session:
    """The person answered the captions notice here; the host's word about it is still on its way."""
    return replace(session, answered=True)


def told(session: Session) -> Session:
    """The person answered the recording's notice here."""
    return replace(session, told=True)


def _recorded(session: Session, recording: RecordingState) -> Session:
    """Each start asks everybody anew; whoever started it has agreed, which the roster says."""
    began = session.recording.phase is Phase.OFF and recording.phase is Phase.ON
    return replace(session, recording=recording, told=session.told and not began)


def _welcomed(session: Session, welcome: Welcome, now: float) -> Session:
    """Also after a reconnection: the roster is new, what was said before is kept."""
    return replace(
        session,
        you=welcome.you,
        meeting=welcome.meeting,
        began=now - welcome.now,
        roster=_ordered(welcome.roster),
        speaking=(),
        waiting=None,
        policy=welcome.policy,
        lobby=(),
        reactions=(),
        captions=welcome.captions,
        emotions=welcome.emotions,
        recording=welcome.recording,
        told=session.told and welcome.recording.since == session.recording.since,
        checking=welcome.checks,
        checks=checks.NO_CHECKS,
        faces=(),
        files=(),
        ended=None,
    )


def _linked(session: Session, state: LinkState, code: str, sentence: str) -> Session:
    quiet = session if state is LinkState.LIVE else replace(
        session, speaking=(), delay=None, quality=None, faces=()
    )
    return replace(quiet, unverified=None, link=state, code=code, sentence=sentence)


def _left(session: Session, left: Left) -> Session:
    person = session.person(left.participant)
    if person is None:
        return session
    rest = replace(
        session,
        roster=tuple(other for other in session.roster if other.id != left.participant),
        speaking=tuple(other for other in session.speaking if other != left.participant),
        faces=faces.without(session.faces, left.participant),
    )
    return _announced(rest, Spoken.LEFT, name=person.name)


def _heard(session: Session, caption: Caption, now: float) -> Session:
    speaker = session.person(caption.speaker)
    if caption.final:
        order = speaker.order if speaker else 0
        return replace(session, transcript=transcript.entered(session.transcript, caption, order))
    behind = max(0.0, session.elapsed(now) - caption.end)
    return replace(session, delay=Delay(behind, now))


def _changed(session: Session, person: Participant) -> Session:
    before = session.person(person.id)
    now = _with(session, person)
    own = person.id == session.you
    if own and person.role not in MODERATORS:
        now = replace(now, lobby=())
    if before is None:
        return now
    if before.role is not person.role and (own or person.role is Role.HOST):
        return _announced(now, Spoken.ROLE, name=person.name, code=person.role, sentence="you" if own else "")
    raised = before.hand is None and person.hand is not None
    return _announced(now, Spoken.HAND, name=person.name) if raised and not own else now


def _knocked(session: Session, waiters: tuple[Waiter, ...]) -> Session:
    known = {waiter.id for waiter in session.lobby}
    new = [waiter for waiter in waiters if waiter.id not in known]
    now = replace(session, lobby=waiters)
    return _announced(now, Spoken.WAITS, name=new[-1].name) if new else now


def _ruled(session: Session, ruled: PolicyChanged) -> Session:
    before, after = session.policy.model_dump(), ruled.policy.model_dump()
    changes = [name for name in after if after[name] != before[name]]
    now = replace(session, policy=ruled.policy)
    if not changes or (session.me is not None and session.me.name == ruled.by):
        return now
    name = changes[0]
    state = after[name] if isinstance(after[name], str) else "on" if after[name] else "off"
    return _announced(now, Spoken.POLICY, name=ruled.by, code=f"{name}_{state}")


def _captured(session: Session, media: LocalMedia) -> Session:
    """Who turned on what they were asked for has answered."""
    asked = session.asked
    on = {SourceKind.MICROPHONE: media.microphone, SourceKind.CAMERA: media.camera}
    return replace(session, local=media, asked=None if asked and on.get(asked.kind) else asked)


def _written(session: Session, message: ChatMessage) -> Session:
    now = replace(session, chat=chat.written(session.chat, message))
    return now if message.sender == session.you else _announced(now, Spoken.WRITTEN, name=message.name)


def _shared(session: Session, file: SharedFile) -> Session:
    before = next((other.state for other in session.files if other.id == file.id), None)
    now = replace(session, files=files.known(session.files, file))
    news = file.state is FileState.READY and before is not FileState.READY and file.owner != session.you
    return _announced(now, Spoken.SHARED, name=file.owner_name, sentence=file.name) if news else now


def _recalled(session: Session, history: History) -> Session:
    """What was said before we came, or while we were away."""
    for message in history.chat:
        session = replace(session, chat=chat.written(session.chat, message))
    for file in history.files:
        session = replace(session, files=files.known(session.files, file))
    for caption in history.captions:
        speaker = session.person(caption.speaker)
        entries = transcript.entered(session.transcript, caption, speaker.order if speaker else 0)
        session = replace(session, transcript=entries)
    return session


def _with(session: Session, person: Participant) -> Session:
    others = [other for other in session.roster if other.id != person.id]
    return replace(session, roster=_ordered([*others, person]))


def _ordered(roster: list[Participant]) -> tuple[Participant, ...]:
    return tuple(sorted({person.id: person for person in roster}.values(), key=lambda p: (p.order, p.id)))


def _announced(
    session: Session, about: Spoken, *, name: str = "", code: str = "", sentence: str = ""
) -> Session:
    serial = session.announcement.serial + 1 if session.announcement else 1
    return replace(session, announcement=Announcement(serial, about, name, code, sentence))
