"""The two forms are one program: the same packets, good and bad, give the same bytes and leave the same state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfu.forwarder import form
from sfu.rtp import rtcp
from sfu.rtp.packet import RtpPacket, write_audio_level, write_transport_sequence
from sfu.rtp.red import join
from sfu.rtp.transport_feedback import Arrival, TransportFeedback
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import DELTA, KEYFRAME, OPUS, RED, RTX, VP8, Stage, simulcast

Twin = subprocess.Popen[str]


class Twins:
    """Both forms, each a process that lives as long as the tests of this file."""

    def __init__(self) -> None:
        self._processes = [self._start(kind) for kind in (form.INTERPRETED, form.COMPILED)]
        self.compiled = [self._answer(process)["compiled"] for process in self._processes]

    def play(self, steps: list[list[Any]]) -> list[dict[str, Any]]:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(json.dumps(steps) + "\n")
            process.stdin.flush()
        return [self._answer(process) for process in self._processes]

    def close(self) -> None:
        for process in self._processes:
            process.communicate(timeout=10)

    def _start(self, kind: str) -> Twin:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.forwarder.twin"], cwd=form.ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=os.environ | {form.VARIABLE: kind, "PYTHONHASHSEED": "0"},
        )  # fmt: skip

    def _answer(self, process: Twin) -> dict[str, Any]:
        assert process.stdout is not None
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    both = Twins()
    yield both
    both.close()


def _numbers() -> dict[str, tuple[int, int]]:
    """SSRCs of voice and picture as `twin` hands them out; the second of Ben's is his best layer."""
    stage = Stage()
    ana, (ben, layers), eva = stage.client("ana"), simulcast(stage, "ben", "h", "l"), stage.client("eva")
    return {
        "ana": (ana.audio_ssrc, ana.video_ssrc), "ben": (ben.audio_ssrc, layers[0].ssrc),
        "eva": (eva.audio_ssrc, eva.video_ssrc),
    }  # fmt: skip


SSRCS = list(_numbers().values())
small = st.integers(0, 40)
near_the_wrap = st.integers(65_500, 65_580).map(lambda number: number & 0xFFFF)
sequences = st.one_of(small, near_the_wrap, st.integers(0, 0xFFFF))
timestamps = st.one_of(st.integers(0, 90_000), st.integers(0, 0xFFFF_FFFF))


@st.composite
def pictures(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """Packets of one picture, all of the same numbers but one."""
    who = draw(st.integers(0, 2))
    head = Descriptor(
        start=draw(st.booleans()), picture_id=draw(st.none() | st.integers(0, 0x7FFF)),
        tl0picidx=draw(st.none() | st.integers(0, 255)), tid=0, keyidx=draw(st.none() | st.integers(0, 31)),
    )  # fmt: skip
    payload = head.serialize() + draw(st.sampled_from([KEYFRAME, DELTA, b""])) + bytes(draw(small))
    sequence, extensions = draw(sequences), {4: write_transport_sequence(draw(sequences))}
    if who == 1:
        extensions |= {1: b"1", 5: draw(st.sampled_from([b"h", b"l", b"x"]))}
    kind = VP8
    if draw(st.integers(0, 5)) == 0:
        kind, payload = RTX, draw(sequences).to_bytes(2, "big") + payload
    payload = payload if draw(st.integers(0, 9)) else b""
    packet = RtpPacket(
        kind, sequence, draw(timestamps), SSRCS[who][1] + (kind == RTX), payload, marker=draw(st.booleans()),
        extensions=extensions,
    )  # fmt: skip
    numbers = range(sequence, sequence + draw(st.integers(1, 6)))
    return [(who, replace(packet, sequence=number & 0xFFFF).serialize()) for number in numbers]


@st.composite
def voices(draw: st.DrawFn) -> tuple[int, bytes]:
    who = draw(st.integers(0, 2))
    sequence, timestamp, kind, payload = draw(small), draw(timestamps), OPUS, b"opus" + bytes(draw(small))
    if draw(st.integers(0, 3)) == 0:
        kind, payload = RED, join(OPUS, [(960, b"before")], payload)
    level = write_audio_level(draw(st.booleans()), draw(st.integers(0, 127)))
    return who, RtpPacket(kind, sequence, timestamp, SSRCS[who][0], payload, extensions={2: level}).serialize()


@st.composite
def reports(draw: st.DrawFn) -> tuple[int, bytes]:
    who = draw(st.integers(0, 2))
    slot = 950_000 + 100 * who + draw(st.integers(0, 2))
    came = tuple(Arrival(at, 4000 + 4 * at) for at in sorted(draw(st.sets(st.integers(0, 20), min_size=1))))
    told = draw(st.sampled_from([
        rtcp.PictureLoss(9, slot), rtcp.Nack(9, slot, tuple(draw(st.lists(sequences, min_size=1, max_size=5)))),
        rtcp.SenderReport(SSRCS[who][1], rtcp.to_ntp(990.0), draw(timestamps), 5, 500),
        rtcp.ReceiverReport(9, (rtcp.ReportBlock(slot, draw(st.integers(0, 255)), 0, 0, 0, 0, 0),)),
        rtcp.Goodbye((SSRCS[who][1],)),
        TransportFeedback(9, slot, 0, came[-1].sequence + 1, 4000 >> 8, 0, came),
    ]))  # fmt: skip
    return who, rtcp.serialize([rtcp.ReceiverReport(9, ()), told])


@st.composite
def steps(draw: st.DrawFn) -> list[list[Any]]:
    """Datagrams, whole in most cases; else cut, or with bytes changed; and a moment after each."""
    alone = st.one_of(voices(), reports(), st.tuples(st.integers(0, 2), st.binary(max_size=80)))
    some = draw(st.one_of(pictures(), pictures(), alone.map(lambda one: [one])))
    return [[who, _worn(draw, datagram).hex(), draw(st.sampled_from([0, 0, 0, 0.02, 0.3]))] for who, datagram in some]


def _worn(draw: st.DrawFn, datagram: bytes) -> bytes:
    if not datagram or draw(st.integers(0, 7)):
        return datagram
    raw = bytearray(datagram)
    for at, value in draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=4)):
        raw[at % len(raw)] = value
    return bytes(raw[: draw(st.integers(0, len(raw)))]) if draw(st.booleans()) else bytes(raw)


@pytest.mark.skipif(bool(form.why_not()), reason=f"no compiled form: {form.why_not()}")
@pytest.mark.skipif(form.VARIABLE in os.environ, reason="this runs both forms itself")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(played=st.lists(steps(), min_size=5, max_size=30))
def test_both_forms_send_the_same_bytes_and_end_in_the_same_state(
    twins: Twins, played: list[list[list[Any]]]
) -> None:
    assert twins.compiled == [False, True]

    interpreted, compiled = twins.play([step for some in played for step in some])

    assert compiled["sent"] == interpreted["sent"]
    assert compiled == interpreted
