"""Which case failed longest."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.attempt import AttemptState, RecordedJudgement
from harness.model.judgement import CaseOutcome, Judgement, Verdict
from harness.reports.attempt_report import failed_longest

MakeOutcome = Callable[..., CaseOutcome]
MakeJudgement = Callable[..., Judgement]
MakeRecord = Callable[..., RecordedJudgement]
MakeState = Callable[..., AttemptState]

BAD = Verdict.WRONG_ANSWER


def history(
    outcome: MakeOutcome,
    judgement: MakeJudgement,
    record: MakeRecord,
    *runs: tuple[float, dict[str, Verdict]],
) -> list[RecordedJudgement]:
    return [
        record(seq, 1, at, judgement(*(outcome(1, name, verdict) for name, verdict in run.items())))
        for seq, (at, run) in enumerate(runs)
    ]


def test_the_one_that_failed_longest(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(
        outcome,
        judgement,
        record,
        (100, {"test_a": BAD, "test_b": BAD, "test_c": Verdict.ACCEPTED}),
        (160, {"test_a": Verdict.ACCEPTED, "test_b": BAD, "test_c": BAD}),
        (200, {"test_a": Verdict.ACCEPTED, "test_b": Verdict.ACCEPTED, "test_c": Verdict.ACCEPTED}),
    )
    stuck = failed_longest(state(), 1, runs)
    assert stuck is not None
    assert (stuck.case, stuck.title, stuck.seconds, stuck.submissions) == (
        "level1::test_b",
        "B",
        100.0,
        2,
    )


def test_separate_times_add_up(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    good = Verdict.ACCEPTED
    runs = history(
        outcome,
        judgement,
        record,
        (0, {"test_a": BAD, "test_b": good}),
        (30, {"test_a": good, "test_b": BAD}),
        (70, {"test_a": BAD, "test_b": good}),
        (90, {"test_a": good, "test_b": good}),
    )
    stuck = failed_longest(state(), 1, runs)
    assert stuck is not None
    assert (stuck.case, stuck.seconds, stuck.submissions) == ("level1::test_a", 50.0, 2)


def test_what_fails_to_the_last_counts_until_the_end(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(outcome, judgement, record, (1000, {"test_a": BAD}))
    stuck = failed_longest(state(spent_seconds=1800.0), 1, runs)
    assert stuck is not None
    assert stuck.seconds == 800.0


def test_of_equals_the_one_that_failed_first(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(outcome, judgement, record, (1000, {"test_z": BAD, "test_a": BAD}))
    stuck = failed_longest(state(), 1, runs)
    assert stuck is not None
    assert (stuck.case, stuck.others) == ("level1::test_z", 1)


def test_a_case_fixed_at_once_is_not_reported(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(
        outcome,
        judgement,
        record,
        (10.0, {"test_a": BAD}),
        (10.9, {"test_a": Verdict.ACCEPTED}),
    )
    assert failed_longest(state(), 1, runs) is None


def test_skipped_cases_and_failed_judges_say_nothing(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(
        outcome,
        judgement,
        record,
        (10, {"test_a": BAD}),
        (20, {"test_a": Verdict.SKIPPED}),
        (40, {"test_a": Verdict.ACCEPTED}),
    )
    failed_judge = record(9, 1, 15, judgement(outcome(1, "test_a"), error="no box"))
    stuck = failed_longest(state(), 1, [runs[0], failed_judge, *runs[1:]])
    assert stuck is not None
    assert (stuck.seconds, stuck.submissions) == (30.0, 1)


def test_nothing_failed(
    outcome: MakeOutcome, judgement: MakeJudgement, record: MakeRecord, state: MakeState
) -> None:
    runs = history(outcome, judgement, record, (10, {"test_a": Verdict.ACCEPTED}))
    assert failed_longest(state(), 1, runs) is None
    assert failed_longest(state(), 2, runs) is None
