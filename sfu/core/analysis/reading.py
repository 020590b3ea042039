"""A transcript as sentences, and sentences as words that mean something, in English and in Chinese.

A caption ends where somebody breathed, which is not where a sentence ends: what one person says without another in
between is put together again first.  No word lists of any size: function words, and for Chinese function characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sfu.core.exports import in_order
from sfu.core.transcript import Line, is_said

# Somebody who goes on after a longer silence says something new.
_SAME_BREATH_S = 4.0
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# A dot ends a sentence unless it stands in a number or after a title or initial.
_SENTENCE = re.compile(
    r".+?(?:[。！？!?]+[”’」』）)\"']*|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])(?<!\bvs)\.+(?=\s|$)|$)",
    re.S,
)
_RUNS = re.compile(rf"[{_HAN}]+|[^\W\d_]+(?:['’][^\W\d_]+)?", re.U)
_IS_HAN = re.compile(rf"[{_HAN}]")
_STOP = frozenset(
    "a about actually after again ah all also am an and any are as at back be because been before being bit but by can "
    "cannot come could did do does doing done down each er even every few first for from further get gets getting go "
    "goes going gone gonna good got great had has have having he hello her here hers hi him his hm how i if in into is "
    "it its itself just kind know last let like little look lot made make many may maybe me mean might mine more most "
    "much must my need never new next no nor not now of off oh ok okay on once one only or other our ours out over own "
    "perhaps please point put quite rather really right said same say saying says see seem she should so some "
    "something sort still such sure take than thank thanks that the their them then there these they thing things "
    "think this those though through time to today together too two uh um under until up us use very want was way we "
    "well were what when where which while who why will with without would yeah yes yet you your yours".split()
)
_STOP_HAN = frozenset(
    "的了是我你他她它们这那在和就不也都有要会说没着过把被给对到去来吗呢吧啊嗯哦呃个些么什与及或但而"
    "所以因为如果然后可能应该需已经还很太更最请让从向于之其等做"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`segment` and times are of the captions in which it begins and ends."""

    text: str
    speaker: str
    name: str
    start: float
    end: float
    segment: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says without another's words in between."""

    lines: tuple[Line, ...]

    @property
    def speaker(self) -> str:
        return self.lines[0].speaker

    @property
    def start(self) -> float:
        return self.lines[0].start

    @property
    def end(self) -> float:
        return max(line.end for line in self.lines)


def turns(lines: Iterable[Line]) -> list[Turn]:
    """In the order in which they began."""
    found: list[list[Line]] = []
    for line in in_order(line for line in lines if is_said(line)):
        last = found[-1][-1] if found else None
        if last is not None and last.speaker == line.speaker and line.start - last.end <= _SAME_BREATH_S:
            found[-1].append(line)
        else:
            found.append([line])
    return [Turn(tuple(each)) for each in found]


def sentences(lines: Iterable[Line]) -> list[Sentence]:
    return [sentence for turn in turns(lines) for sentence in _of(turn)]


def _of(turn: Turn) -> Iterator[Sentence]:
    text, ends = "", list[int]()
    for line in turn.lines:
        text += _joined(text, line.text.strip())
        ends.append(len(text))
    for found in _SENTENCE.finditer(text):
        said = found.group().strip()
        if said:
            first = _line_at(turn, ends, found.start() + len(found.group()) - len(found.group().lstrip()))
            last = _line_at(turn, ends, found.end() - 1)
            yield Sentence(said, first.speaker, first.name, first.start, max(first.end, last.end), first.segment)


def _joined(before: str, text: str) -> str:
    spaced = before and not (_IS_HAN.match(before[-1]) or before[-1] in "，、。！？")
    return f" {text}" if spaced else text


def _line_at(turn: Turn, ends: list[int], place: int) -> Line:
    return next(line for line, end in zip(turn.lines, ends, strict=True) if place < end or line is turn.lines[-1])


def is_chinese(text: str) -> bool:
    """Rather than a language with spaces."""
    return len(_IS_HAN.findall(text)) * 2 > len(re.findall(r"[^\W\d_]", text)) - len(_IS_HAN.findall(text))


def words(text: str) -> list[str]:
    """What carries meaning: English words by their stem, Chinese ones as overlapping pairs of characters."""
    found: list[str] = []
    for run in _RUNS.findall(text):
        if _IS_HAN.match(run):
            found += [pair for piece in pieces(run) for pair in _pairs(piece)]
        elif (word := run.lower().replace("’", "'").partition("'")[0]) not in _STOP and len(word) > 2:
            found.append(stem(word))
    return found


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters between function characters."""
    cut = "".join(character if _IS_HAN.match(character) and character not in _STOP_HAN else " " for character in text)
    return cut.split()


def shown_words(text: str) -> list[str]:
    """As `words`, for people: unstemmed, and Chinese as the runs that may be words, of two to four characters."""
    found: list[str] = []
    for run in _RUNS.findall(text):
        if _IS_HAN.match(run):
            found += [
                piece[at : at + size]
                for piece in pieces(run)
                for size in (2, 3, 4)
                for at in range(len(piece) - size + 1)
            ]
        elif (word := run.lower().replace("’", "'").partition("'")[0]) not in _STOP and len(word) > 2:
            found.append(word)
    return found


def stem(word: str) -> str:
    """Plain forms of a word come to the same; rough, and only ever compared with itself."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word.removesuffix("e") if len(word) > 4 else word


def count_words(text: str) -> int:
    """English words and Chinese characters."""
    return sum(len(run) if _IS_HAN.match(run) else 1 for run in re.findall(rf"[{_HAN}]+|[\w'’]+", text))


def _pairs(piece: str) -> list[str]:
    return [piece[at : at + 2] for at in range(len(piece) - 1)]
