"""Who speaks now, from the levels that packets carry in the clear (RFC 6464): nothing is decoded.

A level is a number a packet, and people cough, type and laugh, so one loud packet is no speech.  Somebody speaks
when at least two fifths of the last 400 ms were louder than -35 dBov (the thresholds other servers settled on), and
goes on speaking through a breath.  The order, loudest first, changes only when somebody is clearly louder, or the
window would flicker between two people who talk at once.

Where there are more voices than slots, the loudest are heard.  Whoever has a place keeps it through a pause, and
against everybody who is not clearly louder: a voice that comes and goes in mid-sentence is worse than a missing one.
"""

from __future__ import annotations

from collections import deque

LOUD_DBOV = -35
SILENCE_DBOV = -127
WINDOW_S = 0.4
ACTIVE_SHARE = 0.4
# The longest packet people use; with DTX nothing comes in silence, so a packet stands for no more than this.
PACKET_S = 0.02
# Between two phrases one breathes; a picture's frame that goes dark for that is worse than one that stays.
HOLD_S = 0.6
LOUDER_BY_DB = 6
# A place among the loudest outlasts a moment's thought.
PLACE_S = 2.0
# A client has four slots for voices, and its own takes none: who is behind these is heard by nobody.
HEARD = 5
STEP_S = 0.1
# 400 ms of 10 ms packets; more in the window is a sender who counts on our memory.
MAX_PACKETS = 64


class Voice:
    """One microphone's recent past."""

    __slots__ = ("_heard", "loudness", "spoke_at")

    def __init__(self) -> None:
        self._heard: deque[tuple[float, int]] = deque(maxlen=MAX_PACKETS)
        self.loudness = SILENCE_DBOV
        self.spoke_at = float("-inf")

    def hear(self, level: int, now: float) -> None:
        """One packet's extension byte: the lower seven bits are -dBov."""
        self._heard.append((now, -(level & 0x7F)))

    @property
    def is_quiet(self) -> bool:
        """Nothing came within the window that was last judged."""
        return not self._heard

    def judge(self, now: float) -> bool:
        """Whether this is speech now; remembers when it last was."""
        while self._heard and now - self._heard[0][0] > WINDOW_S:
            self._heard.popleft()
        loud = [dbov for _, dbov in self._heard if dbov > LOUD_DBOV]
        if len(loud) * PACKET_S >= ACTIVE_SHARE * WINDOW_S:
            self.spoke_at = now
            self.loudness = sum(loud) // len(loud)
        return now - self.spoke_at <= HOLD_S

    def strength(self, now: float) -> int:
        """How much of a claim it has to be heard, in dBov."""
        return self.loudness if now - self.spoke_at <= PLACE_S else SILENCE_DBOV


class Speakers:
    """Everybody's voices; `poll` says when the list of speakers has changed."""

    def __init__(self) -> None:
        self._voices: dict[str, Voice] = {}
        self._speaking: tuple[str, ...] = ()
        self._judge_at: float | None = None
        self._ranking: list[str] = []
        """Whoever was heard, the strongest claim first."""
        self._places: dict[str, int] = {}
        self.reordered = False
        """The last `poll` found others, or another order, among those who are heard."""

    def hear(self, source: str, level: int, now: float) -> None:
        voice = self._voices.get(source)
        if voice is None:
            voice = self._voices[source] = Voice()
            self._ranking.append(source)
        voice.hear(level, now)
        if self._judge_at is None:
            self._judge_at = now

    def forget(self, source: str) -> None:
        """Muted or gone: silent at once, however loud a moment ago."""
        if self._voices.pop(source, None) is not None:
            self._ranking.remove(source)
        self._judge_at = float("-inf")

    def place(self, source: str) -> int:
        """0: the first to be heard; those who have not made a sound come last, all alike."""
        return self._places.get(source, len(self._places))

    @property
    def speaking(self) -> tuple[str, ...]:
        return self._speaking

    def poll(self, now: float) -> tuple[str, ...] | None:
        """The speakers, loudest first, if that has changed."""
        self.reordered = False
        if self._judge_at is None or now < self._judge_at:
            return None
        talking = [source for source, voice in self._voices.items() if voice.judge(now)]
        heard = any(not voice.is_quiet for voice in self._voices.values())
        self._judge_at = now + STEP_S if heard or talking else None
        self._rank(now)
        before = {source: place for place, source in enumerate(self._speaking)}
        talking.sort(key=lambda source: (-self._voices[source].loudness // LOUDER_BY_DB, before.get(source, 99)))
        if tuple(talking) == self._speaking:
            return None
        self._speaking = tuple(talking)
        return self._speaking

    def _rank(self, now: float) -> None:
        """One who is clearly louder than the one before them goes ahead; nobody else moves."""
        ranking, before = self._ranking, self._ranking[:HEARD]
        strength = {source: voice.strength(now) for source, voice in self._voices.items()}
        for first in range(min(HEARD, len(ranking))):  # as many rounds as there are places to be won
            for at in range(len(ranking) - 1, first, -1):
                if strength[ranking[at]] >= strength[ranking[at - 1]] + LOUDER_BY_DB:
                    ranking[at - 1], ranking[at] = ranking[at], ranking[at - 1]
        self._places = {source: place for place, source in enumerate(ranking)}
        self.reordered = before != ranking[:HEARD]

    def wake_at(self) -> float | None:
        return self._judge_at
