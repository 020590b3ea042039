"""Anchors, and one box for each face."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.faces.boxes import Floats, anchors, faces, overlap


def nobody() -> tuple[Floats, Floats]:
    return np.zeros((896, 16), np.float32), np.full((896, 1), -10.0, np.float32)


def test_there_are_two_anchors_a_cell_of_the_fine_map_and_six_of_the_coarse_one() -> None:
    centres = anchors()

    assert centres.shape == (896, 2)
    assert centres[0].tolist() == centres[1].tolist() == [0.5 / 16, 0.5 / 16]
    assert centres[-1].tolist() == [7.5 / 8, 7.5 / 8]


def test_nobody_is_no_face() -> None:
    assert faces(*nobody()) == []


def test_neighbours_that_see_the_same_face_are_one_box_between_them() -> None:
    numbers, logits = nobody()
    numbers[[0, 1], 2:4] = 64
    numbers[1, 0] = 4
    logits[[0, 1]] = 3.0

    found = faces(numbers, logits)

    assert len(found) == 1
    assert found[0].box[0] == np.float32((2 + 4) / 128 - 0.25)


def test_two_people_are_two_boxes_the_surer_first() -> None:
    numbers, logits = nobody()
    numbers[[0, 895], 2:4] = 20
    logits[0], logits[895] = 1.0, 4.0

    assert [round(one.score, 2) for one in faces(numbers, logits)] == [0.98, 0.73]


@given(arrays.arrays(np.float32, (17,), elements=st.floats(width=32, allow_subnormal=False)))
def test_any_answer_of_the_network_is_a_list_of_faces(answer: Floats) -> None:
    assert len(faces(np.tile(answer[:16], (896, 1)), np.tile(answer[16:], (896, 1)))) <= 896


def test_a_box_overlaps_itself_wholly_and_a_stranger_not_at_all() -> None:
    box = np.array([0, 0, 1, 1], np.float32)

    shared = overlap(box, np.array([[0, 0, 1, 1], [2, 2, 3, 3], [0.5, 0, 1.5, 1]], np.float32))

    np.testing.assert_allclose(shared, [1, 0, 1 / 3], atol=1e-6)
