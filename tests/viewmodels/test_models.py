from __future__ import annotations

from app.viewmodels.models import ModelRow, ModelsModel

BASE = ModelRow("whisper-base", "Whisper base", "captions", 148, "missing")
TINY = ModelRow("whisper-tiny.en", "Whisper tiny", "captions", 78, "missing")


def models() -> tuple[ModelsModel, list[tuple[str, str]]]:
    model = ModelsModel("whisper-base")
    wished: list[tuple[str, str]] = []
    model.fetch_wanted.connect(lambda name: wished.append(("fetch", name)))
    model.stop_wanted.connect(lambda name: wished.append(("stop", name)))
    model.show([BASE, TINY])
    return model, wished


def test_only_what_captions_need_is_lacking() -> None:
    model, _ = models()
    assert [row.name for row in model.lacking.items()] == ["whisper-base"]

    model.show([ModelRow("whisper-base", "Whisper base", "captions", 148, "ready"), TINY])

    assert model.lacking.items() == []


def test_a_fetch_shows_how_far_it_is_at_once() -> None:
    model, wished = models()

    model.fetch("whisper-base")
    model.progress("whisper-base", 60)

    assert wished == [("fetch", "whisper-base")]
    assert (model.rows.items()[0].state, model.rows.items()[0].received) == ("fetching", 60)
    assert model.rows.items()[1] == TINY


def test_a_failed_fetch_says_why_until_it_is_tried_again() -> None:
    model, _ = models()
    model.fetch("whisper-base")

    model.failed("whisper-base", "missing", "The disk is full.")
    assert model.lacking.items()[0].sentence == "The disk is full."

    model.fetch("whisper-base")
    assert model.lacking.items()[0].sentence == ""
