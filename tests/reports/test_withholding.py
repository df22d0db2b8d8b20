"""What each feedback setting lets through."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.model.judgement import CitedRule, Feedback, SourceLine, Suite, Verdict
from harness.model.plain import to_plain
from harness.reports.withholding import judgement_document, withhold

SECRETS = {
    "message": "expected SECRET-EXPECTED, got SECRET-ACTUAL",
    "expected": "SECRET-EXPECTED",
    "actual": "SECRET-ACTUAL",
    "calls": ("f(SECRET-CALL) -> SECRET-ACTUAL",),
    "calls_omitted": 3,
    "where": "SECRET-WHERE",
    "source": SourceLine("return ", "SECRET-LINE", ""),
    "output": "SECRET-OUTPUT",
    "rules": (CitedRule(level=1, text="A rule of the statement."),),
}


@pytest.fixture
def failing(outcome, judgement):
    return judgement(
        outcome(1, "test_fine"),
        outcome(2, "test_title_secret", Verdict.WRONG_ANSWER, **SECRETS),
        outcome(2, "test_slow", Verdict.TIME_LIMIT, message="no answer within 2 s"),
    )


def secrets_in(document):
    text = json.dumps(document)
    words = ("EXPECTED", "ACTUAL", "CALL", "WHERE", "LINE", "OUTPUT")
    return {word for word in words if f"SECRET-{word}" in text}


def test_full_shows_all(failing, problem):
    document = judgement_document(failing, Feedback.FULL, problem)
    assert secrets_in(document) == {"EXPECTED", "ACTUAL", "CALL", "WHERE", "LINE", "OUTPUT"}
    assert document["levels"][1]["cases"][0]["calls_omitted"] == 3


def test_calls_never_shows_an_expected_value(failing, problem):
    document = judgement_document(failing, Feedback.CALLS, problem)
    assert secrets_in(document) == {"ACTUAL", "CALL", "WHERE", "LINE", "OUTPUT"}
    assert document["levels"][1]["cases"][1]["message"] == "no answer within 2 s"


@pytest.mark.parametrize("feedback", Feedback)
def test_rules_are_shown_with_the_calls(failing, problem, feedback):
    document = judgement_document(failing, feedback, problem)
    shown = [rule for case in document["levels"][1]["cases"] for rule in case["rules"]]
    rule = {"level": 1, "text": "A rule of the statement."}
    assert shown == ([rule] if feedback in (Feedback.FULL, Feedback.CALLS) else [])


def test_names_shows_titles_and_verdicts_only(failing, problem):
    document = judgement_document(failing, Feedback.NAMES, problem)
    assert secrets_in(document) == set()
    cases = document["levels"][1]["cases"]
    assert [(case["title"], case["verdict"]) for case in cases] == [
        ("Title secret", "wrong_answer"),
        ("Slow", "time_limit"),
    ]
    assert all(not case["message"] for case in cases)


def test_none_shows_counts_only(failing, problem):
    document = judgement_document(failing, Feedback.NONE, problem)
    assert "secret" not in json.dumps(document).lower()
    assert document["verdict"] is None
    levels = document["levels"]
    assert [(level["passed"], level["total"], level["accepted"]) for level in levels] == [
        (1, 1, True),
        (0, 2, False),
    ]
    assert all(level["cases"] == [] for level in levels)
    assert (document["passed"], document["total"], document["accepted"]) == (1, 3, False)


def test_what_none_withholds_is_not_even_in_the_judgement(failing):
    text = json.dumps(to_plain(withhold(failing, Feedback.NONE))).lower()
    assert not any(word in text for word in ("secret", "slow", "time_limit", "test_"))


@pytest.mark.parametrize("feedback", Feedback)
def test_withholding_twice_is_withholding_once(failing, feedback):
    once = withhold(failing, feedback)
    assert withhold(once, feedback) == once


@pytest.mark.parametrize("feedback", Feedback)
def test_visible_suites_are_always_shown_in_full(failing, problem, feedback):
    visible = replace(failing, suite=Suite.VISIBLE)
    document = judgement_document(visible, feedback, problem)
    assert document["feedback"] == "full"
    assert "EXPECTED" in secrets_in(document)


@pytest.mark.parametrize("feedback", Feedback)
def test_an_accepted_judgement_says_so(outcome, judgement, problem, feedback):
    document = judgement_document(judgement(outcome(1)), feedback, problem)
    assert document["accepted"]
    assert document["verdict"] == "accepted"
    assert document["levels"][0]["title"] == "Set and get"


@pytest.mark.parametrize("feedback", Feedback)
def test_a_failed_judge_is_never_accepted_and_says_why(outcome, judgement, problem, feedback):
    by_itself = judgement(outcome(1), error="no box could be made")
    by_case = judgement(outcome(1, verdict=Verdict.JUDGE_ERROR, message="a case is missing"))
    empty = judgement(levels=(1,))
    # The case is named where cases are shown in full, as to an author.
    place = f"at {outcome(1).case}: " if feedback is Feedback.FULL else ""
    for given, why in (
        (by_itself, "no box could be made"),
        (by_case, f"{place}a case is missing"),
        (empty, "not a single case was judged"),
    ):
        document = judgement_document(given, feedback, problem)
        assert not document["accepted"]
        assert document["verdict"] == "judge_error"
        assert document["error"] == why


def test_the_documents_are_those_of_0_1_0(failing, outcome, judgement, problem):
    """Written by version 0.1.0: the same keys and the same values. ``rules`` came later."""
    broken = outcome(2, "test_odd", Verdict.JUDGE_ERROR, message="a case is missing")
    judgements = {
        "failing": failing,
        "visible": replace(failing, suite=Suite.VISIBLE),
        "accepted": judgement(outcome(1), outcome(2)),
        "broken": judgement(outcome(1), broken, outcome(2, "test_two", Verdict.JUDGE_ERROR)),
        "stopped": judgement(outcome(1), error="no box could be made"),
    }
    documents = {
        f"{name} {feedback}": judgement_document(each, feedback, problem)
        for name, each in judgements.items()
        for feedback in Feedback
    }
    released = json.loads(Path(__file__).with_name("documents_0_1_0.json").read_text())
    for name, document in documents.items():
        del document["instead_of"]
        for level in document["levels"]:
            for case in level["cases"]:
                del case["rules"], case["source"]
        assert json.loads(json.dumps(document)) == released[name], name
