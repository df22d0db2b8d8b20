"""Where suites use threads, no verdict depends on when these take turns."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from harness.authoring.findings import at_case, at_row, noting
from harness.authoring.mistakes import Edit
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource, read_suite, users_of
from harness.authoring.trials import function_of
from harness.model.finding import Finding
from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Suite, Verdict
from harness.model.problem import Request, Snapshot

_MODULES = ("asyncio", "concurrent", "threading", "_thread")
_BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"


@frozen
class Turns:
    """When threads take turns."""

    words: str
    switch_seconds: float = 0.0
    is_busy: bool = False


USUAL = Turns("as usual")
CHANGED = (
    Turns("beside busy processes", is_busy=True),
    Turns("where threads take turns every microsecond", 1e-6),
    Turns("where threads take turns ten times a second, beside busy processes", 0.1, is_busy=True),
)

_WHY = "A candidate's verdict would depend on luck, and no failure could be looked into."


@frozen
class _Solution:
    """One that is judged under all circumstances."""

    words: str
    files: Snapshot
    row: Edit | None = None
    """Of a known mistake."""

    @property
    def named_case(self) -> str:
        """The case that a mistake was written for, if its row names one."""
        return self.row.case if self.row else ""


def threads(subject: Subject) -> Iterator[Finding]:
    """References, alternates and mistakes get the same verdicts whenever threads take turns."""
    for level in subject.levels:
        for suite in Suite:
            source = read_suite(subject.problem, level, suite)
            cases = users_of(source, _thread_names(source))
            if cases:
                only = tuple(f"level{level}::{name}" for name in cases)
                yield from _of_suite(subject, source, only)


def _thread_names(source: SuiteSource) -> set[str]:
    """Return what a suite calls the modules that make threads, and what it imports of them."""
    names = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found = [each for each in node.names if each.name.partition(".")[0] in _MODULES]
        elif isinstance(node, ast.ImportFrom):
            found = node.names if (node.module or "").partition(".")[0] in _MODULES else []
        else:
            continue
        names |= {each.asname or each.name.partition(".")[0] for each in found}
    return names


def _of_suite(subject: Subject, source: SuiteSource, only: tuple[str, ...]) -> Iterator[Finding]:
    suite = Snapshot(files={source.path.name: source.text.encode()}).hash
    given = f"{source.level} {suite} {CHANGED} {subject.problem.manifest.limits}"
    solutions = _solutions(subject, source)
    facts = [f"in any turns: {each.files.hash} {each.named_case} {given}" for each in solutions]
    new = [
        (each, fact)
        for each, fact in zip(solutions, facts, strict=True)
        if not subject.examiner.knows(fact)
    ]
    asked = [
        replace(subject.request(each.files, (source.level,), source.suite), only=only)
        for each, _ in new
    ]
    runs = {turns: _judge(subject, asked, turns) for turns in (USUAL, *CHANGED) if asked}
    for number, (solution, fact) in enumerate(new):
        outcomes = {turns: judged[number] for turns, judged in runs.items()}
        yield from noting(subject, fact, _flips(subject, source, solution, outcomes))


def _solutions(subject: Subject, source: SuiteSource) -> list[_Solution]:
    found = [
        _Solution(f"The reference of level {level}", files)
        for level, files in subject.references.items()
        if level >= source.level
    ]
    found += [_Solution(f"The alternate {name}", s) for name, s in subject.alternates.items()]
    if source.suite is Suite.HIDDEN:
        found += [
            _Solution(f"The mistake {edit.name}", subject.edited(edit), edit)
            for edit in subject.mistakes
            if edit.level == source.level
        ]
    return found


def _judge(
    subject: Subject, asked: Sequence[Request], turns: Turns
) -> list[dict[str, CaseOutcome]]:
    requests = [replace(each, switch_seconds=turns.switch_seconds) for each in asked]
    with busy_processes((os.cpu_count() or 1) if turns.is_busy else 0):
        judged = subject.judge_all(requests, fresh=True)
    return [{outcome.case: outcome for outcome in each.outcomes} for each in judged]


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Keep ``count`` processors busy until the end of the ``with`` statement."""
    running = [subprocess.Popen([sys.executable, "-I", "-S", "-c", _BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


def _flips(
    subject: Subject,
    source: SuiteSource,
    solution: _Solution,
    outcomes: Mapping[Turns, Mapping[str, CaseOutcome]],
) -> Iterator[Finding]:
    """Yield the cases that one solution passes here and fails there.

    Of a mistake only what decides whether it is caught: which cases a race fails is luck.
    """
    row = solution.row
    is_luck = len({any(map(_failed, each.values())) for each in outcomes.values()}) > 1
    if row is not None and is_luck:
        whole = subject.judge(subject.request(solution.files, (source.level,)))
        is_luck = not any(_failed(o) for o in whole.outcomes if o.case not in outcomes[USUAL])
    for case, first in outcomes[USUAL].items():
        met = {turns: each[case] for turns, each in outcomes.items() if case in each}
        passes = [turns for turns, outcome in met.items() if not _failed(outcome)]
        fails = [turns for turns, outcome in met.items() if _failed(outcome)]
        if not passes or not fails:
            continue
        failure = met[fails[0]]
        message = (
            f"{solution.words} passes {function_of(first)} {passes[0].words}, and fails it "
            f"{fails[0].words}: {failure.verdict}. {failure.message}".rstrip()
        )
        fix = "let threads wait for events, with a timeout that a busy machine keeps"
        if row is None:
            yield at_case(subject, first, message, _WHY, fix, suite=source.suite)
        elif is_luck or solution.named_case == function_of(first):
            fix = f"let events force the order that the mistake gets wrong; or {fix}"
            yield at_row(subject, row, message, _WHY, fix)


def _failed(outcome: CaseOutcome) -> bool:
    return outcome.verdict is not Verdict.ACCEPTED
