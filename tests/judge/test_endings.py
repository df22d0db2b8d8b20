"""How a case ends is the case's own affair: nothing that an answer is, or is made into, ends more.

Whose fault it is, whether the suite expects it, and that all that is told is of the first failure.
"""

from __future__ import annotations

import pytest

from harness.judge.plugin import UNEXPECTED_PASS
from harness.model.judgement import Verdict

ECHO = "def f(x):\n    return x\n\nclass Thing:\n    def work(self): return 1\n"

HUGE = """
import unittest

def test_before():
    assert solution.f(1) == 1

def test_line():
    assert "=" * solution.f({size}) == "="

def test_again():
    assert "=" * solution.f({size}) == "=="

def test_width():
    assert f"{{solution.f(1):>{size}}}" == "1"

def test_words():
    assert solution.f(1) == 2, "x" * solution.f({size})

def test_fail():
    pytest.fail("x" * solution.f({size}))

def test_raised():
    raise ValueError("x" * solution.f({size}))

def test_bytes():
    assert bytes(solution.f({size})) == b"0"

def test_list():
    assert [0] * solution.f({size}) == [1]

def test_kept_in_a_fixture(request):
    text = "x" * solution.f({size})
    request.addfinalizer(lambda: len(text))
    assert text == ""

class TestUnit(unittest.TestCase):
    def test_text(self):
        self.assertEqual("x" * solution.f({size}), "x")

    def test_words(self):
        self.assertTrue(solution.f(0), "x" * solution.f({size}))

def test_after():
    assert solution.f(2) == 2
"""


@pytest.mark.parametrize("size", [900_000_000, 1_040_000_000, 10**10])
def test_huge_things_made_of_answers_cost_only_their_case(bench, size):
    judgement = bench.judge(HUGE.format(size=size), ECHO, wall_seconds=60.0)
    assert (judgement.error, judgement.retried_after) == ("", "")
    seen = {o.case.removeprefix("level1::"): o for o in judgement.outcomes}
    assert len(seen) == 13
    for name, outcome in seen.items():
        right = name in ("test_before", "test_after")
        verdict = Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER
        assert outcome.verdict is verdict, (name, outcome.message)
        assert sum(map(len, (outcome.message, outcome.expected or "", outcome.actual or ""))) < 2000


STRANGE = """
import sys, unittest
from collections import UserDict

def test_deep():
    nested = []
    for _ in range(solution.f(100_000)):
        nested = [nested]
    assert nested == solution.f([])

def test_digits():
    assert 10 ** solution.f(6000) == 1

def test_keyboard():
    solution.f(1)
    raise KeyboardInterrupt

def test_exit():
    solution.f(1)
    pytest.exit("enough")

def test_system_exit():
    sys.exit(solution.f("enough"))

def test_generator_exit():
    solution.f(1)
    raise GeneratorExit

def test_stop_iteration():
    solution.f(1)
    next(iter([]))

class Odd:
    def __init__(self, value): self.value = value
    def __eq__(self, other): raise MemoryError(self.value)
    def __repr__(self): raise SystemExit(self.value)
    __hash__ = None

def test_odd_repr():
    odd = Odd(solution.f(1))
    assert not odd, odd

def test_odd_equality():
    assert Odd(solution.f(1)) == 1

class OddError(Exception):
    def __str__(self): raise KeyboardInterrupt

def test_odd_words():
    solution.f(1)
    raise OddError

def test_attribute_of_an_object():
    raise AttributeError("x", name="x", obj=solution.Thing())

@pytest.mark.xfail(raises=pytest.RaisesExc(ValueError, check=lambda error: 1 / 0))
def test_odd_expectation():
    solution.f(1)
    raise ValueError

def test_long_lists():
    assert [str(n) for n in range(solution.f(30_000))] == [str(-n) for n in range(30_000)]

class TestLong(unittest.TestCase):
    maxDiff = None

    def test_long_lists(self):
        ours = [f"{n} and {n}" for n in range(solution.f(20_000))]
        self.assertEqual(ours, [f"{n} or {n}" for n in range(20_000)])

    def test_exit(self):
        solution.f(1)
        pytest.exit("enough")

    def test_keyboard(self):
        solution.f(1)
        raise KeyboardInterrupt

def test_last():
    assert solution.f(1) == 1
"""


def test_strange_ends_are_the_ends_of_their_cases(bench):
    judgement = bench.judge(STRANGE, ECHO)
    assert (judgement.error, judgement.retried_after) == ("", "")
    seen = {o.case.removeprefix("level1::"): o for o in judgement.outcomes}
    assert len(seen) == 17
    for name, outcome in seen.items():
        verdict = Verdict.ACCEPTED if name == "test_last" else Verdict.WRONG_ANSWER
        assert outcome.verdict is verdict, (name, outcome.verdict, outcome.message)
    assert seen["test_exit"].message == "enough"
    assert seen["test_long_lists"].message == (
        "the first difference is at index 1: expected '-1', got '1'"
    )


EXPECTED = """
import unittest

def test_called():
    if solution.f(3) != 4:
        pytest.xfail("known")

@pytest.mark.xfail
def test_fails():
    assert solution.f(3) == 4

@pytest.mark.xfail
def test_passes():
    assert solution.f(3) == 3

@pytest.mark.xfail(strict=True)
def test_strict_fails():
    assert solution.f(3) == 4

@pytest.mark.xfail(strict=True)
def test_strict_passes():
    assert solution.f(3) == 3

@pytest.mark.xfail(raises=ZeroDivisionError)
def test_raises():
    solution.f(1) / 0

@pytest.mark.xfail(raises=ZeroDivisionError)
def test_raises_another():
    assert solution.f(3) == 4

@pytest.mark.xfail(False, reason="not here")
def test_condition():
    assert solution.f(3) == 4

@pytest.mark.xfail(run=False)
def test_not_run():
    solution.f(1)

@pytest.mark.xfail
def test_crash():
    solution.f("crash")

@pytest.mark.xfail
def test_unsendable():
    solution.f(pytest)

@pytest.mark.xfail
def test_in_a_callback():
    def check(x):
        assert x == 2
    solution.call(check)

@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.xfail(strict=True)), 3])
def test_params(x):
    assert solution.f(x) != 2

@pytest.mark.xfail
class TestMarked:
    def test_fails(self):
        assert solution.f(3) == 4

class TestUnit(unittest.TestCase):
    @unittest.expectedFailure
    def test_fails(self):
        self.assertEqual(solution.f(3), 4)

    @unittest.expectedFailure
    def test_passes(self):
        self.assertEqual(solution.f(3), 3)

    @unittest.skip("not today")
    def test_skip(self):
        solution.f(1)

    def test_skips_itself(self):
        solution.f(1)
        self.skipTest("not today")

@pytest.mark.skipif(True, reason="not today")
def test_skip_if():
    solution.f(1)

def test_skip():
    solution.f(1)
    pytest.skip("not today")

def test_import_or_skip():
    solution.f(1)
    pytest.importorskip("nothing_like_this")

def test_skipped_part(subtests):
    with subtests.test("one"):
        pytest.skip("not today")
    assert solution.f(1) == 1

def test_skipped_part_and_a_failure(subtests):
    with subtests.test("one"):
        pytest.skip("not today")
    assert solution.f(1) == 2
"""
EXPECTING = (
    ECHO
    + """
import os

def f(x):
    if x == "crash":
        os._exit(3)
    return x

def call(function):
    try:
        function(1)
    except BaseException:
        pass
"""
)


def test_expected_failures_and_skips_count_as_pytest_counts_them(bench):
    seen = bench.outcomes(EXPECTED, EXPECTING)
    assert {name: o.verdict.value for name, o in seen.items()} == {
        "test_called": "accepted",
        "test_fails": "accepted",
        "test_passes": "accepted",
        "test_strict_fails": "accepted",
        "test_strict_passes": "wrong_answer",
        "test_raises": "accepted",
        "test_raises_another": "wrong_answer",
        "test_condition": "wrong_answer",
        "test_not_run": "accepted",
        "test_crash": "runtime_error",  # a box that broke is never expected
        "test_unsendable": "judge_error",
        "test_in_a_callback": "accepted",
        "test_params[1]": "accepted",
        "test_params[2]": "accepted",
        "test_params[3]": "accepted",
        "TestMarked::test_fails": "accepted",
        "TestUnit::test_fails": "accepted",
        "TestUnit::test_passes": "wrong_answer",
        "TestUnit::test_skip": "skipped",
        "TestUnit::test_skips_itself": "skipped",
        "test_skip_if": "skipped",
        "test_skip": "skipped",
        "test_import_or_skip": "skipped",
        "test_skipped_part": "skipped",
        "test_skipped_part_and_a_failure": "wrong_answer",
    }
    assert seen["test_strict_passes"].message == UNEXPECTED_PASS
    assert seen["test_raises_another"].message == "expected 4, got 3"
    assert seen["TestUnit::test_passes"].message == "Unexpected success"


UNITTEST_VALUES = """
import unittest

class Mismatch(Exception):
    pass

class TestEverything(unittest.TestCase):
    failureException = {kind}

    def test_equal(self): self.assertEqual(solution.f(1), 2)
    def test_list(self): self.assertListEqual(solution.f([1]), [2])
    def test_tuple(self): self.assertTupleEqual(solution.f((1,)), (2,))
    def test_set(self): self.assertSetEqual(solution.f({{1}}), {{2}})
    def test_dict(self): self.assertDictEqual(solution.f({{1: 1}}), {{1: 2}})
    def test_text(self): self.assertMultiLineEqual(solution.f("a"), "b")
    def test_count(self): self.assertCountEqual(solution.f([1]), [2])
    def test_almost(self): self.assertAlmostEqual(solution.f(1.5), 2.5)
    def test_not_equal(self): self.assertNotEqual(solution.f(1), 1)
    def test_is(self): self.assertIs(solution.f(True), False)
    def test_is_none(self): self.assertIsNone(solution.f(1))
    def test_is_not_none(self): self.assertIsNotNone(solution.f(None))
    def test_in(self): self.assertIn(1, solution.f([2]))
    def test_not_in(self): self.assertNotIn(2, solution.f([2]))
    def test_less(self): self.assertLess(solution.f(2), 1)
    def test_greater(self): self.assertGreaterEqual(solution.f(1), 2)
    def test_words(self): self.assertEqual(solution.f(1), 2, "own words")
    def test_in_a_part(self):
        with self.subTest("a part"):
            self.assertEqual(solution.f(1), 2)
        self.assertEqual(solution.f(3), 4)
    def test_by_assert(self):
        assert solution.f(1) == 2
"""


@pytest.mark.parametrize("kind", ["AssertionError", "Mismatch", "Exception"])
def test_assertions_of_unittest_tell_both_values(bench, kind):
    seen = bench.outcomes(UNITTEST_VALUES.format(kind=kind), ECHO)
    values = {
        name.removeprefix("TestEverything::test_"): (o.expected, o.actual)
        for name, o in seen.items()
    }
    assert values == {
        "equal": ("2", "1"),
        "list": ("[2]", "[1]"),
        "tuple": ("(2,)", "(1,)"),
        "set": ("{2}", "{1}"),
        "dict": ("{1: 2}", "{1: 1}"),
        "text": ("'b'", "'a'"),
        "count": ("[2]", "[1]"),
        "almost": ("2.5", "1.5"),
        "not_equal": ("anything but 1", "1"),
        "is": ("False", "True"),
        "is_none": ("None", "1"),
        "is_not_none": ("anything but None", "None"),
        "in": ("1 in [2]", "1 not in [2]"),
        "not_in": ("2 not in [2]", "2 in [2]"),
        "less": ("less than 1", "2"),
        "greater": ("at least 2", "1"),
        "words": ("2", "1"),
        "in_a_part": ("2", "1"),
        "by_assert": ("2", "1"),
    }
    assert {o.verdict for o in seen.values()} == {Verdict.WRONG_ANSWER}
    assert seen["TestEverything::test_words"].message.endswith("own words")
    assert seen["TestEverything::test_in_a_part"].calls == ("f(1) -> 1",)


FIRST = """
import threading, unittest

def test_parts(subtests):
    for number in (1, 2, 3):
        with subtests.test(number=number):
            assert solution.f(number) == number * 10

@pytest.fixture
def end():
    yield
    assert solution.f(6) == 60

def test_end(end):
    assert solution.f(1) == 10

def test_callback():
    def check(x):
        assert x == 10
    solution.call(check)
    assert solution.f(2) == 20

def test_thread():
    def check():
        assert solution.f(1) == 10
    thread = threading.Thread(target=check)
    thread.start()
    thread.join()

class TestUnit(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.clean)

    def tearDown(self):
        self.assertEqual(solution.f(7), 70)

    def clean(self):
        self.assertEqual(solution.f(8), 80)

    def test_end(self):
        self.assertEqual(solution.f(1), 10)
"""


def test_all_that_is_told_is_of_the_first_failure(bench):
    seen = bench.outcomes(FIRST, EXPECTING)
    for name, outcome in seen.items():
        told = (outcome.expected, outcome.actual)
        assert (outcome.verdict, told) == (Verdict.WRONG_ANSWER, ("10", "1")), name
        calls = ("call(check) -> None", "  → check(1)  raised AssertionError")
        assert outcome.calls == (calls if name == "test_callback" else ("f(1) -> 1",)), name


FIXTURES = """
import unittest

OPEN = {{}}

def fails():
    {fails}

@pytest.fixture
def broken():
    solution.f(1)
    fails()

@pytest.fixture
def ends_broken():
    yield
    fails()

@pytest.fixture
def finalizer(request):
    request.addfinalizer(fails)

def test_setup(broken):
    solution.f(1)

def test_end(ends_broken):
    assert solution.f(1) == 1

def test_finalizer(finalizer):
    assert solution.f(1) == 1

class TestMethods:
    def setup_method(self): solution.f(1)
    def teardown_method(self): fails()
    def test_one(self): assert solution.f(1) == 1

class TestUnit(unittest.TestCase):
    def tearDown(self): fails()
    def test_one(self): self.assertEqual(solution.f(1), 1)

class TestSetUp(unittest.TestCase):
    def setUp(self):
        solution.f(1)
        fails()
    def test_one(self): self.assertEqual(solution.f(1), 1)

class TestCleanup(unittest.TestCase):
    def test_one(self):
        self.addCleanup(fails)
        self.assertEqual(solution.f(1), 1)

class TestClass(unittest.TestCase):
    @classmethod
    def tearDownClass(cls): fails()
    def test_one(self): self.assertEqual(solution.f(1), 1)

class TestDeclares(unittest.TestCase):
    failureException = Exception
    def tearDown(self): fails()
    def test_one(self): self.assertEqual(solution.f(1), 1)

def teardown_module():
    fails()

def test_last():
    assert solution.f(1) == 1
"""


@pytest.mark.parametrize("fails", ["OPEN.pop('x')", "int('x')", "None.x", "1 / 0"])
def test_what_breaks_in_a_fixture_is_the_authors(bench, fails):
    seen = bench.outcomes(FIXTURES.format(fails=fails), ECHO)
    assert {o.verdict for o in seen.values()} == {Verdict.JUDGE_ERROR}, seen
    assert all("the suite itself is at fault" in o.message for o in seen.values())


def test_what_the_solution_raises_in_a_fixture_is_the_solutions(bench):
    solution = "def f(x): return x\ndef g(): raise KeyError('ours')\n"
    seen = bench.outcomes(FIXTURES.format(fails="solution.g()"), solution)
    assert {o.verdict for o in seen.values()} == {Verdict.RUNTIME_ERROR}, seen


def test_an_assertion_about_the_solution_in_a_fixture_is_a_wrong_answer(bench):
    seen = bench.outcomes(FIXTURES.format(fails="assert solution.f(1) == 2"), ECHO)
    assert {o.verdict for o in seen.values()} == {Verdict.WRONG_ANSWER}, seen
    assert {(o.expected, o.actual) for o in seen.values()} == {("2", "1")}


UNSENDABLE = """
def nested(depth, inner=()):
    for _ in range(depth):
        inner = (inner,)
    return inner

def test_deep():
    solution.size([solution.f("deep")])

def test_deep_in_a_dict():
    solution.size({"key": {"other": solution.f("deep")}})

def test_keyword():
    solution.size(1, **{solution.f("name"): 1})

def test_part():
    solution.size([solution.f("deep")[0]])
    solution.size([[solution.f("deep")[0]]])

def test_callback():
    solution.call(lambda value: [[value]])

def test_ours_deep():
    solution.f("deep")
    solution.size(nested(101))

def test_ours_beside():
    solution.size([solution.f("deep")[0], object()])

def test_ours_and_theirs():
    solution.size([nested(101), solution.f("deep")])

def test_ours_callback():
    solution.call(lambda value: nested(101))
"""
HANDING = """
def deep():
    value = ()
    for _ in range(99):
        value = (value,)
    return value

def f(what):
    return {"deep": deep(), "name": "\\udcff"}[what]

def size(*values, **options): return 1
def call(function): return function(deep())
"""


def test_a_value_that_cannot_be_sent_is_blamed_on_who_made_it(bench):
    seen = bench.outcomes(UNSENDABLE, HANDING)
    for name, outcome in seen.items():
        ours = name.startswith("test_ours")
        verdict = Verdict.JUDGE_ERROR if ours else Verdict.RUNTIME_ERROR
        assert outcome.verdict is verdict, (name, outcome.message)
        words = "the suite itself is at fault" if ours else "cannot be handed on"
        assert words in outcome.message, (name, outcome.message)


DOUBTFUL = """
@pytest.fixture
def ends():
    kept = {"a": 1}
    yield kept
    kept.pop("a")

def test_teardown(ends):
    if solution.f(1) == 2:
        ends.clear()

@pytest.fixture
def thing():
    return solution.g()[0]

def test_setup(thing):
    assert thing == 1

def test_lookup():
    solution.f(pytest if solution.f(1) == 2 else 1)

def test_threads():
    import threading
    for _ in range(100 if solution.f(1) == 2 else 1):
        thread = threading.Thread(target=solution.f, args=(1,))
        thread.start()
        thread.join()

def test_shared():
    shared = solution.f(1)
    for _ in range(60 if shared == 2 else 0):
        shared = [shared, shared]
    assert shared == 1

def test_always_broken():
    undefined

def test_right():
    solution.f(1)
"""


def test_the_reference_tells_who_is_to_blame(bench):
    bench.reference = "def f(x): return 1\ndef g(): return [1]\n"
    judgement = bench.judge(DOUBTFUL, "def f(x): return 2\ndef g(): pass\n")
    assert judgement.error == ""
    assert {o.case.removeprefix("level1::test_"): o.verdict.value for o in judgement.outcomes} == {
        "teardown": "wrong_answer",
        "setup": "wrong_answer",
        "lookup": "runtime_error",
        "threads": "accepted",
        "shared": "runtime_error",
        "always_broken": "judge_error",
        "right": "accepted",
    }


def test_a_solution_that_poses_as_a_broken_box_is_to_blame(bench):
    bench.reference = "def f(): pass\n"
    suite = "".join(f"def test_{n}():\n    solution.f()\n" for n in range(8))
    for solution in ("import os\nos._exit(71)\n", "import os\nos.write(4, bytes(100))\n"):
        judgement = bench.judge(suite, solution)
        assert judgement.error == ""
        assert {o.verdict for o in judgement.outcomes} == {Verdict.RUNTIME_ERROR}
        assert len(judgement.outcomes) == 8
