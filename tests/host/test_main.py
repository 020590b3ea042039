from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sfu.host.main import main


@pytest.fixture(autouse=True)
def _no_log_handlers_left() -> Iterator[None]:
    before = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = before


@pytest.mark.parametrize(
    "argument",
    [
        "--port=70000", "--port=-1", "--port=x", "--capacity=0", "--bind=nowhere", "--title=", "--title=" + "x" * 200,
        "--language=klingon", "--keep-days=0", "--grpc=nowhere:1",
    ],
)
def test_an_argument_that_cannot_be_is_explained(argument: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([argument])

    assert left.value.code == 2
    assert argument.split("=")[0] in capfd.readouterr().err


@pytest.mark.parametrize("as_json", [True, False])
def test_a_busy_port_is_status_2_and_says_which_and_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], as_json: bool
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        arguments = ["--port", str(port), "--bind", "127.0.0.1", "--data", str(tmp_path)]

        status = main([*arguments, "--json"] if as_json else arguments)

    said = capfd.readouterr()
    sentence = json.loads(said.out)["sentence"] if as_json else said.err
    assert status == 2
    assert f"Port {port} is in use" in sentence
    assert "--port" in sentence


def test_a_data_folder_that_cannot_be_is_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()

    status = main(["--port", "0", "--data", str(tmp_path / "file"), "--json"])

    assert status == 2
    assert "--data" in json.loads(capfd.readouterr().out)["sentence"]
