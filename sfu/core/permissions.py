"""Who may do what, decided on the host and nowhere else.  One row for every message; a new message is a new row.

What depends on whose hand, message or words it is about is asked with `require_own`.
"""

from __future__ import annotations

from sfu.core.person import Person
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Policy, Role

EVERYBODY = frozenset(Role)
NO_GUESTS = EVERYBODY - {Role.GUEST}
MODERATORS = frozenset({Role.HOST, Role.CO_HOST})
HOST_ALONE = frozenset({Role.HOST})

MAY: dict[type[wire.Message], frozenset[Role]] = {
    wire.Join: EVERYBODY,
    wire.Resume: EVERYBODY,
    wire.Offer: EVERYBODY,
    wire.SetMedia: EVERYBODY,
    wire.Watch: EVERYBODY,
    wire.AnswerConsent: EVERYBODY,
    wire.ShareEmotions: EVERYBODY,
    wire.AskCheck: EVERYBODY,
    wire.AnswerCheck: EVERYBODY,
    wire.AllowChecks: EVERYBODY,
    wire.CancelCheck: EVERYBODY,
    wire.Leave: EVERYBODY,
    wire.Ping: EVERYBODY,
    wire.Say: EVERYBODY,
    wire.DeleteChat: EVERYBODY,
    wire.GetFile: EVERYBODY,
    wire.WithdrawFile: EVERYBODY,
    wire.OfferFile: NO_GUESTS,
    wire.Hand: EVERYBODY,
    wire.React: EVERYBODY,
    wire.Correct: EVERYBODY,
    wire.SetSpoken: EVERYBODY,
    wire.SetTranslation: EVERYBODY,
    wire.SetGlossary: MODERATORS,
    wire.SetCaptions: MODERATORS,
    wire.Record: MODERATORS,
    wire.AnswerRecording: EVERYBODY,
    wire.LowerHands: MODERATORS,
    wire.SetPolicy: MODERATORS,
    wire.SetPasscode: MODERATORS,
    wire.Admit: MODERATORS,
    wire.Deny: MODERATORS,
    wire.Mute: MODERATORS,
    wire.AskUnmute: MODERATORS,
    wire.SetSpotlight: MODERATORS,
    wire.Remove: MODERATORS,
    wire.SetRole: HOST_ALONE,
    wire.End: HOST_ALONE,
}

_SENTENCES: dict[type[wire.Message], str] = {
    wire.OfferFile: "Guests cannot share files here. Ask the host to make you a member.",
    wire.SetCaptions: "Only the host can turn captions on or off for everybody. Ask the host to do it.",
    wire.Record: "Only the host and co-hosts can record the meeting. Ask one of them.",
    wire.End: "Only the host can end the meeting for everybody. You can leave it.",
    wire.SetRole: "Only the host can give people another role. Ask the host to do it.",
}
_USUAL = "Only the host and co-hosts can do that. Ask one of them."


def check(person: Person, message: wire.Message, policy: Policy) -> None:
    """Raises UserError(NOT_ALLOWED) with a sentence that says who may."""
    if person.role not in MAY[type(message)] and not _takes_back(person, message):
        raise refused(_SENTENCES.get(type(message), _USUAL))
    if person.role not in MODERATORS:
        _check_policy(message, policy)


def require_own(person: Person, owner: str, sentence: str) -> None:
    """Raises UserError(NOT_ALLOWED) unless it is theirs, or they may decide about everybody's."""
    if person.id != owner and person.role not in MODERATORS:
        raise refused(sentence)


def refused(sentence: str) -> UserError:
    return UserError(ErrorCode.NOT_ALLOWED, sentence)


def _takes_back(person: Person, message: wire.Message) -> bool:
    """The owner of the computer may always become its meeting's host again."""
    return person.owner and message == wire.SetRole(participant=person.id, role=Role.HOST)


def _check_policy(message: wire.Message, policy: Policy) -> None:
    match message:
        case wire.Say(to=None) if not policy.chat:
            raise refused("The host has turned the chat off.")
        case wire.Say(to=str()) if not policy.private_chat:
            raise refused("The host has turned private messages off. Write to everybody instead.")
        case wire.OfferFile() if not policy.files:
            raise refused("The host has turned sharing of files off.")
        case wire.SetMedia(screen=True) if not policy.screen:
            raise refused("The host has turned sharing of screens off. Ask to be made a co-host.")
