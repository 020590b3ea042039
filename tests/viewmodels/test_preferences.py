from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from app import preferences
from app.preferences import FILE, Keeper, Preferences, Recent, load, save
from app.viewmodels.preferences import PreferencesModel


def chosen(first: Preferences = Preferences()) -> tuple[PreferencesModel, list[Preferences]]:  # noqa: B008  # frozen
    kept: list[Preferences] = []
    return PreferencesModel(first, kept.append), kept


def test_a_choice_is_kept_at_once() -> None:
    model, kept = chosen()

    model.call_me("  Ana ")

    assert kept[-1].name == "Ana"


def test_the_theme_follows_the_system_until_the_person_chooses() -> None:
    model, kept = chosen()
    model.follow_system(dark=True, contrast=False, language="en")
    assert model.dark

    model.toggle_theme()
    model.follow_system(dark=True, contrast=False, language="en")

    assert not model.dark
    assert kept[-1].theme == "light"


def test_the_language_changes_once_for_each_toggle() -> None:
    model, _ = chosen()
    said: list[str] = []
    model.language_changed.connect(lambda: said.append(str(model.language)))

    model.toggle_language()
    model.toggle_language()

    assert said == ["zh", "en"]


def test_text_grows_by_steps_and_stops_at_the_ends() -> None:
    model, kept = chosen()
    for _ in range(20):
        model.zoom(1)
    assert kept[-1].text_scale == 2.0

    model.zoom(0)
    assert kept[-1].text_scale == 1.0
    for _ in range(20):
        model.zoom(-1)
    assert kept[-1].text_scale == 0.9


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    preferences = Preferences(name="张伟", theme="dark", language="zh", text_scale=1.5)

    save(tmp_path / "new", preferences)

    assert load(tmp_path / "new") == preferences


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"name": 5, "theme": null, "unknown": 1}', "\x00"])
def test_a_damaged_file_costs_the_choices_and_not_the_start(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE).write_text(damage)

    assert load(tmp_path) == Preferences()


def test_simple_choices_are_read_and_made_by_name() -> None:
    model, kept = chosen()

    model.choose("finals_only", True)
    model.choose("caption_place", "above")

    assert (kept[-1].finals_only, kept[-1].caption_place) == (True, "above")
    assert model.values.value("caption_place") == "above"
    assert not model.values.contains("keys")


def test_captions_grow_by_themselves_within_bounds() -> None:
    model, _ = chosen()

    for _ in range(30):
        model.zoom_captions(1)
    assert (model.values.value("caption_scale"), model.values.value("text_scale")) == (2.0, 1.0)

    for _ in range(30):
        model.zoom_captions(-1)
    assert model.values.value("caption_scale") == 0.8


def test_meetings_that_were_joined_stand_newest_first_and_once(tmp_path: Path) -> None:
    model, kept = chosen()
    for number in (1, 2, 3, 4, 5, 6, 2):
        model.remember(Recent(f"Meeting {number}", f"https://192.168.1.2:7443/j/{number}"))
    model.forget("https://192.168.1.2:7443/j/5")

    save(tmp_path, kept[-1])

    assert [recent.title[-1] for recent in load(tmp_path).recent] == ["2", "6", "4", "3"]


def test_damaged_rows_cost_themselves_only(tmp_path: Path) -> None:
    keys = {"microphone": "Ctrl+M", "camera": 7}
    recent = [{"title": "x"}, 5, {"title": 1, "link": 2}]
    (tmp_path / FILE).write_text(json.dumps({"name": "Ana", "keys": keys, "recent": recent}))

    read = load(tmp_path)

    assert read.name == "Ana"
    assert read.keys == {"microphone": "Ctrl+M"}
    assert read.recent == (Recent("1", "2"),)


def test_a_slow_disk_holds_up_nobody_and_the_newest_choice_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk, begun = threading.Event(), threading.Event()
    written: list[str] = []

    def slow(folder: Path, chosen: Preferences) -> None:
        begun.set()
        disk.wait(5)
        written.append(chosen.name)

    monkeypatch.setattr(preferences, "save", slow)
    keeper = Keeper(tmp_path)
    keeper.keep(Preferences(name="Ana"))
    begun.wait(5)
    keeper.keep(Preferences(name="Ben"))
    keeper.keep(Preferences(name="Cem"))
    early = list(written)
    disk.set()
    keeper.close()

    assert (early, written) == ([], ["Ana", "Cem"])


def test_a_full_disk_costs_the_choice_and_not_the_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def full(folder: Path, chosen: Preferences) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preferences, "save", full)
    keeper = Keeper(tmp_path)
    keeper.keep(Preferences(name="Ana"))
    keeper.close()

    assert [record.message for record in caplog.records] == ["choices could not be kept"]
    caplog.clear()
