"""The same code gets the same outcome under all circumstances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from harness.authoring.outcomes import function_of, line_of_case, line_of_function
from harness.authoring.repeats import CHANGED, USUAL, Circumstances, Outcomes, run_cases
from harness.authoring.subject import Subject
from harness.model.finding import Check, Finding
from harness.model.judgement import CaseOutcome, Suite
from harness.model.problem import Snapshot

MARGIN = 5
"""The slowest case of a reference takes at most this part of its wall limit."""
AT_A_TIME = 4
"""Runs at the same time. Running in parallel is a circumstance, too."""
FRESH_TRIES = 3
"""How often a case that seems too slow is judged again: the machine may have been busy."""

WHY_SAME = "A candidate's verdict would depend on luck, and no failure could be looked into."
"""Why no outcome may depend on circumstances."""


def determinism(subject: Subject) -> Iterator[Finding]:
    """No circumstance matters, and no case is near its limit."""
    yield from _repeats(subject)
    yield from _slow(subject)


def slowest(subject: Subject, suite: Suite = Suite.HIDDEN) -> Mapping[int, CaseOutcome]:
    """Return for each level its slowest case, judged with the level's reference."""
    asked = [subject.request(subject.references[n], range(1, n + 1), suite) for n in subject.levels]
    judged = zip(subject.levels, subject.judge_all(asked), strict=True)
    return {
        level: max(outcomes, key=lambda outcome: outcome.seconds)
        for level, judgement in judged
        if (outcomes := judgement.of_level(level))
    }


def _repeats(subject: Subject) -> Iterator[Finding]:
    facts = {level: _steadiness(subject, level) for level in subject.levels}
    asked = [level for level in subject.levels if not subject.examiner.knows(facts[level])]
    usual = {level: run_cases(subject.problem, level, USUAL) for level in asked}
    troubled = set()
    for level, outcomes in usual.items():
        for case, outcome in outcomes.items():
            if outcome != "passed":
                troubled.add(level)
                yield _no_plain_pass(level, case, outcome)
    steady = {
        level: sorted(case for case, outcome in outcomes.items() if outcome == "passed")
        for level, outcomes in usual.items()
    }
    tasks = [(level, how) for level, cases in steady.items() if cases for how in CHANGED]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(
            lambda task: run_cases(subject.problem, task[0], task[1], steady[task[0]]), tasks
        )
        differing: dict[tuple[int, str], tuple[Circumstances, str]] = {}
        for (level, how), outcomes in zip(tasks, found, strict=True):
            for case, outcome in _changed(steady[level], outcomes).items():
                differing.setdefault((level, case), (how, outcome))
    for (level, case), (how, outcome) in differing.items():
        troubled.add(level)
        yield _differs(case, outcome, level, _cause(subject, level, how, steady[level], case))
    for level in asked:
        if level not in troubled:
            subject.examiner.note(facts[level])


def _steadiness(subject: Subject, level: int) -> str:
    """Describe what a level's outcomes depend on: its suites, its reference, the circumstances."""
    suites = {s.value: subject.problem.suite_path(level, s).read_bytes() for s in Suite}
    hashes = [Snapshot(files=suites).hash, subject.references[level].hash]
    return f"steady: {hashes} {CHANGED} {version('pytest')}"


def _changed(cases: Sequence[str], outcomes: Outcomes) -> dict[str, str]:
    """Return the cases that usually pass and did not, with their outcomes."""
    now = {case: outcomes.get(case, "was not run") for case in cases}
    return {case: outcome for case, outcome in now.items() if outcome != "passed"}


def _cause(
    subject: Subject, level: int, how: Circumstances, cases: Sequence[str], case: str
) -> str:
    """Return the circumstance that makes the difference, by trying each alone."""
    for words, only in how.differences():
        if case in _changed(cases, run_cases(subject.problem, level, only, cases)):
            return words
    return "now and then, in a mix of circumstances or beside other processes"


def _place(case: str) -> tuple[Path, str]:
    path, _, name = case.partition("::")
    return Path(path), name


def _no_plain_pass(level: int, case: str, outcome: str) -> Finding:
    path, name = _place(case)
    return Finding(
        message=f"{name or 'The suite'} does not pass as plain pytest with the level's reference: "
        f"{outcome}.",
        why="A candidate who debugs a visible case with plain pytest, and an author who writes a "
        "hidden one, would chase what is not there.",
        fix=f"PYTHONPATH=reference/level{level} python -m pytest {path}",
        path=path,
        line=line_of_function(path, name.partition("[")[0]) if name else None,
        level=level,
    )


def _differs(case: str, outcome: str, level: int, cause: str) -> Finding:
    path, name = _place(case)
    return Finding(
        message=f"{name} does not pass {cause}: {outcome}.",
        why=WHY_SAME,
        fix="let the case make all it needs, compare what has no order as sets or sorted, and "
        "wait for events instead of for time",
        path=path,
        line=line_of_function(path, name.partition("[")[0]) if name else None,
        level=level,
    )


def _slow(subject: Subject) -> Iterator[Finding]:
    limit = subject.problem.manifest.limits.wall_seconds
    for suite in Suite:
        for level, outcome in slowest(subject, suite).items():
            seconds = _again(subject, level, suite, outcome, limit / MARGIN)
            if seconds > limit / MARGIN:
                yield Finding(
                    message=f"{function_of(outcome)} takes {seconds:.2f} s with the reference; "
                    f"the limit is {limit:g} s, which is less than {MARGIN} times that.",
                    why="On a slower or busier machine right solutions would get time_limit.",
                    fix="make the case smaller, or raise wall_seconds in problem.toml",
                    path=subject.problem.suite_path(level, suite),
                    line=line_of_case(subject, outcome, suite),
                    level=level,
                )


def _again(
    subject: Subject, level: int, suite: Suite, outcome: CaseOutcome, allowed: float
) -> float:
    """Return the least time the case took, judged again as long as it seems too slow."""
    seconds = outcome.seconds
    request = subject.request(subject.references[level], (level,), suite)
    for _ in range(FRESH_TRIES):
        if seconds <= allowed:
            break
        judgement = subject.judge(request, fresh=True)
        seconds = min([seconds, *(o.seconds for o in judgement.outcomes if o.case == outcome.case)])
    return seconds


CHECKS = (
    Check(
        name="determinism",
        title="the same code gets the same outcome",
        run=determinism,
        needs=("references",),
        full=True,
    ),
)
