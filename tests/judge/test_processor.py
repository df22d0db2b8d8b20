"""Who may use which processor while cases run."""

from __future__ import annotations

import os

import pytest

from harness.judge.judge import keep_off
from harness.judge.link import SharedProcessor

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system lets nobody choose a processor"
)
several = pytest.mark.skipif(
    SharedProcessor().current() is None, reason="one processor: nothing to choose from"
)


@pytest.fixture(autouse=True)
def everywhere():
    before = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, before)


@several
def test_the_judge_stays_where_it_is_and_may_leave() -> None:
    allowed = os.sched_getaffinity(0)
    shared = SharedProcessor()
    processor = shared.stay()
    assert os.sched_getaffinity(0) == {processor}
    shared.leave()
    assert os.sched_getaffinity(0) == allowed


def test_on_one_processor_there_is_nothing_to_choose() -> None:
    only = {max(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, only)
    shared = SharedProcessor()
    assert shared.current() is None
    assert shared.stay() is None
    with keep_off(max(only)):
        assert os.sched_getaffinity(0) == only


@several
def test_others_keep_off_it_even_when_something_fails() -> None:
    allowed = os.sched_getaffinity(0)
    seen = []

    def fail() -> None:
        with keep_off(max(allowed)):
            seen.append(os.sched_getaffinity(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == [allowed - {max(allowed)}]
    assert os.sched_getaffinity(0) == allowed


@pytest.mark.parametrize("processor", [None, 100_000])
def test_a_processor_that_is_not_ours_changes_nothing(processor: int | None) -> None:
    allowed = os.sched_getaffinity(0)
    with keep_off(processor):
        assert os.sched_getaffinity(0) == allowed
