"""Which case is told in full, which by title, and which call is pointed at."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from harness.model.judgement import (
    Cause,
    CitedRule,
    Feedback,
    SourceLine,
    Suite,
    Verdict,
)
from harness.reports.terminal.results import (
    CALLS_SHOWN,
    MarkedLine,
    render_judgement,
    render_summary,
)


@pytest.fixture
def many(outcome, judgement):
    return judgement(
        *(outcome(1, f"test_{n}", Verdict.WRONG_ANSWER, message=f"reason {n}") for n in range(8))
    )


def test_only_the_first_failures_are_shown_in_full(many, problem, draw):
    shown = (many, Feedback.FULL, problem)
    text = draw(render_judgement(*shown, details=3))
    assert text.count("reason") == 3
    assert text.count("✘") == 9
    assert "5 more without details. In full: harness submit -v" in text
    whole = draw(render_judgement(*shown, details=None))
    assert whole.count("reason") == 8
    assert "without details" not in whole


def test_cases_that_failed_as_above_are_counted_apart(outcome, judgement, problem, draw):
    reasons = ["same", "same", "other", "third"]
    outcomes = [
        outcome(1, f"test_{n}", Verdict.RUNTIME_ERROR, message=reason)
        for n, reason in enumerate(reasons)
    ]
    shown = (judgement(*outcomes), Feedback.FULL, problem)
    text = draw(render_judgement(*shown, details=1))
    assert "3 more without details: 1 of them failed as above." in text
    assert "1 more without details: it failed as above." in draw(
        render_judgement(*shown, details=3)
    )


def test_a_rule_is_shown_once(outcome, judgement, problem, draw):
    one, other = (CitedRule(level=1, text=f"Rule {name}.") for name in ("one", "other"))
    outcomes = [
        outcome(1, f"test_{n}", Verdict.RUNTIME_ERROR, message=f"reason {n}", rules=rules)
        for n, rules in enumerate([(one,), (one, other), (other,)])
    ]
    text = draw(render_judgement(judgement(*outcomes), Feedback.CALLS, problem))
    assert text.count("The statement says (level 1): Rule one.") == 1
    assert text.count("The statement says (level 1): Rule other.") == 1
    without = draw(render_judgement(judgement(*outcomes), Feedback.NAMES, problem))
    assert "The statement says" not in without


def test_a_summary_has_the_verdict_and_the_warning_and_no_case(outcome, judgement, problem, draw):
    wrong = outcome(1, "test_it", Verdict.RUNTIME_ERROR, message="secret")
    told = replace(judgement(wrong), suite=Suite.VISIBLE, certified=False)
    lines = draw(render_summary(told, Feedback.FULL)).splitlines()
    assert lines[0] == "visible 0/1 · hidden not run"
    assert lines[2].startswith("Not certified: this box could not stop a hostile solution.")
    assert len(lines) == 3


def test_one_cause_is_shown_once(outcome, judgement, problem, draw):
    same = {"message": "NotImplementedError", "where": "solution.py:9 in get"}
    outcomes = [outcome(1, f"test_{n}", Verdict.RUNTIME_ERROR, **same) for n in range(4)]
    shown = (judgement(*outcomes), Feedback.FULL, problem)
    text = draw(render_judgement(*shown))
    assert text.count("NotImplementedError") == 1
    assert text.count("error in your code") == 4
    assert "3 more without details: they failed as above." in text
    whole = draw(render_judgement(*shown, details=None))
    assert whole.count("NotImplementedError") == 4


def test_wrong_answers_are_alike_only_with_the_same_values(outcome, judgement, problem, draw):
    message = "the answer differs from what is expected"
    differs = {"message": message, "expected": "1", "cause": Cause.VALUES}
    outcomes = [
        outcome(1, f"test_{n}", Verdict.WRONG_ANSWER, actual=str(n), **differs) for n in (2, 3)
    ]
    text = draw(render_judgement(judgement(*outcomes), Feedback.FULL, problem))
    assert text.count("expected") == 2
    assert "title only" not in text


def test_without_details_nothing_is_left_out(many, problem, draw):
    text = draw(render_judgement(many, Feedback.NAMES, problem, details=1))
    assert "title only" not in text


def test_a_long_transcript_shows_the_failing_call_and_what_is_around(
    outcome, judgement, problem, draw
):
    calls = tuple(f"call_{n}() -> {n}" for n in range(50))
    wrong = outcome(1, "test_it", Verdict.WRONG_ANSWER, calls=calls, actual="20", expected="21")
    shown = (judgement(wrong), Feedback.FULL, problem)
    text = draw(render_judgement(*shown))
    assert "▸ call_20() -> 20" in text
    assert text.count("call_") == CALLS_SHOWN
    assert "earlier calls" in text
    assert "later calls" in text
    whole = draw(render_judgement(*shown, output_lines=None))
    assert whole.count("call_") == len(calls)


def test_long_output_shows_its_beginning_and_its_end(outcome, judgement, problem, draw):
    output = "".join(f"line {n}\n" for n in range(100))
    wrong = outcome(1, "test_it", Verdict.OUTPUT_LIMIT, output=output)
    shown = (judgement(wrong), Feedback.FULL, problem)
    text = draw(render_judgement(*shown, output_lines=10))
    assert "line 4\n" in text
    assert "line 5\n" not in text
    assert "… 90 lines left out" in text
    assert "line 99\n" in text
    assert draw(render_judgement(*shown, output_lines=None)).count("line ") == 100


def test_values_that_look_the_same(outcome, judgement, problem, draw):
    wrong = outcome(1, "test_it", Verdict.WRONG_ANSWER, expected="nan", actual="nan")
    shown = (judgement(wrong), Feedback.FULL, problem)
    assert "both look the same" in draw(render_judgement(*shown))


def test_wide_characters_keep_the_caret_in_place(outcome, judgement, problem, draw):
    wrong = outcome(1, "test_it", Verdict.WRONG_ANSWER, expected="'漢字a'", actual="'漢字b'")
    shown = (judgement(wrong), Feedback.FULL, problem)
    lines = draw(render_judgement(*shown)).split("\n")
    actual = next(line for line in lines if "actual" in line)
    caret = next(line for line in lines if line.strip() == "^")
    # Each of the two wide characters takes two columns, and one place in the string.
    assert caret.index("^") == actual.index("b") + 2


def test_a_missing_name_is_shown_once_and_the_other_cases_by_title(
    outcome, judgement, problem, draw
):
    missing = [
        outcome(1, f"test_{n}", Verdict.IMPORT_ERROR, message="there is no KVStore") for n in "abc"
    ]
    shown = (judgement(outcome(1, "test_fine"), *missing), Feedback.FULL, problem)
    text = draw(render_judgement(*shown))
    assert text.count("there is no KVStore") == 1
    assert all(f"✘  {title}" in text for title in "ABC")
    assert "2 more without details: they failed as above. In full: harness submit -v" in text


def test_names_feedback_lists_cases_that_cannot_be_imported(outcome, judgement, problem, draw):
    missing = [outcome(1, f"test_{n}", Verdict.IMPORT_ERROR, message="secret") for n in "ab"]
    shown = (judgement(*missing), Feedback.NAMES, problem)
    text = draw(render_judgement(*shown))
    assert "secret" not in text
    assert "cannot be imported" in text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (("return ", "x / 0", " + 1"), ["return x / 0 + 1", "       ^^^^^"]),
        (("見た = ", "x / 0", ""), ["見た = x / 0", "       ^^^^^"]),
        (("x = 1 +", "", ""), ["x = 1 +", "       ^"]),
        (("a = '\x1b[1m' + ", "b", ""), ["a = '\\x1b[1m' + b", "                ^"]),
    ],
)
def test_the_line_of_an_exception_has_carets(outcome, judgement, problem, draw, source, shown):
    line = {"where": "solution.py:9 in get", "source": SourceLine(*source)}
    case = outcome(1, "test_it", Verdict.RUNTIME_ERROR, message="KeyError", **line)
    drawn = draw(render_judgement(judgement(case), Feedback.FULL, problem)).splitlines()
    at = next(n for n, each in enumerate(drawn) if each.endswith("at solution.py:9 in get"))
    assert [each.removeprefix(" " * 8) for each in drawn[at + 1 : at + 3]] == shown


@pytest.mark.parametrize("columns", [20, 40, 60, 79, 120])
def test_a_long_line_keeps_what_is_meant(columns):
    output = io.StringIO()
    source = SourceLine("a = " * 25, "here()", " + 1" * 25)
    Console(width=columns, file=output).print(MarkedLine(source))
    line, carets = output.getvalue().splitlines()
    assert len(line) <= columns
    assert line[carets.index("^") :][: len(carets.strip())] == "here()"
