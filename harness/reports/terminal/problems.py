"""``harness list``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from harness.reports.overviews import ProblemLine
from harness.reports.terminal.page import BAD, QUIET, STRONG, Page, edges, indented, safe_text
from harness.reports.wording import count_text

if TYPE_CHECKING:
    from rich.console import RenderableType


def render_problems(lines: Sequence[ProblemLine]) -> Page:
    """Draw the list: name, title, size, and the summary below."""
    from rich.text import Text

    if not lines:
        return Page(Text("There are no problems."))
    parts: list[RenderableType] = []
    width = max(len(line.slug) for line in lines)
    for line in lines:
        if parts:
            parts.append(Text())
        parts += _entry(line, width)
    return Page(*parts)


def _entry(line: ProblemLine, width: int) -> Iterator[RenderableType]:
    """Draw one problem; ``width``: of the longest name."""
    name = safe_text(line.slug.ljust(width + 2), STRONG)
    if line.error:
        yield edges(name + safe_text("cannot be used"), safe_text("broken", BAD))
        yield indented(safe_text(line.error, QUIET), width + 2)
        return
    size = f"{count_text(line.levels, 'level')} · {line.minutes} min"
    yield edges(name + safe_text(line.title), safe_text(size, QUIET))
    yield indented(safe_text(line.summary, QUIET), width + 2)
