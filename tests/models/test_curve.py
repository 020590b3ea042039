from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.runtime.curve import new_host_keys, new_worker, read_host_keys, read_worker_keys
from sfu.rtp.errors import UserError


def test_each_worker_has_a_key_of_its_own_and_the_host_knows_them_all(tmp_path: Path) -> None:
    host = tmp_path / "host.json"
    first = new_worker(host, tmp_path / "first.json")
    second = new_worker(host, tmp_path / "second.json")

    known = read_host_keys(host)

    assert known.workers == (first.public, second.public)
    assert first.server == second.server == known.public
    assert read_worker_keys(tmp_path / "first.json") == first


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "worker.json"
    new_worker(tmp_path / "host.json", path)
    assert path.stat().st_mode & 0o077 == 0

    path.chmod(0o644)

    with pytest.raises(UserError, match="chmod 600"):
        read_worker_keys(path)


def test_the_hosts_keys_stay_the_same(tmp_path: Path) -> None:
    assert new_host_keys(tmp_path / "host.json") == new_host_keys(tmp_path / "host.json")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    new_worker(tmp_path / "host.json", tmp_path / "worker.json")

    with pytest.raises(UserError, match="already"):
        new_worker(tmp_path / "host.json", tmp_path / "worker.json")


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"server": "x", "public": "y", "secret": "z"})])
def test_what_is_no_key_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "worker.json"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(UserError):
        read_worker_keys(path)
