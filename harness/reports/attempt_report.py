"""The report of an attempt, for ``harness report`` and its JSON document."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.model.attempt import AttemptState, LevelState, RecordedJudgement
from harness.model.frozen import frozen
from harness.model.judgement import Feedback, Judgement, Suite, Verdict
from harness.model.plain import to_plain
from harness.model.problem import Problem, Snapshot, is_solution_file
from harness.model.score import Score
from harness.reports.standings import default_score, level_document

MAX_LINES = 5_000
"""The limit for comparing, which could otherwise take minutes."""
LIKE = 0.5
"""The share of common lines from which a diff is readable; below it mixes two programs."""
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


@frozen(kw_only=True)
class TimelineEntry:
    """One submission, or one run of the visible suites."""

    seq: int
    """The number of the event with its last judgement."""
    at_seconds: float
    level: int
    suite: Suite
    verdict: Verdict
    passed: int
    total: int
    tries: int = 1
    """How often it was judged; more than once when the judge failed."""


@frozen(kw_only=True)
class AttemptReport:
    """What is known of one attempt. Texts that come from the candidate are raw."""

    problem: Problem
    state: AttemptState
    score: Score
    last: Judgement | None
    """The last judgement by hidden suites in which the judge did not fail."""
    churn: Mapping[int, tuple[int, int]]
    """Lines added and removed, by level; without those whose changes are unknown."""
    failed_longest: Mapping[int, StuckCase]
    """By level; without those where no case failed for long, or none may be named."""
    timeline: tuple[TimelineEntry, ...]
    editorial: str | None = None
    """Markdown; only after the end."""
    reference_level: int | None = None
    reference_diff: str | None = None
    """From the last submission to the reference of ``reference_level``; only after the end."""
    reference: str | None = None
    """The reference itself, instead of a diff that would show two unlike programs mixed."""

    @property
    def has_reference(self) -> bool:
        """Whether there is a reference to show; an empty diff counts."""
        return self.reference_diff is not None or self.reference is not None


def attempt_report(
    problem: Problem,
    state: AttemptState,
    judgements: Sequence[RecordedJudgement],
    snapshots: Mapping[str, Snapshot],
    *,
    score: Score | None = None,
) -> AttemptReport:
    """Put the report of an attempt together.

    ``judgements`` are all of the attempt, in order; ``snapshots`` holds by hash those that were
    judged, the skeleton as it was handed out, and the last submission; the report leaves open what
    depends on one that is missing. ``score`` is what the plugins decided, the default rule when
    None. Editorial and reference are left out while the attempt is open.
    """
    judged = [each for each in judgements if each.judgement.suite is Suite.HIDDEN]
    good = [e.judgement for e in judged if e.judgement.verdict is not Verdict.JUDGE_ERROR]
    final = snapshots.get(state.last_submission or "")
    diff = reference = None
    if not state.is_open and final is not None:
        best = problem.reference(state.level)
        if is_like(final, best):
            diff = diff_to_reference(final, best, state.level)
        else:
            reference = source_text(best)
    # While only counts may be shown, a title could be of use.
    secret = state.is_open and state.feedback is Feedback.NONE
    levels = () if secret else state.levels
    stuck = ((each.number, failed_longest(state, each.number, judged)) for each in levels)
    return AttemptReport(
        problem=problem,
        state=state,
        score=score or default_score(problem, state),
        last=good[-1] if good else None,
        churn=_churn_by_level(state, judged, snapshots),
        failed_longest={number: case for number, case in stuck if case is not None},
        timeline=_timeline(judgements),
        editorial=None if state.is_open else problem.editorial,
        reference_level=None if state.is_open else state.level,
        reference_diff=diff,
        reference=reference,
    )


def report_document(report: AttemptReport) -> dict[str, Any]:
    """Return the ``--json`` form of a report."""
    problem, state, score, last = report.problem, report.state, report.score, report.last
    return {
        "attempt": state.id,
        "problem": problem.slug,
        "title": problem.manifest.title,
        "problem_version": state.problem_version,
        "mode": state.mode,
        "feedback": state.feedback,
        "interpreter": last.interpreter if last else "",
        "backend": last.backend if last else "",
        "tier": last.tier if last else "",
        "certified": last.certified if last else None,
        "instead_of": last.instead_of if last else "",
        "started_at": state.started_at.isoformat(),
        "ended_at": state.ended_at.isoformat() if state.ended_at else None,
        "end": state.end,
        "minutes": state.minutes,
        "allowed_seconds": state.allowed_seconds,
        "spent_seconds": state.spent_seconds,
        "pauses": state.pauses,
        "extensions": state.extensions,
        "submissions": state.submissions,
        "notices": state.notices,
        "points": score.total,
        "max_points": score.max,
        "score": to_plain(score),
        "levels": [_level_document(report, level) for level in state.levels],
        "timeline": to_plain(report.timeline),
        "editorial": report.editorial,
        "reference_level": report.reference_level,
        "reference_diff": report.reference_diff,
        "reference": report.reference,
    }


def _level_document(report: AttemptReport, level: LevelState) -> dict[str, Any]:
    churn = report.churn.get(level.number)
    return {
        **level_document(report.problem, report.state, report.score, level.number),
        "submissions": level.submissions,
        "test_runs": level.test_runs,
        "lines_added": churn[0] if churn else None,
        "lines_removed": churn[1] if churn else None,
        "failed_longest": to_plain(report.failed_longest.get(level.number)),
    }


def _timeline(judgements: Sequence[RecordedJudgement]) -> tuple[TimelineEntry, ...]:
    """Return the runs in order; of several judgements of one submission the last counts."""
    entries: list[TimelineEntry] = []
    unjudged: tuple[int, str] | None = None
    """Index and snapshot of the last submission on which the judge failed."""
    for recorded in judgements:
        judgement = recorded.judgement
        entry = TimelineEntry(
            seq=recorded.seq,
            at_seconds=recorded.at_seconds,
            level=recorded.level,
            suite=judgement.suite,
            verdict=judgement.verdict,
            passed=judgement.passed(),
            total=judgement.total(),
        )
        if judgement.suite is Suite.VISIBLE:
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


def _churn_by_level(
    state: AttemptState,
    judged: Sequence[RecordedJudgement],
    snapshots: Mapping[str, Snapshot],
) -> dict[int, tuple[int, int]]:
    """Count the changes from level to level, between the last submissions of each.

    A level's last submission is the accepted one or the last try. Levels without submissions, such
    as revealed ones, are skipped.
    """
    before = snapshots.get(state.template_snapshot)
    found: dict[int, tuple[int, int]] = {}
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


def failed_longest(
    state: AttemptState, level: int, judged: Sequence[RecordedJudgement]
) -> StuckCase | None:
    """Return the case of ``level`` that failed for the longest time.

    None when no case failed for a second or more. ``judged``: the judgements of hidden suites, in
    order. A case that still fails counts until now, or until the end. Of equals, the first counts.
    """
    titles: dict[str, str] = {}
    seconds: dict[str, float] = {}
    submissions: dict[str, int] = {}
    failing_since: dict[str, float] = {}
    for recorded in judged:
        if recorded.judgement.verdict is Verdict.JUDGE_ERROR:
            continue
        for outcome in recorded.judgement.of_level(level):
            case = outcome.case
            if outcome.verdict in _INCONCLUSIVE:
                continue
            if case in failing_since:
                seconds[case] += max(0.0, recorded.at_seconds - failing_since.pop(case))
            if outcome.verdict is not Verdict.ACCEPTED:
                failing_since[case] = recorded.at_seconds
                titles.setdefault(case, outcome.title)
                seconds.setdefault(case, 0.0)
                submissions[case] = submissions.get(case, 0) + 1
    for case, since in failing_since.items():
        seconds[case] += max(0.0, state.spent_seconds - since)
    longest = max(seconds.values(), default=0.0)
    if longest < 1:
        return None
    # A dict keeps the order in which the cases first failed.
    first, *others = (case for case in seconds if seconds[case] == longest)
    return StuckCase(
        case=first,
        title=titles[first],
        seconds=longest,
        submissions=submissions[first],
        others=len(others),
    )


def count_churn(before: Snapshot, after: Snapshot) -> tuple[int, int] | None:
    """Count the lines added to the solution's files and those removed.

    None when the files are too long to compare.
    """
    added = removed = 0
    for old, new in _file_pairs(before, after):
        if max(len(old), len(new)) > MAX_LINES:
            return None
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            if tag != "equal":
                removed += old_end - old_start
                added += new_end - new_start
    return added, removed


def diff_to_reference(mine: Snapshot, reference: Snapshot, level: int) -> str:
    """Return a unified diff from the candidate's files to the reference of ``level``; raw text."""
    ours, theirs = _solution_files(mine), _solution_files(reference)
    parts: list[str] = []
    for name in sorted(ours.keys() | theirs.keys()):
        old, new = _lines(ours.get(name, b"")), _lines(theirs.get(name, b""))
        heads = (f"yours/{name}", f"reference/level{level}/{name}")
        if max(len(old), len(new)) > MAX_LINES:
            parts.append(f"--- {heads[0]}\n+++ {heads[1]}\n(too long to compare)")
        else:
            parts += difflib.unified_diff(old, new, *heads, lineterm="")
    return "\n".join(parts)


def is_like(mine: Snapshot, reference: Snapshot) -> bool:
    """Return whether enough lines are equal for a readable diff."""
    same = total = 0
    for old, new in _file_pairs(mine, reference, equal=True):
        if max(len(old), len(new)) > MAX_LINES:
            return False
        # Every program has blank lines, so they say nothing.
        ours, theirs = [line for line in old if line], [line for line in new if line]
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        same += 2 * sum(block.size for block in matcher.get_matching_blocks())
        total += len(ours) + len(theirs)
    return same >= LIKE * total


def source_text(snapshot: Snapshot) -> str:
    """Return the solution's files one after another, each below a comment with its name."""
    files = sorted(_solution_files(snapshot).items())
    parts = ("\n".join([f"# {name}", *_lines(content)]) for name, content in files)
    return "\n\n".join(parts)


def _file_pairs(
    before: Snapshot, after: Snapshot, *, equal: bool = False
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines of each file before and after; ``equal`` includes unchanged files."""
    old, new = _solution_files(before), _solution_files(after)
    for name in sorted(old.keys() | new.keys()):
        if equal or old.get(name) != new.get(name):
            yield _lines(old.get(name, b"")), _lines(new.get(name, b""))


def _lines(content: bytes) -> list[str]:
    """Split lines as an editor does, not at form feeds and the like as ``splitlines`` does."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
    return text.split("\n") if text else []


def _solution_files(snapshot: Snapshot) -> Mapping[str, bytes]:
    return {name: content for name, content in snapshot.files.items() if is_solution_file(name)}
