"""Whatever people call themselves and whatever a model hears, an export is the text and nothing but the text."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from sfu.core import exports
from sfu.core.transcript import Line
from tests.core.test_transcript import line

HEAD: dict[str, object] = {"meeting": {"title": "Weekly"}, "began_at": "2026-01-01T10:00:00Z"}
NASTY = "a\n\n2\n00:00:01,000 --> 00:00:02,000\n<i>x & y</i> {\\an8} # [l](http://x) | *b* `c`"


def test_cues_are_in_the_order_in_which_people_began_to_speak() -> None:
    vtt = exports.to_vtt(HEAD, [line("second", start=3661.5, end=3662), line("first", name="Ben")])

    assert vtt == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Ben>first</v>\n\n"
        "01:01:01.500 --> 01:01:02.000\n<v Ana>second</v>\n"
    )


def test_names_and_words_cannot_become_markup_or_cues() -> None:
    vtt = exports.to_vtt(HEAD, [line("a\n\n00:01 --> 00:02\n<i>x & y", name="Eve>\n<b>")])

    assert vtt.count("-->") == 1
    assert "<v Eve&gt; &lt;b&gt;>a 00:01 --&gt; 00:02 &lt;i&gt;x &amp; y</v>" in vtt


@given(st.lists(st.builds(line, text=st.text(), name=st.text(min_size=1), start=st.floats(0, 1e5)), max_size=5))
def test_every_line_is_exactly_one_cue(lines: list[Line]) -> None:
    vtt = exports.to_vtt(HEAD, lines)

    blocks = vtt.rstrip("\n").split("\n\n")
    assert len(blocks) == len(lines) + 1
    for block in blocks[1:]:
        assert re.fullmatch(r"[\d:.]+ --> [\d:.]+\n<v [^<>\n]*>[^<>\n]*</v>", block)


def test_text_has_a_title_and_one_line_for_each_line() -> None:
    text = exports.to_txt(HEAD, [line("second", start=62), line("first\nstill first", name="Ben")])

    assert text == "Weekly\n2026-01-01T10:00:00Z\n\n[00:00:01] Ben: first still first\n[00:01:02] Ana: second\n"


def test_markdown_shows_every_character_as_it_was_said() -> None:
    shown = exports.to_markdown(HEAD, [line(NASTY, name="# Eve <b>")]).splitlines()[-1]

    assert "<" not in re.sub(r"\\.", "", shown)
    assert shown.startswith(r"**\# Eve \<b\>** (00:00:01): a 2 00\:00\:01")


def test_subrip_cannot_be_given_another_cue_or_a_tag() -> None:
    text = exports.to_srt(HEAD, [line(NASTY), line("next", start=5, end=6)])

    assert text.count("-->") == 2
    assert not set("<{}") & set(text)
    assert text.startswith("1\n00:00:01,000 --> 00:00:02,500\nAna: a 2 ")


def test_json_holds_the_head_and_the_lines_in_order() -> None:
    document = json.loads(exports.to_json(HEAD, [line("second", start=9, end=10), line(NASTY)]))

    assert document["meeting"] == HEAD["meeting"]
    assert [each["text"] for each in document["lines"]] == [NASTY, "second"]


@given(st.text(), st.text(min_size=1))
def test_no_text_breaks_subrip_or_markdown(text: str, name: str) -> None:
    lines = [line(text, name=name)]

    assert exports.to_srt(HEAD, lines).count("-->") == 1
    assert len(exports.to_txt(HEAD, lines).splitlines()) == 4
    assert len(exports.to_markdown(HEAD, lines).splitlines()) == 5
