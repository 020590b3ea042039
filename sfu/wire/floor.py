"""Messages about how a meeting is run: lobby, lock, passcode, roles, muting, removing.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import (
    MAX_PASSCODE,
    Askers,
    Audience,
    HostSaid,
    Message,
    Name,
    ParticipantId,
    Policy,
    Role,
    Sentence,
    SourceKind,
    Waiter,
)

# -- client to host ------------------------------------------------------------------------------------------


class SetPolicy(Message):
    """What is given changes, the rest stays (host and co-hosts)."""

    type: Literal["policy"] = "policy"
    lobby: bool | None = None
    locked: bool | None = None
    accounts_only: bool | None = None
    newcomers: Literal[Role.MEMBER, Role.GUEST] | None = None
    chat: bool | None = None
    private_chat: bool | None = None
    screen: bool | None = None
    files: bool | None = None
    unmute: bool | None = None
    emotions: Audience | None = None
    checks: Askers | None = None


class SetPasscode(Message):
    """Who joins from now on needs it; empty: none (host and co-hosts).  It is kept as a hash."""

    type: Literal["passcode"] = "passcode"
    passcode: Annotated[str, Field(max_length=MAX_PASSCODE)]


class Admit(Message):
    """Let somebody in from the lobby; `who` None: everybody who waits (host and co-hosts)."""

    type: Literal["admit"] = "admit"
    who: ParticipantId | None = None


class Deny(Message):
    """Send somebody away from the lobby (host and co-hosts)."""

    type: Literal["deny"] = "deny"
    who: ParticipantId


class SetRole(Message):
    """Give somebody another role (host).  `host` hands the host's role over: the giver becomes a co-host.

    The owner of the computer may take the host's role back by giving it to themselves.
    """

    type: Literal["role"] = "role"
    participant: ParticipantId
    role: Role


class Mute(Message):
    """Turn off a source of somebody else; `participant` None: of everybody but host and co-hosts.

    The host stops forwarding it at once, whatever the client does.
    """

    type: Literal["mute"] = "mute"
    participant: ParticipantId | None = None
    kind: SourceKind = SourceKind.MICROPHONE


class AskUnmute(Message):
    """Ask somebody to turn a source on; nobody is ever unmuted by others (host and co-hosts)."""

    type: Literal["ask_unmute"] = "ask_unmute"
    participant: ParticipantId
    kind: SourceKind = SourceKind.MICROPHONE


class SetSpotlight(Message):
    """Everybody sees this person large; None: nobody in particular.  One at a time (host and co-hosts)."""

    type: Literal["spotlight"] = "spotlight"
    participant: ParticipantId | None = None


class Remove(Message):
    """Somebody has to leave; `bar`: and may not come back into this meeting (host and co-hosts)."""

    type: Literal["remove"] = "remove"
    participant: ParticipantId
    bar: bool = False


# -- host to client ------------------------------------------------------------------------------------------


class Waiting(HostSaid):
    """Answer to `join` while there is a lobby: wait, the socket stays open; `welcome` or `error` comes later."""

    type: Literal["waiting"] = "waiting"
    you: ParticipantId
    title: Annotated[str, Field(max_length=120)]
    sentence: Sentence


class Lobby(HostSaid):
    """Who waits, first come first; replaces the one before.  Sent to host and co-hosts."""

    type: Literal["lobby"] = "lobby"
    waiting: list[Waiter]


class PolicyChanged(HostSaid):
    type: Literal["policy_changed"] = "policy_changed"
    policy: Policy
    by: Name


class Muted(HostSaid):
    """You were muted: stop capturing it, and show that it is off."""

    type: Literal["muted"] = "muted"
    kind: SourceKind
    by: Name


class UnmuteAsked(HostSaid):
    """You are asked to turn it on; ask the person, never do it for them."""

    type: Literal["unmute_asked"] = "unmute_asked"
    kind: SourceKind
    by: Name
