from __future__ import annotations

import numpy as np

from app.engine.conceal import Concealer
from app.engine.sources import BLOCK, Samples, level_dbov
from tests.engine.clips import samples


def blocks(hz: float) -> list[Samples]:
    return [samples(0.2, hz)[start : start + BLOCK] for start in range(0, 10 * BLOCK, BLOCK)]


def after(heard: list[Samples]) -> Concealer:
    concealer = Concealer()
    for block in heard:
        concealer.heard(block)
    return concealer


def test_a_lost_piece_of_a_vowel_goes_on_in_phase() -> None:
    voice = blocks(157)

    invented = after(voice[:5]).conceal()

    beginning = slice(0, BLOCK // 8)
    difference = np.abs(invented[beginning].astype(int) - voice[5][beginning].astype(int))
    assert difference.max() < 1_500  # of 9,000: no click


def test_a_long_loss_fades_to_silence_instead_of_droning() -> None:
    concealer = after(blocks(200)[:5])

    levels = [level_dbov(concealer.conceal()) for _ in range(4)]

    assert levels[0] > levels[1] > levels[2]
    assert levels[3] == -127


def test_real_sound_after_a_loss_is_blended_in_and_then_left_alone() -> None:
    voice = blocks(157)
    concealer = after(voice[:5])
    concealer.conceal()

    first, second = concealer.heard(voice[6]), concealer.heard(voice[7])

    assert not np.array_equal(first, voice[6])
    assert np.array_equal(first[BLOCK // 2 :], voice[6][BLOCK // 2 :])
    assert np.array_equal(second, voice[7])


def test_silence_is_concealed_by_silence() -> None:
    assert not Concealer().conceal().any()
