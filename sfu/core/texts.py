"""Text that people type to each other: kept as they wrote it, without what cannot be seen.

A message may have several lines and any script.  Control characters, which terminals and exports would obey, and the
bidirectional overrides, with which one text is made to look like another, are taken out.
"""

from __future__ import annotations

import re
import unicodedata

# Explicit embeddings, overrides and isolates (UAX #9, 2.1-2.4); plain marks (200E, 200F) are needed by real text.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str) -> str:
    """NFC, line ends as `\\n`, nothing invisible but tabs, no more than two empty lines in a row."""
    one = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in one if c in "\n\t" or (c not in _BIDI and unicodedata.category(c) not in ("Cc", "Cs")))
    return re.sub(r"\n{4,}", "\n\n\n", seen).strip()
