"""Tries an imported problem with the real judge: what is said of a case is what was seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.errors import HarnessError
from harness.importing.cases import Case
from harness.importing.pitfalls import Pitfall
from harness.model.judgement import CaseOutcome, Cause, Judgement, Suite, Verdict
from harness.model.limits import Limits
from harness.model.problem import Problem, Request, Snapshot, is_solution_file

Judging = Callable[[Request], Judgement]
Places = Mapping[tuple[int, str], Case]
"""Level and name of each case in the pack → the case of the exercise."""

LONGEST = 60
"""The highest limit, in seconds."""
_MOST_PLACES = 4


@dataclass
class Tryout:
    """What the judge said of the references."""

    failed: dict[tuple[int, str], CaseOutcome] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)
    """Level whose suites could not be judged → why."""
    passed: int = 0
    slowest: float = 0.0
    """Seconds of the slowest case that was in time."""

    @property
    def too_slow(self) -> list[tuple[int, str]]:
        """The cases that took longer than they may."""
        return [key for key, o in self.failed.items() if o.verdict is Verdict.TIME_LIMIT]


def try_out(problem: Problem, judge: Judging) -> Tryout:
    """Judge the reference of each level by all suites up to it."""
    trial = Tryout()
    for level in range(1, problem.level_count + 1):
        files = problem.reference_dir(level).iterdir()
        solution = {file.name: file.read_bytes() for file in files if is_solution_file(file.name)}
        for suite in Suite:
            request = Request(
                problem=problem,
                snapshot=Snapshot(files=solution),
                suite=suite,
                levels=tuple(range(1, level + 1)),
            )
            try:
                judgement = judge(request)
            except HarnessError as error:
                trial.broken.setdefault(level, error.message)
                continue
            for outcome in judgement.outcomes:
                key = (outcome.level, name_of(outcome))
                if outcome.verdict is Verdict.ACCEPTED:
                    trial.passed += 1
                    trial.slowest = max(trial.slowest, outcome.seconds)
                elif outcome.verdict is not Verdict.SKIPPED or judgement.passed() == 0:
                    trial.failed.setdefault(key, outcome)
    return trial


def name_of(outcome: CaseOutcome) -> str:
    """Return ``Class::test_it`` for ``level1::Class::test_it[3]``."""
    return outcome.case.partition("::")[2].partition("[")[0]


def longer_limits(limits: Limits, seconds: float) -> Limits:
    """Return ``limits`` with at least so many seconds."""
    whole = min(LONGEST, max(1, math.ceil(seconds)))
    return replace(
        limits,
        wall_seconds=max(limits.wall_seconds, float(whole)),
        cpu_seconds=max(limits.cpu_seconds, whole),
    )


def advice(pitfalls: Sequence[Pitfall], trial: Tryout, cases: Places) -> Iterator[str]:
    """Yield a line for each kind of thing that the judge did not accept, with its places.

    Of ``pitfalls``, those count that lie in a case that failed, or beside one.
    """
    failed = {case: outcome for key, outcome in trial.failed.items() if (case := cases.get(key))}
    unknown = {case for (level, _), case in cases.items() if level in trial.broken}
    wrong = {*failed, *unknown}
    files = {case.module for case in wrong}
    every = list(cases.values())
    tested = {case.module for case in every}
    met: list[Pitfall] = []
    for pitfall in pitfalls:
        around = [case for case in every if pitfall.is_in(case.module, case.node)]
        beside = pitfall.module in files or (wrong and pitfall.module not in tested)
        met += [pitfall] if (wrong.intersection(around) if around else beside) else []
    yield from lines_of(met)
    kinds: dict[tuple[Verdict, Cause, str], list[tuple[str, CaseOutcome]]] = {}
    for case, outcome in failed.items():
        place = f"`{case.module.path}:{case.node.lineno}`"
        kinds.setdefault(_kind(outcome), []).append((place, outcome))
    for same in kinds.values():
        yield f"{_places([place for place, _ in same])}: {_said(same[0][1])}"
    for level, why in trial.broken.items():
        yield f"The reference of level {level} could not be judged: {why}"


def lines_of(pitfalls: Iterable[Pitfall]) -> Iterator[str]:
    """Yield one line for each kind of pitfall."""
    places: dict[str, list[str]] = {}
    for pitfall in pitfalls:
        places.setdefault(pitfall.text, []).append(f"`{pitfall.module.path}:{pitfall.line}`")
    for text, found in places.items():
        yield f"{_places(found)}: {text}"


def _kind(outcome: CaseOutcome) -> tuple[Verdict, Cause, str]:
    same = outcome.cause in (Cause.VALUES, Cause.OBJECT) or outcome.verdict is Verdict.TIME_LIMIT
    return outcome.verdict, outcome.cause, "" if same else outcome.message


def _said(outcome: CaseOutcome) -> str:
    """Return what the judge said of a case."""
    said = outcome.message
    if outcome.expected is not None and outcome.actual is not None:
        said = f"expected {outcome.expected[:80]}, got {outcome.actual[:80]}"
    word = outcome.verdict.value.replace("_", " ")
    return f"the reference fails in the judge, {word}: {said or 'it says no more'}"


def _places(places: Sequence[str]) -> str:
    shown = list(dict.fromkeys(places))
    text = ", ".join(shown[:_MOST_PLACES])
    return f"{text} and {len(shown) - _MOST_PLACES} more" if len(shown) > _MOST_PLACES else text
