"""Files that others can open: what was written is there, whoever was killed; a full disk is one error."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import pytest

from sfu.core.tracks import Ended, Tracks
from sfu.link.tape import Taped
from sfu.recorder.files import Files
from tests.recorder.senders import FIRST, camera, h264_camera, together, voice

ZERO = 500.0


def write(files: Files, packets: Iterable[Taped]) -> Tracks:
    tracks = Tracks(ZERO)
    for packet in packets:
        for event in tracks.feed(packet, packet.captured):
            files.write(event)
    return tracks


def read(path: Path) -> list[tuple[float, Any]]:
    """Decoded frames with their times."""
    with av.open(str(path)) as container:
        return [(float(frame.pts * frame.time_base), frame) for frame in container.decode(container.streams[0])]


def test_voice_and_pictures_come_back_decoded_at_their_times(tmp_path: Path) -> None:
    files = Files(tmp_path)

    write(files, together(voice("p1-microphone-1", 502.0, 3.0), camera("p1-camera-2", 502.5, 2.0)))
    files.close()

    sound, picture = read(tmp_path / "p1-microphone-1.1.webm"), read(tmp_path / "p1-camera-2.1.webm")
    assert (len(sound), len(picture)) == (150, 50)
    assert sound[0][0] == pytest.approx(2.0, abs=0.01)
    assert picture[0][0] == pytest.approx(2.5, abs=0.002)
    assert picture[-1][0] - picture[0][0] == pytest.approx(49 * 0.04, abs=0.002)


def test_a_file_that_was_never_closed_opens_and_lacks_its_last_cluster_at_most(tmp_path: Path) -> None:
    files = Files(tmp_path)
    write(files, together(voice("a", 500.0, 8.0), camera("b", 500.0, 8.0)))

    for name, last in (("a", 8.0), ("b", 8.0)):
        copy = tmp_path / f"copy-{name}.webm"
        copy.write_bytes((tmp_path / f"{name}.1.webm").read_bytes())  # as SIGKILL would leave it
        assert last - read(copy)[-1][0] <= 1.1
    files.close()


def test_another_size_of_vp8_is_decoded_from_the_same_file(tmp_path: Path) -> None:
    files = Files(tmp_path)
    small, large = camera("b", 500.0, 1.0), camera("b", 501.0, 1.0, first=FIRST + (1 << 18), width=320, height=180)

    write(files, [*small, *large])
    files.close()

    assert sorted({frame.width for _, frame in read(tmp_path / "b.1.webm")}) == [160, 320]


def test_another_codec_is_another_file(tmp_path: Path) -> None:
    files = Files(tmp_path)

    write(files, [*camera("b", 500.0, 1.0), *h264_camera("b", 501.0, 1.0, first=FIRST + (1 << 18))])
    files.close()

    assert [len(read(tmp_path / name)) for name in ("b.1.webm", "b.2.mkv")] == [25, 25]
    assert read(tmp_path / "b.2.mkv")[0][0] == pytest.approx(1.0, abs=0.002)


def test_a_recorder_that_was_started_again_writes_beside_what_is_there(tmp_path: Path) -> None:
    for _life in range(2):
        files = Files(tmp_path)
        write(files, voice("a", 500.0, 1.0))
        files.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.1.webm", "a.2.webm"]


def test_a_stream_that_ended_is_closed_at_once(tmp_path: Path) -> None:
    files = Files(tmp_path)
    write(files, voice("a", 500.0, 0.5))

    files.write(Ended("a"))

    assert len(read(tmp_path / "a.1.webm")) == 25
    files.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_an_error_that_the_loop_knows(tmp_path: Path) -> None:
    (tmp_path / "a.1.webm").symlink_to("/dev/full")
    files = Files(tmp_path)
    files._fresh = lambda frame: tmp_path / "a.1.webm"  # type: ignore[method-assign]

    with pytest.raises((OSError, av.error.FFmpegError)):
        write(files, voice("a", 500.0, 5.0))
    files.close()
