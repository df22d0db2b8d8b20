"""Runs checks on a problem, and gathers what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from harness.authoring.checks import (
    determinism,
    files,
    mistakes,
    mutation,
    rules,
    solutions,
    statement,
    suites,
    wording,
)
from harness.authoring.subject import Subject
from harness.errors import HarnessError, RequestError
from harness.model.finding import Check, CheckResult, Finding
from harness.plugins import PluginHost
from harness.words import nearest

CHECKS: Sequence[Check] = (
    Check(
        name="files",
        title="licence, hints, files and their names",
        run=files.files,
    ),
    Check(
        name="version",
        title="every change has a version and an entry",
        run=files.version,
    ),
    Check(
        name="suites",
        title="the suites can be collected",
        run=suites.suites,
        foundation=True,
    ),
    Check(
        name="cases",
        title="each case has its own title",
        run=suites.cases,
        needs=("suites",),
    ),
    Check(
        name="statement",
        title="the statements say all that the suites ask for",
        run=statement.statement,
        needs=("suites",),
    ),
    Check(
        name="rules",
        title="cases cite their rules, and every rule is tested",
        run=rules.rules,
        needs=("suites",),
    ),
    Check(
        name="examples",
        title="the references do what the examples show",
        run=wording.examples,
        needs=("references",),
    ),
    Check(
        name="wording",
        title="the statements are whole and can be copied",
        run=wording.wording,
    ),
    Check(
        name="outside",
        title="nothing depends on clock, chance, network or machine",
        run=determinism.outside,
        needs=("suites",),
    ),
    Check(
        name="references",
        title="each reference passes the suites of its levels",
        run=solutions.references,
        needs=("suites",),
        foundation=True,
    ),
    Check(
        name="steps",
        title="each level fails the reference of the one before",
        run=solutions.steps,
        needs=("references",),
    ),
    Check(
        name="skeleton",
        title="the skeleton fails, and gives nothing away",
        run=solutions.skeleton,
        needs=("suites",),
    ),
    Check(
        name="alternates",
        title="other correct designs pass",
        run=solutions.alternates,
        needs=("references",),
    ),
    Check(
        name="mistakes",
        title="mistakes.toml can be read, and its edits fit",
        run=mistakes.mistakes,
        needs=("references",),
        foundation=True,
    ),
    Check(
        name="known-wrong",
        title="the hidden suites catch known mistakes",
        run=mistakes.known_wrong,
        needs=("mistakes",),
    ),
    Check(
        name="naive",
        title="the naive design fails where it should",
        run=mistakes.naive,
        needs=("mistakes",),
    ),
    Check(
        name="lower-levels",
        title="known mistakes pass every lower level",
        run=mistakes.lower_levels,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="feedback",
        title="failures explain themselves and leak nothing",
        run=mistakes.feedback,
        needs=("mistakes",),
    ),
    Check(
        name="cheats",
        title="a solution that does no work earns nothing",
        run=solutions.cheats,
        needs=("suites",),
        full=True,
    ),
    Check(
        name="suspicious",
        title="no case is free or duplicated",
        run=suites.suspicious,
        needs=("suites",),
    ),
    Check(
        name="mutation",
        title="small mistakes in the references are noticed",
        run=mutation.mutation,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="needed",
        title="each hidden case is there for a reason",
        run=mutation.needed,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="twins",
        title="no two cases always fail together",
        run=mutation.twins,
        needs=("mistakes",),
        full=True,
    ),
    Check(
        name="determinism",
        title="the same code gets the same outcome",
        run=determinism.determinism,
        needs=("references",),
        full=True,
    ),
)
"""The checks that come with the tool, in the order in which they run."""
FOUNDATIONS: Mapping[str, Check] = {check.name: check for check in CHECKS if check.foundation}
"""The checks that others name in ``needs``."""

OnCheck = Callable[[Check], None]


def all_checks(plugins: PluginHost) -> list[Check]:
    """Return all checks. Raises RequestError when a plugin brings one with a name that is taken."""
    theirs = plugins.checks()
    taken = {check.name for check in CHECKS} & {check.name for check in theirs}
    if taken:
        raise RequestError(
            f"A plugin brings a check '{min(taken)}', but there is one of that name already.",
            "harness doctor  (shows the plugins)",
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
