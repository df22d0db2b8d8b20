"""A sitting on a machine whose clock is set back and forth, that sleeps and restarts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.attempts import AttemptStore
from harness.errors import RequestError
from harness.model.attempt import End, Mode
from harness.model.judgement import Feedback

MINUTES = 30
JUMPS = st.lists(
    st.tuples(
        st.sampled_from(["advance", "sleep", "set_wall"]),
        st.floats(0, 900),
        st.sampled_from([1, -1, 1000, -1000]),
    ),
    min_size=1,
    max_size=12,
)


def move(clock, name: str, amount: float, times: int) -> None:
    """Time goes forward only; where the wall clock is set to is anybody's guess."""
    getattr(clock, name)(amount * times if name == "set_wall" else amount)


@settings(max_examples=25, deadline=None)
@given(jumps=JUMPS)
def test_an_exam_takes_work_for_exactly_its_minutes(new_clock, new_problem, snap, jumps):
    clock = new_clock()
    with tempfile.TemporaryDirectory() as folder:
        with AttemptStore.open(Path(folder), clock) as store:
            attempt = store.create(
                new_problem(), Mode.EXAM, Feedback.FULL, MINUTES, Path("/w"), "1", snap("x")
            ).id
        for number, jump in enumerate(jumps):
            move(clock, *jump)
            # Each command is a process of its own.
            with AttemptStore.open(Path(folder), clock) as store:
                in_time = clock.elapsed < MINUTES * 60
                try:
                    store.saved(attempt, snap(str(number)), "reset")
                except RequestError:
                    assert not in_time
                else:
                    assert in_time
                state = store.state(attempt)
                assert (state.end is End.EXPIRED) is not in_time
                assert state.allowed_seconds == MINUTES * 60
                assert state.spent_seconds == pytest.approx(min(clock.elapsed, MINUTES * 60))
                assert store.inspect().problems == ()


@pytest.mark.parametrize("jump", [-86_400 * 365, 86_400 * 365])
def test_a_clock_that_is_wrong_after_a_restart_gives_no_time_and_loses_nothing(
    home, clock, problem, snap, judge, jump
):
    with AttemptStore.open(home, clock) as store:
        attempt = store.create(
            problem, Mode.EXAM, Feedback.FULL, MINUTES, Path("/w"), "1", snap("x")
        ).id
        clock.advance(600)
        store.submit(attempt, snap("mine"))
    clock.reboot(off_seconds=60)
    clock.set_wall(jump)
    with AttemptStore.open(home, clock) as store:
        state = store.judged(attempt, snap("mine").hash, judge())
        assert state.levels[0].accepted_at_seconds == 600
        # Set back, the time of the restart is unknown and free; set forward, it is believed.
        assert state.end is (None if jump < 0 else End.EXPIRED)
        assert state.spent_seconds == (600 if jump < 0 else MINUTES * 60)
        assert any("restarted" in notice for notice in state.notices)
    clock.set_wall(-jump)
    clock.advance(100)
    with AttemptStore.open(home, clock) as store:
        state = store.state(attempt)
        assert state.spent_seconds == (700 if jump < 0 else MINUTES * 60)
        assert store.inspect().problems == ()
