"""Runs checks on a problem, and gathers what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from harness.authoring.checks import (
    asserting,
    determinism,
    files,
    mistakes,
    mutation,
    order,
    outside,
    rules,
    solutions,
    statement,
    suites,
    threads,
    watching,
    wording,
)
from harness.authoring.subject import Subject
from harness.errors import HarnessError, RequestError
from harness.model.finding import Check, CheckFunction, CheckResult, Finding
from harness.plugins import PluginHost
from harness.words import nearest


def _check(name: str, title: str, run: CheckFunction, *needs: str, full: bool = False) -> Check:
    return Check(name=name, title=title, run=run, needs=needs, full=full)


CHECKS: Sequence[Check] = (
    _check("files", "licence, hints, files and their names", files.files),
    _check("version", "every change has a version and an entry", files.version),
    _check("suites", "the suites can be collected", suites.suites),
    _check("cases", "each case has its own title", suites.cases, "suites"),
    _check(
        "statement", "the statements say all that the suites ask for", statement.statement, "suites"
    ),
    _check("rules", "cases cite their rules, and every rule is tested", rules.rules, "suites"),
    _check("examples", "the references do what the examples show", wording.examples, "references"),
    _check("wording", "the statements are whole and can be copied", wording.wording),
    _check(
        "outside",
        "nothing depends on clock, chance, network or machine",
        outside.outside,
        "suites",
    ),
    _check("order", "no case depends on the others", order.order, "suites"),
    _check("asserting", "each assertion is reached and could fail", asserting.asserting, "order"),
    _check(
        "references",
        "each reference passes the suites of its levels",
        solutions.references,
        "order",
    ),
    _check("kinds", "values are of the kinds in the signatures", watching.kinds, "references"),
    _check(
        "steps", "each level fails the reference of the one before", solutions.steps, "references"
    ),
    _check("skeleton", "the skeleton fails, and gives nothing away", solutions.skeleton, "suites"),
    _check("alternates", "other correct designs pass", solutions.alternates, "references"),
    _check(
        "mistakes", "mistakes.toml can be read, and its edits fit", mistakes.mistakes, "references"
    ),
    _check(
        "known-wrong", "the hidden suites catch known mistakes", mistakes.known_wrong, "mistakes"
    ),
    _check("naive", "the naive design fails where it should", mistakes.naive, "mistakes"),
    _check(
        "lower-levels",
        "known mistakes pass every lower level",
        mistakes.lower_levels,
        "mistakes",
        full=True,
    ),
    _check(
        "feedback", "failures explain themselves and leak nothing", mistakes.feedback, "mistakes"
    ),
    _check(
        "cheats",
        "a solution that does no work earns nothing",
        solutions.cheats,
        "suites",
        full=True,
    ),
    _check("suspicious", "no case is free or duplicated", suites.suspicious, "suites"),
    _check(
        "mutation",
        "small mistakes in the references are noticed",
        mutation.mutation,
        "mistakes",
        full=True,
    ),
    _check(
        "needed", "each hidden case is there for a reason", mutation.needed, "mistakes", full=True
    ),
    _check("twins", "no two cases always fail together", mutation.twins, "mistakes", full=True),
    _check(
        "threads",
        "no verdict depends on when threads take turns",
        threads.threads,
        "mistakes",
        full=True,
    ),
    _check(
        "determinism",
        "the same code gets the same outcome",
        determinism.determinism,
        "references",
        full=True,
    ),
)
"""The checks that come with the tool, in the order in which they run: name, title, function, needs.

Those marked as full take minutes.
"""
OnCheck = Callable[[Check], None]


def all_checks(plugins: PluginHost) -> list[Check]:
    """Return all checks. Raises RequestError when a plugin brings one with a name that is taken."""
    theirs = plugins.checks()
    taken = {check.name for check in CHECKS} & {check.name for check in theirs}
    if taken:
        raise RequestError(
            f"A plugin brings a check '{min(taken)}', but there is one of that name already.",
            "harness doctor  # shows the plugins",
        )
    return [*CHECKS, *theirs]


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

    What a check needs runs before it, whether it is among ``checks`` or not. When that has errors,
    they are reported once, and the checks that need it do not run.
    """
    results: dict[str, CheckResult] = {}
    names = {_examine(subject, check, results, on_check).check for check in checks}
    return [
        result
        for name, result in results.items()
        if name in names or not (result.passed or result.not_asked)
    ]


def _examine(
    subject: Subject, check: Check, results: dict[str, CheckResult], on_check: OnCheck
) -> CheckResult:
    if check.name in results:
        return results[check.name]
    missing = ""
    ours = {each.name: each for each in CHECKS}
    for name in check.needs:
        if name not in ours:
            missing = missing or f"it needs {name}, which is not a check of harness"
        else:
            found = _examine(subject, ours[name], results, on_check)
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


def _could_not_run(message: str, hint: str) -> Finding:
    why = "This check cannot run until that is fixed."
    return Finding(message=message, why=why, fix=hint or "fix it and run the check again")
