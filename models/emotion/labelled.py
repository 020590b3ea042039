"""Pictures of faces with labels, as a folder with a MANIFEST.tsv: for measuring, and for fitting the table anew.

Columns: `file`, `label` (one of `LABELS`; other rows are skipped), and perhaps `person`.  Files are relative to the
folder.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models.core.expressions import LABELS
from models.faces.points import Picture

MANIFEST = "MANIFEST.tsv"


@dataclass(frozen=True, slots=True)
class Labelled:
    path: Path
    label: str
    person: str

    def picture(self) -> Picture | None:
        """RGB; None when the file is no picture."""
        content = cv2.imread(str(self.path))
        return None if content is None else np.asarray(cv2.cvtColor(content, cv2.COLOR_BGR2RGB), np.uint8)

    @property
    def held_out(self) -> bool:
        """Half of the people, always the same ones: the table is fitted to the others."""
        return hashlib.sha256(self.person.encode()).digest()[-1] % 2 == 1


def labelled(folder: Path) -> Iterator[Labelled]:
    """Raises OSError when there is no manifest."""
    with (folder / MANIFEST).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row.get("label") in LABELS:
                yield Labelled(folder / row["file"], row["label"], row.get("person") or row["file"])
