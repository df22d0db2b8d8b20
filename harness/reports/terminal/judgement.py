"""What ``harness test`` and ``harness submit`` show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.model.judgement import Feedback, Suite
from harness.model.verdict import Verdict
from harness.reports.judgement_view import CaseView, JudgementView, LevelView
from harness.reports.terminal.case import has_details, render_case
from harness.reports.terminal.page import (
    BAD,
    FAIL,
    OK,
    PASS,
    QUIET,
    STRONG,
    WARN,
    Page,
    edges,
    indented,
    joined,
    safe_text,
)
from harness.reports.wording import verdict_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def render_judgement(
    view: JudgementView, *, details: int | None = 5, output_lines: int | None = 40
) -> Page:
    """Draw a judgement.

    ``details``: how many failing cases are told in full, the others by title; of those that fail
    alike, the first only. None for all.
    ``output_lines``: how much is shown of what the solution printed in a case; None for all of
    that, and all calls.
    """
    from rich.text import Text

    parts: list[RenderableType] = []
    broken = _import_error_of_all(view)
    if broken is not None:
        parts += [_level_head(level) for level in view.levels]
        parts += [
            Text(),
            *(indented(part, 1) for part in render_case(broken, output_lines)),
            Text(),
        ]
    elif not view.error:
        budget = _Budget(details)
        for level in view.levels:
            parts += _level(level, view, budget, output_lines)
        parts.append(Text())
        if budget.left_out:
            parts += [Text(f"{budget.left_out}{_way_to_details(view)}", style=QUIET), Text()]
    return Page(*parts, *_summary(view))


def render_summary(view: JudgementView) -> Page:
    """Draw what a judgement comes to, and how it was judged: no cases."""
    return Page(*_summary(view))


def _summary(view: JudgementView) -> Iterator[RenderableType]:
    from rich.text import Text

    yield _conclusion(view)
    yield _circumstances(view)
    if not view.certified and not view.error:
        warning = "Not certified: this box could not stop a hostile solution. See: harness doctor"
        yield Text(warning, style=WARN)


class _Budget:
    """How many cases may still be told in full, and how many were not."""

    def __init__(self, details: int | None) -> None:
        """Begin with ``details`` cases; None for as many as there are."""
        self._left = details
        self._told: set[tuple[object, ...]] = set()
        self._alike = self._more = 0

    def spend(self, case: CaseView) -> bool:
        """Tell whether ``case`` is told in full, and count it."""
        if self._left is None or not has_details(case):
            return True
        cause = (case.verdict, case.message, case.where, case.expected, case.actual)
        if case.message and cause in self._told:
            self._alike += 1
            return False
        if self._left == 0:
            self._more += 1
            return False
        self._told.add(cause)
        self._left -= 1
        return True

    @property
    def left_out(self) -> str:
        """Say how many cases were told by title only; empty when none was."""
        told = self._alike + self._more
        if not told:
            return ""
        cases = f"{told} more without details"
        if not self._alike:
            return f"{cases}."
        which = f"{self._alike} of them" if self._more else "it" if told == 1 else "they"
        return f"{cases}: {which} failed as above."


def _way_to_details(view: JudgementView) -> str:
    command = "test" if view.suite is Suite.VISIBLE else "submit"
    return f" In full: harness {command} -v"


def _import_error_of_all(view: JudgementView) -> CaseView | None:
    """Return one of the cases when all failed because the solution cannot be imported at all."""
    cases = [case for level in view.levels for case in level.cases]
    causes = {(case.verdict, case.message, case.where) for case in cases}
    if view.error or len(causes) != 1 or cases[0].verdict is not Verdict.IMPORT_ERROR:
        return None
    return cases[0] if cases[0].message else None


def _level(
    level: LevelView, view: JudgementView, budget: _Budget, output_lines: int | None
) -> Iterator[RenderableType]:
    """Draw one level: a line when all passed, else with its failing cases.

    The visible cases of the current level are all listed: they are few, and they are the examples.
    """
    from rich.text import Text

    is_current = level.level == view.levels[-1].level
    listed = view.suite is Suite.VISIBLE and is_current
    cases = [c for c in level.cases if listed or c.verdict is not Verdict.ACCEPTED]
    if level.level > view.levels[0].level and cases:
        yield Text()
    yield _level_head(level)
    if cases and not listed:
        yield Text()
    told = False
    for case in cases:
        in_full = case.verdict is not Verdict.ACCEPTED and budget.spend(case)
        details = list(render_case(case, output_lines)) if in_full else []
        if told or (details and case is not cases[0]):
            yield Text()
        yield indented(_case_head(case), 3)
        yield from (indented(part, 4) for part in details)
        told = bool(details)


def _level_head(level: LevelView) -> RenderableType:
    from rich.text import Text

    sign, style = (PASS, OK) if level.accepted else (FAIL, BAD)
    head = Text.assemble((sign, style), f"  Level {level.level}  ", safe_text(level.title))
    return edges(head, f"{level.passed}/{level.total}")


def _case_head(case: CaseView) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    passed = case.verdict is Verdict.ACCEPTED
    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(no_wrap=True)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(
        Text(PASS if passed else FAIL, style=OK if passed else BAD),
        safe_text(case.title or case.case, "" if passed else STRONG),
        Text("" if passed else verdict_words(case.verdict), style=BAD),
    )
    return line


def _conclusion(view: JudgementView) -> Text:
    """Say what it comes to. A visible run never says more than it knows."""
    from rich.text import Text

    if view.error:
        return Text.assemble(
            ("The judge failed: ", BAD),
            safe_text(view.error.rstrip(".")),
            ". This does not count against you, and nothing is lost.",
        )
    count = f"{view.passed}/{view.total}"
    if view.suite is Suite.VISIBLE:
        style = OK if view.accepted else BAD
        return joined([Text(f"visible {count}", style=f"{STRONG} {style}"), Text("hidden not run")])
    words = (
        Text("accepted", style=f"{STRONG} {OK}")
        if view.accepted
        else Text("not accepted", style=f"{STRONG} {BAD}")
    )
    return joined([words, Text(f"hidden {count}")])


def _circumstances(view: JudgementView) -> Text:
    """Say how it was judged."""
    from rich.text import Text

    backend = f"{view.backend} ({view.tier})" if view.tier else view.backend
    return joined(
        [
            Text(backend, style=QUIET),
            safe_text(view.interpreter, QUIET),
            Text(f"{view.seconds:.2f} s", style=QUIET),
            Text(
                "" if view.feedback is Feedback.FULL else f"feedback: {view.feedback}", style=QUIET
            ),
        ],
        style=QUIET,
    )
