"""What each feedback setting lets through."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.model.judgement import CaseOutcome, Feedback, Judgement, Suite
from harness.model.plain import to_plain
from harness.model.problem import Problem
from harness.model.verdict import Verdict
from harness.reports.judgement_view import JudgementView, view_judgement

MakeOutcome = Callable[..., CaseOutcome]
MakeJudgement = Callable[..., Judgement]

SECRETS = {
    "message": "expected SECRET-EXPECTED, got SECRET-ACTUAL",
    "expected": "SECRET-EXPECTED",
    "actual": "SECRET-ACTUAL",
    "calls": ("f(SECRET-CALL) -> SECRET-ACTUAL",),
    "calls_omitted": 3,
    "where": "SECRET-WHERE",
    "output": "SECRET-OUTPUT",
}


@pytest.fixture
def failing(outcome: MakeOutcome, judgement: MakeJudgement) -> Judgement:
    return judgement(
        outcome(1, "test_fine"),
        outcome(2, "test_title_secret", Verdict.WRONG_ANSWER, **SECRETS),
        outcome(2, "test_slow", Verdict.TIME_LIMIT, message="no answer within 2 s"),
    )


def words(view: JudgementView) -> set[str]:
    text = json.dumps(to_plain(view))
    return {
        word
        for word in ("EXPECTED", "ACTUAL", "CALL", "WHERE", "OUTPUT")
        if f"SECRET-{word}" in text
    }


def test_full_shows_all(failing: Judgement, problem: Problem) -> None:
    view = view_judgement(failing, Feedback.FULL, problem)
    assert words(view) == {"EXPECTED", "ACTUAL", "CALL", "WHERE", "OUTPUT"}
    assert view.levels[1].cases[0].calls_omitted == 3


def test_calls_never_shows_an_expected_value(failing: Judgement, problem: Problem) -> None:
    view = view_judgement(failing, Feedback.CALLS, problem)
    assert words(view) == {"ACTUAL", "CALL", "WHERE", "OUTPUT"}
    assert view.levels[1].cases[1].message == "no answer within 2 s"


def test_names_shows_titles_and_verdicts_only(failing: Judgement, problem: Problem) -> None:
    view = view_judgement(failing, Feedback.NAMES, problem)
    assert words(view) == set()
    assert [(case.title, case.verdict) for case in view.levels[1].cases] == [
        ("Title secret", Verdict.WRONG_ANSWER),
        ("Slow", Verdict.TIME_LIMIT),
    ]
    assert all(not case.message for case in view.levels[1].cases)


def test_none_shows_counts_only(failing: Judgement, problem: Problem) -> None:
    view = view_judgement(failing, Feedback.NONE, problem)
    text = json.dumps(to_plain(view))
    assert "secret" not in text.lower()
    assert view.verdict is None
    assert [(level.passed, level.total, level.accepted) for level in view.levels] == [
        (1, 1, True),
        (0, 2, False),
    ]
    assert (view.passed, view.total, view.accepted) == (1, 3, False)


@pytest.mark.parametrize("feedback", Feedback)
def test_visible_suites_are_always_shown_in_full(
    failing: Judgement, problem: Problem, feedback: Feedback
) -> None:
    visible = replace(failing, suite=Suite.VISIBLE)
    view = view_judgement(visible, feedback, problem)
    assert view.feedback is Feedback.FULL
    assert "EXPECTED" in words(view)


@pytest.mark.parametrize("feedback", Feedback)
def test_an_accepted_judgement_says_so(
    outcome: MakeOutcome, judgement: MakeJudgement, problem: Problem, feedback: Feedback
) -> None:
    view = view_judgement(judgement(outcome(1)), feedback, problem)
    assert view.accepted
    assert view.verdict is Verdict.ACCEPTED
    assert view.levels[0].title == "Set and get"


@pytest.mark.parametrize("feedback", Feedback)
def test_a_failed_judge_is_never_accepted_and_says_why(
    outcome: MakeOutcome, judgement: MakeJudgement, problem: Problem, feedback: Feedback
) -> None:
    by_itself = judgement(outcome(1), error="no box could be made")
    by_case = judgement(outcome(1, verdict=Verdict.JUDGE_ERROR, message="a case is missing"))
    empty = judgement(levels=(1,))
    # Which case it was is told where cases are shown in full, as to an author.
    place = f"at {outcome(1).case}: " if feedback is Feedback.FULL else ""
    for given, why in (
        (by_itself, "no box could be made"),
        (by_case, f"{place}a case is missing"),
        (empty, "not a single case was judged"),
    ):
        view = view_judgement(given, feedback, problem)
        assert not view.accepted
        assert view.verdict is Verdict.JUDGE_ERROR
        assert view.error == why
