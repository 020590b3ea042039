"""What the caption benches count, from captions as they reached a screen.  One definition of each key, here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.core.scoring import Display, align, percentile, words
from tests.bench._speech import Clip, Reference

# A final may begin a little before its phrase (alignment) and end a little after it.
SLACK = 0.5
# What is also told of the tuning and of the held-out clips.
SPLIT = (
    "shown_p50_s", "shown_p95_s", "unstable_ratio", "final_changed_ratio", "final_p95_s", "phrases_lost", "wer",
    "wer_over_offline", "words",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One caption event.  `at`, `start` and `end` are seconds into the clip that it belongs to."""

    at: float
    segment: int | str
    committed: str
    tail: str
    final: bool
    start: float
    end: float


@dataclass(slots=True)
class Run:
    """What one clip's captions did."""

    display: Display = field(default_factory=Display)
    finals: list[Seen] = field(default_factory=list)
    committed: int = 0
    changed: int = 0
    cpu_s: float = 0.0
    _committed: dict[int | str, str] = field(default_factory=dict)

    def take(self, seen: Seen) -> None:
        """Raises AssertionError when committed text changed before the final."""
        self.display.show(seen.at, seen.segment, seen.committed + seen.tail)
        before, now = words(self._committed.get(seen.segment, "")), words(seen.committed)
        if seen.final:
            self.finals.append(seen)
            self.committed += len(before)
            self.changed += len(before) - len(align(now, before).pairs)
        elif not seen.committed.startswith(self._committed.get(seen.segment, "")):
            raise AssertionError(f"committed text changed: {self._committed[seen.segment]!r} {seen.committed!r}")
        self._committed[seen.segment] = seen.committed


@dataclass(slots=True)
class Totals:
    """Over all clips of a bench."""

    shown: list[float] = field(default_factory=list)
    finals: list[float] = field(default_factory=list)
    born: int = 0
    replaced: int = 0
    committed: int = 0
    changed: int = 0
    errors: dict[str, list[int]] = field(default_factory=dict)
    speech_s: float = 0.0
    cpu_s: float = 0.0
    invented: int = 0
    lost: list[str] = field(default_factory=list)
    tuning: Totals | None = None
    held_out: Totals | None = None

    def add(self, clip: Clip, played: Run, said: Reference, plain: list[str]) -> None:
        """`plain`: what the model hears of the clip offline."""
        self.tuning, self.held_out = self.tuning or Totals(), self.held_out or Totals()
        (self.held_out if clip.held_out else self.tuning)._add(clip, played, said, plain)
        self._add(clip, played, said, plain)

    def _add(self, clip: Clip, played: Run, said: Reference, plain: list[str]) -> None:
        heard = played.display.text()
        self.cpu_s += played.cpu_s
        if not clip.transcript:
            self.invented += len(heard)
            return
        self.lost += [
            f"{clip.name} at {start:.1f} s" for start, end in said.phrases() if not _captioned(played, start, end)
        ]
        self.shown += played.display.delays(said.spoken)
        self.finals += [seen.at - said.phrase_end(seen.end) for seen in played.finals]
        self.born, self.replaced = self.born + played.display.born, self.replaced + played.display.replaced
        self.committed, self.changed = self.committed + played.committed, self.changed + played.changed
        self.speech_s += said.speech_s
        spoken = words(clip.transcript)
        count = self.errors.setdefault(clip.language, [0, 0, 0])
        count[0] += len(spoken)
        count[1] += align(heard, spoken).errors
        count[2] += align(plain, spoken).errors

    def figures(self) -> dict[str, Any]:
        """All clips; then the same keys for those that the policy was tuned on, and for those it never saw."""
        return self._figures() | {
            f"{name}_{key}": value
            for name, part in (("tuning", self.tuning), ("held_out", self.held_out)) if part is not None and part.errors
            for key, value in part._figures().items() if key in SPLIT
        }

    def _figures(self) -> dict[str, Any]:
        """Words of English for `wer`; characters of Mandarin for `cer_zh`."""
        count, streaming, plain = self.errors.get("en", [0, 0, 0])
        rates: dict[str, Any] = {
            "words": count, "wer": _share(streaming, count), "offline_wer": _share(plain, count),
            "wer_over_offline": _share(streaming - plain, count),
        }
        if "zh" in self.errors:
            count, streaming, plain = self.errors["zh"]
            rates |= {"cer_zh": _share(streaming, count), "offline_cer_zh": _share(plain, count)}
        return {
            "shown_p50_s": _rounded(percentile(self.shown, 50)),
            "shown_p95_s": _rounded(percentile(self.shown, 95)),
            "unstable_ratio": _share(self.replaced, self.born),
            "final_changed_ratio": _share(self.changed, self.committed),
            "final_p50_s": _rounded(percentile(self.finals, 50)),
            "final_p95_s": _rounded(percentile(self.finals, 95)),
            "phrases_lost": len(self.lost),
            "lost": "; ".join(self.lost),
            **rates,
            "hallucinated_words": self.invented,
            "cpu_cores": round(self.cpu_s / max(0.1, self.speech_s), 2),
            "speech_s": round(self.speech_s, 1),
        }


def _captioned(played: Run, start: float, end: float) -> bool:
    return any(
        seen.committed and seen.start <= end + SLACK and seen.end >= start - SLACK for seen in played.finals
    )


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 4)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
