"""A judgement as far as the candidate may see it."""

from __future__ import annotations

from dataclasses import replace

from harness.model.frozen import frozen
from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite
from harness.model.problem import Problem
from harness.model.verdict import Verdict


@frozen(kw_only=True)
class CaseView:
    """One case. What the feedback setting withholds is None or empty. Texts are raw."""

    case: str
    title: str
    verdict: Verdict
    seconds: float
    message: str = ""
    calls: tuple[str, ...] = ()
    calls_omitted: int = 0
    expected: str | None = None
    actual: str | None = None
    where: str = ""
    output: str = ""


@frozen(kw_only=True)
class LevelView:
    """The cases of one level."""

    level: int
    title: str
    passed: int
    total: int
    accepted: bool
    cases: tuple[CaseView, ...]
    """Empty when the feedback setting allows counts only."""


@frozen(kw_only=True)
class JudgementView:
    """All that may be shown of a judgement; also the ``--json`` form."""

    suite: Suite
    feedback: Feedback
    accepted: bool
    verdict: Verdict | None
    """None when the feedback setting allows counts only, and not everything passed."""
    passed: int
    total: int
    levels: tuple[LevelView, ...]
    backend: str
    tier: str
    certified: bool
    interpreter: str
    seconds: float
    error: str
    """Why the judge failed; empty when it did not."""


def view_judgement(judgement: Judgement, feedback: Feedback, problem: Problem) -> JudgementView:
    """Return what may be shown. Visible suites are always shown in full."""
    if judgement.suite is Suite.VISIBLE:
        feedback = Feedback.FULL
    verdict = judgement.verdict
    tells = feedback is not Feedback.NONE or verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR)
    levels = tuple(_view_level(judgement, level, feedback, problem) for level in judgement.levels)
    return JudgementView(
        suite=judgement.suite,
        feedback=feedback,
        accepted=verdict is Verdict.ACCEPTED,
        verdict=verdict if tells else None,
        passed=sum(level.passed for level in levels),
        total=sum(level.total for level in levels),
        levels=levels,
        backend=judgement.backend,
        tier=judgement.tier,
        certified=judgement.certified,
        interpreter=judgement.interpreter,
        seconds=judgement.seconds,
        error=_error_of(judgement, feedback),
    )


def _view_level(
    judgement: Judgement, level: int, feedback: Feedback, problem: Problem
) -> LevelView:
    shown = () if feedback is Feedback.NONE else judgement.of_level(level)
    return LevelView(
        level=level,
        title=problem.level(level).title,
        passed=judgement.passed(level),
        total=judgement.total(level),
        accepted=judgement.level_accepted(level),
        cases=tuple(_view_case(outcome, feedback) for outcome in shown),
    )


def _view_case(outcome: CaseOutcome, feedback: Feedback) -> CaseView:
    named = CaseView(
        case=outcome.case,
        title=outcome.title,
        verdict=outcome.verdict,
        seconds=outcome.seconds,
    )
    if feedback is Feedback.NAMES:
        return named
    # The message of a wrong answer may spell out the expected value.
    tells_expected = feedback is Feedback.FULL
    withheld = outcome.verdict is Verdict.WRONG_ANSWER and not tells_expected
    return replace(
        named,
        message="" if withheld else outcome.message,
        calls=outcome.calls,
        calls_omitted=outcome.calls_omitted,
        expected=outcome.expected if tells_expected else None,
        actual=outcome.actual,
        where=outcome.where,
        output=outcome.output,
    )


def _error_of(judgement: Judgement, feedback: Feedback) -> str:
    """Return why the judge failed, if it did; never empty then."""
    if judgement.error or judgement.verdict is not Verdict.JUDGE_ERROR:
        return judgement.error
    failed = [o for o in judgement.outcomes if o.verdict is Verdict.JUDGE_ERROR]
    first = next((o for o in failed if o.message), None)
    if first is None:
        return "not a single case was judged"
    if feedback is not Feedback.FULL:
        return first.message
    others = f" (and at {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"at {first.case}{others}: {first.message}"
