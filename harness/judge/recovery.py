"""Judges all cases of a request even if children die, hang or send nonsense.

A case may hold a child for good (one long step of C code in an answer), or crash the interpreter
that looks at its answer. It costs its own verdict, never another case's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any

from harness.errors import JudgeError
from harness.model.judgement import (
    BrokenSuite,
    CaseOutcome,
    CitedRule,
    Judgement,
    Observer,
    Verdict,
)
from harness.model.plain import from_plain
from harness.model.problem import Problem, Request

MOST_STUCK_CASES = 3
"""So many may hold a child for good; each costs its time and a new child."""
MOST_DEATHS = 2 * MOST_STUCK_CASES
"""So many children of the second try may die and be followed by another."""
DIED = "the judge's process died in this case, and so did another one"
STUCK = "the case was still busy with an answer long after its time was over"

RunChild = Callable[[tuple[str, ...]], Generator[dict[str, Any]]]
"""Has a child judge all cases but the given ones, and yields its events.

Raises :class:`JudgeError` when the child fails.
"""


@dataclass
class Progress:
    """What the children of one try have reported."""

    collected: tuple[str, ...] | None = None
    """The ids of all cases, as the first child gave them."""
    outcomes: dict[str, CaseOutcome] = field(default_factory=dict)
    protection: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def open_case(self) -> str:
        """Return the first case without an outcome; empty when there is none or none is known."""
        return next((case for case in self.collected or () if case not in self.outcomes), "")


def judge_cases(request: Request, run_child: RunChild, observer: Observer) -> Judgement:
    """Judge ``request``; a failure of the judge itself is retried once, and then reported."""
    begun = time.monotonic()
    progress, error = _try(request, run_child, observer)
    judgement = _judgement(request, progress, error)
    failed = (o for o in judgement.outcomes if o.verdict is Verdict.JUDGE_ERROR)
    failure = judgement.error or next((f"{o.case}: {o.message}" for o in failed), "")
    if not failure or (error is not None and error.final):
        return judgement
    suspect = progress.open_case() if error is not None else ""
    progress, error = _try(request, run_child, observer, suspect)
    # The time of both tries: a candidate who waits for a judge that fails is not charged for it.
    return replace(
        _judgement(request, progress, error),
        retried_after=failure,
        seconds=time.monotonic() - begun,
    )


def _try(
    request: Request, run_child: RunChild, observer: Observer, suspect: str | None = None
) -> tuple[Progress, JudgeError | None]:
    """Let one child after another judge the cases that are left.

    ``suspect``: the case that a child has died in before, empty if none has; None in the first try,
    which ends with a death. In the second another child follows, and a death in the suspect is that
    case's outcome.
    """
    progress = Progress()
    stuck = deaths = 0
    while True:
        failure = _follow(run_child(tuple(progress.outcomes)), request, progress, observer)
        case = progress.open_case()
        if failure is None:
            return progress, None
        if failure.stuck and case and stuck < MOST_STUCK_CASES:
            stuck += 1
            outcome = _given_up(request, case, Verdict.TIME_LIMIT, STUCK)
            _add(outcome, progress, observer)
        elif not failure.stuck and suspect is not None and case and deaths < MOST_DEATHS:
            deaths += 1
            if case == suspect:
                outcome = _given_up(request, case, Verdict.JUDGE_ERROR, DIED)
                _add(outcome, progress, observer)
            suspect = case
        else:
            return progress, failure


def _follow(
    events: Generator[dict[str, Any]], request: Request, progress: Progress, observer: Observer
) -> JudgeError | None:
    """Take the events of one child; return why it failed, or None when it is done."""
    try:
        for event in events:
            if "protection" in event:
                progress.protection = event["protection"]
            elif "collected" in event:
                if progress.collected is None:  # a later child names only those that are left
                    progress.collected = tuple(event["collected"])
                    observer.cases_collected(progress.collected)
            elif "changed" in event:
                observer.state_changed(event["case"], event["changed"])
            elif "outcome" in event:
                _add(_read_outcome(event, request.problem), progress, observer)
            elif "failed" in event:
                return _reported(event)
            elif "done" in event:
                progress.seconds += event["seconds"]
                return None
        return JudgeError("the judge's process ended and did not say why")
    except JudgeError as error:
        return error
    finally:
        events.close()


def _read_outcome(event: dict[str, Any], problem: Problem) -> CaseOutcome:
    """Return a reported outcome, with the rules that the docstring of a failed case cites."""
    try:
        outcome = from_plain(CaseOutcome, event["outcome"])
    except ValueError as error:
        raise JudgeError(f"the judge's process sent an outcome that is wrong: {error}") from None
    if "Rule" not in event.get("docstring", ""):
        return outcome
    from harness.model.rules import rules_cited  # its patterns are compiled for a failed case only

    statements = {level: problem.statement(level) for level in range(1, problem.level_count + 1)}
    cited = rules_cited(event["docstring"], statements, outcome.level)
    return replace(
        outcome, rules=tuple(CitedRule(level=rule.level, text=rule.text) for rule in cited)
    )


def _add(outcome: CaseOutcome, progress: Progress, observer: Observer) -> None:
    if outcome.case in progress.outcomes:
        raise JudgeError(f"the case {outcome.case} was judged twice")
    if outcome.case not in (progress.collected or ()):
        raise JudgeError(f"the case {outcome.case} was judged without being collected")
    progress.outcomes[outcome.case] = outcome
    observer.case_done(outcome)


def _reported(event: dict[str, Any]) -> JudgeError:
    hint = f" (hint: {event['hint']})" if event.get("hint") else ""
    detail = f"\n{event['detail']}" if "detail" in event else ""
    text = event["failed"] + hint + detail
    return JudgeError(
        text,
        suite=event.get("suite", ""),
        line=event.get("line"),
        final=event.get("final", False),
        remedy=event.get("remedy", ""),
    )


def _given_up(request: Request, case: str, verdict: Verdict, message: str) -> CaseOutcome:
    level, _, name = case.partition("::")
    return CaseOutcome(
        case=case,
        level=int(level.removeprefix("level")),
        title=name.rpartition("::")[2].removeprefix("test_").replace("_", " "),
        verdict=verdict,
        seconds=request.problem.manifest.limits.wall_seconds,
        message=message,
    )


def _judgement(request: Request, progress: Progress, failure: JudgeError | None) -> Judgement:
    suite = failure.suite if failure else ""
    return Judgement(
        suite=request.suite,
        levels=request.levels,
        outcomes=tuple(progress.outcomes.values()),
        backend=progress.protection.get("backend", ""),
        tier=progress.protection.get("tier", ""),
        certified=progress.protection.get("certified", False),
        interpreter=progress.protection.get("interpreter", ""),
        instead_of=progress.protection.get("instead_of", ""),
        seconds=progress.seconds,
        error=failure.message if failure else _missing(request, progress),
        remedy=failure.remedy if failure else "",
        broken_suite=BrokenSuite(suite, failure.line) if failure and suite else None,
    )


def _missing(request: Request, progress: Progress) -> str:
    """Say which case has no outcome although the last child was done; empty when none."""
    if progress.collected is None:
        return "the judge's process named no cases"
    too_slow = any(o.verdict is Verdict.TIME_LIMIT for o in progress.outcomes.values())
    if request.stop_at_timeout and too_slow:
        return ""
    case = progress.open_case()
    if case:
        return f"no outcome for {case}"
    if not progress.collected and not request.select and not request.only:
        return "the suites hold no cases"
    return ""
