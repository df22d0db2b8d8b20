"""``harness list``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from harness.model.problem import BrokenProblem, Problem
from harness.reports.terminal.page import BAD, QUIET, STRONG, Page, edges, indented, safe_text
from harness.words import count_text


def render_problems(problems: Sequence[Problem | BrokenProblem]) -> Page:
    """Draw the list: name, title, size, and the summary below."""
    if not problems:
        return Page(Text("There are no problems."))
    parts: list[RenderableType] = []
    width = max(len(problem.slug) for problem in problems)
    for problem in problems:
        if parts:
            parts.append(Text())
        parts += _entry(problem, width)
    return Page(*parts)


def _entry(problem: Problem | BrokenProblem, width: int) -> Iterator[RenderableType]:
    """Draw one problem; ``width``: of the longest name."""
    name = safe_text(problem.slug.ljust(width + 2), STRONG)
    if isinstance(problem, BrokenProblem):
        yield edges(name + safe_text("cannot be used"), safe_text("broken", BAD))
        yield indented(safe_text(problem.error.message, QUIET), width + 2)
        return
    size = f"{count_text(problem.level_count, 'level')} · {problem.manifest.minutes} min"
    yield edges(name + safe_text(problem.manifest.title), safe_text(size, QUIET))
    yield indented(safe_text(problem.manifest.summary, QUIET), width + 2)
