"""No case depends on the others: neither on their order, nor on what they leave behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from harness.authoring.findings import noting, some_of
from harness.authoring.subject import Subject
from harness.authoring.suites import CaseSource, SuiteSource, read_suite, users_of
from harness.errors import JudgeError
from harness.model.finding import Finding, Severity
from harness.model.frozen import frozen
from harness.model.judgement import Suite, Verdict
from harness.model.plain import from_plain
from harness.model.problem import Problem
from harness.words import quoted

_ARRANGEMENTS = {"given": "in the order of the file", "reversed": "in reverse", "alone": "alone"}
PASSED = "passed"
_ENDED = {Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR}
_PROGRAM = Path(__file__).with_name("plain_pytest.py")
PATIENCE_SECONDS = 300.0
"""For one run of plain pytest. An honest one takes seconds."""
AT_A_TIME = 4
"""Runs at the same time. Running in parallel is a circumstance, too."""
_NO_VARIABLES: Mapping[str, str] = {}

_WHY = "A candidate's verdict would depend on which other cases ran before."
_FIX = "let each case make all it needs: in itself, in a helper, or in a fixture without a scope"


@frozen
class PlainRun:
    """What came of a run of plain pytest."""

    outcomes: Mapping[str, Mapping[str, str]]
    """Arrangement → case → how it ended."""
    reached: Mapping[str, tuple[int, ...]]
    """Path of a traced file → the lines that ran."""
    empty: Mapping[str, tuple[int, ...]]
    """Path of a traced file → the lines where ``all`` was only ever asked about nothing."""


def order(subject: Subject) -> Iterator[Finding]:
    """With the reference, each case ends the same in order, reversed and alone."""
    facts = {level: f"independent: {subject.hash_of(level)}" for level in subject.levels}
    new = [level for level, fact in facts.items() if not subject.examiner.knows(fact)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = pool.map(lambda level: plain_run(subject, level), new)
        for level, run in zip(new, runs, strict=True):
            findings = _of_level(subject, level, run.outcomes)
            yield from noting(subject, facts[level], findings)


@lru_cache(maxsize=20)  # two checks ask for it, one after another
def plain_run(subject: Subject, level: int) -> PlainRun:
    """Run the cases of a level, but for those that the reference would be stuck in."""
    cases = []
    paths = [subject.problem.suite_path(level, suite) for suite in Suite]
    for suite, path in zip(Suite, paths, strict=True):
        judgement = subject.judge(subject.request(subject.references[level], (level,), suite))
        ended = (outcome for outcome in judgement.outcomes if outcome.verdict in _ENDED)
        cases += [f"{path}::{outcome.case.partition('::')[2]}" for outcome in ended]
    if not cases:
        return PlainRun({}, {}, {})
    return run_arranged(subject.problem, level, list(_ARRANGEMENTS), cases, paths)


def run_arranged(
    problem: Problem,
    level: int,
    arrangements: Sequence[str],
    cases: Sequence[str] = (),
    traced: Sequence[Path] = (),
    variables: Mapping[str, str] = _NO_VARIABLES,
) -> PlainRun:
    """Run ``cases``, else both suites of ``level``, against its reference, as plain pytest.

    They run once for each of ``arrangements``: ``given``, ``reversed`` or ``alone``; ``variables``
    are of the environment. Raises JudgeError when that does not come to an end.
    """
    wanted = list(cases or [str(problem.suite_path(level, suite)) for suite in Suite])
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(problem.reference_dir(level)),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "TZ": "UTC0",  # as the others without names, so that it needs no database
        **variables,
    }
    with tempfile.TemporaryDirectory() as nowhere:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-s", str(_PROGRAM)],
                input=json.dumps(
                    {
                        "cases": wanted,
                        "arrangements": list(arrangements),
                        "trace": list(map(str, traced)),
                    }
                ),
                capture_output=True,
                text=True,
                env=environment,
                cwd=nowhere,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(problem, level, f"did not end within {PATIENCE_SECONDS:.0f} s") from None
    try:
        return from_plain(PlainRun, json.loads(done.stdout))
    except ValueError:
        last = done.stderr.strip().rsplit("\n", 1)[-1]
        raise _failed(problem, level, f"ended with {done.returncode}: {last}") from None


def _failed(problem: Problem, level: int, what: str) -> JudgeError:
    suite = problem.suite_path(level, Suite.HIDDEN)
    reference = problem.reference_dir(level)
    return JudgeError(
        f"Plain pytest of {problem.slug}, level {level}, {what}.",
        f"PYTHONPATH={quoted(reference)} python -m pytest {quoted(suite)}",
    )


def _of_level(
    subject: Subject, level: int, arranged: Mapping[str, Mapping[str, str]]
) -> Iterator[Finding]:
    for suite in Suite:
        source = read_suite(subject.problem, level, suite)
        request = subject.request(subject.references[level], (level,), suite)
        changed = _by_name(subject.changes(request))
        said: set[str] = set()
        for case, outcomes in _differing(source, arranged).items():
            names = [
                name for name in changed if case in users_of(source, {name.partition(".")[0]})
            ] or list(changed)
            said |= set(names)
            yield _depends(source, case, outcomes, [_shared(source, n, changed[n]) for n in names])
        own = {case.name.rpartition("::")[2] for case in source.cases}
        for name, cases in changed.items():
            if name not in said and (name not in own or not changed.keys() - own):
                yield _leaves(source, name, cases)


def _differing(
    source: SuiteSource, arranged: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """Return the cases that do not always pass or always fail, with their outcomes."""
    found: dict[str, Mapping[str, str]] = {}
    # Where nothing passes, one case has ended the process of all.
    whole = {name: ended for name, ended in arranged.items() if PASSED in ended.values()}
    beginning = f"{source.path}::"
    for case in dict.fromkeys(case for ended in whole.values() for case in ended):
        outcomes = {name: ended.get(case, "was not run") for name, ended in whole.items()}
        if case.startswith(beginning) and len({each == PASSED for each in outcomes.values()}) > 1:
            found.setdefault(case.removeprefix(beginning).partition("[")[0], outcomes)
    return found


def _by_name(changes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return each name that cases leave changed → those cases, as functions."""
    found: dict[str, dict[str, None]] = {}
    for case, names in changes.items():
        for name in names:
            function = case.partition("::")[2].partition("[")[0]
            found.setdefault(name, {})[function] = None
    return {name: list(cases) for name, cases in found.items()}


def _shared(source: SuiteSource, name: str, changing: Sequence[str]) -> str:
    """Say who changes and who uses what is kept under a name."""
    others = [case for case in users_of(source, {name.partition(".")[0]}) if case not in changing]
    uses = f"; {some_of(others)} use{'s' * (len(others) == 1)} it, too" if others else ""
    change = "changes" if len(changing) == 1 else "change"
    if name in changing:
        return f"{name} changes its own parameters, which other judgements meet, too."
    return f"{name} is kept between cases: {some_of(changing)} {change} it{uses}."


def _depends(
    source: SuiteSource, case: str, outcomes: Mapping[str, str], shared: Sequence[str]
) -> Finding:
    passes = [_ARRANGEMENTS[name] for name, ended in outcomes.items() if ended == PASSED]
    fails = {_ARRANGEMENTS[name]: e for name, e in outcomes.items() if e != PASSED}
    ended = next(iter(fails.values()))
    message = (
        f"{case} depends on other cases: with the reference it passes {' and '.join(passes)}, "
        f"but not {' or '.join(fails)} ({ended})."
    )
    return source.finding(_line(source, case), " ".join([message, *shared]), _WHY, _FIX)


def _leaves(source: SuiteSource, name: str, cases: Sequence[str]) -> Finding:
    return source.finding(
        _line(source, cases[0]),
        _shared(source, name, cases),
        f"{_WHY} What comes of them is not kept either, so that each check takes longer.",
        _FIX,
        Severity.WARNING,
    )


def _line(source: SuiteSource, case: str) -> int | None:
    found: dict[str, CaseSource] = {each.name: each for each in source.cases}
    return found[case].line if case in found else None
