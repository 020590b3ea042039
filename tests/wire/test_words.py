from __future__ import annotations

import hashlib

from sfu.wire.wordlist import WORDS
from sfu.wire.words import spoken, verification_words


def test_the_same_key_has_the_same_words_on_every_screen() -> None:
    pin = hashlib.sha256(b"a key").digest()

    assert verification_words(pin) == verification_words(bytes(pin))
    assert len(verification_words(pin)) == 4
    assert spoken("ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLs") == "fall admit march photo"


def test_another_key_has_other_words() -> None:
    seen = {verification_words(bytes([n]) * 32) for n in range(16)}

    assert len(seen) == 16


def test_four_letters_tell_the_words_apart() -> None:
    assert len({word[:4] for word in WORDS}) == len(WORDS) == 2048
