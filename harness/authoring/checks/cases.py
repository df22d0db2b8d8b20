"""Names and titles of cases differ, and a level does not have too many cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.authoring.names import later_names, line_of_name
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, SuiteSource, suites_of
from harness.model.finding import Check, Finding, Severity
from harness.model.judgement import Suite

MOST_CASES = {Suite.HIDDEN: 30, Suite.VISIBLE: 8}
"""Of a level, each set of parameters counted."""


def cases(subject: Subject) -> Iterator[Finding]:
    """Titles are there, differ, and name nothing of later levels."""
    sources = suites_of(subject.problem)
    for level in subject.levels:
        own = [source for source in sources if source.level == level]
        yield from _titles(subject, level, own)
    yield from _counts(subject)


def _titles(subject: Subject, level: int, own: list[SuiteSource]) -> Iterator[Finding]:
    later = later_names(subject.problem.manifest, level)
    seen: dict[str, str] = {}
    for source in own:
        names: set[str] = set()
        for case in source.cases:
            wrong = list(_title(case, seen, later))
            if case.name in names:
                wrong.append(
                    (
                        f"There are two cases {case.name}.",
                        "Python keeps only the last function of a name: the first never runs.",
                        "rename one",
                    )
                )
            names.add(case.name)
            for message, why, fix in wrong:
                yield Finding(
                    message=message,
                    why=why,
                    fix=fix,
                    path=source.path,
                    line=case.line,
                    level=level,
                )


def _title(
    case: CaseSource, seen: dict[str, str], later: dict[str, int]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a title: message, why, and what to do."""
    if not case.title:
        yield (
            f"{case.name} has no docstring.",
            "Its first line is the title that the candidate reads.",
            'say in one line which behaviour it asks for, as in """A tie goes to the older"""',
        )
        return
    other = seen.setdefault(case.title.casefold(), case.name)
    if other != case.name:
        yield (
            f"{case.name} and {other} have the same title: {case.title}",
            "The candidate cannot see which of the two has failed.",
            "let each title say what only this case asks for",
        )
    for name in (n for n in later if line_of_name(case.title, n)):
        yield (
            f"The title of {case.name} says {name}, a name of level {later[name]}.",
            "It gives away what a later level asks for.",
            "say it in words of this level",
        )


def _counts(subject: Subject) -> Iterator[Finding]:
    """Count the cases that run, each set of parameters as one."""
    last = subject.references[subject.levels[-1]]
    asked = [subject.request(last, suite=suite) for suite in Suite]
    for request, judgement in zip(asked, subject.judge_all(asked), strict=True):
        most = MOST_CASES[request.suite]
        counts = Counter(outcome.level for outcome in judgement.outcomes)
        for level in subject.levels:
            if counts[level] > most:
                yield Finding(
                    message=f"Level {level} has {counts[level]} {request.suite} cases; "
                    f"at most {most} are usual.",
                    why="More make a run long and each case cheap."
                    if request.suite is Suite.HIDDEN
                    else "They are the examples: few enough to read.",
                    fix="merge cases that ask the same",
                    path=subject.problem.suite_path(level, request.suite),
                    level=level,
                    severity=Severity.WARNING,
                )


CHECKS = (
    Check(
        name="cases",
        title="each case has its own title",
        run=cases,
        needs=("suites",),
    ),
)
