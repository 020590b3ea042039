from __future__ import annotations

import pytest

from app.session.events import LinkQuality
from app.session.quality import Verdict, verdict


@pytest.mark.parametrize(
    ("uplink", "height", "trip", "up", "down", "says"),
    [
        (2_000_000, 720, 0.01, 0.0, 0.0, Verdict.GOOD),
        (300_000, 270, 0.01, 0.0, 0.0, Verdict.FAIR),
        (100_000, 270, 0.01, 0.0, 0.0, Verdict.POOR),
        (100_000, 0, 0.01, 0.0, 0.0, Verdict.GOOD),
        (2_000_000, 720, 0.01, 0.03, 0.0, Verdict.FAIR),
        (2_000_000, 720, 0.01, 0.0, 0.1, Verdict.POOR),
        (2_000_000, 720, 0.2, 0.0, 0.0, Verdict.FAIR),
        (2_000_000, 720, 0.5, 0.0, 0.0, Verdict.POOR),
    ],
)
def test_the_worst_of_loss_delay_and_room_decides(
    uplink: int, height: int, trip: float, up: float, down: float, says: Verdict
) -> None:
    assert verdict(LinkQuality(uplink, height, trip, up, down)) is says


def test_what_was_not_measured_is_not_judged() -> None:
    assert verdict(None) is Verdict.UNKNOWN
