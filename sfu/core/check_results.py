"""What a worker made of a check, as far as the protocol lets it be told: a worker gone mad must not stop a meeting."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from sfu.wire import messages as wire

_VERDICTS, _WITNESSES = frozenset(get_args(wire.Verdict)), frozenset(get_args(wire.Witness))
_REASONS = frozenset(get_args(wire.CheckReason))
_LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class Said:
    """One witness, as in `wire.WitnessSaid`, but unproved."""

    name: str
    score: float
    measured: float = math.nan
    threshold: float = math.nan
    reason: str = ""
    seconds: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    others: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    stream: str
    verdict: str
    reason: str = ""
    said: tuple[Said, ...] = ()
    pictures: int = 0


def result(check: str, participant: str, weighed: Weighed) -> wire.CheckResult:
    """A verdict that is not one of the three is *inconclusive*."""
    known = [said for said in weighed.said if said.name in _WITNESSES]
    verdict: Any = weighed.verdict if weighed.verdict in _VERDICTS else "inconclusive"
    return wire.CheckResult(
        check=check, participant=participant, verdict=verdict, reason=_reason(weighed.reason),
        pictures=min(max(0, weighed.pictures), wire.MAX_PICTURES),
        witnesses=[_witness(said) for said in known[: wire.MAX_WITNESSES]],
    )  # fmt: skip


def _witness(said: Said) -> wire.WitnessSaid:
    name: Any = said.name
    plotted = [series for series in (said.seconds, said.values, said.others) if series]
    length = min([wire.MAX_PLOT, *map(len, plotted)])
    return wire.WitnessSaid(
        name=name, score=_score(said.score), measured=_number(said.measured), threshold=_number(said.threshold),
        reason=_reason(said.reason), seconds=_series(said.seconds[:length]), values=_series(said.values[:length]),
        others=_series(said.others[:length]),
    )  # fmt: skip


def _reason(word: str) -> Any:
    return word if word in _REASONS else ""


def _score(number: float) -> float:
    return min(1.0, max(-1.0, number)) if math.isfinite(number) else 0.0


def _number(number: float) -> float | None:
    return min(_LARGEST, max(-_LARGEST, number)) if math.isfinite(number) else None


def _series(numbers: Iterable[float]) -> list[float]:
    return [_number(number) or 0.0 for number in numbers]
