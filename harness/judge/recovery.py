"""Judges all cases of a request although children die, hang or talk nonsense.

A case may hold a child for good (one long step of C code in an answer), or crash the interpreter
that looks at its answer. It costs its own verdict, never another case's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any

from harness.errors import JudgeError, JudgeStuckError
from harness.model.judgement import BrokenSuite, CaseOutcome, Judgement, Observer, Verdict
from harness.model.plain import from_plain
from harness.model.problem import Request

MOST_STUCK_CASES = 3
"""So many may hold a child for good; each costs its time and a new child."""
MOST_DEATHS = 2 * MOST_STUCK_CASES
"""So many children of the second try may die and be followed by another."""
DIED = "the judge's process died in this case, and so did another one"
STUCK = "the case was still busy with an answer long after its time was over"

RunChild = Callable[[tuple[str, ...]], Generator[dict[str, Any]]]
"""Has a child judge all cases but the given ones, and yields its events.

Raises :class:`JudgeStuckError` or :class:`JudgeError` when they come to no good end.
"""


@dataclass
class Failure:
    """Why a child came to no good end."""

    message: str
    stuck: bool = False
    broken_suite: BrokenSuite | None = None


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
    failure = judgement.error or _judge_error(judgement)
    if not failure:
        return judgement
    progress, error = _try(request, run_child, observer, suspect=progress.open_case())
    # The time of both tries: a candidate who waits for a judge that fails is not charged for it.
    return replace(
        _judgement(request, progress, error),
        retried_after=failure,
        seconds=time.monotonic() - begun,
    )


def _try(
    request: Request, run_child: RunChild, observer: Observer, suspect: str = ""
) -> tuple[Progress, Failure | None]:
    """Let one child after another judge the cases that are left.

    ``suspect``: the case that the try before ended in. Without one, a death ends the try. With one,
    another child follows, and a death in the suspect is that case's outcome.
    """
    progress = Progress()
    stuck = deaths = 0
    while True:
        failure = _follow(run_child(tuple(progress.outcomes)), progress, observer)
        case = progress.open_case()
        if failure is None:
            return progress, None
        if failure.stuck and case and stuck < MOST_STUCK_CASES:
            stuck += 1
            outcome = _given_up(request, case, Verdict.TIME_LIMIT, STUCK)
            _add(outcome, progress, observer)
        elif not failure.stuck and suspect and case and deaths < MOST_DEATHS:
            deaths += 1
            if case == suspect:
                outcome = _given_up(request, case, Verdict.JUDGE_ERROR, DIED)
                _add(outcome, progress, observer)
            suspect = case
        else:
            return progress, failure


def _follow(
    events: Generator[dict[str, Any]], progress: Progress, observer: Observer
) -> Failure | None:
    """Take the events of one child; return why it failed, or None when it is done."""
    try:
        for event in events:
            if "protection" in event:
                progress.protection = event["protection"]
            elif "collected" in event:
                if progress.collected is None:  # a later child names only those that are left
                    progress.collected = tuple(event["collected"])
                    observer.cases_collected(progress.collected)
            elif "outcome" in event:
                _add(_read_outcome(event["outcome"]), progress, observer)
            elif "failed" in event:
                return _reported(event)
            elif "done" in event:
                progress.seconds += event["seconds"]
                return None
        return Failure("the judge's process ended without a word")
    except JudgeError as error:
        return Failure(error.message, stuck=isinstance(error, JudgeStuckError))
    finally:
        events.close()


def _read_outcome(data: object) -> CaseOutcome:
    try:
        return from_plain(CaseOutcome, data)
    except ValueError as error:
        raise JudgeError(f"the judge's process sent what is no outcome: {error}") from None


def _add(outcome: CaseOutcome, progress: Progress, observer: Observer) -> None:
    if outcome.case in progress.outcomes:
        raise JudgeError(f"the case {outcome.case} was judged twice")
    if outcome.case not in (progress.collected or ()):
        raise JudgeError(f"the case {outcome.case} was judged without being collected")
    progress.outcomes[outcome.case] = outcome
    observer.case_done(outcome)


def _reported(event: dict[str, Any]) -> Failure:
    hint = f" (hint: {event['hint']})" if event.get("hint") else ""
    detail = f"\n{event['detail']}" if "detail" in event else ""
    suite = from_plain(BrokenSuite, event["suite"]) if "suite" in event else None
    return Failure(event["failed"] + hint + detail, broken_suite=suite)


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


def _judgement(request: Request, progress: Progress, failure: Failure | None) -> Judgement:
    return Judgement(
        suite=request.suite,
        levels=request.levels,
        outcomes=tuple(progress.outcomes.values()),
        backend=progress.protection.get("backend", ""),
        tier=progress.protection.get("tier", ""),
        certified=progress.protection.get("certified", False),
        interpreter=progress.protection.get("interpreter", ""),
        seconds=progress.seconds,
        error=failure.message if failure else _missing(request, progress),
        broken_suite=failure.broken_suite if failure else None,
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
    if not progress.collected and not request.select:
        return "the suites hold no cases"
    return ""


def _judge_error(judgement: Judgement) -> str:
    """Return what the first case that the judge failed at says; empty when there is none."""
    failed = (o for o in judgement.outcomes if o.verdict is Verdict.JUDGE_ERROR)
    return next((f"{o.case}: {o.message}" for o in failed), "")
