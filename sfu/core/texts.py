"""Text that people type to each other: kept as they wrote it, without what cannot be seen.

A message may have several lines and any script.  Control characters, which terminals and exports would obey, and the
bidirectional overrides, with which one text is made to look like another, are taken out.
"""

from __future__ import annotations

import re
import unicodedata

# Explicit embeddings, overrides and isolates (UAX #9, 2.1-2.4); plain marks (200E, 200F) are needed by real text.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RESERVED = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
MAX_FILE_NAME = 255


def tidy(text: str) -> str:
    """NFC, line ends as `\\n`, nothing invisible but tabs, no more than two empty lines in a row."""
    one = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in one if c in "\n\t" or (c not in _BIDI and unicodedata.category(c) not in ("Cc", "Cs")))
    return re.sub(r"\n{4,}", "\n\n\n", seen).strip()


def file_name(typed: str) -> str:
    """A file's name as others may save it: no path, nothing a file system obeys.  `file` when nothing is left.

    We never build a path from it ourselves; it is what other people's computers will propose.
    """
    composed = unicodedata.normalize("NFC", typed)
    last = re.split(r"[/\\]", composed)[-1]
    seen = "".join(c for c in last if c not in _BIDI and unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))
    plain = re.sub(r'[<>:"|?*]', "_", seen).strip().strip(".").strip()
    if plain.partition(".")[0].upper() in _RESERVED:
        plain = f"_{plain}"
    return _shortened(plain) or "file"


def _shortened(name: str) -> str:
    """At most 255 bytes, which is what file systems take, keeping the ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    room = MAX_FILE_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending
