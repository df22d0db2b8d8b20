"""Runs checks on a problem, and gathers what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence

from harness.authoring.faults import TOLD_BY, Foundations, Obstacle
from harness.authoring.subject import Subject
from harness.errors import HarnessError, RequestError
from harness.model.finding import Check, CheckResult, Finding
from harness.words import nearest

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
    """Run ``checks`` one after another; each judges several solutions at a time.

    A check that stands on what does not hold is not asked. Why is told by the check whose business
    it is; when that is not among ``checks``, by the first that stands on it.
    """
    chosen = list(checks)
    foundations = Foundations(subject)
    told = {check.name for check in chosen}
    results = []
    for check in chosen:
        on_check(check)
        started = time.monotonic()
        obstacle = foundations.obstacle(check.needs)
        if obstacle is None:
            result = _run(subject, check, started)
        else:
            result = _not_asked(subject, check, obstacle, told, started)
            told.add(TOLD_BY[obstacle.ground])
        results.append(result)
    return results


def _run(subject: Subject, check: Check, started: float) -> CheckResult:
    findings: list[Finding] = []
    try:
        for finding in check.run(subject):
            findings.append(finding)  # what was found before a failure is kept
    except HarnessError as error:
        findings.append(_could_not_look(error.message, error.hint))
    except Exception as error:  # a check of somebody else's must not take the others with it
        text = f"The check itself failed: {type(error).__name__}: {error}"
        findings.append(_could_not_look(text, "tell the author of the check"))
    return _result(subject, check, findings, started)


def _not_asked(
    subject: Subject, check: Check, obstacle: Obstacle, told: Collection[str], started: float
) -> CheckResult:
    is_told = TOLD_BY[obstacle.ground] in told
    findings = [] if is_told else [fault.finding for fault in obstacle.faults]
    return _result(subject, check, findings, started, obstacle.reason)


def _result(
    subject: Subject, check: Check, findings: Sequence[Finding], started: float, not_asked: str = ""
) -> CheckResult:
    return CheckResult(
        slug=subject.problem.slug,
        check=check.name,
        title=check.title,
        findings=tuple(findings),
        seconds=round(time.monotonic() - started, 3),
        not_asked=not_asked,
    )


def _could_not_look(message: str, hint: str) -> Finding:
    why = "Nothing can be said about this question before that is mended."
    return Finding(message=message, why=why, fix=hint or "mend it, and check again")
