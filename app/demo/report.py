"""The demo's verdict and figures, from what each participant wrote down.

Every participant writes its own report; nobody is asked how well it went.  This file only compares them with the
script.  A verdict is a list of complaints, and which figures miss their goals: a good meeting has neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.demo.script import Part, Turn
from models.core.scoring import Display, align, percentile, words

Json = dict[str, Any]

# Of the frames that a camera sent and of the speech that was sent, this much must arrive for "saw" and "heard".
ENOUGH = 0.5
# A caption may begin this much before its turn (alignment) and end this much after (padding of the last word).
SLACK_S = 1.5

# What the figures of a meeting of four on two cores have to reach, the same as in README.md: none may be greater.
GOALS = {
    "wer": 0.12, "shown_p50_s": 2.0, "final_p95_s": 5.0, "freezes": 0, "first_frame_p50_s": 1.5, "forwarder_core": 0.15,
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the judge needs: the script, the reports by name, and when each known word of each clip ends."""

    cast: Sequence[Part]
    reports: Mapping[str, Json]
    words: Mapping[str, Sequence[tuple[str, float]]]
    audible: Mapping[str, float]
    """Seconds of each voice that are loud enough to count as heard."""
    fps: int
    seconds: float


def build(meeting: Meeting, processes: Json) -> Json:
    """The whole report; `complaints` empty means exit status 0."""
    scores = {part.name: _captions(meeting, part) for part in meeting.cast}
    errors = sum(score["errors"] for score in scores.values())
    spoken = sum(score["words"] for score in scores.values())
    shown = [delay for score in scores.values() for delay in score.pop("shown_s")]
    finals = [delay for score in scores.values() for delay in score.pop("final_s")]
    joins = [report["join"]["first_remote_frame_s"] for report in meeting.reports.values()]
    found = {
        "wer": round(errors / spoken, 4) if spoken else None,
        "words": spoken,
        "shown_p50_s": _rounded(percentile(shown, 50)),
        "shown_p95_s": _rounded(percentile(shown, 95)),
        "final_p50_s": _rounded(percentile(finals, 50)),
        "final_p95_s": _rounded(percentile(finals, 95)),
        "first_frame_p50_s": _rounded(percentile([join for join in joins if join is not None], 50)),
        "freezes": sum(_freezes(report) for report in meeting.reports.values()),
        "forwarder_core": processes.get("forwarder", {}).get("cores"),
        "complaints": complaints(meeting),
        "participants": {
            name: _participant(report, scores[name]) for name, report in meeting.reports.items()
        },
        "processes": processes,
    }
    return found | {"missed": missed(found)}


def missed(found: Json) -> list[str]:
    """Which figures of a report miss their goal; one that could not be taken does."""
    return [name for name, goal in GOALS.items() if found[name] is None or found[name] > goal]


def complaints(meeting: Meeting) -> list[str]:
    """Everything that would make a person say it did not work; empty when it did."""
    found: list[str] = []
    for part in meeting.cast:
        report = meeting.reports.get(part.name)
        if report is None:
            found.append(f"{part.name} left no report.")
            continue
        others = [other for other in meeting.cast if other.name != part.name]
        found += [line for other in others for line in _missed(meeting, report, part, other)]
    return found + _wrong_names(meeting)


def _missed(meeting: Meeting, report: Json, part: Part, other: Part) -> list[str]:
    got = [source for source in report["sources"].values() if source["name"] == other.name]
    frames, heard = sum(source["frames"] for source in got), sum(source["heard"] for source in got)
    spoken = meeting.audible[other.name]
    missed = []
    if frames < ENOUGH * meeting.fps * meeting.seconds:
        missed.append(f"{part.name} decoded only {frames} frames of {other.name}.")
    if heard < ENOUGH * spoken:
        missed.append(f"{part.name} heard {heard:.1f} s of {other.name}, who spoke {spoken:.1f} s.")
    return missed


def _wrong_names(meeting: Meeting) -> list[str]:
    """Captions under a name that was silent then, and people whose speech got no caption."""
    found: list[str] = []
    captioned: set[str] = set()
    parts = {part.name: part for part in meeting.cast}
    witness = _witness(meeting)
    if witness is None:
        return ["Nobody received captions."]
    for caption in _finals(witness):
        name = caption["name"]
        captioned.add(name)
        start = caption["start"] - _media_start(meeting.reports[name]) if name in meeting.reports else None
        if start is None or not _speaks(parts[name].turns, start, start + caption["end"] - caption["start"]):
            text = caption["committed"]
            found.append(f"A caption carries the name {name}, who was silent then: “{text}”.")
    silent = [part.name for part in meeting.cast if part.turns and part.name not in captioned]
    return found + [f"{name} spoke and was never captioned." for name in silent]


def _speaks(turns: Sequence[Turn], start: float, end: float) -> bool:
    return any(turn.at - SLACK_S <= end and start <= turn.end + SLACK_S for turn in turns)


def _captions(meeting: Meeting, part: Part) -> Json:
    """Errors of the finals under this name, and delays on the window's (else the first other's) screen."""
    witness = _witness(meeting)
    sender = meeting.reports.get(part.name)
    known = [turn for turn in part.turns if turn.clip.text]
    empty: Json = {"errors": 0, "words": 0, "shown_s": [], "final_s": []}
    if witness is None or sender is None or not known:
        return empty
    display, finals = Display(), []
    for caption in witness["captions"]:
        if caption["name"] == part.name:
            display.show(caption["at"], caption["segment"], f"{caption['committed']} {caption['tail']}")
            if caption["final"] and caption["committed"]:
                finals.append(caption)
    began = sender["media_started"]
    reference = [(w, began + turn.at + end) for turn in known for w, end in meeting.words[turn.clip.file]]
    said = [word for turn in known for word in words(turn.clip.text)]
    return {
        "errors": align(display.text(), said).errors,
        "words": len(said),
        "unstable_ratio": round(display.unstable_ratio, 4),
        "shown_s": display.delays(reference),
        "final_s": [c["at"] - (c["end"] + witness["meeting_began"]) for c in finals],
    }


def _participant(report: Json, score: Json) -> Json:
    return {
        "packets": report["packets"],
        "join": report["join"],
        "reconnects": report["reconnects"],
        "sources": report["sources"],
        "captions": score,
    }


def _witness(meeting: Meeting) -> Json | None:
    """Whose screen counts: the window's; headless where there is none."""
    names = [part.name for part in meeting.cast if part.window] + [part.name for part in meeting.cast]
    for name in names:
        report = meeting.reports.get(name)
        if report is not None and report["captions"]:
            return report
    return None


def _finals(report: Json) -> list[Json]:
    return [caption for caption in report["captions"] if caption["final"] and caption["committed"]]


def _media_start(report: Json) -> float:
    """Meeting time at which this participant's media began."""
    return float(report["media_started"] - report["meeting_began"])


def _freezes(report: Json) -> int:
    return sum(source["freezes"] for source in report["sources"].values())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def steady(samples: Sequence[tuple[float, float, float]]) -> Json:
    """Cores and memory of one process from (monotonic s, CPU s, resident MB) samples."""
    if len(samples) < 2:
        return {"cores": None, "rss_mb": samples[-1][2] if samples else None}
    (first, cpu0, _), (last, cpu1, _) = samples[0], samples[-1]
    busiest = max((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(samples) if b[0] > a[0])
    return {
        "cores": round((cpu1 - cpu0) / (last - first), 3),
        "busiest_second_cores": round(busiest, 3),
        "rss_mb": round(max(rss for _, _, rss in samples), 1),
    }
