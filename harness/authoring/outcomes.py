"""Outcomes of cases, and the places of cases in their suites."""

from __future__ import annotations

import re
from pathlib import Path

from harness.authoring.subject import Subject
from harness.model.judgement import CaseOutcome, Judgement, Suite, Verdict

_CASE = r"^\s*(?:async\s+)?def\s+{name}\b"


def failures(judgement: Judgement) -> list[CaseOutcome]:
    """Return the outcomes that are not accepted."""
    return [o for o in judgement.outcomes if o.verdict is not Verdict.ACCEPTED]


def failed_cases(judgement: Judgement) -> list[CaseOutcome]:
    """Return the failures of cases, without those of a solution that cannot be imported."""
    return [o for o in failures(judgement) if o.verdict is not Verdict.IMPORT_ERROR]


def function_of(outcome: CaseOutcome) -> str:
    """Return the name of the test function, ``Class::name`` in a class, without parameters."""
    return outcome.case.partition("::")[2].partition("[")[0]


def line_of_case(subject: Subject, outcome: CaseOutcome, suite: Suite) -> int | None:
    """Return the line where a case begins."""
    name = function_of(outcome).rpartition("::")[2]
    return line_of_function(subject.problem.suite_path(outcome.level, suite), name)


def line_of_function(path: Path, name: str) -> int | None:
    """Return the line where a function of a file begins."""
    text = path.read_text(encoding="utf-8")
    found = re.search(_CASE.format(name=re.escape(name)), text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else None


def import_error(judgement: Judgement) -> CaseOutcome | None:
    """Return an outcome that says why the solution cannot be imported; None when it can."""
    return next((o for o in judgement.outcomes if o.verdict is Verdict.IMPORT_ERROR), None)
