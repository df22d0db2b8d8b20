"""The same code gets the same outcome: no circumstance matters, and no case is near its limit."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.authoring.checks.order import AT_A_TIME, PASSED, run_arranged
from harness.authoring.findings import at_case, at_file, line_of_case, noting
from harness.authoring.subject import Subject
from harness.authoring.trials import function_of
from harness.model.finding import Finding
from harness.model.judgement import CaseOutcome, Suite
from harness.model.problem import Problem
from harness.words import quoted

MARGIN = 5
"""The slowest case of a reference takes at most this part of its wall limit."""
FRESH_TRIES = 3
"""How often a case that seems too slow is judged again: the machine may have been busy."""

Circumstances = Mapping[str, str]
"""What makes no difference: variables of the environment, and ``order``, a seed to shuffle by."""
CHANGED: Sequence[Circumstances] = (
    {"order": "1", "PYTHONHASHSEED": "1", "TZ": "AAA-14", "HOME": "/home/a", "USER": "a"},
    {"order": "2", "PYTHONHASHSEED": "2", "TZ": "BBB+3:30", "LANG": "de_DE.UTF-8"},
    {"order": "3", "PYTHONHASHSEED": "3", "TZ": "AAA-14", "LOGNAME": "b", "COLUMNS": "40"},
    {"order": "4", "PYTHONHASHSEED": "4", "TZ": "BBB+3:30"},
)
"""Together with the usual ones: five hash seeds, three time zones, five orders."""

_WHY = "A candidate's verdict would depend on luck, and no failure could be looked into."


def determinism(subject: Subject) -> Iterator[Finding]:
    """No circumstance matters, and no case is near its limit."""
    for level in subject.levels:
        fact = f"steady: {subject.hash_of(level)} {CHANGED}"
        if not subject.examiner.knows(fact):
            yield from noting(subject, fact, _repeats(subject.problem, level))
    yield from _slow(subject)


def _repeats(problem: Problem, level: int) -> Iterator[Finding]:
    """Run a level's suites again and again."""
    usual = run_cases(problem, level, {})
    for case, outcome in usual.items():
        if outcome != PASSED:
            path, _, name = case.partition("::")
            yield _of_plain_case(
                level,
                case,
                f"{name or 'The suite'} does not pass as plain pytest with the level's reference: "
                f"{outcome}.",
                "A candidate who debugs a visible case with plain pytest, and an author who writes "
                "a hidden one, would chase what is not there.",
                f"PYTHONPATH=reference/level{level} python -m pytest {quoted(path)}",
            )
    steady = sorted(case for case, outcome in usual.items() if outcome == PASSED)
    if not steady:
        return
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        again = list(pool.map(lambda how: _failing(problem, level, how, steady), CHANGED))
    for case in steady:
        for how, failing in zip(CHANGED, again, strict=True):
            if case in failing:
                yield _of_plain_case(
                    level,
                    case,
                    f"{case.partition('::')[2]} does not pass "
                    f"{_cause(problem, level, how, steady, case)}: {failing[case]}.",
                    _WHY,
                    "let the case make all it needs, compare what has no order as sets or sorted, "
                    "and wait for events instead of for time; or, if the statement says the order, "
                    f"let reference/level{level}/ keep it",
                )
                break


def _failing(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str]
) -> Mapping[str, str]:
    """Return those of ``cases`` that do not pass under circumstances, with their outcomes."""
    outcomes = run_cases(problem, level, how, cases)
    now = {case: outcomes.get(case, "was not run") for case in cases}
    return {case: outcome for case, outcome in now.items() if outcome != PASSED}


def _cause(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str], case: str
) -> str:
    """Return the circumstance that makes the difference, by trying each alone."""
    for name, value in how.items():
        if case in _failing(problem, level, {name: value}, cases):
            return "in another order" if name == "order" else f"with {name}={value}"
    return "now and then, in a mix of circumstances or beside other processes"


def _of_plain_case(level: int, case: str, message: str, why: str, fix: str) -> Finding:
    """Return a finding about a case as plain pytest names it: a path and perhaps a name."""
    path, _, name = case.partition("::")
    line = line_of_case(Path(path), name) if name else None
    return at_file(Path(path), message, why, fix, line=line, level=level)


def run_cases(
    problem: Problem, level: int, how: Circumstances, cases: Sequence[str] = ()
) -> Mapping[str, str]:
    """Run ``cases``, else both suites of ``level``, against its reference, as plain pytest.

    Return each case, as a path and a name → ``passed``, or how else it ended. Raises JudgeError.
    """
    wanted = list(cases or [str(problem.suite_path(level, suite)) for suite in Suite])
    if "order" in how:
        random.Random(int(how["order"])).shuffle(wanted)
    variables = {name: value for name, value in how.items() if name != "order"}
    return run_arranged(problem, level, ["given"], wanted, variables=variables).outcomes["given"]


def slowest(subject: Subject, suite: Suite = Suite.HIDDEN) -> Mapping[int, CaseOutcome]:
    """Return for each level its slowest case, judged with the level's reference."""
    asked = [subject.request(subject.references[n], range(1, n + 1), suite) for n in subject.levels]
    judged = zip(subject.levels, subject.judge_all(asked), strict=True)
    return {
        level: max(outcomes, key=lambda outcome: outcome.seconds)
        for level, judgement in judged
        if (outcomes := judgement.of_level(level))
    }


def _slow(subject: Subject) -> Iterator[Finding]:
    limit = subject.problem.manifest.limits.wall_seconds
    for suite in Suite:
        for level, outcome in slowest(subject, suite).items():
            seconds = outcome.seconds
            request = subject.request(subject.references[level], (level,), suite)
            for _ in range(FRESH_TRIES):
                if seconds > limit / MARGIN:
                    again = subject.judge(request, fresh=True).outcomes
                    seconds = min([seconds, *(o.seconds for o in again if o.case == outcome.case)])
            if seconds > limit / MARGIN:
                yield at_case(
                    subject,
                    outcome,
                    f"{function_of(outcome)} takes {seconds:.2f} s with the reference; "
                    f"the limit is {limit:g} s, which is less than {MARGIN} times that.",
                    "On a slower or busier machine right solutions would get time_limit.",
                    "make the case smaller or the reference faster, or raise wall_seconds in "
                    "problem.toml",
                    suite=suite,
                )
