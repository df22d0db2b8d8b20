"""Finds the case that a candidate was stuck on longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.model.attempt import AttemptState, RecordedJudgement
from harness.model.frozen import frozen
from harness.model.judgement import Verdict

_INCONCLUSIVE = {Verdict.SKIPPED, Verdict.JUDGE_ERROR}


@frozen(kw_only=True)
class StuckCase:
    """A hidden case and how long it failed."""

    case: str
    title: str
    seconds: float
    """Charged time from a submission in which it failed to the next one in which it passed."""
    submissions: int
    """The number of submissions in which it failed."""
    others: int = 0
    """The number of other cases that failed equally long."""


def failed_longest(
    state: AttemptState, level: int, judged: Sequence[RecordedJudgement]
) -> StuckCase | None:
    """Return the case of ``level`` that failed for the longest time.

    None when no case failed for a second or more. ``judged``: the judgements of hidden suites, in
    order. A case that still fails counts until now, or until the end. Of equals, the first counts.
    """
    stuck: dict[str, StuckCase] = {}
    failing_since: dict[str, float] = {}
    for recorded in judged:
        if recorded.judgement.verdict is Verdict.JUDGE_ERROR:
            continue
        for outcome in recorded.judgement.of_level(level):
            if outcome.verdict in _INCONCLUSIVE:
                continue
            since = failing_since.pop(outcome.case, None)
            if since is not None:
                stuck[outcome.case] = _longer(stuck[outcome.case], recorded.at_seconds - since)
            if outcome.verdict is not Verdict.ACCEPTED:
                failing_since[outcome.case] = recorded.at_seconds
                stuck[outcome.case] = _failed_again(
                    stuck.get(outcome.case)
                    or StuckCase(case=outcome.case, title=outcome.title, seconds=0.0, submissions=0)
                )
    for case, since in failing_since.items():
        stuck[case] = _longer(stuck[case], state.spent_seconds - since)
    # max keeps the first of equals, and a dict keeps the order in which the cases first failed.
    longest = max(stuck.values(), key=lambda each: each.seconds, default=None)
    if longest is None or longest.seconds < 1:
        return None
    equals = sum(each.seconds == longest.seconds for each in stuck.values())
    return replace(longest, others=equals - 1)


def _longer(case: StuckCase, seconds: float) -> StuckCase:
    return replace(case, seconds=case.seconds + max(0.0, seconds))


def _failed_again(case: StuckCase) -> StuckCase:
    return replace(case, submissions=case.submissions + 1)
