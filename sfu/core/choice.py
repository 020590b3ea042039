"""Which sources flow into a peer's slots.

A client negotiates a few receiving lines once; people come and go.  The rule is the same for pictures and voices:
there is a best-first list, as many as there are slots get one, and who has a slot keeps that very slot while still
on the list, because moving a picture to another tile makes it flicker and costs a key frame.  What the list is,
views that the client named or who spoke last, is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence


def assign(showing: Sequence[str | None], wanted: Sequence[str]) -> list[str | None]:
    """What each slot shows next; `showing` is what each shows now, `wanted` is best first, without repetition."""
    chosen = list(wanted[: len(showing)])
    keeping = set(chosen)
    after = [source if source in keeping else None for source in showing]
    kept = set(after)
    coming = iter([source for source in chosen if source not in kept])
    return [source if source is not None else next(coming, None) for source in after]
