"""Messages about checks of a camera: who asks, what the person checked is shown and says, and what came out.

A check may call a camera consistent, inconclusive or inconsistent; it never says that somebody is real, and nothing
follows from it by itself.  Import these from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import ChecksState, HostSaid, MeetingTime, Message, Name, ParticipantId, StandingAnswer

MAX_WITNESSES = 8
MAX_PICTURES = 100_000
MAX_PLOT = 64
"""Points of one small plot."""

CheckId = Annotated[str, Field(min_length=2, max_length=16, pattern=r"^c[0-9]+$")]
Act = Literal["turn_left", "turn_right", "nod", "blink", "cover", ""]
"""To the person's own left or right; `cover`: the mouth, with a hand."""
Verdict = Literal["consistent", "inconclusive", "inconsistent"]
Witness = Literal["repetition", "lips", "challenge", "illumination", "liveness", "provenance", "detector"]
Stage = Literal["asking", "starting", "running", "weighing", "over"]
CheckReason = Literal[
    "", "refused", "no_answer", "cancelled", "stopped", "busy", "left", "camera_off", "network", "no_worker",
    "worker_died", "no_sound", "no_speech", "no_face", "several_faces", "covered", "too_dark", "too_small",
    "too_short", "too_still", "few_pictures", "not_asked", "changed",
]  # fmt: skip
"""Why nothing can be told: of the whole check, or of one witness.

`stopped`: by the person checked; `changed`: the connection is not the one that they joined with.
"""
_Series = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=MAX_PLOT)]

# -- client to host ------------------------------------------------------------------------------------------


class AskCheck(Message):
    """Ask for a check of somebody's camera.  `check` and in the end `check_result` answer, whatever happens."""

    type: Literal["ask_check"] = "ask_check"
    participant: ParticipantId


class AnswerCheck(Message):
    """Whether you let this check begin.  Sent only after the client has shown the notice and the person has chosen."""

    type: Literal["answer_check"] = "answer_check"
    check: CheckId
    accept: bool


class AllowChecks(Message):
    """What the host is to answer for you from now on in this meeting; `ask` takes it back."""

    type: Literal["allow_checks"] = "allow_checks"
    answer: StandingAnswer


class CancelCheck(Message):
    """Stop it at once.  Who asked and who is checked may."""

    type: Literal["cancel_check"] = "cancel_check"
    check: CheckId


# -- host to client ------------------------------------------------------------------------------------------


class CheckAsked(HostSaid):
    """Somebody asks to check your camera.  Show who, what is done and for how long; answer with `answer_check`."""

    type: Literal["check_asked"] = "check_asked"
    check: CheckId
    by: ParticipantId
    name: Name
    seconds: float = Field(gt=0, le=60, description="how long it takes once it has begun")
    until: MeetingTime = Field(description="when it counts as not answered")


class Check(HostSaid):
    """How far a check is; to who asked and who is checked.  Replaces the last such message about it."""

    type: Literal["check"] = "check"
    check: CheckId
    participant: ParticipantId
    by: ParticipantId
    stage: Stage
    until: MeetingTime | None = Field(default=None, description="when this stage ends at the latest")
    reason: CheckReason = Field(default="", description="why it is over, when it was not weighed")


class CheckStep(HostSaid):
    """What the person checked is to be shown now, on their own screen and at once; replaces the one before.

    `act`: asked of them; empty: nothing, look at the camera.  `colour`: fills the screen behind everything, evenly and
    without a transition; empty: as usual.  `code`: to be read aloud.
    """

    type: Literal["check_step"] = "check_step"
    check: CheckId
    act: Act = ""
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-f]{6})?$")] = ""
    code: Annotated[str, Field(pattern=r"^[0-9]{0,8}$")] = ""
    until: MeetingTime = Field(description="when the next one comes")


class WitnessSaid(Message):
    """One witness of a check.

    `score`: -1 (against the camera) .. 1 (for it); 0 with a `reason`: it cannot tell.  `measured` and `threshold`: the
    figure that the score stands on.  The plot: `values` at `seconds`; `others`, if any, is what they should follow.
    """

    name: Witness
    score: float = Field(ge=-1, le=1)
    measured: float | None = Field(default=None, allow_inf_nan=False)
    threshold: float | None = Field(default=None, allow_inf_nan=False)
    reason: CheckReason = ""
    seconds: _Series = Field(default_factory=list)
    values: _Series = Field(default_factory=list)
    others: _Series = Field(default_factory=list)


class CheckResult(HostSaid):
    """What a check came to, for who asked and nobody else.  Nothing of it is kept by the host."""

    type: Literal["check_result"] = "check_result"
    check: CheckId
    participant: ParticipantId
    verdict: Verdict
    reason: CheckReason = Field(default="", description="what kept it from telling more")
    witnesses: Annotated[list[WitnessSaid], Field(max_length=MAX_WITNESSES)] = Field(default_factory=list)
    pictures: int = Field(default=0, ge=0, le=MAX_PICTURES, description="that were looked at")


class ChecksChanged(HostSaid):
    """Whether cameras can be checked now, and where."""

    type: Literal["checks_changed"] = "checks_changed"
    checks: ChecksState
