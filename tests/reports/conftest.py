"""An attempt on a problem of three levels, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.model.attempt import AttemptState, LevelState, Mode, RecordedJudgement
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.manifest import LevelSpec
from harness.model.plain import from_plain, to_plain
from harness.model.problem import Snapshot
from tests.making import make_problem


@pytest.fixture
def problem():
    titles = ("Set and get", "Records and scans", "Expiry and backups")
    summaries = (
        "Set, get, delete and count text values under text keys.",
        "Keys hold records of named fields; scan the keys under a prefix in order, page by page.",
        "Fields expire by timestamp; back up the content and restore it with the time left.",
    )
    levels = tuple(
        LevelSpec(
            id=f"level_{number}",
            title=titles[number - 1],
            summary=summaries[number - 1],
            minutes=number * 10,
            points=number * 100,
            bonus=50 if number < 3 else 0,
        )
        for number in (1, 2, 3)
    )
    files = {"problem/editorial.md": b"# Why\n\nA `dict` has no order.\n"}
    for number in (1, 2, 3):
        files[f"problem/reference/level{number}/solution.py"] = b"one\ntwo\nbest\n"
    return make_problem(
        "kv_store",
        levels,
        files=files,
        title="Key-value store",
        summary="An in-memory store that grows records, expiry and backups.",
        tags=("dictionary",),
        minutes=60,
    )


@pytest.fixture
def with_reference(problem):
    """Return the problem with another reference of level 2: ``with_reference(solution="…")``."""

    def change(**modules):
        prefix = "problem/reference/level2/"
        files = {n: c for n, c in problem.content.files.items() if not n.startswith(prefix)}
        files |= {f"{prefix}{name}.py": text.encode() for name, text in modules.items()}
        return replace(problem, content=Snapshot(files=files))

    return change


@pytest.fixture
def outcome():
    """Make an outcome: ``outcome(2, "test_x", verdict=…, …)``."""

    def make(level=1, name="test_it", verdict=Verdict.ACCEPTED, **more):
        title = name.removeprefix("test_").replace("_", " ").capitalize()
        data = {
            "case": f"level{level}::{name}",
            "level": level,
            "title": title,
            "verdict": verdict,
            "seconds": 0.01,
        }
        return from_plain(CaseOutcome, to_plain(data | more))

    return make


@pytest.fixture
def judgement():
    """Make a judgement of the given outcomes, in the box of the linux backend."""

    def make(*outcomes, **more):
        data = {
            "suite": Suite.HIDDEN,
            "levels": tuple(sorted({each.level for each in outcomes})),
            "outcomes": outcomes,
            "backend": "linux",
            "tier": "full",
            "certified": True,
            "interpreter": "CPython 3.11.7",
            "seconds": 0.416,
        }
        return from_plain(Judgement, to_plain(data | more))

    return make


@pytest.fixture
def record():
    """Make a recorded judgement: ``record(seq, level, at_seconds, judgement, snapshot)``."""

    def make(seq, level, at, judgement, snapshot=""):
        return RecordedJudgement(
            seq=seq, snapshot=snapshot, level=level, at_seconds=at, judgement=judgement
        )

    return make


@pytest.fixture
def state():
    """Make a state: 30 minutes into an attempt of an hour, level 2 open, level 1 accepted."""

    def make(**more):
        levels = (
            LevelState(
                number=1,
                opened_at_seconds=0.0,
                accepted_at_seconds=480.0,
                submissions=2,
                test_runs=3,
                passed=18,
                total=18,
            ),
            LevelState(
                number=2, opened_at_seconds=484.0, submissions=1, test_runs=2, passed=9, total=14
            ),
            LevelState(number=3),
        )
        data = {
            "id": "k3f9qz",
            "problem": "kv_store",
            "problem_version": "1.0.0",
            "problem_hash": "0" * 64,
            "mode": Mode.PRACTICE,
            "feedback": Feedback.FULL,
            "seed": "1",
            "workspace": Path("/w"),
            "minutes": 60,
            "started_at": datetime(2030, 1, 2, 14, 5, tzinfo=UTC),
            "levels": levels,
            "level": 2,
            "spent_seconds": 1800.0,
            "allowed_seconds": 3600.0,
            "submissions": 3,
        }
        return from_plain(AttemptState, to_plain(data | more))

    return make


@pytest.fixture
def snapshot():
    """Make a snapshot of texts: ``snapshot(solution="…")`` has the file ``solution.py``."""

    def make(**files):
        return Snapshot(files={f"{name}.py": text.encode() for name, text in files.items()})

    return make
