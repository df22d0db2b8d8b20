"""Runs checks on a problem, and gathers what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from harness.authoring.checks import mistakes, solutions, suites
from harness.authoring.subject import Subject
from harness.errors import HarnessError, RequestError
from harness.model.finding import Check, CheckResult, Finding
from harness.words import nearest

FOUNDATIONS: Mapping[str, Check] = {
    check.name: check
    for check in (*suites.CHECKS, *mistakes.CHECKS, *solutions.CHECKS)
    if check.foundation
}
"""The checks that others name in ``needs``."""

OnCheck = Callable[[Check], None]


def choose(checks: Iterable[Check], names: Sequence[str], *, full: bool) -> list[Check]:
    """Return the checks to run: those named, else all quick ones, and with ``full`` the slow ones.

    Raises RequestError for a name that no check has.
    """
    known = {check.name: check for check in checks}
    for name in names:
        if name not in known:
            meant = nearest(name, known)
            raise RequestError(
                f"There is no check '{name}'." + (f" Did you mean {meant}?" if meant else ""),
                "harness author check --list",
            )
    if names:
        return [known[name] for name in names]
    return [check for check in known.values() if full or not check.full]


def examine(
    subject: Subject, checks: Iterable[Check], on_check: OnCheck = lambda check: None
) -> list[CheckResult]:
    """Run ``checks`` in order; each judges several solutions at a time.

    A foundation runs before the checks that need it, whether it is among ``checks`` or not. When
    it has errors, they are reported once, and the checks that need it do not run.
    """
    chosen = list(checks)
    names = {check.name for check in chosen}
    results: dict[str, CheckResult] = {}
    for check in chosen:
        _examine(subject, check, results, on_check)
    return [result for result in results.values() if result.check in names or _has_news(result)]


def _examine(
    subject: Subject, check: Check, results: dict[str, CheckResult], on_check: OnCheck
) -> CheckResult:
    if check.name in results:
        return results[check.name]
    missing = ""
    for name in dict.fromkeys(check.needs):
        if name not in FOUNDATIONS:
            missing = missing or f"it needs {name}, which is not a foundation"
        else:
            found = _examine(subject, FOUNDATIONS[name], results, on_check)
            if not found.passed:
                missing = missing or found.not_asked or f"{name} has errors"
    findings: list[Finding] = []
    started = time.monotonic()
    if not missing:
        on_check(check)
        try:
            for finding in check.run(subject):
                findings.append(finding)  # what was found before a failure is kept
        except HarnessError as error:
            findings.append(_could_not_run(error.message, error.hint))
        except Exception as error:  # the check of a plugin must not take the others with it
            text = f"The check itself failed: {type(error).__name__}: {error}"
            findings.append(_could_not_run(text, "report it to the author of the check"))
    results[check.name] = CheckResult(
        slug=subject.problem.slug,
        check=check.name,
        title=check.title,
        findings=tuple(findings),
        seconds=round(time.monotonic() - started, 3),
        not_asked=missing,
    )
    return results[check.name]


def _has_news(result: CheckResult) -> bool:
    return not result.passed and not result.not_asked


def _could_not_run(message: str, hint: str) -> Finding:
    why = "This check cannot run until that is fixed."
    return Finding(message=message, why=why, fix=hint or "fix it and run the check again")
