"""Suites of unittest.TestCase classes run as they are, beside those of pytest."""

from __future__ import annotations

import pytest

from harness.judge.child import uses_unittest
from harness.judge.own_objects import unsendable

SUITE = '''
import unittest

class TestFirst(unittest.TestCase):
    def setUp(self):
        self.thing = solution.Thing(2)
        self.addCleanup(self.thing.work)

    def test_equal(self):
        """The work of two is four"""
        self.assertEqual(self.thing.work(), 4)

    def test_raises(self):
        with self.assertRaises(solution.OddError):
            self.thing.fail()
        with self.assertRaisesRegex(ValueError, "^odd"):
            self.thing.fail()

    def test_subtests(self):
        for number in (1, 2, 3):
            with self.subTest(number=number):
                self.assertEqual(solution.Thing(number).work(), 2 * number)

    def test_parts(self):
        self.assertIsInstance(self.thing, solution.Thing)
        self.assertListEqual(self.thing.parts(), [2, 2])
        self.assertIn(2, self.thing.parts())
        self.assertAlmostEqual(self.thing.half(), 1.0)

    @unittest.skip("not today")
    def test_skipped(self):
        pass


class TestSecond(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(solution.Thing(3).work(), 6)

    @unittest.expectedFailure
    def test_expected_failure(self):
        self.assertEqual(solution.Thing(3).work(), 7)


class TestPlainClass:
    def setup_method(self):
        self.thing = solution.Thing(1)

    @pytest.mark.parametrize("factor", [1, 2])
    def test_equal(self, factor):
        assert self.thing.work() * factor == 2 * factor


class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self):
        self.assertEqual(await solution.Thing(5).later(), 10)


def test_alone():
    assert solution.Thing(1).work() == 2


if __name__ == "__main__":
    unittest.main()
'''
RIGHT = """
class OddError(ValueError):
    pass

class Thing:
    def __init__(self, number):
        self.number = number

    def work(self):
        return 2 * self.number

    def fail(self):
        raise OddError("odd thing")

    def parts(self):
        return [self.number, self.number]

    def half(self):
        return self.number / 2

    async def later(self):
        return self.work()
"""


def test_every_kind_of_class_runs_with_a_name_of_its_own(bench):
    outcomes = bench.outcomes(SUITE, RIGHT)
    assert {name: str(o.verdict) for name, o in outcomes.items()} == {
        "TestFirst::test_equal": "accepted",
        "TestFirst::test_parts": "accepted",
        "TestFirst::test_raises": "accepted",
        "TestFirst::test_skipped": "skipped",
        "TestFirst::test_subtests": "accepted",
        "TestSecond::test_equal": "accepted",
        "TestSecond::test_expected_failure": "accepted",
        "TestPlainClass::test_equal[1]": "accepted",
        "TestPlainClass::test_equal[2]": "accepted",
        "TestAsync::test_awaits": "accepted",
        "test_alone": "accepted",
    }
    assert outcomes["TestFirst::test_equal"].title == "The work of two is four"
    assert outcomes["TestSecond::test_equal"].title == "equal"


def test_a_wrong_answer_is_told_with_calls_and_values(bench):
    outcomes = bench.outcomes(SUITE, RIGHT.replace("2 * self.number", "2 * self.number % 6"))
    assert outcomes["TestFirst::test_equal"].verdict == "accepted"
    wrong = outcomes["TestSecond::test_equal"]
    assert wrong.verdict == "wrong_answer"
    assert wrong.message == "0 != 6"
    assert wrong.calls == ("thing = Thing(3)", "thing.work() -> 0")
    # The third of the three subtests is the wrong one.
    assert outcomes["TestFirst::test_subtests"].verdict == "wrong_answer"


def test_what_ends_a_case_of_unittest_has_its_own_verdict(bench):
    crash = RIGHT.replace("return 2 * self.number", "raise RuntimeError('no')")
    endless = RIGHT.replace("return 2 * self.number", "\n        while True: pass")
    suite = """
    import unittest

    class TestWork(unittest.TestCase):
        def test_work(self):
            self.assertEqual(solution.Thing(3).work(), 6)

        def test_that_swallows(self):
            try:
                solution.Thing(3).work()
            except BaseException:
                pass

        def test_too_much(self):
            solution.Thing(object())
    """
    crashed = bench.outcomes(suite, crash)
    assert crashed["TestWork::test_work"].verdict == "runtime_error"
    assert crashed["TestWork::test_that_swallows"].verdict == "accepted"
    stuck = bench.outcomes(suite, endless, wall_seconds=0.5)
    assert stuck["TestWork::test_work"].verdict == "time_limit"
    assert stuck["TestWork::test_that_swallows"].verdict == "time_limit"
    assert stuck["TestWork::test_too_much"].verdict == "judge_error"


def test_an_object_made_for_a_whole_class_is_refused_with_what_to_write(bench):
    suite = """
    import unittest

    class TestWork(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.thing = solution.Thing(3)

        def test_one(self):
            self.assertEqual(self.thing.work(), 6)

        def test_two(self):
            self.assertEqual(self.thing.work(), 6)
    """
    outcomes = bench.outcomes(suite, RIGHT)
    assert outcomes["TestWork::test_one"].verdict == "accepted"
    assert outcomes["TestWork::test_two"].verdict == "judge_error"
    assert "setUp instead of setUpClass" in outcomes["TestWork::test_two"].message


def test_a_patch_of_the_solution_reaches_its_box_and_no_later_case(bench):
    suite = """
    from unittest.mock import patch

    def test_a_patched():
        with patch.object(solution, "rate", lambda: 5):
            assert solution.priced(2) == 10
        assert solution.priced(2) == 4

    def test_b_set():
        solution.LIMIT = 7
        assert solution.limit() == 7

    def test_c_fresh(monkeypatch):
        assert solution.limit() == 1
        monkeypatch.setattr("solution.LIMIT", 8)
        assert solution.limit() == 8

    def test_d_deleted():
        del solution.LIMIT
        with pytest.raises(NameError):
            solution.limit()
    """
    solution = """
    LIMIT = 1

    def rate():
        return 2

    def priced(number):
        return number * rate()

    def limit():
        return LIMIT
    """
    outcomes = bench.outcomes(suite, solution)
    assert {name: (str(o.verdict), o.message) for name, o in outcomes.items()} == dict.fromkeys(
        ["test_a_patched", "test_b_set", "test_c_fresh", "test_d_deleted"], ("accepted", "")
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("object()", ["of type object", "pass what it holds as plain values"]),
        ("Point(1)", ["Point(x=1)", "pass a dict or a tuple of its fields"]),
        ("[{'at': Point(1)}]", ["Point(x=1)"]),
    ],
)
def test_a_value_that_cannot_cross_is_named_with_what_to_write_instead(bench, value, words):
    suite = f"""
    import dataclasses

    @dataclasses.dataclass
    class Point:
        x: int

    def test_it():
        solution.Thing({value})
    """
    outcome = bench.outcomes(suite, RIGHT)["test_it"]
    assert outcome.verdict == "judge_error"
    assert not [word for word in words if word not in outcome.message], outcome.message


def test_long_values_are_cut():
    class Long:
        def __repr__(self):
            return "x" * 1000

    assert len(str(unsendable(Long()))) < 200


def test_only_suites_with_test_cases_need_the_plugin(tmp_path):
    suite = tmp_path / "test_it.py"
    assert not uses_unittest(str(suite))
    suite.write_text("def test_it(): ...\n")
    assert not uses_unittest(str(suite))
    suite.write_text("from unittest import IsolatedAsyncioTestCase\n")
    assert uses_unittest(str(suite))


EXPECTATIONS = ["pytest.raises({})", "unittest.TestCase().assertRaises({})"]


@pytest.mark.parametrize("expectation", EXPECTATIONS)
def test_what_is_no_exception_is_the_fault_of_the_suite(bench, expectation):
    suite = f"""
    import unittest

    def test_it():
        assert solution.Thing(1).work() == 2
        with {expectation.format("solution.Thing")}:
            solution.Thing(1).fail()
    """
    outcome = bench.outcomes(suite, RIGHT)["test_it"]
    assert outcome.verdict == "judge_error"
    assert "problem.toml does not declare" in outcome.message


@pytest.mark.parametrize("expectation", EXPECTATIONS)
def test_an_exception_that_is_not_declared_can_be_expected(bench, expectation):
    suite = f"""
    import unittest

    def test_it():
        with {expectation.format("solution.Undeclared")}:
            solution.f()
    """
    solution = """
    class Undeclared(Exception):
        pass

    def f():
        raise Undeclared
    """
    assert bench.outcomes(suite, solution)["test_it"].verdict == "accepted"


def test_no_words_of_the_solution_make_it_the_fault_of_the_suite(bench):
    suite = """
    def takes_nothing():
        pass

    def test_it():
        takes_nothing(**{solution.Thing(1).word(): 1})
    """
    word = "Expected a BaseException type must be an exception type"
    solution = RIGHT + f"\n    def word(self): return {word!r}\n"
    outcome = bench.outcomes(suite, solution)["test_it"]
    assert outcome.verdict == "wrong_answer"
