"""One camera, many wishes, few requests."""

from __future__ import annotations

from sfu.core.flow import Inbound, Stream
from sfu.core.keyframes import RETRY_AFTER, KeyframeRequests

CAMERA = Stream(Inbound("ana"), "ana/camera", 1, video=True)


def test_a_wish_is_asked_at_once_and_again_until_it_is_granted() -> None:
    requests = KeyframeRequests()
    requests.want(CAMERA, now=0.0)

    assert requests.poll(now=0.0) == [CAMERA]
    assert requests.poll(now=0.1) == []
    assert requests.wake_at() == RETRY_AFTER
    assert requests.poll(now=RETRY_AFTER) == [CAMERA]

    requests.keyframe_arrived(CAMERA)
    assert requests.wake_at() is None


def test_who_comes_just_after_the_key_frame_waits_for_the_next_turn() -> None:
    requests = KeyframeRequests()
    requests.want(CAMERA, now=0.0)
    requests.poll(now=0.0)
    requests.keyframe_arrived(CAMERA)

    requests.want(CAMERA, now=0.1)

    assert requests.poll(now=0.2) == []
    assert requests.poll(now=RETRY_AFTER) == [CAMERA]


def test_a_camera_that_has_left_is_asked_no_more() -> None:
    requests = KeyframeRequests()
    requests.want(CAMERA, now=0.0)

    requests.forget(CAMERA)

    assert requests.poll(now=9.0) == []
