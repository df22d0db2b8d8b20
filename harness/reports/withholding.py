"""What a candidate may see of a judgement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite, Verdict
from harness.model.problem import Problem


def feedback_for(judgement: Judgement, feedback: Feedback) -> Feedback:
    """Return the feedback that applies to ``judgement``: visible suites are shown in full."""
    return Feedback.FULL if judgement.suite is Suite.VISIBLE else feedback


def withhold(judgement: Judgement, feedback: Feedback) -> Judgement:
    """Return ``judgement`` without what ``feedback`` withholds.

    With ``none`` every case loses its name, and a failing one its verdict: what is left can only be
    counted.
    """
    feedback = feedback_for(judgement, feedback)
    return replace(
        judgement,
        outcomes=tuple(_withhold_case(outcome, feedback) for outcome in judgement.outcomes),
    )


def _withhold_case(outcome: CaseOutcome, feedback: Feedback) -> CaseOutcome:
    match feedback:
        case Feedback.FULL:
            return outcome
        case Feedback.CALLS:
            # The message of a wrong answer may spell out the expected value.
            if outcome.verdict is Verdict.WRONG_ANSWER:
                outcome = replace(outcome, message="")
            return replace(outcome, expected=None)
    named = CaseOutcome(
        case=outcome.case,
        level=outcome.level,
        title=outcome.title,
        verdict=outcome.verdict,
        seconds=outcome.seconds,
    )
    if feedback is Feedback.NAMES:
        return named
    is_shown = outcome.verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR)
    verdict = outcome.verdict if is_shown else Verdict.WRONG_ANSWER
    return replace(named, case="", title="", seconds=0.0, verdict=verdict)


def named_cases(judgement: Judgement, level: int) -> tuple[CaseOutcome, ...]:
    """Return the outcomes of ``level`` that may be listed one by one."""
    return tuple(outcome for outcome in judgement.of_level(level) if outcome.case)


def judge_failure(judgement: Judgement, feedback: Feedback) -> str:
    """Return why the judge failed; empty when it did not.

    No setting withholds that: pass the whole judgement.
    """
    if judgement.error or judgement.verdict is not Verdict.JUDGE_ERROR:
        return judgement.error
    failed = [each for each in judgement.outcomes if each.verdict is Verdict.JUDGE_ERROR]
    first = next((each for each in failed if each.message), None)
    if first is None:
        return "not a single case was judged"
    if feedback_for(judgement, feedback) is not Feedback.FULL:
        return first.message
    others = f" (and at {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"at {first.case}{others}: {first.message}"


def judgement_document(
    judgement: Judgement, feedback: Feedback, problem: Problem
) -> dict[str, Any]:
    """Return the ``--json`` form of what ``feedback`` shows of ``judgement``.

    ``verdict`` is None when only counts may be shown and not every case passed.
    """
    error = judge_failure(judgement, feedback)
    judgement, feedback = withhold(judgement, feedback), feedback_for(judgement, feedback)
    verdict = judgement.verdict
    is_shown = feedback is not Feedback.NONE or verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR)
    return {
        "suite": judgement.suite.value,
        "feedback": feedback.value,
        "accepted": verdict is Verdict.ACCEPTED,
        "verdict": verdict.value if is_shown else None,
        "passed": judgement.passed(),
        "total": judgement.total(),
        "levels": [
            {
                "level": level,
                "title": problem.level(level).title,
                "passed": judgement.passed(level),
                "total": judgement.total(level),
                "accepted": judgement.level_accepted(level),
                "cases": [_case_document(case) for case in named_cases(judgement, level)],
            }
            for level in judgement.levels
        ],
        "backend": judgement.backend,
        "tier": judgement.tier,
        "certified": judgement.certified,
        "interpreter": judgement.interpreter,
        "instead_of": judgement.instead_of,
        "seconds": judgement.seconds,
        "error": error,
    }


def _case_document(outcome: CaseOutcome) -> dict[str, Any]:
    return {
        "case": outcome.case,
        "title": outcome.title,
        "verdict": outcome.verdict.value,
        "seconds": outcome.seconds,
        "message": outcome.message,
        "calls": list(outcome.calls),
        "calls_omitted": outcome.calls_omitted,
        "expected": outcome.expected,
        "actual": outcome.actual,
        "where": outcome.where,
        "source": vars(outcome.source) if outcome.source else None,
        "output": outcome.output,
        "rules": [{"level": rule.level, "text": rule.text} for rule in outcome.rules],
    }
