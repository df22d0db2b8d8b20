"""Draws a problem as a candidate gets it, for ``harness author preview``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from harness.reports.terminal.page import QUIET, STRONG, Page, Prose, edges, indented, safe_text
from harness.words import count_text


def render_preview(view: Mapping[str, Any]) -> Page:
    """Draw what comes at the start, then each level. ``view``: the document of the command."""
    return Page(*_parts(view))


def _parts(view: Mapping[str, Any]) -> Iterator[RenderableType]:
    size = f"{count_text(len(view['summaries']), 'level')} · {view['minutes']} min"
    yield edges(safe_text(f"{view['slug']}  {view['title']}", STRONG), safe_text(size, QUIET))
    yield indented(safe_text(view["summary"], QUIET), 2)
    limits = view["limits"]
    yield from _listed(
        "Limits of a case",
        [
            f"{limits['wall_seconds']:g} s, of which {limits['cpu_seconds']} s of the processor",
            f"{limits['memory_mb']} MB of memory, {limits['output_kb']} kB of output",
        ],
    )
    yield from _listed("In the workspace from the start", view["files"])
    yield from _listed(
        "Seen from the start",
        [f"{number}  {text}" for number, text in enumerate(view["summaries"], start=1)],
    )
    for level in view["levels"]:
        prize = f"{level['points']} points and {level['bonus']} for all · {level['minutes']} min"
        head = f"── Level {level['number']} of {len(view['summaries'])}: {level['title']}"
        yield safe_text("")
        yield edges(safe_text(head, STRONG), safe_text(prize, QUIET))
        yield safe_text("")
        yield Prose(level["statement"])
        yield from _listed("Comes into the workspace", level["files"])
        yield from _listed("Visible cases", [case["title"] for case in level["visible"]])
        yield from _listed("Hidden cases", [count_text(level["hidden_cases"], "case")])
        yield from _listed("Hints, when asked for", level["hints"] or ["none"])


def _listed(title: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    yield safe_text("")
    yield safe_text(title, STRONG)
    for line in lines:
        yield indented(safe_text(line), 2)
