"""Four words that stand for a host's key, to be compared by people on two screens.

Forty-four bits would be too few against somebody who makes keys until one has the same words, so each try is made
expensive: the words are drawn from scrypt of the key's fingerprint (RFC 7914; 2^14 · 8, about 50 ms and 16 MiB).
At that price 2^43 tries take ten thousand years of processor time.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from sfu.wire.wordlist import WORDS

COUNT = 4
_SALT = b"parley verification words 1"
_BITS = 11


@lru_cache(maxsize=256)
def verification_words(pin: bytes) -> tuple[str, ...]:
    """`pin`: SHA-256 of the host certificate's SubjectPublicKeyInfo."""
    drawn = int.from_bytes(hashlib.scrypt(pin, salt=_SALT, n=1 << 14, r=8, p=1, dklen=8), "big")
    return tuple(WORDS[drawn >> _BITS * position & len(WORDS) - 1] for position in range(COUNT))


def spoken(pin: str) -> str:
    """The words of a pin as links carry it (base64url without padding), in one line."""
    return " ".join(verification_words(base64.urlsafe_b64decode(pin + "=")))
