"""Putting a failed case into words asks no box, and ends no session: it costs no other case."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

SUITE = """
import unittest
from solution import EMPTY

def last_of(thing):
    yield 1
    return thing

def test_raised():
    raise AssertionError(solution.Thing())

def test_raised_otherwise():
    raise ValueError(solution.Thing())

def test_cause():
    generator = last_of(solution.Thing())
    next(generator)
    next(generator)

class TestOld(unittest.TestCase):
    def test_fail(self):
        self.fail(solution.Thing())

def test_row():
    assert solution.f() == [EMPTY] * 3

def test_loop():
    for number in solution.f(0):
        last = number
    assert last == 3

def test_after_all_that():
    assert solution.f(1) == ["x"]
"""

SOLUTION = """
EMPTY = "."

class Thing:
    def __str__(self):
        {text}

def f(count=3):
    return ["x"] * count
"""

KIND = "an answer is not of the kind the statement asks for"


@pytest.mark.parametrize("text", ["return 'words'", "raise SystemExit(0)", "while True: pass"])
def test_no_text_of_the_solutions_is_asked_for_when_a_case_has_failed(bench, text):
    judged = bench.outcomes(SUITE, SOLUTION.format(text=text), wall_seconds=5)
    wanted = {
        "test_raised": "a condition of the case does not hold",
        "test_raised_otherwise": f"{KIND} (ValueError)",
        "test_cause": f"{KIND} (StopIteration)",
        "TestOld::test_fail": "a condition of the case does not hold",
        "test_row": "expected ['.', '.', '.'], got ['x', 'x', 'x']",
        "test_loop": f"{KIND} (UnboundLocalError)",
    }
    assert {case: judged[case].message for case in wanted} == wanted
    assert {judged[case].verdict for case in wanted} == {Verdict.WRONG_ANSWER}
    assert judged["test_after_all_that"].verdict is Verdict.ACCEPTED


def test_time_limits_are_those_of_the_case_and_not_of_its_words(bench):
    judged = bench.outcomes(SUITE, SOLUTION.format(text="while True: pass"), wall_seconds=5)
    assert max(outcome.seconds for outcome in judged.values()) < 5
