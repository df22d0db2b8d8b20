from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.model.attempt import End, LevelState
from harness.model.judgement import Feedback, Suite, Verdict
from harness.model.problem import Snapshot
from harness.model.score import LevelScore, Score
from harness.reports.attempt_report import attempt_report, report_document
from harness.reports.standings import default_score


@pytest.fixture
def snapshots(snapshot):
    return {
        "template": snapshot(solution="pass\n"),
        "first": snapshot(solution="one\n"),
        "accepted": snapshot(solution="one\ntwo\n"),
        "second": snapshot(solution="one\ntwo\nthree\nfour\n"),
    }


@pytest.fixture
def runs(outcome, judgement, record):
    """A test run, a rejected submission, the accepted one, and a rejected one of level 2."""
    visible = judgement(outcome(1), suite=Suite.VISIBLE, certified=False)
    rejected = judgement(outcome(1, "test_a", Verdict.WRONG_ANSWER), outcome(1, "test_b"))
    accepted = judgement(outcome(1, "test_a"), outcome(1, "test_b"))
    second = judgement(
        outcome(1, "test_a"), outcome(1, "test_b"), outcome(2, "test_c", Verdict.TIME_LIMIT)
    )
    return [
        record(2, 1, 60.0, visible, "first"),
        record(4, 1, 300.0, rejected, "first"),
        record(6, 1, 480.0, accepted, "accepted"),
        record(9, 2, 1200.0, second, "second"),
    ]


@pytest.fixture
def ended(state):
    return state(end=End.FINISHED, last_submission="second", template_snapshot="template")


def document(*args, **more):
    return report_document(attempt_report(*args, **more))


def test_the_head(problem, state, runs):
    report = document(problem, state(pauses=2, notices=("slept",)), runs, {})
    assert (report["problem"], report["title"], report["attempt"]) == (
        "kv_store",
        "Key-value store",
        "k3f9qz",
    )
    assert (report["interpreter"], report["backend"], report["tier"]) == (
        "CPython 3.11.7",
        "linux",
        "full",
    )
    assert report["certified"] is True
    assert (report["pauses"], report["notices"], report["spent_seconds"]) == (2, ("slept",), 1800.0)


def test_without_a_judgement_the_box_is_unknown(problem, state):
    report = document(problem, state(), [], {})
    assert (report["certified"], report["backend"], report["timeline"]) == (None, "", [])


def test_time_is_spent_from_opening_to_opening(problem, state):
    levels = document(problem, state(), [], {})["levels"]
    assert [level["spent_seconds"] for level in levels] == [484.0, 1316.0, None]
    assert [level["suggested_minutes"] for level in levels] == [10, 20, 30]


def test_the_times_of_all_levels_add_up_as_they_are_shown(problem, state):
    levels = tuple(
        LevelState(number=n, opened_at_seconds=at, accepted_at_seconds=at + 50)
        for n, at in ((1, 0.0), (2, 100.9), (3, 201.8))
    )
    done = state(levels=levels, level=3, end=End.COMPLETED, spent_seconds=260.7)
    report = document(problem, done, [], {})
    times = [level["spent_seconds"] for level in report["levels"]]
    assert times == [100.0, 101.0, 59.0]
    shown = sum(int(each) for each in times if each is not None)
    assert shown == int(report["spent_seconds"])


def test_standings(problem, state):
    def standings(of):
        return [level["standing"] for level in document(problem, of, [], {})["levels"]]

    assert standings(state()) == ["accepted", "current", "locked"]
    assert standings(state(end=End.EXPIRED)) == ["accepted", "given_up", "locked"]
    first, second, third = state().levels
    revealed = replace(first, revealed=True, accepted_at_seconds=None)
    assert standings(state(levels=(revealed, second, third))) == ["revealed", "current", "locked"]


def test_lines_changed_from_level_to_level(problem, ended, runs, snapshots):
    levels = document(problem, ended, runs, snapshots)["levels"]
    changes = [(level["lines_added"], level["lines_removed"]) for level in levels]
    assert changes == [(2, 1), (2, 0), (None, None)]


def test_a_missing_snapshot_leaves_its_changes_open(problem, ended, runs, snapshots):
    del snapshots["accepted"]
    levels = document(problem, ended, runs, snapshots)["levels"]
    assert [level["lines_added"] for level in levels] == [None, None, None]


def test_the_timeline_has_every_run(problem, state, runs):
    timeline = attempt_report(problem, state(), runs, {}).timeline
    assert [(each.at_seconds, each.suite, each.verdict, each.passed) for each in timeline] == [
        (60.0, Suite.VISIBLE, Verdict.ACCEPTED, 1),
        (300.0, Suite.HIDDEN, Verdict.WRONG_ANSWER, 1),
        (480.0, Suite.HIDDEN, Verdict.ACCEPTED, 2),
        (1200.0, Suite.HIDDEN, Verdict.TIME_LIMIT, 2),
    ]


def test_repeated_judgings_of_a_submission_are_one_run(problem, state, outcome, judgement, record):
    failed, passed = judgement(error="the box broke"), judgement(outcome(1))
    visible = judgement(outcome(1), suite=Suite.VISIBLE)
    runs = [
        record(3, 1, 60.0, failed, "one"),
        record(4, 1, 61.0, visible, "one"),
        record(5, 1, 60.0, failed, "one"),
        record(6, 1, 60.0, passed, "one"),
        record(8, 1, 90.0, passed, "one"),
        record(10, 1, 95.0, failed, "two"),
        record(12, 1, 99.0, failed, "three"),
    ]
    timeline = attempt_report(problem, state(), runs, {}).timeline
    assert [(each.seq, each.tries, each.suite) for each in timeline] == [
        (6, 3, Suite.HIDDEN),
        (4, 1, Suite.VISIBLE),
        (8, 1, Suite.HIDDEN),
        (10, 1, Suite.HIDDEN),
        (12, 1, Suite.HIDDEN),
    ]
    assert timeline[0].verdict is passed.verdict


def test_what_failed_longest_for_each_level(problem, state, runs):
    found = attempt_report(problem, state(), runs, {}).failed_longest
    assert found.keys() == {1, 2}
    assert (found[1].title, found[1].seconds) == ("A", 180.0)
    assert (found[2].title, found[2].seconds) == ("C", 600.0)


def test_titles_stay_secret_while_only_counts_are_shown(problem, state, runs):
    still_open = document(problem, state(feedback=Feedback.NONE), runs, {})
    assert [level["failed_longest"] for level in still_open["levels"]] == [None, None, None]
    over = document(problem, state(feedback=Feedback.NONE, end=End.FINISHED), runs, {})
    assert over["levels"][0]["failed_longest"]["title"] == "A"


def test_after_the_end_the_editorial_and_the_reference_are_shown(problem, ended, runs, snapshots):
    report = attempt_report(problem, ended, runs, snapshots)
    assert (report.editorial, report.reference_level) == (problem.editorial, 2)
    assert report.reference_diff is not None
    assert "+++ reference/level2/solution.py" in report.reference_diff
    assert "+best" in report.reference_diff
    assert report.reference is None


def test_quite_another_design_is_shown_as_it_is(with_reference, ended, runs, snapshots):
    problem = with_reference(solution="a\nb\n", part="c\n")
    report = attempt_report(problem, ended, runs, snapshots)
    assert report.reference_diff is None
    assert report.reference == "# part.py\nc\n\n# solution.py\na\nb"


def test_while_the_attempt_is_open_nothing_of_it_is_shown(problem, state, runs, snapshots):
    still_open = state(last_submission="second", template_snapshot="template")
    report = attempt_report(problem, still_open, runs, snapshots)
    assert (report.editorial, report.reference_level, report.reference_diff) == (None, None, None)
    assert "best" not in json.dumps(report_document(report))


def test_without_a_submission_there_is_no_diff(problem, state, snapshots):
    nothing = state(end=End.FINISHED, template_snapshot="template", submissions=0)
    report = attempt_report(problem, nothing, [], snapshots)
    assert report.editorial == problem.editorial
    assert (report.reference_diff, report.reference) == (None, None)


def test_the_score_may_be_decided_elsewhere(problem, state):
    own = LevelScore(number=1, points=7, max_points=9, bonus=0, max_bonus=0)
    decided = Score(levels=(own,), total=7, max=9, estimate=511)
    report = attempt_report(problem, state(), [], {}, score=decided)
    assert report.score == decided
    assert [level["points"] for level in report_document(report)["levels"]] == [7, 0, 0]
    assert attempt_report(problem, state(), [], {}).score == default_score(problem, state())


def test_it_is_a_json_document_whatever_a_solution_holds(problem, ended, runs):
    hostile = Snapshot(files={"solution.py": b"\xff\x1b[31m\n"})
    report = attempt_report(problem, ended, runs, {"second": hostile})
    text = json.dumps(report_document(report))
    assert "\x1b" not in text
    assert json.loads(text)["levels"][0]["passed"] == 18
