"""Following a judgement while it happens."""

from __future__ import annotations

from collections.abc import Sequence

from harness.model.judgement import CaseOutcome


class Observer:
    """Is called as a judgement proceeds. Does nothing; override what is of interest.

    When the judge tries again after a failure of its own, everything is reported anew.
    """

    def cases_collected(self, cases: Sequence[str]) -> None:
        """Receive the ids of all cases, before the first outcome."""

    def case_done(self, outcome: CaseOutcome) -> None:
        """Receive the outcome of one case."""


SILENT = Observer()
