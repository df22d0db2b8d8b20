"""What the judge found out about one submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from harness.model.frozen import frozen


class Verdict(StrEnum):
    """One word for a case, or for a whole judgement."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    IMPORT_ERROR = "import_error"
    SKIPPED = "skipped"
    JUDGE_ERROR = "judge_error"


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a whole: ``judge_error`` dominates, then the first one not accepted.

    A whole without a single case is a ``judge_error``: nothing was judged.
    """
    seen = list(verdicts)
    if not seen or Verdict.JUDGE_ERROR in seen:
        return Verdict.JUDGE_ERROR
    return next((v for v in seen if v is not Verdict.ACCEPTED), Verdict.ACCEPTED)


class Suite(StrEnum):
    """Which suites were run."""

    VISIBLE = "visible"
    HIDDEN = "hidden"


class Feedback(StrEnum):
    """How much of a failing hidden case the candidate is shown, most first."""

    FULL = "full"
    CALLS = "calls"
    NAMES = "names"
    NONE = "none"


class Cause(StrEnum):
    """What lies behind a verdict, where code depends on it. ``OTHER`` covers the rest."""

    OTHER = ""
    EXCEPTION = "exception"
    """The solution raised an exception that the suite did not expect."""
    VALUES = "values"
    """Two values differ, and the message says no more than ``expected`` and ``actual`` do."""
    TRUTH = "truth"
    """The suite expects a true value of the last answer, or a false one."""
    OBJECT = "object"
    """The suite compares an object of the solution, which stays in the box."""


@frozen(kw_only=True)
class CitedRule:
    """A sentence of a statement that a case rests on."""

    level: int
    """The level whose statement says it."""
    text: str


@frozen
class SourceLine:
    """A line of the solution, without its indentation, and the part of it that is meant."""

    before: str
    meant: str
    after: str


@frozen(kw_only=True)
class CaseOutcome:
    """The outcome of one case. Texts are raw: escape them before showing them anywhere."""

    case: str
    """``level2::test_ties[3]``"""
    level: int
    title: str
    verdict: Verdict
    seconds: float
    message: str = ""
    """One line that says why, without the suite's source."""
    calls: tuple[str, ...] = ()
    """The transcript, one rendered call and its reply per line, oldest first."""
    calls_omitted: int = 0
    """How many older calls the transcript leaves out."""
    expected: str | None = None
    actual: str | None = None
    where: str = ""
    """``solution.py:42 in run_next``, when the candidate's code raised."""
    source: SourceLine | None = None
    """That line."""
    output: str = ""
    """What the solution printed during the case."""
    cause: Cause = Cause.OTHER
    rules: tuple[CitedRule, ...] = ()
    """What the statements say about it; only of a case that failed."""


@frozen
class BrokenSuite:
    """A suite that cannot be collected."""

    file: str
    """Below the problem's folder, with ``/``."""
    line: int | None = None


@frozen(kw_only=True)
class Judgement:
    """All case outcomes of one submission, in the order judged."""

    suite: Suite
    levels: tuple[int, ...]
    outcomes: tuple[CaseOutcome, ...]
    backend: str = ""
    """Which backend judged: ``linux``, ``docker`` or ``process``."""
    tier: str = ""
    """The protection that was in force, e.g. ``full``."""
    certified: bool = False
    """False when the box could not have stopped a hostile solution."""
    interpreter: str = ""
    """The interpreter that ran the solution, e.g. ``CPython 3.11.7``."""
    instead_of: str = ""
    """Why the backend that was asked for did not judge; empty when it did."""
    seconds: float = 0.0
    """Wall time from the first case to the last; of all tries in whole, if the solution is not to
    blame that there was more than one."""
    error: str = ""
    """Why the judge failed, when the verdict is ``judge_error``."""
    remedy: str = ""
    """What helps against ``error``, where it is known."""
    broken_suite: BrokenSuite | None = None
    """The suite that ``error`` is about, if it is about one."""
    retried_after: str = ""
    """Why the judge failed at first, when something was tried again."""

    @property
    def verdict(self) -> Verdict:
        """The verdict of the whole."""
        if self.error:
            return Verdict.JUDGE_ERROR
        return combine(o.verdict for o in self.outcomes)

    def of_level(self, level: int) -> tuple[CaseOutcome, ...]:
        """The outcomes of one level's cases."""
        return tuple(o for o in self.outcomes if o.level == level)

    def passed(self, level: int | None = None) -> int:
        """How many cases of ``level``, or of all levels, were accepted."""
        cases = self.outcomes if level is None else self.of_level(level)
        return sum(o.verdict is Verdict.ACCEPTED for o in cases)

    def total(self, level: int | None = None) -> int:
        """How many cases of ``level``, or of all levels, were judged."""
        return len(self.outcomes if level is None else self.of_level(level))

    def level_accepted(self, level: int) -> bool:
        """Whether ``level`` has cases and every one was accepted."""
        return not self.error and 0 < self.total(level) == self.passed(level)


class Observer:
    """Is called as a judgement proceeds. Does nothing; override what is of interest.

    Each case is reported once, when its outcome is certain. When the judge begins anew, the cases
    are collected again, and what was reported before does not count.
    """

    def cases_collected(self, cases: Sequence[str]) -> None:
        """Receive the ids of all cases, before the first outcome."""

    def case_done(self, outcome: CaseOutcome) -> None:
        """Receive the outcome of one case."""

    def state_changed(self, case: str, names: Sequence[str]) -> None:
        """Receive what a case leaves changed in its suite, before its outcome; authors only."""


SILENT = Observer()
