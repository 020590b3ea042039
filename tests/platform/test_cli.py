from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app import __version__, cli
from app.cli import PROGRAMS, main
from sfu.rtp.errors import ErrorCode, UserError

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"PySide6", "aiortc", "av", "cv2", "ctranslate2", "faster_whisper", "fastapi", "numpy", "onnxruntime",
         "pydantic", "zmq", "asyncio"}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Programs are not run but written down: (module, arguments)."""
    calls: list[tuple[str, list[str]]] = []

    def load(module: str) -> ModuleType:
        program = ModuleType(module)

        def run(argv: list[str]) -> int:
            calls.append((module, argv))
            return 7

        vars(program)["main"] = run
        return program

    monkeypatch.setattr(cli, "import_module", load)
    return calls


def test_help_lists_every_program_and_loads_nothing_heavy() -> None:
    script = ("import sys; from app.cli import main\n"
              "try: main(['--help'])\n"
              "finally: print('LOADED', *{name.split('.')[0] for name in sys.modules})")

    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30,
                            check=True)

    said, loaded = answer.stdout.split("LOADED")
    assert all(f"  {name} " in said for name in PROGRAMS)
    assert not HEAVY & set(loaded.split())


def test_nothing_said_means_the_window(started: list[tuple[str, list[str]]]) -> None:
    assert main([]) == 7
    assert started == [("app.window", [])]


def test_each_program_gets_its_own_arguments_even_help(started: list[tuple[str, list[str]]]) -> None:
    main(["host", "--title", "Monday", "--help"])

    assert started == [("sfu.host.main", ["--title", "Monday", "--help"])]


def test_join_opens_the_window_unless_it_is_to_be_headless(started: list[tuple[str, list[str]]]) -> None:
    main(["join", "LINK", "--name", "Ana"])
    main(["join", "LINK", "--headless", "--name", "Ana"])

    assert started == [("app.window", ["LINK", "--name", "Ana"]), ("app.headless", ["LINK", "--name", "Ana"])]


def test_a_misspelt_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hots"]) == 2
    assert "there is no command 'hots'. Did you mean `host`?" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--frobnicate"], ["--", "x"], ["--version", "x"]])
def test_a_line_without_a_command_is_told_the_commands(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line) == 2
    assert "The commands are run, host, join" in capsys.readouterr().err


def test_the_version_is_the_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"parley {__version__}\n"


def test_an_error_the_user_can_mend_is_one_sentence(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(name: str, arguments: object) -> int:
        raise UserError(ErrorCode.BUSY_PORT, "Port 7443 is taken. Choose another with --port.")

    monkeypatch.setattr(cli, "run", fail)

    assert main(["host"]) == 1
    assert capsys.readouterr().err == "parley: Port 7443 is taken. Choose another with --port.\n"


def test_a_missing_library_says_how_to_install_it(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def load(module: str) -> ModuleType:
        raise ImportError("libEGL.so.1: cannot open shared object file", name="PySide6.QtGui")

    monkeypatch.setattr(cli, "import_module", load)

    assert main(["run"]) == 1
    assert "libEGL.so.1" in (said := capsys.readouterr().err)
    assert "make setup" in said


def test_a_missing_module_of_ours_is_our_bug_and_rises(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(module: str) -> ModuleType:
        raise ModuleNotFoundError("No module named 'app.nothing'", name="app.nothing")

    monkeypatch.setattr(cli, "import_module", load)

    with pytest.raises(ModuleNotFoundError):
        main(["run"])
