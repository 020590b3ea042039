"""Each form of a transcript is a whole file with its media type."""

from __future__ import annotations

import io

import docx
import pytest

from sfu.host.exports import FORMATS
from tests.core.test_exports import HEAD, NASTY
from tests.core.test_transcript import line


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_the_words_and_the_name(form: str) -> None:
    written = FORMATS[form].write(HEAD, [line("Good morning"), line(NASTY, name="\ud800 Eve", start=3, end=4)])

    if form == "docx":
        paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(written)).paragraphs]
        assert paragraphs[0] == "Weekly"
        assert paragraphs[2] == "Ana (00:00:01): Good morning"
    else:
        assert "Good morning" in written.decode()
        assert "Ana" in written.decode()
