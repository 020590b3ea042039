"""Host records and session messages in the words of `parley.proto`.  Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfu.rpc import parley_pb2 as pb
from sfu.store.accounts import Account
from sfu.wire import http
from sfu.wire import messages as wire

_STATES: dict[http.MeetingState, pb.MeetingState.ValueType] = {
    "scheduled": pb.MEETING_STATE_SCHEDULED, "live": pb.MEETING_STATE_LIVE, "ended": pb.MEETING_STATE_ENDED
}
_ROLES = {
    wire.Role.HOST: pb.ROLE_HOST, wire.Role.CO_HOST: pb.ROLE_CO_HOST, wire.Role.MEMBER: pb.ROLE_MEMBER,
    wire.Role.GUEST: pb.ROLE_GUEST,
}  # fmt: skip


def state_of(wanted: pb.MeetingState.ValueType) -> http.MeetingState | None:
    """None: any, also for a number that a newer client may know."""
    return next((state for state, number in _STATES.items() if number == wanted), None)


def user(account: Account, own: bool) -> pb.User:
    if not own:
        return pb.User(id=account.id, name=account.name)
    return pb.User(id=account.id, name=account.name, email=account.email, made_at=account.made_at)


def meeting(info: http.MeetingInfo) -> pb.Meeting:
    return pb.Meeting(
        id=info.id, code=info.code, title=info.title, state=_STATES[info.state], starts_at=info.starts_at,
        minutes=info.minutes, began_at=info.began_at, ended_at=info.ended_at, locked=info.locked, people=info.people,
    )  # fmt: skip


def attendee(one: http.Attendee) -> pb.Participant:
    return pb.Participant(
        id=one.id, name=one.name, role=_ROLES[one.role], client=one.client, came=one.came, went=one.went
    )


def participant(one: wire.Participant) -> pb.Participant:
    live = pb.Participant.Live(
        microphone=one.microphone, camera=one.camera, screen=one.screen, connected=one.connected, hand=one.hand
    )
    return pb.Participant(id=one.id, name=one.name, role=_ROLES[one.role], client=one.client, live=live)


def in_meeting(about: wire.Meeting, one: wire.Participant) -> pb.TokenOwner.InMeeting:
    return pb.TokenOwner.InMeeting(meeting=about.id, participant=one.id, name=one.name, role=_ROLES[one.role])


def snapshot(info: http.MeetingInfo, roster: list[wire.Participant]) -> pb.Event:
    shown = pb.Event.Snapshot(meeting=meeting(info), participants=map(participant, roster))
    return pb.Event(snapshot=shown)


def event(message: wire.HostMessage) -> pb.Event | None:
    """None for what watchers are not told: how clients work, and what is guessed about faces."""
    shape = _EVENTS.get(type(message))
    return shape(message) if shape is not None else None


def _caption(heard: wire.Caption) -> pb.Event:
    return pb.Event(
        caption=pb.Event.Caption(
            segment=heard.segment, speaker=heard.speaker, name=heard.name, committed=heard.committed, tail=heard.tail,
            final=heard.final, language=heard.language, start=heard.start, end=heard.end, confidence=heard.confidence,
        )
    )  # fmt: skip


def _corrected(now: wire.Corrected) -> pb.Event:
    return pb.Event(corrected=pb.Event.Corrected(segment=now.segment, text=now.text, by=now.by, name=now.name))


def _chat(said: wire.Chat) -> pb.Event:
    words = said.message
    shown = pb.Event.Chat(id=words.id, sender=words.sender, name=words.name, text=words.text, at=words.at)
    return pb.Event(chat=shown)


_EVENTS: dict[type[wire.Message], Callable[[Any], pb.Event]] = {
    wire.Joined: lambda it: pb.Event(joined=participant(it.participant)),
    wire.Changed: lambda it: pb.Event(changed=participant(it.participant)),
    wire.Left: lambda it: pb.Event(left=pb.Event.Left(participant=it.participant, reason=it.reason)),
    wire.Speaking: lambda it: pb.Event(speaking=pb.Event.Speaking(participants=it.participants)),
    wire.Caption: _caption,
    wire.Corrected: _corrected,
    wire.Chat: _chat,
    wire.ChatDeleted: lambda it: pb.Event(chat_deleted=pb.Event.ChatDeleted(id=it.message)),
    wire.Reacted: lambda it: pb.Event(reacted=pb.Event.Reacted(participant=it.participant, reaction=it.reaction)),
    wire.Notice: lambda it: pb.Event(notice=pb.Event.Notice(code=it.code, sentence=it.sentence)),
    wire.Ended: lambda it: pb.Event(ended=pb.Event.Ended(reason=it.reason)),
}
