"""Who may do what, decided on the host and nowhere else.  One table; a new action is a new row."""

from __future__ import annotations

from enum import Enum, auto

from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import Role


class Action(Enum):
    SET_CAPTIONS = auto()
    END_MEETING = auto()


_ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SET_CAPTIONS: frozenset({Role.HOST}),
    Action.END_MEETING: frozenset({Role.HOST}),
}

_SENTENCES: dict[Action, str] = {
    Action.SET_CAPTIONS: "Only the host can turn captions on or off for everybody. Ask the host to do it.",
    Action.END_MEETING: "Only the host can end the meeting for everybody. You can leave it.",
}


def require(role: Role, action: Action) -> None:
    """Raises UserError(NOT_ALLOWED) with a sentence that says who may."""
    if role not in _ALLOWED[action]:
        raise UserError(ErrorCode.NOT_ALLOWED, _SENTENCES[action])
