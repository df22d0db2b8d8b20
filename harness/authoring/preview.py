"""Gathers what a candidate would get of a problem, without an attempt."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from harness.authoring.files import refuse_sealed
from harness.errors import PackError
from harness.model.judgement import Suite
from harness.model.problem import Problem
from harness.reports.terminal.preview import LevelPreview, Preview, PreviewCase
from harness.workspace.handout import list_first_files, name_level_files


def preview(problem: Problem, levels: Iterable[int]) -> Preview:
    """Return what the candidate gets at the start, and with each of ``levels``.

    Raises RequestError for a problem that is sealed, PackError when a file cannot be read.
    """
    refuse_sealed(problem)
    manifest = problem.manifest
    return Preview(
        slug=problem.slug,
        title=manifest.title,
        summary=manifest.summary,
        minutes=manifest.minutes,
        limits=manifest.limits.to_table(),
        summaries=tuple(level.summary for level in manifest.levels),
        files=tuple(name for name, _ in list_first_files(problem)),
        levels=tuple(_level(problem, number) for number in levels),
    )


def _level(problem: Problem, number: int) -> LevelPreview:
    level = problem.level(number)
    return LevelPreview(
        number=number,
        title=level.title,
        summary=level.summary,
        minutes=level.minutes,
        points=level.points,
        bonus=level.bonus,
        files=name_level_files(number),
        statement=problem.statement(number),
        visible=tuple(_cases(problem.suite_path(number, Suite.VISIBLE))),
        hidden_cases=len(_cases(problem.suite_path(number, Suite.HIDDEN))),
        hints=level.hints,
    )


def _cases(suite: Path) -> list[PreviewCase]:
    """Return the test functions of a suite with their titles; runs nothing of it."""
    try:
        tree = ast.parse(suite.read_bytes(), suite.name)
    except SyntaxError as error:
        raise PackError(
            f"{suite} is not Python, line {error.lineno}: {error.msg}.",
            f"python -m py_compile {suite}",
        ) from None
    except OSError as error:
        raise PackError(
            f"Cannot read {suite}: {error.strerror}.", f"ls -l {suite.parent}"
        ) from None
    return [
        PreviewCase(name=node.name, title=_title(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def _title(function: ast.FunctionDef) -> str:
    words = ast.get_docstring(function) or function.name.removeprefix("test_").replace("_", " ")
    return words.splitlines()[0]
