"""Minutes by a language model, which here is a program that answers what the test wants."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfu.core.transcript import Line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import analyses
from sfu.tasks import model_minutes, nearby
from sfu.tasks import settings as services
from sfu.tasks.context import Context, Stopped, TryAgain
from sfu.tasks.settings import LanguageModel, Settings, save
from sfu.wire.analysis import Minutes
from tests.core.analysis.meetings import RELEASE, SCHOOL_ZH
from tests.tasks.language_models import Answer, ollama
from tests.tasks.meetings import done, opened, taken

GOOD = json.dumps({
    "summary": ["The release is postponed.", "两个人去里斯本。"], "decisions": ["Postpone by a week."],
    "actions": [{"what": "Order the certificate", "who": "Mei Tanaka", "due": "Friday"}, "Book a hotel"],
}, ensure_ascii=False)  # fmt: skip


def written(folder: Path, answer: Answer, **about: Any) -> tuple[Minutes, list[dict[str, Any]]]:
    """What stands in the store after the model was asked, and what it was asked."""
    with ollama(answer) as server, opened(folder, RELEASE, about.pop("lines", None)) as store:
        save(folder, Settings(minutes=LanguageModel(url=server.url, model="small", **about)))
        done(store, model_minutes.write_minutes, taken(store, folder, analyses.MODEL))
        found = store.read(lambda db: analyses.get(db, "m1")).result().minutes
    assert found is not None
    return found, server.asked


def fails(folder: Path, answer: Answer, kind: type[Exception], silent: bool = False) -> Exception:
    with ollama(answer, silent=silent) as server, opened(folder, RELEASE) as store:
        save(folder, Settings(minutes=LanguageModel(url=server.url, model="small")))
        with pytest.raises(kind) as raised:
            model_minutes.write_minutes(taken(store, folder, analyses.MODEL))
    return raised.value


def test_a_models_minutes_are_stored_and_marked_as_such(tmp_path: Path) -> None:
    found, (asked,) = written(tmp_path, lambda _: f"Sure! Here it is:\n```json\n{GOOD}\n```")

    assert [point.text for point in found.summary] == ["The release is postponed.", "两个人去里斯本。"]
    assert [(each.text, each.owner, each.due) for each in found.actions] == [
        ("Order the certificate", "Mei Tanaka", "Friday"), ("Book a hotel", "", ""),
    ]  # fmt: skip
    assert (found.made_by, found.model) == ("model", "small")
    assert (asked["model"], asked["stream"]) == ("small", True)
    assert "Mei Tanaka: The installer for Windows" in asked["messages"][1]["content"]


def test_a_long_meeting_is_read_in_parts_and_its_points_are_summed_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_minutes, "PIECE", 900)

    def answer(body: dict[str, Any]) -> str:
        return '{"summary": ["All in all."]}' if "points from the parts" in body["messages"][0]["content"] else GOOD

    found, asked = written(tmp_path, answer)

    assert len(asked) > 3
    assert [point.text for point in found.summary] == ["All in all."]
    assert len(found.decisions) == len(asked) - 1


def test_its_key_is_shown_to_it(tmp_path: Path) -> None:
    with ollama(lambda _: GOOD) as server, opened(tmp_path, RELEASE) as store:
        save(tmp_path, Settings(minutes=LanguageModel(url=server.url, model="small", key="sesame")))
        done(store, model_minutes.write_minutes, taken(store, tmp_path, analyses.MODEL))

    assert server.headers["Authorization"] == "Bearer sesame"
    assert server.headers["Host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("said", ["", "I am sorry, Dave.", "{", "[1, 2]", '{"summary": '])
def test_an_answer_that_is_no_minutes_is_asked_for_again_later(tmp_path: Path, said: str) -> None:
    assert "something else" in str(fails(tmp_path, lambda _: said, TryAgain))


def test_what_the_server_can_mend_is_tried_again_and_what_we_got_wrong_is_not(tmp_path: Path) -> None:
    assert "503" in str(fails(tmp_path / "a", lambda _: 503, TryAgain))
    assert "installed" in str(fails(tmp_path / "b", lambda _: 404, UserError))


def test_a_redirect_leads_nowhere(tmp_path: Path) -> None:
    assert "302" in str(fails(tmp_path, lambda _: 302, UserError))


def test_a_model_that_falls_silent_is_left_and_one_that_does_not_end_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_minutes, "SILENCE_S", 0.2)
    monkeypatch.setattr(model_minutes, "LONGEST_ANSWER", 100)

    assert "in time" in str(fails(tmp_path / "a", lambda _: "", TryAgain, silent=True))
    assert "end" in str(fails(tmp_path / "b", lambda _: "word " * 100, TryAgain))


def test_nobody_there_is_said_with_the_address(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken_port:
        port = taken_port.getsockname()[1]
    with opened(tmp_path, RELEASE) as store:
        save(tmp_path, Settings(minutes=LanguageModel(url=f"http://127.0.0.1:{port}/v1", model="small")))
        with pytest.raises(TryAgain, match=f"127.0.0.1:{port}"):
            model_minutes.write_minutes(taken(store, tmp_path, analyses.MODEL))


def test_it_can_be_stopped_while_it_speaks(tmp_path: Path) -> None:
    context: list[Context] = []

    def answer(_body: dict[str, Any]) -> str:
        context[0].stop()
        return GOOD

    with ollama(answer) as server, opened(tmp_path, RELEASE) as store:
        save(tmp_path, Settings(minutes=LanguageModel(url=server.url, model="small")))
        context.append(taken(store, tmp_path, analyses.MODEL))
        with pytest.raises(Stopped):
            model_minutes.write_minutes(context[0])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "224.0.0.1", "0.0.0.0"])
def test_what_was_said_does_not_leave_this_network_unless_that_is_wanted(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.5", 80)), (0, 0, 0, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: known)

    with pytest.raises(UserError) as refused:
        nearby.address_of("example.org", 80, anywhere=False, purpose="language model")

    assert refused.value.code is ErrorCode.NOT_ALLOWED
    assert nearby.address_of("example.org", 80, anywhere=True, purpose="language model") == "192.168.1.5"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.20.0.1", "169.254.3.4", "::1",
                                     "fe80::1", "fd00::5", "100.64.0.3"])  # fmt: skip
def test_what_is_on_this_network_may_be_used(address: str) -> None:
    assert nearby.address_of(address, 80, anywhere=False, purpose="language model") == address


def test_settings_are_for_their_owners_eyes_and_a_broken_file_says_so(tmp_path: Path) -> None:
    assert services.settings(tmp_path) == Settings()
    save(tmp_path, Settings(minutes=LanguageModel(url="http://localhost:1/v1", model="m", key="secret")))
    path = tmp_path / services.FILE

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert services.settings(tmp_path).minutes == LanguageModel(url="http://localhost:1/v1", model="m", key="secret")
    assert "secret" not in repr(services.settings(tmp_path))
    path.write_text('{"minutes": {"url": "ftp://x", "model": "m"}}')
    with pytest.raises(UserError, match=r"minutes\.url"):
        services.settings(tmp_path)


def test_chinese_is_read_as_it_was_said() -> None:
    (part,) = model_minutes.pieces(SCHOOL_ZH.lines())

    assert part.startswith("[00:00:00] 陈老师: 今天主要说两件事，春游和家长会。\n")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["summary", "decisions", "actions", "what", "who", "due", "x"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(json_values | st.text(max_size=60))
@settings(deadline=None)
def test_whatever_a_model_answers_is_minutes_of_plain_text_or_refused(answer: Any) -> None:
    try:
        found = model_minutes._minutes(answer if isinstance(answer, str) else json.dumps(answer))
    except TryAgain:
        return
    for point in (*found.summary, *found.decisions, *found.actions):
        assert point.text.isprintable()


@given(st.lists(st.text(max_size=300), max_size=20))
@settings(deadline=None)
def test_no_part_of_a_transcript_is_longer_than_a_model_reads(texts: list[str]) -> None:
    lines = [
        Line(segment=f"s{n}", speaker=f"p{n % 2}", name="P", text=text, language="", start=n, end=n, confidence=1)
        for n, text in enumerate(texts)
    ]
    assert all(len(part) <= model_minutes.PIECE for part in model_minutes.pieces(lines))
