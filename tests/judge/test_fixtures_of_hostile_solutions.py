"""What a case's end fails at is no matter of the next case's."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

SUITE = """
import unittest

class TestFixture:
    @pytest.fixture
    def thing(self, closed):
        thing = solution.Thing()
        yield thing
        thing.close()

    @pytest.fixture
    def closed(self):
        yield
        solution.f()

    def test_fixture(self, thing):
        assert thing

class TestMethods:
    def setup_method(self):
        self.thing = solution.Thing()

    def teardown_method(self):
        assert solution.f() == 1
        self.thing.close()

    def test_methods(self):
        assert self.thing

class TestOld(unittest.TestCase):
    def setUp(self):
        self.addCleanup(solution.f)
        self.addCleanup(solution.Thing().close)

    def test_old(self):
        assert solution.f() == 1

class TestLast:
    def test_last(self):
        assert solution.f() == 1
"""

SOLUTION = """
import os, time

def f():
    return 1

class Thing:
    def close(self):
        {close}
"""


@pytest.mark.parametrize(
    ("close", "verdict"),
    [
        ("time.sleep(60)", Verdict.TIME_LIMIT),
        ("os._exit(0)", Verdict.RUNTIME_ERROR),
        ("raise ValueError", Verdict.RUNTIME_ERROR),
    ],
)
def test_a_case_that_cannot_be_cleaned_up_spoils_no_other(bench, close, verdict):
    judged = bench.outcomes(SUITE, SOLUTION.format(close=close), wall_seconds=0.5)
    assert {case.split("::")[0]: outcome.verdict for case, outcome in judged.items()} == {
        "TestFixture": verdict,
        "TestMethods": verdict,
        "TestOld": verdict,
        "TestLast": Verdict.ACCEPTED,
    }


@pytest.mark.parametrize(
    "ending", ["raise SystemExit", "import os; os._exit(0)", "import time; time.sleep(9)"]
)
def test_what_ends_a_fixture_is_of_no_other_case(bench, ending):
    suite = """
        @pytest.fixture(params=[2, 1])
        def number(request):
            return solution.f(request.param)

        class TestWithSetup:
            def setup_method(self):
                self.number = solution.f(1)

            def test_one(self, number):
                assert number == self.number

            def test_another(self, number):
                assert number == self.number
        """
    solution = f"""
        def f(number):
            if number == 2:
                {ending}
            return number
        """
    bench.reference = "def f(number):\n    return number\n"
    judgement = bench.judge(suite, solution, wall_seconds=0.5)
    accepted = [o.case for o in judgement.outcomes if o.verdict is Verdict.ACCEPTED]
    assert accepted == [
        "level1::TestWithSetup::test_one[1]",
        "level1::TestWithSetup::test_another[1]",
    ]
    assert not judgement.retried_after
