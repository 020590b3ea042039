from __future__ import annotations

from sfu.wire.finding import question, reply


def test_a_question_tells_a_foreign_host_nothing_it_could_use_at_the_right_one() -> None:
    assert question("ABCDEFGH", "pin-of-eve") != question("ABCDEFGH", "pin-of-the-host")


def test_a_question_is_no_answer() -> None:
    assert question("ABCDEFGH", "pin") != reply("ABCDEFGH", "pin")


def test_only_the_code_gives_the_answer() -> None:
    assert reply("ABCDEFGH", "pin") != reply("ABCDEFGJ", "pin")
    assert len(reply("ABCDEFGH", "pin")) == len(question("ABCDEFGH", "pin")) == 43
