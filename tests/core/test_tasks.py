from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core.tasks import (
    LONGEST_WAIT_S,
    MOVES,
    UNFINISHED,
    Fate,
    Input,
    after,
    after_death,
    after_failure,
    wait_after,
)
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import TaskState as State


def test_what_is_done_stays_done_whatever_people_want() -> None:
    for happened in Input:
        with pytest.raises(UserError) as refused:
            after(State.DONE, happened)
        assert refused.value.code is ErrorCode.TAKEN


@given(st.sampled_from(State), st.sampled_from(Input))
def test_only_what_the_table_says_may_follow(state: State, happened: Input) -> None:
    try:
        then = after(state, happened)
    except UserError:
        assert (state, happened) not in MOVES
    else:
        assert then is MOVES[state, happened]


def test_everything_that_ended_badly_can_be_asked_for_again_and_nothing_else() -> None:
    again = {state for state, happened in MOVES if happened is Input.ASKED_AGAIN}

    assert again == set(State) - UNFINISHED - {State.DONE}


def test_each_further_try_waits_four_times_as_long_up_to_an_hour() -> None:
    assert [wait_after(attempts) for attempts in (1, 2, 3)] == [5.0, 20.0, 80.0]
    assert wait_after(50) == LONGEST_WAIT_S


@given(st.integers(1, 20), st.integers(1, 20))
def test_nobody_tries_more_often_than_allowed(attempts: int, most: int) -> None:
    assert (after_failure(attempts, most).happened is Input.GIVEN_UP) == (attempts >= most)


@given(st.integers(1, 20), st.integers(1, 20), st.booleans())
def test_what_may_have_happened_is_never_begun_again_by_itself(attempts: int, most: int, called_off: bool) -> None:
    assert after_death(attempts, most, doubtful=True, called_off=called_off) == Fate(Input.DOUBTED)


def test_a_death_does_not_bring_back_what_was_called_off() -> None:
    assert after_death(1, 4, doubtful=False, called_off=True) == Fate(Input.CALLED_OFF)
