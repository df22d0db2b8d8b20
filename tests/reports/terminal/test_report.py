from __future__ import annotations

from harness.model.judgement import Verdict
from harness.reports.attempt_report import attempt_report
from harness.reports.terminal.report import render_report


def test_a_submission_that_was_judged_more_than_once_says_so(
    problem, state, outcome, judgement, record, draw
):
    failed, passed = judgement(error="the box broke"), judgement(outcome(1))
    wrong = judgement(outcome(1, verdict=Verdict.WRONG_ANSWER))
    runs = [
        record(3, 1, 60.0, failed, "one"),
        record(4, 1, 60.0, failed, "one"),
        record(5, 1, 60.0, wrong, "one"),
        record(7, 1, 90.0, passed, "two"),
    ]
    page = draw(render_report(attempt_report(problem, state(), runs, {})))
    assert "submitted, 0/1  wrong answer (judged at the 3rd try)" in page
    assert page.count("try") == 1
