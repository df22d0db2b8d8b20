"""Gathers what a candidate would get of a problem, without an attempt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.authoring.files import refuse_sealed
from harness.authoring.suites import suites_of
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.workspace.handout import list_first_files, name_level_files


def preview(problem: Problem, levels: Iterable[int]) -> dict[str, Any]:
    """Return what the candidate gets at the start, and with each of ``levels``, as a document.

    Raises RequestError for a problem that is sealed, PackError when a suite is not Python.
    """
    refuse_sealed(problem)
    manifest = problem.manifest
    cases = {(source.level, source.suite): source.cases for source in suites_of(problem)}
    return {
        "slug": problem.slug,
        "title": manifest.title,
        "summary": manifest.summary,
        "minutes": manifest.minutes,
        "limits": manifest.limits.to_table(),
        "summaries": [level.summary for level in manifest.levels],
        "files": [name for name, _ in list_first_files(problem)],
        "levels": [
            {
                "number": number,
                "title": level.title,
                "summary": level.summary,
                "minutes": level.minutes,
                "points": level.points,
                "bonus": level.bonus,
                "files": name_level_files(number),
                "statement": problem.statement(number),
                "visible": [
                    {"name": case.name, "title": case.title or _spoken(case.node.name)}
                    for case in cases[number, Suite.VISIBLE]
                ],
                "hidden_cases": len(cases[number, Suite.HIDDEN]),
                "hints": level.hints,
            }
            for number in levels
            for level in [problem.level(number)]
        ],
    }


def _spoken(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")
