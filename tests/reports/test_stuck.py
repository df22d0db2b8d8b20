"""Which case failed longest."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict
from harness.reports.attempt_report import failed_longest

BAD, GOOD = Verdict.WRONG_ANSWER, Verdict.ACCEPTED


@pytest.fixture
def stuck(outcome, judgement, record, state):
    """What failed longest: ``stuck((100, {"test_a": BAD}), …)`` are runs and their times.

    None instead of outcomes: the judge failed.
    """

    def find(*runs, level=1, **more):
        recorded = []
        for seq, (at, verdicts) in enumerate(runs):
            outcomes = (outcome(1, name, verdict) for name, verdict in (verdicts or {}).items())
            error = "" if verdicts else "no box"
            recorded.append(record(seq, 1, at, judgement(*outcomes, error=error)))
        found = failed_longest(state(**more), level, recorded)
        return found and (found.case.removeprefix("level1::"), found.seconds, found.submissions)

    return find


def test_the_one_that_failed_longest(stuck):
    assert stuck(
        (100, {"test_a": BAD, "test_b": BAD, "test_c": GOOD}),
        (160, {"test_a": GOOD, "test_b": BAD, "test_c": BAD}),
        (200, {"test_a": GOOD, "test_b": GOOD, "test_c": GOOD}),
    ) == ("test_b", 100.0, 2)


def test_separate_times_add_up(stuck):
    assert stuck(
        (0, {"test_a": BAD, "test_b": GOOD}),
        (30, {"test_a": GOOD, "test_b": BAD}),
        (70, {"test_a": BAD, "test_b": GOOD}),
        (90, {"test_a": GOOD, "test_b": GOOD}),
    ) == ("test_a", 50.0, 2)


def test_what_fails_to_the_last_counts_until_the_end(stuck):
    assert stuck((1000, {"test_a": BAD}), spent_seconds=1800.0) == ("test_a", 800.0, 1)


def test_of_equals_the_one_that_failed_first(outcome, judgement, record, state):
    failed = judgement(outcome(1, "test_z", BAD), outcome(1, "test_a", BAD))
    found = failed_longest(state(), 1, [record(0, 1, 1000, failed)])
    assert (found.case, found.title, found.others) == ("level1::test_z", "Z", 1)


def test_a_case_fixed_at_once_is_not_reported(stuck):
    assert stuck((10.0, {"test_a": BAD}), (10.9, {"test_a": GOOD})) is None


def test_skipped_cases_and_failed_judges_say_nothing(stuck):
    assert stuck(
        (10, {"test_a": BAD}),
        (15, None),
        (20, {"test_a": Verdict.SKIPPED}),
        (40, {"test_a": GOOD}),
    ) == ("test_a", 30.0, 1)


def test_nothing_failed(stuck):
    assert stuck((10, {"test_a": GOOD})) is None
    assert stuck((10, {"test_a": GOOD}), level=2) is None
