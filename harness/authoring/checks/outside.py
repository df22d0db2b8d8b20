"""Suites and references ask no clock, no chance and no network. Read from their syntax alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.authoring.checks.determinism import WHY_SAME
from harness.authoring.outside import uses
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding, Ground
from harness.model.judgement import Suite


def outside(subject: Subject) -> Iterator[Finding]:
    """Nothing asks the world outside."""
    for path, level in _sources(subject):
        try:
            found = uses(path.read_text(encoding="utf-8-sig"))
        except (SyntaxError, ValueError):
            continue  # of a reference: told by the check ``references``
        for use in found:
            yield Finding(
                message=f"{use.name} asks {use.asks}.",
                why=WHY_SAME,
                fix="hand in times as arguments; order threads by events with a timeout; take "
                "random data from the fixture rng or from random.Random(7)",
                path=path,
                line=use.line,
                level=level,
            )


def _sources(subject: Subject) -> Iterator[tuple[Path, int]]:
    for level in subject.levels:
        for suite in Suite:
            yield subject.problem.suite_path(level, suite), level
        folder = subject.problem.reference_dir(level)
        for name in subject.references[level].files:
            yield folder / name, level


CHECKS = (
    Check(
        name="outside",
        title="nothing asks the clock, chance or a network",
        run=outside,
        needs=(Ground.SOURCES,),
    ),
)
