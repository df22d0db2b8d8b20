from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.model.attempt import AttemptState, Event, LevelState, Mode, Reading
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem, Snapshot


@pytest.fixture
def problem() -> Problem:
    level = LevelSpec(id="basics", title="Basics", summary="All.", minutes=10, points=100)
    manifest = Manifest(
        format=1,
        slug="small_queue",
        version="1.0.0",
        title="Queue",
        summary="A queue.",
        authors=("Somebody",),
        license="MIT",
        levels=(level,),
    )
    return Problem(
        manifest=manifest, root=Path("/p"), template=Path("/t"), content=Snapshot(files={})
    )


@pytest.fixture
def state() -> AttemptState:
    return AttemptState(
        id="abc234",
        problem="small_queue",
        problem_version="1.0.0",
        problem_hash="0" * 64,
        mode=Mode.PRACTICE,
        feedback=Feedback.FULL,
        seed="1",
        workspace=Path("/w"),
        minutes=90,
        started_at=datetime(2030, 1, 1, tzinfo=UTC),
        levels=(LevelState(number=1, opened_at_seconds=0.0),),
        level=1,
        spent_seconds=60.0,
        allowed_seconds=5400.0,
    )


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
