"""Show live in a terminal how far a judgement is."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from harness.cli.invocation import Invocation
from harness.model.judgement import Observer

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from harness.model.judgement import CaseOutcome

_INTERVAL_SECONDS: Final = 0.05


class LiveProgress(Observer):
    """Counts cases on a line that vanishes at the end. A context manager.

    Everything for rendering is imported in ``cases_collected``: the judge's child is at work then,
    so that costs no time. Each call draws by itself, at most twenty times a second: a thread for it
    would take time from the judge.
    """

    def __init__(self, invocation: Invocation, verb: str) -> None:
        self._invocation = invocation
        self._verb = verb
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._drawn_at = 0.0

    def cases_collected(self, cases: Sequence[str]) -> None:
        """The judge is about to run ``cases``."""
        if self._invocation.as_json:
            return
        load_rendering()
        if self._progress is not None and self._task is not None:
            self._progress.reset(self._task, total=len(cases))  # the judge tries once more
            return
        if not sys.stdout.isatty():
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        from harness.cli.output import console

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            console=console(self._invocation.settings.colour),
            transient=True,
            auto_refresh=False,
        )
        self._task = self._progress.add_task(self._verb, total=len(cases))
        self._progress.start()

    def case_done(self, outcome: CaseOutcome) -> None:
        """One more case is judged."""
        if self._progress is None or self._task is None:
            return
        self._progress.advance(self._task)
        now = time.monotonic()
        if now - self._drawn_at >= _INTERVAL_SECONDS:
            self._drawn_at = now
            self._progress.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


def load_rendering() -> None:
    """Import what draws a verdict, while the judge works anyway."""
    import harness.reports.terminal.results  # noqa: F401
