from __future__ import annotations

from pathlib import Path

import pytest

from models.download import FRUITLESS_ATTEMPTS, DownloadFailed, download
from tests.platform.conftest import WEIGHTS, Publisher

SIZE = len(WEIGHTS)


def fetch(publisher: Publisher, part: Path) -> list[int]:
    """Downloads the weights and returns what progress said."""
    said: list[int] = []
    download(publisher.address + "model.bin", part, SIZE, said.append)
    return said


def test_a_file_arrives_whole_and_progress_ends_at_its_size(publisher: Publisher, tmp_path: Path) -> None:
    said = fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS
    assert said[-1] == SIZE
    assert said == sorted(said)


def test_a_connection_that_keeps_breaking_is_resumed_where_it_broke(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut_after = 7_000

    fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS
    assert publisher.ranges == [("model.bin", 0), ("model.bin", 7_000), ("model.bin", 14_000)]


def test_what_an_earlier_run_left_is_not_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(WEIGHTS[:15_000])

    fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS
    assert publisher.ranges == [("model.bin", 15_000)]


def test_a_complete_part_costs_no_request(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(WEIGHTS)

    fetch(publisher, tmp_path / "part")

    assert publisher.ranges == []


def test_a_part_larger_than_the_file_is_thrown_away(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(WEIGHTS + b"more")

    fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS


def test_a_server_that_ignores_ranges_starts_over(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"x" * 15_000)
    publisher.ignores_ranges = True

    fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS


def test_a_server_that_refuses_to_resume_starts_over(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(WEIGHTS[:15_000])
    publisher.refuses_ranges = True

    fetch(publisher, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == WEIGHTS


def test_a_connection_that_brings_nothing_new_is_given_up(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut_after = 5_000
    publisher.ignores_ranges = True

    with pytest.raises(DownloadFailed, match="ended early"):
        fetch(publisher, tmp_path / "part")

    assert len(publisher.ranges) == 1 + FRUITLESS_ATTEMPTS


def test_a_server_that_sends_too_much_is_stopped(publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["model.bin"] = WEIGHTS + b"surplus"

    with pytest.raises(DownloadFailed, match="more than the 20000 bytes"):
        fetch(publisher, tmp_path / "part")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_told_with_its_number(publisher: Publisher, tmp_path: Path, status: int) -> None:
    publisher.status = status

    with pytest.raises(DownloadFailed, match=f"answered {status}"):
        fetch(publisher, tmp_path / "part")


def test_nobody_listening_is_a_failure_in_words(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="no connection"):
        download("http://127.0.0.1:9/model.bin", tmp_path / "part", SIZE, lambda _: None)
