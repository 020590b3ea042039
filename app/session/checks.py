"""Checks of cameras as this client knows them: one that it asked for, and one of its own camera.

What the host says about a check replaces what it said before.  A question that is answered here is gone at once; the
host's word about it is still on its way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sfu.wire.messages import Check, CheckAsked, CheckResult, CheckStep, ParticipantId

CheckMessage = Check | CheckAsked | CheckStep | CheckResult


@dataclass(frozen=True, slots=True)
class Checks:
    """`asked`: a question to this person; `mine`: a check of their camera that goes on, and `step` what it shows them.
    `theirs`: the check that they asked for; `result`: what it came to."""

    asked: CheckAsked | None = None
    mine: Check | None = None
    step: CheckStep | None = None
    theirs: Check | None = None
    result: CheckResult | None = None


NO_CHECKS = Checks()


def after(checks: Checks, message: CheckMessage, you: ParticipantId) -> Checks:
    match message:
        case CheckAsked():
            return replace(checks, asked=message)
        case CheckStep():
            return replace(checks, step=message)
        case CheckResult():
            return replace(checks, result=message)
        case Check(participant=participant) if participant == you:
            return _of_mine(checks, message)
        case Check(by=by) if by == you:
            return replace(checks, theirs=message, result=checks.result if message.stage == "over" else None)
    return checks


def answered(checks: Checks) -> Checks:
    return replace(checks, asked=None)


def closed(checks: Checks) -> Checks:
    """The person has read the result, or wants to see no more of it."""
    return replace(checks, theirs=None, result=None)


def _of_mine(checks: Checks, check: Check) -> Checks:
    asked = checks.asked if check.stage == "asking" else None
    if check.stage == "over":
        return replace(checks, asked=asked, mine=None, step=None)
    return replace(checks, asked=asked, mine=check)
