"""Which attacks the deepfake check finds, and whom it accuses wrongly: clips of real people, attacks made from them.

Every trial goes through an encoder as a camera's picture does (VP8, the middle layer's rate and a third of it), then
through the real networks, witnesses and their fusion.  `<attack>.tpr` is the share of *inconsistent*; the threshold of
`lips` is also chosen anew with each person left out (`dubbed.left_out_tpr`).  Illumination and cloning are simulated.

How long an answer takes in a real meeting is `_checks`; 0 answers leave it out.

    python -m tests.bench deepfake [--clips DIR] [--trials N] [--answers N] [--json]
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from models.deepfake.fusion import Finding, Verdict, fuse
from models.deepfake.illumination import Shown, illumination, sequence
from models.deepfake.lips import lips
from models.deepfake.liveness import liveness
from models.deepfake.repetition import repetition
from models.deepfake.sight import Sight
from models.deepfake.speech import RATE, Speech, speech_of
from models.deepfake.witness import Floats, Look, Opinion
from models.faces.model import FaceNetworks
from models.faces.points import Picture
from models.registry import Registry, default_models_dir
from sfu.core.check_script import PALETTE
from tests.bench._checks import answers
from tests.bench._speech import media_folders
from tests.bench.vision import wilson

SHORT = ["--trials", "1", "--answers", "2"]
SEED = 20_260
MIDDLE_LAYER, LITTLE_ROOM = 500_000, 150_000
LOOP_S, LENGTH_S = (1.1, 1.6), 3.0
SENSOR_NOISE = 2.0
# Points along the outline of a face (MediaPipe's face oval, every other one).
OUTLINE = [10, 297, 284, 389, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132, 234, 162, 54, 67]


@dataclass(frozen=True, slots=True)
class Person:
    """A real clip.  `samples`: 16 kHz mono, empty where the clip is silent."""

    name: str
    fps: float
    pictures: list[Picture]
    samples: Floats


@dataclass(frozen=True, slots=True)
class Feed:
    """What an attacker, or an honest camera, sends."""

    pictures: list[Picture]
    samples: Floats
    through_a_lens: bool = True
    """A file that is played into the call has no sensor of its own."""


def people(folders: Sequence[Path]) -> list[Person]:
    files = sorted(path for folder in folders for path in folder.glob("**/*.mp4"))
    return [_person(path) for path in files]


def _person(path: Path) -> Person:
    with av.open(str(path)) as film:
        fps = float(film.streams.video[0].average_rate or 25)
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return Person(path.stem, fps, pictures, _sound(path))


def _sound(path: Path) -> Floats:
    with av.open(str(path)) as film:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = film.decode(audio=0) if film.streams.audio else ()
        sound = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(sound) if sound else np.zeros(0)


# -- attacks -------------------------------------------------------------------------------------------------


def looped(person: Person, chance: np.random.Generator) -> Feed:
    length = round(chance.uniform(*LOOP_S) * person.fps)
    begin = int(chance.integers(0, max(1, len(person.pictures) - length)))
    return Feed([person.pictures[begin + place % length] for place in range(_length(person))], person.samples, False)


def frozen(person: Person, chance: np.random.Generator) -> Feed:
    return Feed([person.pictures[int(chance.integers(0, 5))]] * _length(person), person.samples, False)


def photo(person: Person, chance: np.random.Generator) -> Feed:
    """Held up by a hand that trembles: its corners wander, in pixels."""
    count, trembling = _length(person), float(chance.uniform(0.1, 0.6))
    away = np.cumsum(chance.normal(0, trembling, (count, 4, 2)), axis=0)
    away -= away.mean(axis=0)
    picture = person.pictures[0]
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return Feed([_warped(picture, corners, corners + each.astype(np.float32)) for each in away], person.samples)


def _warped(picture: Picture, corners: Floats, moved: Floats) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getPerspectiveTransform(corners, moved)
    return np.asarray(cv2.warpPerspective(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def pasted(person: Person, other: Person, networks: FaceNetworks) -> Feed:
    """`other`'s moving face on `person`'s head, by seamless cloning: a crude swap whose lips say something else."""
    sights = Sight(networks), Sight(networks)
    pictures = []
    for place in range(_length(person)):
        below, above = (each.pictures[place % len(each.pictures)] for each in (person, other))
        there, here = (sight.look(place / person.fps, each) for sight, each in zip(sights, (below, above), strict=True))
        pictures.append(below if there.points is None or here.points is None else _clone(below, above, there, here))
    return Feed(pictures, person.samples)


def _clone(below: Picture, above: Picture, there: Look, here: Look) -> Picture:
    assert there.points is not None
    assert here.points is not None
    turn, _ = cv2.estimateAffinePartial2D(here.points[OUTLINE, :2], there.points[OUTLINE, :2])
    height, width = below.shape[:2]
    moved = cv2.warpAffine(above, turn, (width, height))
    outline = there.points[OUTLINE, :2].astype(np.int32)
    mask = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), cv2.convexHull(outline), 255)
    x, y, wide, high = cv2.boundingRect(cv2.findNonZero(mask))
    inside = x > 0 and y > 0 and x + wide < width and y + high < height
    middle = (x + wide // 2, y + high // 2)
    return np.asarray(cv2.seamlessClone(moved, below, mask, middle, cv2.NORMAL_CLONE), np.uint8) if inside else below


def _length(person: Person) -> int:
    return round(LENGTH_S * person.fps)


# -- from a feed to a finding --------------------------------------------------------------------------------


def encoded(feed: Feed, fps: float, bitrate: int, chance: np.random.Generator) -> list[Picture]:
    """As a camera's encoder would send them (VP8, real-time settings), after the sensor's noise where there is one."""
    height, width = (side // 2 * 2 for side in feed.pictures[0].shape[:2])
    film = io.BytesIO()
    with av.open(film, "w", format="webm") as writer:
        stream = writer.add_stream("libvpx", rate=round(fps))
        stream.width, stream.height, stream.bit_rate, stream.pix_fmt = width, height, bitrate, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "error-resilient": "1",
                          "threads": "1"}   # with more it takes four times the processor, for pictures so small
        for picture in feed.pictures:
            noise = chance.normal(0, SENSOR_NOISE, (height, width, 1)) if feed.through_a_lens else 0.0
            noisy = np.clip(picture[:height, :width] + noise, 0, 255).astype(np.uint8)
            writer.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")))
        writer.mux(stream.encode())
    film.seek(0)
    with av.open(film) as reader:
        return [frame.to_ndarray(format="rgb24") for frame in reader.decode(video=0)]




def looks_of(networks: FaceNetworks, pictures: Sequence[Picture], fps: float) -> list[Look]:
    sight = Sight(networks)
    return [sight.look(place / fps, picture) for place, picture in enumerate(pictures)]


def opinions(looks: Sequence[Look], samples: Floats, others: Sequence[Speech]) -> list[Opinion]:
    """Of the witnesses that need nobody to answer a question."""
    return [repetition(looks), lips(looks, speech_of(samples, 0.0), others), liveness(looks)]


class Trials:
    """Verdicts and what they stand on, by kind of feed."""

    def __init__(self, networks: FaceNetworks, crowd: Sequence[Person], strangers: Sequence[Speech]) -> None:
        self._networks, self._crowd, self._strangers = networks, crowd, strangers
        self.findings: dict[str, list[Finding]] = {}
        self.fit: dict[str, list[tuple[str, float]]] = {"genuine": [], "dubbed": []}
        """(person, how well lips fit the voice)."""
        self.hues: dict[str, list[Opinion]] = {"lit": [], "unlit": []}
        self.took: list[float] = []

    def person(self, person: Person, bitrate: int, chance: np.random.Generator) -> None:
        self._feed("genuine", person, Feed(person.pictures, person.samples), bitrate, chance)
        for name, attack in (("looped", looped), ("frozen", frozen), ("photo", photo)):
            kind = name if len(person.samples) else f"{name}_silent"
            self._feed(kind, person, attack(person, chance), bitrate, chance)
        if len(person.samples):
            others = [other for other in self._crowd if other is not person]
            other = others[int(chance.integers(len(others)))]
            self._feed("cloned_simulated", person, pasted(person, other, self._networks), bitrate, chance)

    def _feed(self, kind: str, person: Person, feed: Feed, bitrate: int, chance: np.random.Generator) -> None:
        looks = looks_of(self._networks, encoded(feed, person.fps, bitrate, chance), person.fps)
        self._judge(kind, person, looks, feed.samples)
        if kind == "genuine":
            self._light(looks, chance)
            if len(person.samples):
                self._dub(person, looks)

    def _judge(self, kind: str, person: Person, looks: Sequence[Look], samples: Floats) -> None:
        began = time.perf_counter()
        told = opinions(looks, samples, self._strangers)
        self.took.append(time.perf_counter() - began)
        self.findings.setdefault(kind, []).append(fuse(told))
        if kind in self.fit and told[1].reason is None:
            self.fit[kind].append((person.name, told[1].measured))

    def _dub(self, person: Person, looks: Sequence[Look]) -> None:
        for other in self._crowd:
            if other is not person and len(other.samples):
                self._judge("dubbed", person, looks, other.samples)
        for late_s in (0.6, 0.9):
            self._judge("delayed", person, looks, np.roll(person.samples, round(late_s * RATE)))

    def _light(self, looks: Sequence[Look], chance: np.random.Generator) -> None:
        """Simulated: the clip runs to and fro for ten seconds, and its skin takes on two hundredths of a colour."""
        skins = [look.skin for look in looks if look.skin is not None]
        to_and_fro = itertools.cycle([*skins, *skins[::-1]])
        step, draw = looks[1].at - looks[0].at, random.Random(int(chance.integers(1 << 30)))
        asked, other = (sequence(0.0, 10.0, PALETTE, draw) for _ in range(2))
        moments = np.arange(0.0, 10.0, step)
        base = [next(to_and_fro) for _ in moments]
        for kind, shining in (("lit", asked), ("unlit", other)):
            seen = [
                Look(float(at), looks[0].thumb, 1, skin=skin + 0.02 * _glow(shining, float(at) - 0.3))
                for at, skin in zip(moments, base, strict=True)
            ]
            self.hues[kind].append(illumination(seen, asked, draw))


def _glow(shining: Sequence[Shown], at: float) -> Floats:
    past = [each.colour for each in shining if each.at <= at]
    return np.array(past[-1] if past else (0, 0, 0), float)


def figures(trials: Trials) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for kind, findings in trials.findings.items():
        n, accused = len(findings), sum(each.verdict is Verdict.INCONSISTENT for each in findings)
        low, high = wilson(accused, n)
        name = "false_positive_rate" if kind == "genuine" else f"{kind}.tpr"
        prefix = name if kind == "genuine" else kind
        result |= {name: round(accused / n, 3), f"{prefix}.n": n, f"{prefix}.low": low, f"{prefix}.high": high}
        if kind == "genuine":
            result["genuine.consistent"] = sum(each.verdict is Verdict.CONSISTENT for each in findings)
    result |= {"dubbed.auc": auc(trials.fit), "dubbed.left_out_tpr": left_out(trials.fit)}
    result["dubbed.seconds"] = LENGTH_S
    lit, unlit = (trials.hues[kind] for kind in ("lit", "unlit"))
    result["illumination_simulated.tpr"] = _share(each.score < 0 for each in unlit)
    result["illumination_simulated.false_positive_rate"] = _share(each.score < 0 for each in lit)
    result["witnesses_max_s"] = round(max(trials.took), 2)
    return result


def auc(fit: dict[str, list[tuple[str, float]]]) -> float:
    pairs = [(own > alien) + (own == alien) / 2 for _, own in fit["genuine"] for _, alien in fit["dubbed"]]
    return _share(pairs)


def left_out(fit: dict[str, list[tuple[str, float]]]) -> float:
    """Dubbed feeds of each person that lie below the least genuine fit of all the others."""
    found: list[bool] = []
    for person in {name for name, _ in fit["genuine"]}:
        threshold = min(value for name, value in fit["genuine"] if name != person)
        found += [value < threshold for name, value in fit["dubbed"] if name == person]
    return _share(found)


def _share(values: Iterable[float]) -> float:
    counted = list(values)
    return round(sum(counted) / max(1, len(counted)), 3)


def run(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench deepfake")
    parser.add_argument("--clips", type=Path, help="folder with .mp4 clips of one speaking person each")
    parser.add_argument("--trials", type=int, default=3, help="of each kind, person and bit rate")
    parser.add_argument("--answers", type=int, default=6, help="checks of a real meeting")
    options = parser.parse_args(argv)
    folders = [options.clips] if options.clips else media_folders()
    crowd = people(folders)
    sounds = [_sound(path) for folder in folders for path in sorted(folder.glob("speech/*.flac"))]
    strangers = [speech_of(samples, 0.0) for samples in sounds if len(samples) >= 4 * RATE]
    networks = FaceNetworks(Registry(default_models_dir()).path("face-landmarker"), "cpu", 1)
    trials, chance = Trials(networks, crowd, strangers), np.random.default_rng(SEED)
    for _, person, bitrate in itertools.product(range(options.trials), crowd, (MIDDLE_LAYER, LITTLE_ROOM)):
        trials.person(person, bitrate, chance)
    asked = answers(options.answers) if options.answers else {}
    return {"people": len(crowd)} | figures(trials) | asked | {"load_average": round(os.getloadavg()[0], 1)}
