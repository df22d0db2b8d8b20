from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.attempts.clock import Timeline, draw_timeline
from harness.model.attempt import Reading

LENGTHS = st.floats(0, 20_000, allow_nan=False)
JUMPS = st.floats(-100_000, 100_000, allow_nan=False)
WITHIN_A_BOOT = st.one_of(
    st.tuples(st.just("advance"), LENGTHS),
    st.tuples(st.just("sleep"), LENGTHS),
    st.tuples(st.just("set_wall"), JUMPS),
)
ANYTHING = st.one_of(WITHIN_A_BOOT, st.tuples(st.just("reboot"), LENGTHS))


@given(steps=st.lists(st.tuples(WITHIN_A_BOOT, st.booleans()), max_size=25))
def test_without_a_reboot_the_time_spent_is_the_true_time(new_clock, new_chronicle, steps):
    clock = new_clock()
    chronicle = new_chronicle(clock)
    for (name, amount), is_recorded in steps:
        getattr(clock, name)(amount)
        if is_recorded:
            chronicle.add("saved", snapshot="aa", why="test")
        state = chronicle.state()
        assert state.spent_seconds == pytest.approx(clock.elapsed, abs=1e-3)


@given(steps=st.lists(ANYTHING, max_size=25))
def test_time_spent_never_falls_whatever_the_clocks_do(new_clock, new_chronicle, steps):
    clock = new_clock()
    chronicle = new_chronicle(clock)
    spent = 0.0
    for name, amount in steps:
        getattr(clock, name)(amount)
        chronicle.add("saved", snapshot="aa", why="test")
        state = chronicle.state()
        assert state.spent_seconds >= spent
        spent = state.spent_seconds


@given(steps=st.lists(ANYTHING, max_size=25), off=LENGTHS)
def test_with_an_honest_wall_clock_a_reboot_costs_exactly_its_time(
    new_clock, new_chronicle, steps, off
):
    clock = new_clock()
    chronicle = new_chronicle(clock)
    for name, amount in [*steps, ("reboot", off)]:
        if name != "set_wall":
            getattr(clock, name)(amount)
            chronicle.add("saved", snapshot="aa", why="test")
    state = chronicle.state()
    assert state.spent_seconds == pytest.approx(clock.elapsed, abs=1e-3)


@given(
    steps=st.lists(
        st.tuples(LENGTHS, st.sampled_from(["pause", "resume", "submit", "judge"])), max_size=25
    ),
    ask=st.lists(LENGTHS, min_size=2, max_size=6),
)
def test_charged_time_grows_and_is_inverted_by_when_charged(
    new_clock, new_chronicle, judge, steps, ask
):
    clock = new_clock()
    chronicle = new_chronicle(clock)
    do = {
        "pause": lambda: chronicle.add("paused"),
        "resume": lambda: chronicle.add("resumed"),
        "submit": lambda: chronicle.add("submitted", snapshot="aa"),
        "judge": lambda: chronicle.judged(judge(seconds=100)),
    }
    for seconds, name in steps:
        clock.advance(seconds)
        do[name]()
    timeline = draw_timeline(chronicle.events, clock())
    charged = [timeline.charged(at) for at in sorted(ask)]
    assert charged == sorted(charged)
    for at, value in zip(sorted(ask), charged, strict=True):
        assert 0 <= value <= at
        first = timeline.when_charged(value)
        assert first <= at + 1e-6
        assert timeline.charged(first) == pytest.approx(value, abs=1e-6)


def test_pauses_that_overlap_judging_are_not_counted_twice(clock, new_chronicle, judge):
    chronicle = new_chronicle(clock)
    clock.advance(100)
    chronicle.add("submitted", snapshot="aa")
    clock.advance(5)
    chronicle.add("paused")
    clock.advance(5)
    chronicle.judged(judge(seconds=60))
    clock.advance(20)
    chronicle.add("resumed")
    clock.advance(7)
    timeline = draw_timeline(chronicle.events, clock())
    assert timeline.at == (0, 100, 105, 110, 130)
    assert timeline.charged(timeline.now) == 107


def test_without_boot_ids_the_wall_clock_decides_and_never_takes_time_back(new_chronicle):
    def at(wall: float) -> Reading:
        return Reading(wall=wall, boot_id="", boottime=0, monotonic=0)

    walls = iter([100, 50])
    chronicle = new_chronicle(lambda: at(next(walls)))
    chronicle.add("resumed")
    timeline = draw_timeline(chronicle.events, at(80))
    assert timeline.at == (0, 0)
    assert timeline.now == 30


def test_an_empty_timeline_charges_everything():
    timeline = Timeline(at=(0.0,), now=10.0, free=())
    assert timeline.charged(10) == 10
    assert timeline.when_charged(10) == 10
