"""Random values that nobody can guess, for everything that has to be drawn by lot."""

from __future__ import annotations

import secrets

from sfu.core import codes

# RFC 8839, 5.4, without + and /.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Chance:
    """`sfu.core.negotiation.Identities`, from the system's random source."""

    def __init__(self) -> None:
        self._used = {0}

    def ssrc(self) -> int:
        """Never 0, never the same twice."""
        while (ssrc := secrets.randbits(32)) in self._used:
            pass
        self._used.add(ssrc)
        return ssrc

    def letters(self, count: int) -> str:
        return "".join(secrets.choice(_LETTERS) for _ in range(count))

    def below(self, bound: int) -> int:
        return secrets.randbelow(bound)


def meeting_code() -> str:
    return "".join(secrets.choice(codes.ALPHABET) for _ in range(codes.LENGTH))
