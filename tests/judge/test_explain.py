"""The one line a candidate reads, for each way in which a case can fail."""

from __future__ import annotations

import signal

import pytest

from harness.judge import explain
from harness.judge.link import BoxFault
from harness.model.judgement import Cause, Verdict
from harness.model.limits import Limits
from harness.sandbox.backend import BoxEnd

SUITE = """
from solution import f

def test_equal():
    assert f(1) == 2

def test_text():
    assert f("ab\\ud800") == "abc"

def test_none():
    assert f(0) is None

def test_true():
    assert f(1) is True

def test_not_equal():
    assert f(3) != 3

def test_is_not():
    assert f(None) is not None

def test_less():
    assert f(3) < 3

def test_at_least():
    assert f(3) >= 4

def test_in():
    assert "a" in f(["b", "c"])

def test_in_allowed():
    assert f(3) in (1, 2)

def test_not_in():
    assert "b" not in f(["b", "c"])

def test_bare():
    assert f(0)

def test_bare_not():
    assert not f([1])

def test_not_comparison():
    assert not f(1) == 1

def test_and():
    assert f(1) == 1 and f(0)

def test_second_of_and():
    assert f(1) == 1 and f(2) == 3

def test_earlier_comparison_was_expected_to_fail():
    with pytest.raises(AssertionError):
        assert f(1) == 2
    assert f(0)

def test_approx():
    assert f(0.5) == pytest.approx(0.25)

def test_own_words():
    assert f(1) == 2, "the newest wins"

def test_long_list():
    assert f(list(range(100))) == [*range(57), "x", *range(58, 100)]

def test_shorter_list():
    assert f(list(range(99))) == list(range(100))

def test_long_dict():
    assert f({n: n for n in range(90)}) == {n: n for n in range(1, 91)}

def test_long_set():
    assert f({"a" * 200}) == {"b" * 200}

def test_long_text():
    assert f("a" * 300 + "b") == "a" * 301

def test_kind():
    assert f("a" * 300) == ["a" * 300]

def test_fail():
    f(1)
    pytest.fail("never called back")

def test_no_exception():
    with pytest.raises((ValueError, solution.OddError)):
        f(1)

def test_other_message():
    with pytest.raises(solution.OddError, match="^exactly$"):
        solution.odd()

def test_index():
    assert f(None)[0] == 1

def test_length_of_what_has_none():
    assert len(solution.Odd()) == 1

def test_handles():
    assert solution.Odd() == solution.Odd()

def test_skip():
    pytest.skip("not today")
"""

SOLUTION = """
class OddError(ValueError):
    pass

class Odd:
    def __len__(self):
        return -1
    def __iter__(self):
        while True:
            pass

def odd():
    raise OddError("exactly so")

def f(x):
    return x
"""

LONG = {
    "long_list": "the first difference is at index 57: expected 'x', got 57",
    "shorter_list": "expected a length of 100, got 99; the first 99 are right",
    "long_dict": "the key 90 is missing",
    "long_set": f"the element '{'b' * 57} … is missing",
    "long_text": "the first difference is at index 300: expected 'a', got 'b'",
    "kind": "expected a list, got a str",
}

WORDS = {
    "equal": "expected 2, got 1",
    "text": "expected 'abc', got 'ab\\ud800'",
    "none": "expected None, got 0",
    "true": "expected True, got 1",
    "not_equal": "expected anything but 3, got 3",
    "is_not": "expected anything but None, got None",
    "less": "expected less than 3, got 3",
    "at_least": "expected at least 4, got 3",
    "in": "expected 'a' in ['b', 'c']",
    "in_allowed": "expected 3 in (1, 2)",
    "not_in": "expected 'b' not in ['b', 'c']",
    "bare": "expected a true value, got 0",
    "bare_not": "expected a false value, got [1]",
    "not_comparison": "a condition of the case does not hold",
    "and": "a condition of the case does not hold",
    "second_of_and": "expected 3, got 2",
    "earlier_comparison_was_expected_to_fail": "expected a true value, got 0",
    "approx": "expected 0.25 ± 2.5e-07, got 0.5",
    "own_words": "the newest wins",
    **LONG,
    "fail": "never called back",
    "no_exception": "expected ValueError or OddError to be raised",
    "other_message": "the exception's message is not the one that the statement fixes",
    "index": "an answer is not of the kind the statement asks for (TypeError)",
    "handles": "expected <Odd object of the solution>, got <Odd object of the solution>",
}


def test_every_way_to_fail_reads_well(bench):
    seen = bench.outcomes(SUITE, SOLUTION)
    for case, words in WORDS.items():
        outcome = seen[f"test_{case}"]
        assert (outcome.verdict, outcome.message) == (Verdict.WRONG_ANSWER, words), case
    assert seen["test_skip"].verdict is Verdict.SKIPPED
    no_length = seen["test_length_of_what_has_none"]
    assert no_length.message == "ValueError: __len__() should return >= 0"
    assert (seen["test_equal"].expected, seen["test_equal"].actual) == ("2", "1")
    long = seen["test_long_list"]
    assert long.expected is not None
    assert long.expected.startswith("[0, 1, 2")
    assert seen["test_own_words"].expected == "2"
    assert seen["test_no_exception"].actual == "no exception"
    assert len(seen) == len(WORDS) + 2
    causes = {case: seen[f"test_{case}"].cause for case in WORDS}
    assert {case for case, cause in causes.items() if cause is Cause.OBJECT} == {"handles"}
    restated = {
        "equal",
        "text",
        "none",
        "true",
        "not_equal",
        "is_not",
        "less",
        "at_least",
        "approx",
    }
    restated |= {"second_of_and"}
    assert {case for case, cause in causes.items() if cause is Cause.VALUES} == restated
    # What pytest looks up to explain a failure is no call of the suite's.
    assert seen["test_handles"].calls == ("odd = Odd()", "odd_2 = Odd()")


def test_attribute_that_an_exception_of_the_solution_lacks(bench):
    suite = """
import pytest
import solution

def test_attribute():
    with pytest.raises(solution.OddError) as caught:
        solution.odd()
    assert caught.value.name == "odd"

def test_its_own():
    solution.f(1)
    assert (1).name == "odd"
"""
    seen = bench.outcomes(suite, SOLUTION)
    assert seen["test_its_own"].message == WORDS["index"].replace("Type", "Attribute")
    lacking = seen["test_attribute"]
    assert lacking.verdict is Verdict.RUNTIME_ERROR
    assert lacking.message == "AttributeError: 'OddError' object has no attribute 'name'"


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        ([1, 2], [1, 3], "the first difference is at index 1: expected 2, got 3"),
        ((1,), (1, 2), "expected a length of 1, got 2; the first 1 are right"),
        ([], [1], "expected a length of 0, got 1"),
        ("ab", "ac", "the first difference is at index 1: expected 'b', got 'c'"),
        ("ab", "abc", "expected a length of 2, got 3; the first 2 are right"),
        ({1: 2}, {1: 3}, "at key 1: expected 2, got 3"),
        ({1: 2}, {}, "the key 1 is missing"),
        ({}, {1: 2}, "there should be no key 1"),
        ({1}, set(), "the element 1 is missing"),
        (frozenset(), frozenset({1}), "there should be no element 1"),
        (1, "1", "expected a int, got a str"),
        (1, 2, ""),
        ({1: 2}, {1: 2}, ""),
    ],
)
def test_first_differences(expected, actual, words):
    assert explain.where_they_differ(expected, actual) == words


LIMITS = Limits(memory_bytes=64 << 20, output_bytes=64 << 10)


@pytest.mark.parametrize(
    ("fault", "end", "verdict", "words"),
    [
        (
            BoxFault(Verdict.TIME_LIMIT, "more than 100000 calls in one case"),
            BoxEnd(False, -9, 0.1, 100),
            Verdict.TIME_LIMIT,
            "more than 100000 calls in one case",
        ),
        (
            BoxFault(Verdict.RUNTIME_ERROR, "the box broke the protocol: x"),
            BoxEnd(False, -9, 0.1, 100),
            Verdict.RUNTIME_ERROR,
            "the box broke the protocol: x",
        ),
        (
            BoxFault(Verdict.RUNTIME_ERROR, "the solution ended its process"),
            BoxEnd(True, -signal.SIGXCPU, 2.0, 100),
            Verdict.TIME_LIMIT,
            "used more than 2 s of processor time",
        ),
        (  # it ignored SIGXCPU, and the zygote's signal came a moment too late
            BoxFault(Verdict.RUNTIME_ERROR, "the solution ended its process"),
            BoxEnd(False, -signal.SIGKILL, 2.0, 100),
            Verdict.TIME_LIMIT,
            "used more than 2 s of processor time",
        ),
        (
            BoxFault(Verdict.RUNTIME_ERROR, "the solution ended its process"),
            BoxEnd(True, -signal.SIGKILL, 0.1, 60_000),
            Verdict.MEMORY_LIMIT,
            "used more than 64 MiB of memory",
        ),
        (
            BoxFault(Verdict.RUNTIME_ERROR, "the solution ended its process"),
            BoxEnd(True, -signal.SIGABRT, 0.1, 100),
            Verdict.RUNTIME_ERROR,
            "the solution's process was ended by SIGABRT",
        ),
        (
            BoxFault(Verdict.RUNTIME_ERROR, "callbacks nested deeper than 100"),
            BoxEnd(False, -9, 0.1, 100),
            Verdict.RUNTIME_ERROR,
            "callbacks nested deeper than 100",
        ),
    ],
)
def test_faults(fault, end, verdict, words):
    told = explain.of_fault(fault, end, LIMITS)
    assert (told.verdict, told.message) == (verdict, words)
