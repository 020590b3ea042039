"""How good the way to the host is, in one word that people can act on."""

from __future__ import annotations

from enum import StrEnum

from app.session.events import LinkQuality


class Verdict(StrEnum):
    UNKNOWN = ""
    GOOD = "good"
    FAIR = "fair"
    """Noticed now and then."""
    POOR = "poor"
    """Sound breaks up, or pictures are small."""


# Concealment hides single losses of Opus well up to 2 %, and no longer from 8 % on (`app.engine.conceal`).
FAIR_LOSS, POOR_LOSS = 0.02, 0.08
# ITU-T G.114: above 150 ms one way people begin to talk over each other.
FAIR_TRIP, POOR_TRIP = 0.15, 0.3
# The middle layer, and the smallest one with sound (`sfu/wire/README.md`, section 4).
FAIR_UPLINK, POOR_UPLINK = 700_000, 250_000


def verdict(quality: LinkQuality | None) -> Verdict:
    if quality is None:
        return Verdict.UNKNOWN
    lost = max(quality.lost_up, quality.lost_down)
    starved = quality.uplink if quality.height else FAIR_UPLINK  # without a picture little is sent, so little is known
    if lost >= POOR_LOSS or quality.round_trip >= POOR_TRIP or starved < POOR_UPLINK:
        return Verdict.POOR
    if lost >= FAIR_LOSS or quality.round_trip >= FAIR_TRIP or starved < FAIR_UPLINK:
        return Verdict.FAIR
    return Verdict.GOOD
