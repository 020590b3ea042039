from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from sfu.host.keyfiles import kept_secret
from sfu.rtp.errors import UserError


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"

    assert kept_secret(path, lambda: b"first") == b"first"
    assert kept_secret(path, lambda: b"second") == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_hosts_that_start_together_agree(tmp_path: Path) -> None:
    numbers = count()
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: kept_secret(tmp_path / "s", lambda: b"%d" % next(numbers)), range(32)))

    assert len(set(kept)) == 1


def test_a_folder_that_cannot_be_used_says_to_choose_another(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UserError, match="choose another with --data"):
        kept_secret(tmp_path / "file" / "secret", lambda: b"x")


def test_a_key_that_others_could_read_is_locked_again(tmp_path: Path) -> None:
    kept_secret(tmp_path / "s", lambda: b"x")
    (tmp_path / "s").chmod(0o644)

    kept_secret(tmp_path / "s", lambda: b"x")

    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
