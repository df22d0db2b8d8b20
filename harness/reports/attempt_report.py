"""The whole story of an attempt, for ``harness report`` and ``--json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from harness.model.attempt import AttemptState, End, Mode, RecordedJudgement
from harness.model.debrief import Debrief
from harness.model.frozen import frozen
from harness.model.judgement import Feedback, Suite
from harness.model.problem import Problem
from harness.model.score import LevelScore, Score
from harness.model.snapshot import Snapshot
from harness.model.verdict import Verdict
from harness.reports.churn import (
    Churn,
    count_churn,
    diff_to_reference,
    is_like,
    source_text,
)
from harness.reports.levels import level_seconds
from harness.reports.overviews import LevelStanding, standing_of
from harness.reports.scoring import score as default_score
from harness.reports.stuck import StuckCase, failed_longest


@frozen(kw_only=True)
class LevelReport:
    """How one level went."""

    number: int
    title: str
    standing: LevelStanding
    points: int
    max_points: int
    """Without the bonus."""
    bonus: int
    max_bonus: int
    passed: int
    total: int
    """Hidden cases in the last judged submission; 0 when none judged this level."""
    spent_seconds: float | None
    suggested_minutes: int
    submissions: int
    test_runs: int
    lines_added: int | None
    """Since the last code of the level before (level 1: the skeleton); None when unknown."""
    lines_removed: int | None
    failed_longest: StuckCase | None


@frozen(kw_only=True)
class TimelineEntry:
    """One submission, or one run of the visible suites."""

    seq: int
    """The number of its last judgement's event."""
    at_seconds: float
    level: int
    suite: Suite
    verdict: Verdict
    passed: int
    total: int
    tries: int = 1
    """How often it was judged: more than once when the judge failed."""


@frozen(kw_only=True)
class AttemptReport:
    """All about one attempt. Texts that come from the candidate are raw."""

    attempt: str
    problem: str
    title: str
    problem_version: str
    mode: Mode
    feedback: Feedback
    interpreter: str
    backend: str
    tier: str
    certified: bool | None
    """Whether the last judgement comes from a box that could have stopped a hostile solution.

    None when there is none.
    """
    started_at: datetime
    ended_at: datetime | None
    end: End | None
    minutes: int
    allowed_seconds: float
    spent_seconds: float
    pauses: int
    extensions: int
    submissions: int
    notices: tuple[str, ...]
    points: int
    max_points: int
    """Of all levels, with every bonus."""
    score: Score
    levels: tuple[LevelReport, ...]
    timeline: tuple[TimelineEntry, ...]
    editorial: str | None = None
    """Markdown; only after the end."""
    reference_level: int | None = None
    reference_diff: str | None = None
    """From the last submission to the reference of ``reference_level``; only after the end."""
    reference: str | None = None
    """The reference itself, instead of a diff: when the last submission is quite another design."""


def attempt_report(
    problem: Problem,
    state: AttemptState,
    judgements: Sequence[RecordedJudgement],
    snapshots: Mapping[str, Snapshot],
    *,
    score: Score | None = None,
    debrief: Debrief | None = None,
) -> AttemptReport:
    """Put the report of an attempt together.

    ``judgements`` are all of the attempt, in order; ``snapshots`` holds by hash those that were
    judged, the skeleton as it was handed out, and the last submission; what is missing there is
    left open in the report. ``score`` is what the plugins decided, our own rule when None.
    ``debrief`` is what may be read after the end; it is left out while the attempt is open.
    """
    score = score or default_score(problem, state)
    judged = [each for each in judgements if each.judgement.suite is Suite.HIDDEN]
    churn = _churn_by_level(state, judged, snapshots)
    # A judge that failed tells nothing of how the solution was judged.
    good = [e.judgement for e in judged if e.judgement.verdict is not Verdict.JUDGE_ERROR]
    last = good[-1] if good else None
    final = snapshots.get(state.last_submission or "")
    shown = None if state.is_open else debrief
    alike = shown is not None and final is not None and is_like(final, shown.reference)
    return AttemptReport(
        attempt=state.id,
        problem=problem.slug,
        title=problem.manifest.title,
        problem_version=state.problem_version,
        mode=state.mode,
        feedback=state.feedback,
        interpreter=last.interpreter if last else "",
        backend=last.backend if last else "",
        tier=last.tier if last else "",
        certified=last.certified if last else None,
        started_at=state.started_at,
        ended_at=state.ended_at,
        end=state.end,
        minutes=state.minutes,
        allowed_seconds=state.allowed_seconds,
        spent_seconds=state.spent_seconds,
        pauses=state.pauses,
        extensions=state.extensions,
        submissions=state.submissions,
        notices=state.notices,
        points=score.total,
        max_points=score.max,
        score=score,
        levels=tuple(
            _level_report(problem, state, level.number, score, churn, judged)
            for level in state.levels
        ),
        timeline=_timeline(judgements),
        editorial=shown.editorial if shown else None,
        reference_level=shown.level if shown else None,
        reference_diff=(
            diff_to_reference(final, shown.reference, shown.level)
            if shown and final and alike
            else None
        ),
        reference=source_text(shown.reference) if shown and final and not alike else None,
    )


def _level_report(
    problem: Problem,
    state: AttemptState,
    number: int,
    score: Score,
    churn: Mapping[int, Churn],
    judged: Sequence[RecordedJudgement],
) -> LevelReport:
    spec, level = problem.level(number), state.levels[number - 1]
    worth = next((each for each in score.levels if each.number == number), _nothing(number))
    # Counts only means: not even after which title a case is called, as long as it can be of use.
    secret = state.is_open and state.feedback is Feedback.NONE
    return LevelReport(
        number=number,
        title=spec.title,
        standing=standing_of(state, number),
        points=worth.points,
        max_points=worth.max_points,
        bonus=worth.bonus,
        max_bonus=worth.max_bonus,
        passed=level.passed,
        total=level.total,
        spent_seconds=level_seconds(state, number),
        suggested_minutes=spec.minutes,
        submissions=level.submissions,
        test_runs=level.test_runs,
        lines_added=churn[number].added if number in churn else None,
        lines_removed=churn[number].removed if number in churn else None,
        failed_longest=None if secret else failed_longest(state, number, judged),
    )


def _nothing(number: int) -> LevelScore:
    """Stands in where a plugin's score leaves a level out."""
    return LevelScore(number=number, points=0, max_points=0, bonus=0, max_bonus=0)


def _timeline(judgements: Sequence[RecordedJudgement]) -> tuple[TimelineEntry, ...]:
    """Return the runs in order, the judgings of one submission as one: the last of them counts."""
    entries: list[TimelineEntry] = []
    unjudged: tuple[int, str] | None = None
    """Place and snapshot of the submission on which the judge failed last."""
    for recorded in judgements:
        entry = _timeline_entry(recorded)
        if recorded.judgement.suite is Suite.VISIBLE:
            entries.append(entry)
            continue
        place = len(entries)
        if unjudged is not None and unjudged[1] == recorded.snapshot:
            place = unjudged[0]
            entries[place] = replace(entry, tries=entries[place].tries + 1)
        else:
            entries.append(entry)
        failed = entry.verdict is Verdict.JUDGE_ERROR
        unjudged = (place, recorded.snapshot) if failed else None
    return tuple(entries)


def _timeline_entry(recorded: RecordedJudgement) -> TimelineEntry:
    judgement = recorded.judgement
    return TimelineEntry(
        seq=recorded.seq,
        at_seconds=recorded.at_seconds,
        level=recorded.level,
        suite=judgement.suite,
        verdict=judgement.verdict,
        passed=sum(judgement.passed(level) for level in judgement.levels),
        total=sum(judgement.total(level) for level in judgement.levels),
    )


def _churn_by_level(
    state: AttemptState,
    judged: Sequence[RecordedJudgement],
    snapshots: Mapping[str, Snapshot],
) -> dict[int, Churn]:
    """Count changes from level to level: each one's last submission against that of the one before.

    A level's last submission is the one that was accepted, or the last try. A level without any,
    as one that was revealed at once, is passed over.
    """
    before = snapshots.get(state.template_snapshot)
    found: dict[int, Churn] = {}
    for level in state.levels:
        hashes = [each.snapshot for each in judged if each.level == level.number]
        if not hashes:
            continue
        after = snapshots.get(hashes[-1])
        if before is not None and after is not None:
            churn = count_churn(before, after)
            if churn is not None:
                found[level.number] = churn
        before = after
    return found
