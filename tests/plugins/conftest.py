from __future__ import annotations

import pytest

from harness.model.attempt import AttemptState, Event, Reading
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict
from harness.model.problem import Problem
from tests.making import make_attempt, make_problem


@pytest.fixture
def problem() -> Problem:
    return make_problem("small_queue")


@pytest.fixture
def state(problem: Problem) -> AttemptState:
    return make_attempt(problem, spent_seconds=60.0)


@pytest.fixture
def judgement() -> Judgement:
    outcome = CaseOutcome(
        case="level1::test_it", level=1, title="It works", verdict=Verdict.ACCEPTED, seconds=0.01
    )
    return Judgement(suite=Suite.HIDDEN, levels=(1,), outcomes=(outcome,))


@pytest.fixture
def event() -> Event:
    reading = Reading(wall=0.0, boot_id="", boottime=0.0, monotonic=0.0)
    return Event(
        attempt="abc234",
        seq=1,
        kind="created",
        reading=reading,
        data={},
        previous_hash="",
        hash="1",
    )
