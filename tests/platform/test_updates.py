from __future__ import annotations

import contextlib
import json
import stat
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import updates
from app.updates import MANIFEST, SIGNATURE, Place, ask, configured, new_key, parse
from sfu.rtp.errors import UserError

OFFER = {"version": "7.1.0", "notes": "Faster.", "files": [{"name": "parley_7.1.0_amd64.deb", "sha256": "a" * 64}]}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "settings"
    folder.mkdir()
    monkeypatch.setenv("PARLEY_SETTINGS", str(folder))
    return folder / "updates.toml"


@pytest.fixture
def shelf(tmp_path: Path, settings: Path) -> Path:
    """A folder on the network with a signed offer, named in the settings."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / MANIFEST).write_text(json.dumps(OFFER))
    key = new_key(tmp_path / "signing.key")
    assert updates.main(["sign", str(folder / MANIFEST), "--key", str(tmp_path / "signing.key")]) == 0
    settings.write_text(f"place = {json.dumps(str(folder))}\nkey = {json.dumps(key)}\n")
    return folder


@pytest.fixture
def address(shelf: Path) -> Iterator[str]:
    """The same folder by HTTP."""
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(shelf))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def named() -> Place:
    place = configured()
    assert place is not None
    return place


def test_nobody_is_asked_unless_an_administrator_has_named_a_place(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_read", None)   # whoever asked would stumble

    assert updates.main(["check"]) == 0
    assert "Off" in capsys.readouterr().out


def test_a_newer_version_is_named_with_its_file_and_digest(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert updates.main(["check"]) == 0

    said = capsys.readouterr().out
    assert "Parley 7.1.0 is in" in said
    assert "parley_7.1.0_amd64.deb  SHA-256 aaaa" in said


def test_the_same_by_a_web_address(address: str) -> None:
    assert ask(Place(address, named().key)).newer


def test_an_older_version_is_nothing_new(shelf: Path) -> None:
    assert not parse(b'{"version": "0.0.9"}').newer
    assert not parse(f'{{"version": "{updates.__version__}"}}'.encode()).newer


def test_what_was_changed_after_signing_is_refused(shelf: Path) -> None:
    (shelf / MANIFEST).write_text(json.dumps({**OFFER, "version": "7.2.0"}))

    with pytest.raises(UserError, match="not signed by the administrator's key"):
        ask(named())


def test_another_key_is_refused(shelf: Path, tmp_path: Path) -> None:
    updates.new_key(tmp_path / "other.key")
    updates.sign(shelf / MANIFEST, tmp_path / "other.key")

    with pytest.raises(UserError, match="not signed"):
        ask(named())


def test_a_place_that_is_gone_or_floods_is_a_sentence(shelf: Path, address: str) -> None:
    key = named().key
    (shelf / MANIFEST).write_bytes(b"x" * 100_000)
    for place in (address, str(shelf)):
        with pytest.raises(UserError, match="too large"):
            ask(Place(place, key))
    (shelf / SIGNATURE).unlink()
    for place in (address, str(shelf), "http://127.0.0.1:9", "http://[broken"):
        with pytest.raises(UserError, match="could not be asked"):
            ask(Place(place, key))


def test_settings_that_make_no_sense_are_a_sentence(settings: Path) -> None:
    for text in ("place = 7", 'place = "/x"\nkey = "short"', "not toml", 'place = "/x"\nkey = "!!"'):
        settings.write_text(text)
        with pytest.raises(UserError, match=r"updates\.toml"):
            configured()


def test_a_signing_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    updates.new_key(tmp_path / "key")

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        updates.new_key(tmp_path / "key")


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["version", "notes", "files", "name", "sha256"]), inner, max_size=4),
    max_leaves=9).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_update_or_one_sentence(manifest: bytes) -> None:
    with contextlib.suppress(UserError):
        assert parse(manifest).version
