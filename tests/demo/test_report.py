"""The judge complains when a person would, and only then."""

from typing import Any

from app.demo.report import GOALS, Meeting, build, complaints, missed, steady
from app.demo.script import Clip, Part, Picture, Turn

HELLO = Clip("hello.flac", 2.0, "hello dear world")
CAST = (
    Part("Ana", Picture.FACE, (Turn(1.0, HELLO),)),
    Part("Ben", Picture.PORTRAIT, (Turn(5.0, HELLO),), window=True),
)
WORDS = {"hello.flac": [("hello", 0.5), ("dear", 1.0), ("world", 1.5)]}
# Everybody's media began here on the machine's clock, ten seconds into the meeting.
MEDIA, ZERO = 110.0, 100.0


def caption(name: str, at: float, start: float, text: str = "Hello, dear world.", final: bool = True) -> dict[str, Any]:
    return {"at": at, "segment": f"{name}-{start}", "speaker": "p", "name": name, "committed": text, "tail": "",
            "final": final, "start": start, "end": start + 1.5}  # fmt: skip


def report(other: str) -> dict[str, Any]:
    return {
        "meeting_began": ZERO, "media_started": MEDIA, "reconnects": 0,
        "join": {"first_remote_frame_s": 0.4}, "packets": {"sent": 500, "received": 480},
        "sources": {
            "p/camera": {"name": other, "frames": 150, "freezes": 0, "heard": 0.0},
            "p/microphone": {"name": other, "frames": 0, "freezes": 0, "heard": 1.9},
        },
        "captions": [caption("Ana", 113.0, 11.0), caption("Ben", 117.0, 15.0)],
    }  # fmt: skip


def good() -> dict[str, dict[str, Any]]:
    return {"Ana": report("Ben"), "Ben": report("Ana")}


def meeting(reports: dict[str, dict[str, Any]]) -> Meeting:
    return Meeting(CAST, reports, WORDS, {"Ana": 1.9, "Ben": 1.9}, fps=15, seconds=10.0)


def test_a_good_meeting_has_no_complaints_and_no_errors() -> None:
    found = build(meeting(good()), processes={})

    assert found["complaints"] == []
    assert found["missed"] == ["forwarder_core"]     # nobody measured it here
    assert (found["wer"], found["words"], found["freezes"]) == (0.0, 6, 0)


def test_delays_run_from_the_end_of_a_word_to_its_showing() -> None:
    found = build(meeting(good()), processes={})

    assert found["shown_p50_s"] == 1.0  # "dear" ended at 112.0 and was shown at 113.0
    assert found["final_p50_s"] == 0.5  # the phrase ended at 112.5


def test_figures_beyond_their_goals_are_said_and_those_that_were_not_taken() -> None:
    reached = dict(GOALS)

    assert missed(reached) == []
    assert missed(reached | {"wer": 0.135, "first_frame_p50_s": None}) == ["wer", "first_frame_p50_s"]


def test_words_that_were_heard_wrongly_spoil_a_meeting_in_which_everybody_was_captioned() -> None:
    reports = good()
    for each in reports.values():
        each["captions"] = [caption("Ana", 113.0, 11.0, "Yellow deer whirled."), caption("Ben", 117.0, 15.0)]
    found = build(meeting(reports), processes={"forwarder": {"cores": 0.05}})

    assert found["complaints"] == []
    assert found["missed"] == ["wer"]


def test_a_caption_under_the_wrong_name_is_a_complaint() -> None:
    reports = good()
    reports["Ben"]["captions"].append(caption("Ben", 114.0, 11.0))

    assert any("Ben, who was silent then" in line for line in complaints(meeting(reports)))


def test_speech_without_any_caption_is_a_complaint() -> None:
    reports = good()
    reports["Ben"]["captions"] = [caption("Ben", 117.0, 15.0)]

    assert complaints(meeting(reports)) == ["Ana spoke and was never captioned."]


def test_a_frozen_camera_and_a_silent_voice_are_complaints() -> None:
    reports = good()
    reports["Ana"]["sources"]["p/camera"]["frames"] = 3
    reports["Ana"]["sources"]["p/microphone"]["heard"] = 0.0

    assert len(complaints(meeting(reports))) == 2


def test_somebody_who_left_no_report_is_a_complaint() -> None:
    reports = good()
    del reports["Ana"]

    assert "Ana left no report." in complaints(meeting(reports))


def test_steady_reads_cores_from_cpu_seconds() -> None:
    assert steady([(0.0, 1.0, 50.0), (1.0, 1.1, 52.0), (2.0, 1.5, 51.0)]) == {
        "cores": 0.25, "busiest_second_cores": 0.4, "rss_mb": 52.0,
    }  # fmt: skip
