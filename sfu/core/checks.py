"""Checks of a camera: who may ask, whether the person agrees, what they are shown, and what the asker reads.

Nothing of a camera is handed out before its owner has said yes, this time or for the rest of this meeting, and that
is in the ledger; either side stops it at any moment.  Every check that was asked for ends with exactly one result for
who asked: what the worker made of it, or *inconclusive* and why.  The host draws no conclusion from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sfu.core import check_results, check_script, permissions
from sfu.core.check_results import Weighed
from sfu.core.check_script import LENGTH_S, Script
from sfu.core.effects import (
    CloseStream,
    Effect,
    Instruct,
    Keep,
    OpenCheck,
    PrepareCheck,
    Tell,
    TellAll,
    Wake,
    WeighCheck,
)
from sfu.core.negotiation import Identities
from sfu.core.person import Person
from sfu.core.records import Consented
from sfu.core.room import Room, changed
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Askers, CheckReason, SourceKind, StandingAnswer

AT_ONCE = 2
"""Each decodes a camera and follows a face in every picture, beside the meeting itself."""
ANSWER_S = 30.0
# A worker that is not running yet loads its models in two seconds; on a busy computer in five.
START_S = 12.0
WEIGH_S = 5.0
# An event loop's timer may ring a clock tick early, and sums of instants round; nobody would ring again.
EARLY_S = 0.005
# Who said no, or nothing, is not asked again by the same person before.
LEFT_ALONE_S = 60.0
_SOURCES = (SourceKind.CAMERA, SourceKind.MICROPHONE)
_OFF = "The host has not allowed checks of cameras in this meeting."
_HOST_ONLY = "In this meeting only the host and co-hosts may ask for a check of a camera. Ask one of them."


class Stage(Enum):
    ASKING = auto()
    STARTING = auto()
    """The person agreed; a worker is being started."""
    RUNNING = auto()
    WEIGHING = auto()


@dataclass(slots=True)
class _Check:
    """One that is going on.  `due`: meeting time at which something has to happen."""

    id: str
    asker: Person
    person: Person
    stage: Stage
    due: float
    script: Script
    stream: str = ""
    kinds: tuple[SourceKind, ...] = ()
    """What is tapped."""
    heard: dict[str, str] = field(default_factory=dict)
    """What captions made of the person's voice, by segment."""

    def told(self, reason: CheckReason = "", *, over: bool = False) -> list[Effect]:
        """To both how far it is."""
        message = wire.Check(
            check=self.id, participant=self.person.id, by=self.asker.id, stage="over" if over else _NAMES[self.stage],
            until=None if over else self.due, reason=reason,
        )  # fmt: skip
        return [Tell(who, message) for who in (self.asker.id, self.person.id)]


_NAMES: dict[Stage, wire.Stage] = {
    Stage.ASKING: "asking", Stage.STARTING: "starting", Stage.RUNNING: "running", Stage.WEIGHING: "weighing",
}  # fmt: skip


class Checks:
    """`state` is what everybody is told about it.  Times are meeting times."""

    def __init__(self, room: Room, identities: Identities) -> None:
        self.state = wire.ChecksState()
        self._room = room
        self._identities = identities
        self._going: dict[str, _Check] = {}
        self._count = 0
        self._alone: dict[tuple[str, str], tuple[float, CheckReason]] = {}
        """(who asked, whom): until when they are left alone, and what they answered."""

    # -- what people say -------------------------------------------------------------------------------------

    def ask(self, asker: Person, wanted: wire.AskCheck, at: float) -> list[Effect]:
        self._require(asker)
        person = self._room.person(wanted.participant)
        if asker.id not in self._room.people:
            raise UserError(ErrorCode.NOT_ADMITTED, "Join the meeting to ask for a check of a camera.")
        if person is asker:
            raise UserError(ErrorCode.BAD_FRAME, "Nobody can ask for a check of their own camera.")
        if not self._on_camera(person):
            raise UserError(ErrorCode.NOT_FOUND, f"{person.name}'s camera is off. There is nothing to check.")
        self._count += 1
        check = _Check(f"c{self._count}", asker, person, Stage.ASKING, at + ANSWER_S, self._script())
        if reason := self._no(check, at):
            return [*check.told(reason, over=True), _result(check, reason)]
        self._going[check.id] = check
        if person.checks is StandingAnswer.ALWAYS:
            return [*self._prepare(), *self._agreed(check, at)]
        question = wire.CheckAsked(
            check=check.id, by=asker.id, name=asker.name, seconds=LENGTH_S, until=check.due
        )  # fmt: skip
        return [*self._prepare(), Tell(person.id, question), *check.told(), self._wake(check.due)]

    def answer(self, person: Person, said: wire.AnswerCheck, at: float) -> list[Effect]:
        """One that is over, or was answered, crossed this on its way."""
        check = self._going.get(said.check)
        if check is None or check.stage is not Stage.ASKING:
            return []
        if check.person is not person:
            raise permissions.refused("That check is not of your camera.")
        if said.accept:
            return self._agreed(check, at)
        return [self._ledger(check, False, at), *self._leave_alone(check, "refused", at)]

    def allow(self, person: Person, said: wire.AllowChecks, at: float) -> list[Effect]:
        """A yes that is taken back stops what it began."""
        if person.checks is said.answer:
            return []
        before, person.checks = person.checks, said.answer
        stopped: list[Effect] = []
        if said.answer is StandingAnswer.NEVER or before is StandingAnswer.ALWAYS:
            for check in self._of(person):
                stopped += self._over(check, "refused" if check.stage is Stage.ASKING else "stopped")
        yes = said.answer is StandingAnswer.ALWAYS
        return [*stopped, Keep(Consented(person.id, person.name, "checks.anyone", yes, at)), changed(person)]

    def cancel(self, by: Person, wanted: wire.CancelCheck, at: float) -> list[Effect]:
        check = self._going.get(wanted.check)
        if check is None:
            return []
        if by not in (check.asker, check.person):
            raise permissions.refused("Only who asked for a check and who is checked can stop it.")
        if by is check.person and check.stage is Stage.ASKING:
            return self._leave_alone(check, "refused", at)
        return self._over(check, "cancelled" if by is check.asker else "stopped")

    def policy_changed(self) -> list[Effect]:
        """A host who allows it no longer stops those that go on."""
        barred = [check for check in self._going.values() if not self._may_ask(check.asker)]
        return [effect for check in barred for effect in self._over(check, "cancelled")]

    # -- what happens to people ------------------------------------------------------------------------------

    def match(self) -> Iterator[Effect]:
        """Ends checks of cameras that are not on any more."""
        for check in list(self._going.values()):
            if check.stage is not Stage.WEIGHING and not self._on_camera(check.person):
                yield from self._over(check, "camera_off")

    def stop(self, person: Person, reason: CheckReason) -> list[Effect]:
        """Their media is gone, or they are."""
        seen = [check for check in self._of(person) if check.stage is not Stage.WEIGHING]
        asked = [check for check in self._going.values() if check.asker is person and reason == "left"]
        return [effect for check in (*seen, *asked) for effect in self._over(check, reason)]

    def heard(self, caption: wire.Caption) -> None:
        """A withdrawn line is an empty one."""
        for check in self._going.values():
            if check.person.id == caption.speaker and check.stage in (Stage.RUNNING, Stage.WEIGHING):
                check.heard[caption.segment] = caption.committed + caption.tail

    # -- what inference says ---------------------------------------------------------------------------------

    def available(
        self, possible: bool, sentence: str, workers: Sequence[wire.CaptionsWorker], now: float
    ) -> list[Effect]:
        """Whether checks can be had, what people should know, who is ready to do them; `now` on the host's clock."""
        state = wire.ChecksState(possible=possible, sentence=sentence, workers=list(workers[: wire.MAX_WORKERS]))
        if state == self.state:
            return []
        lost, self.state = bool(self.state.workers) and not state.workers, state
        effects: list[Effect] = [TellAll(wire.ChecksChanged(checks=state))]
        for check in list(self._going.values()):
            if lost and check.stage in (Stage.RUNNING, Stage.WEIGHING):
                effects += self._over(check, "worker_died")
            elif state.workers and check.stage is Stage.STARTING:
                effects += self._begin(check, self._room.time(now))
        return effects

    def wants_keyframe(self, stream: str) -> list[Effect]:
        """Nothing of this stream can be decoded before a key frame comes."""
        mine = [check for check in self._going.values() if check.stream == stream and check.stage is Stage.RUNNING]
        return [Instruct(self._tap(check, SourceKind.CAMERA)) for check in mine]

    def weighed(self, weighed: Weighed) -> list[Effect]:
        """Nothing when it was stopped meanwhile."""
        for check in self._going.values():
            if check.stage is Stage.WEIGHING and check.stream == weighed.stream:
                return self._finish(check, weighed)
        return []

    # -- time ------------------------------------------------------------------------------------------------

    def wake(self, now: float) -> list[Effect]:
        """Whatever is due by `now` on the host's clock."""
        at = self._room.time(now)
        due = [check for check in self._going.values() if check.due <= at + EARLY_S]
        return [effect for check in due for effect in self._due(check, at)]

    def _due(self, check: _Check, at: float) -> list[Effect]:
        match check.stage:
            case Stage.ASKING:
                return self._leave_alone(check, "no_answer", at)
            case Stage.STARTING:
                return self._over(check, "no_worker")
            case Stage.RUNNING:
                return self._go_on(check, at)
            case Stage.WEIGHING:
                return self._over(check, "worker_died")

    # -- a check ---------------------------------------------------------------------------------------------

    def _agreed(self, check: _Check, at: float) -> list[Effect]:
        """Written down before anything is opened."""
        check.stage, check.due = Stage.STARTING, at + START_S
        kept = [self._ledger(check, True, at)]
        if self.state.workers:
            return [*kept, *self._begin(check, at)]
        return [*kept, *check.told(), self._wake(check.due)]

    def _begin(self, check: _Check, at: float) -> list[Effect]:
        check.stage, check.due = Stage.RUNNING, at
        check.stream = f"{check.person.id}-check-{check.id}"
        check.person.check = check.id
        check.kinds = tuple(kind for kind in _SOURCES if kind in check.person.lines)
        taps = [Instruct(self._tap(check, kind)) for kind in check.kinds]
        progress = wire.Check(
            check=check.id, participant=check.person.id, by=check.asker.id, stage="running", until=at + LENGTH_S
        )
        told = [Tell(who, progress) for who in (check.asker.id, check.person.id)]
        return [OpenCheck(check.stream), *taps, changed(check.person), *told, *self._go_on(check, at)]

    def _go_on(self, check: _Check, at: float) -> list[Effect]:
        step = check.script.next(at)
        if step is None:
            return self._weigh(check, at)
        check.due = at + step.seconds
        shown = wire.CheckStep(check=check.id, act=step.act, colour=step.html, code=step.code, until=check.due)
        return [Tell(check.person.id, shown), self._wake(check.due)]

    def _weigh(self, check: _Check, at: float) -> list[Effect]:
        check.stage, check.due = Stage.WEIGHING, at + WEIGH_S
        person = check.person
        certificate = person.agreed.fingerprints if person.agreed is not None else ()
        evidence = check.script.evidence(
            self._room.began, " ".join(check.heard.values()) if person.stream is not None else None,
            same_certificate=certificate == person.joined_with,
            voice=person.switches.get(SourceKind.MICROPHONE, False),
        )  # fmt: skip
        closing = self._close(check)
        weigh = WeighCheck(check.stream, evidence)
        return [weigh, *closing, CloseStream(check.stream), *check.told(), self._wake(check.due)]

    def _finish(self, check: _Check, weighed: Weighed) -> list[Effect]:
        del self._going[check.id]
        result = check_results.result(check.id, check.person.id, weighed)
        return [*check.told(over=True), Tell(check.asker.id, result)]

    def _over(self, check: _Check, reason: CheckReason) -> list[Effect]:
        """Before it was weighed."""
        del self._going[check.id]
        closing = [*self._close(check), CloseStream(check.stream)] if check.stage is Stage.RUNNING else []
        return [*closing, *check.told(reason, over=True), _result(check, reason)]

    def _close(self, check: _Check) -> list[Effect]:
        check.person.check = None
        sources = [check.person.source(kind) for kind in check.kinds]
        taps: list[Effect] = [Instruct(link.CloseTap(source=source, stream=check.stream)) for source in sources]
        return [*taps, changed(check.person)]

    def _leave_alone(self, check: _Check, reason: CheckReason, at: float) -> list[Effect]:
        self._alone[check.asker.id, check.person.id] = at + LEFT_ALONE_S, reason
        return self._over(check, reason)

    # -- small things ----------------------------------------------------------------------------------------

    def _require(self, asker: Person) -> None:
        if not self._may_ask(asker):
            raise permissions.refused(_OFF if self._room.policy.checks is Askers.OFF else _HOST_ONLY)
        if not self.state.possible:
            raise UserError(ErrorCode.UNSUPPORTED, self.state.sentence or "Cameras cannot be checked on this host.")

    def _may_ask(self, asker: Person) -> bool:
        allowed = self._room.policy.checks
        return allowed is Askers.ANYONE or (allowed is Askers.HOST and asker.moderates)

    def _no(self, check: _Check, at: float) -> CheckReason:
        """Why it is over before it began; empty: it is not."""
        if check.person.checks is StandingAnswer.NEVER:
            return "refused"
        until, answer = self._alone.get((check.asker.id, check.person.id), (0.0, ""))
        if at < until:
            return answer
        busy = len(self._going) >= AT_ONCE or any(self._of(check.person))
        return "busy" if busy else ""

    def _of(self, person: Person) -> list[_Check]:
        return [check for check in self._going.values() if check.person is person]

    def _on_camera(self, person: Person) -> bool:
        on = person.switches.get(SourceKind.CAMERA, False)
        return person.id in self._room.people and person.has_media and on and SourceKind.CAMERA in person.lines

    def _tap(self, check: _Check, kind: SourceKind) -> link.OpenTap:
        source, picture = check.person.source(kind), kind is SourceKind.CAMERA
        return link.OpenTap(source=source, stream=check.stream, middle=picture)

    def _ledger(self, check: _Check, yes: bool, at: float) -> Effect:
        person = check.person
        return Keep(Consented(person.id, person.name, f"check.{check.asker.id}", yes, at))

    def _script(self) -> Script:
        return Script(check_script.draw(self._identities))

    def _prepare(self) -> list[Effect]:
        """The worker is loaded while the person reads what is asked of them."""
        return [] if self.state.workers else [PrepareCheck()]

    def _wake(self, at: float) -> Effect:
        return Wake(self._room.began + at)


def _result(check: _Check, reason: CheckReason) -> Effect:
    nothing = Weighed(check.stream, "inconclusive", reason)
    return Tell(check.asker.id, check_results.result(check.id, check.person.id, nothing))
