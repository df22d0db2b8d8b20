"""A problem as a candidate gets it, and its drawing for ``harness author preview``."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from harness.model.frozen import frozen
from harness.reports.terminal.page import QUIET, STRONG, Page, Prose, edges, indented, safe_text
from harness.words import count_text


@frozen(kw_only=True)
class PreviewCase:
    """One visible case, as listed."""

    name: str
    title: str


@frozen(kw_only=True)
class LevelPreview:
    """What the candidate gets when a level opens."""

    number: int
    title: str
    summary: str
    minutes: int
    points: int
    bonus: int
    files: tuple[str, ...]
    """New in the workspace."""
    statement: str
    """Markdown."""
    visible: tuple[PreviewCase, ...]
    hidden_cases: int
    """The number of hidden test functions, which is all that the candidate learns."""
    hints: tuple[str, ...]


@frozen(kw_only=True)
class Preview:
    """A problem as a candidate gets it, level by level."""

    slug: str
    title: str
    summary: str
    minutes: int
    limits: dict[str, float]
    """Of each case, as in ``problem.toml``."""
    summaries: tuple[str, ...]
    """Of all levels: the candidate sees them from the start."""
    files: tuple[str, ...]
    """In the workspace from the start, besides those of level 1."""
    levels: tuple[LevelPreview, ...]


def render_preview(view: Preview) -> Page:
    """Draw what comes at the start, then each level."""
    return Page(*_parts(view))


def _parts(view: Preview) -> Iterator[RenderableType]:
    size = f"{count_text(len(view.summaries), 'level')} · {view.minutes} min"
    yield edges(safe_text(f"{view.slug}  {view.title}", STRONG), safe_text(size, QUIET))
    yield indented(safe_text(view.summary, QUIET), 2)
    limits = view.limits
    yield from _listed(
        "Limits of a case",
        [
            f"{limits['wall_seconds']:g} s, of which {limits['cpu_seconds']} s of the processor",
            f"{limits['memory_mb']} MB of memory, {limits['output_kb']} kB of output",
        ],
    )
    yield from _listed("In the workspace from the start", view.files)
    yield from _listed(
        "Seen from the start",
        [f"{number}  {text}" for number, text in enumerate(view.summaries, start=1)],
    )
    for level in view.levels:
        yield from _level(level, len(view.summaries))


def _level(level: LevelPreview, count: int) -> Iterator[RenderableType]:
    prize = f"{level.points} points and {level.bonus} for all · {level.minutes} min"
    head = f"── Level {level.number} of {count}: {level.title}"
    yield safe_text("")
    yield edges(safe_text(head, STRONG), safe_text(prize, QUIET))
    yield safe_text("")
    yield Prose(level.statement)
    yield from _listed("Comes into the workspace", level.files)
    yield from _listed("Visible cases", [case.title for case in level.visible])
    yield from _listed("Hidden cases", [f"{count_text(level.hidden_cases, 'case')}"])
    yield from _listed("Hints, when asked for", level.hints or ["none"])


def _listed(title: str, lines: list[str] | tuple[str, ...]) -> Iterator[RenderableType]:
    yield safe_text("")
    yield safe_text(title, STRONG)
    for line in lines:
        yield indented(safe_text(line), 2)
