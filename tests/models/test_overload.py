"""Three people speak at once on a computer that is too slow for them: late, but never later and later."""

from __future__ import annotations

import pytest

from models.core.captioner import Captioner
from models.core.effort import Effort, Pace
from models.core.hearing import Ask, Heard, Kind, Word
from models.core.language import Language
from models.core.turns import Turns
from models.core.voice import FRAME

# Seconds of one core for a pass of whisper-base, as measured; the smaller model takes half.
COST = {Kind.PARTIAL: 0.25, Kind.FINAL: 0.5, Kind.HASTY: 0.35, Kind.CAREFUL: 1.0}


class Computer:
    """Time goes by while the model works; `slow`: how many times slower than a core of its own."""

    def __init__(self, slow: float, *, has_smaller: bool) -> None:
        self.now = 0.0
        self.turns = Turns()
        self.pace = Pace(has_smaller)
        self.slow = slow
        self.speakers = {name: Captioner(Language("en")) for name in ("ana", "ben", "max")}
        self.delays: list[tuple[float, float]] = []
        self.words = 0
        self.hardest = Effort.FULL

    def run(self, seconds: float) -> None:
        heard_until = 0.0
        while self.now < seconds:
            while heard_until + FRAME <= self.now:
                heard_until += FRAME
                self._listen(heard_until)
            if not self._work():
                self.now = heard_until + FRAME

    def _listen(self, until: float) -> None:
        """Everybody speaks for four seconds and breathes for one, not all at the same moment."""
        for number, captioner in enumerate(self.speakers.values()):
            captioner.voice(until, 0.95 if (until + number) % 5.0 < 4.0 else 0.02)

    def _work(self) -> bool:
        wishes = {name: ask for name, each in self.speakers.items() if (ask := each.want(self.now)) is not None}
        chosen = self.turns.choose(wishes, self.now)
        if chosen is None:
            return False
        captioner, ask, asked_at = self.speakers[chosen], wishes[chosen], self.now
        self.now += COST[ask.kind] * self.slow / (2 if self.pace.effort is Effort.SMALL else 1)
        captioner.heard(ask, Heard(tuple(_spoken(ask)), "en", 0.0, -0.2), asked_at)
        self.delays += [(self.now, self.now - each.end) for each in captioner.take() if each.final]
        self.pace.answered(self.now - self.turns.waited_since, self.now)
        self.hardest = max(self.hardest, self.pace.effort)
        for each in self.speakers.values():
            each.step = self.pace.step
        return True

    def worst(self, since: float, until: float) -> float:
        return max(delay for at, delay in self.delays if since <= at < until)


def _spoken(ask: Ask) -> list[Word]:
    """Two words a second, in place."""
    first, last = int(ask.start * 2) + 1, int(ask.end * 2)
    return [Word(f" w{n}", (n,), n / 2, n / 2 + 0.3, 0.95) for n in range(first, last) if n / 2 + 0.3 <= ask.end]


@pytest.mark.parametrize(("slow", "has_smaller"), [(1.0, False), (2.0, True), (4.0, False), (6.0, True)])
def test_finals_of_three_people_are_at_most_six_seconds_late_and_never_later(slow: float, has_smaller: bool) -> None:
    computer = Computer(slow, has_smaller=has_smaller)

    computer.run(300)

    assert computer.worst(30, 300) <= 6.0
    assert computer.worst(200, 300) <= computer.worst(100, 200) + 1.0


def test_a_fast_computer_leaves_nothing_undone() -> None:
    computer = Computer(0.1, has_smaller=True)

    computer.run(60)

    assert computer.hardest is Effort.FULL
