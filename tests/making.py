"""Problems and attempts for tests that need one, and name only what matters to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.model.attempt import AttemptState, LevelState, Mode
from harness.model.judgement import Feedback
from harness.model.manifest import LevelSpec, Manifest
from harness.model.problem import Problem, Snapshot


def make_problem(
    slug: str = "small",
    levels: int | Sequence[LevelSpec] = 1,
    *,
    files: Mapping[str, bytes] | None = None,
    root: Path = Path("/p"),
    template: Path = Path("/t"),
    **more: Any,
) -> Problem:
    """Return a problem; ``more`` are further fields of its manifest."""
    if isinstance(levels, int):
        parts = (f"part{number}" for number in range(1, levels + 1))
        levels = [
            LevelSpec(id=part, title="Title", summary="Summary", minutes=10, points=100)
            for part in parts
        ]
    details = {"version": "1.0.0", "title": "Title", "summary": "Summary", "license": "MIT"}
    manifest = Manifest(
        format=1, slug=slug, authors=("Somebody",), levels=tuple(levels), **(details | more)
    )
    content = Snapshot(files=dict(files or {}))
    return Problem(manifest=manifest, root=root, template=template, content=content)


def make_attempt(problem: Problem, **changes: Any) -> AttemptState:
    """Return an attempt at ``problem`` that has just begun, with ``changes``."""
    first, *others = range(1, problem.level_count + 1)
    fields = {
        "id": "abc234",
        "problem": problem.slug,
        "problem_version": problem.manifest.version,
        "problem_hash": "0" * 64,
        "mode": Mode.PRACTICE,
        "feedback": Feedback.FULL,
        "seed": "1",
        "workspace": Path("/w"),
        "minutes": 90,
        "started_at": datetime(2030, 1, 1, tzinfo=UTC),
        "levels": (
            LevelState(number=first, opened_at_seconds=0.0),
            *(LevelState(number=number) for number in others),
        ),
        "level": 1,
        "spent_seconds": 0.0,
    } | changes
    return AttemptState(allowed_seconds=fields["minutes"] * 60.0, **fields)
