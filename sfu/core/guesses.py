"""Wrong meeting codes, counted per address, so that guessing one takes for ever.

A right code given while barred is refused as well: otherwise being barred would cost a guesser nothing.
"""

from __future__ import annotations

# Somebody who mistypes gets ten tries at once; a machine that then has one in ten seconds needs 270,000 years for
# half of the 31^8 codes.
AT_ONCE = 10
FORGIVEN_PER_S = 0.1
# Addresses remembered; beyond that strangers share one count, so that a crowd of addresses is no way around it.
MAX_ADDRESSES = 4096
_EVERYBODY_ELSE = ""


class Guesses:
    """Seconds come from any clock that only goes forward."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[float, float]] = {}
        """Address to (wrong guesses not forgiven yet, when that was)."""

    def barred(self, address: str, now: float) -> bool:
        return self._count(self._key(address), now) > AT_ONCE - 1

    def wrong(self, address: str, now: float) -> None:
        self._forget(now)
        key = self._key(address)
        self._wrong[key] = (self._count(key, now) + 1, now)

    def forgive(self, address: str) -> None:
        """The last one was right after all."""
        key = self._key(address)
        if key in self._wrong:
            count, at = self._wrong[key]
            self._wrong[key] = (max(0.0, count - 1), at)

    def _key(self, address: str) -> str:
        known = address in self._wrong or len(self._wrong) < MAX_ADDRESSES
        return address if known else _EVERYBODY_ELSE

    def _count(self, key: str, now: float) -> float:
        count, at = self._wrong.get(key, (0.0, now))
        return max(0.0, count - (now - at) * FORGIVEN_PER_S)

    def _forget(self, now: float) -> None:
        if len(self._wrong) >= MAX_ADDRESSES:
            self._wrong = {key: entry for key, entry in self._wrong.items() if self._count(key, now) > 0}
