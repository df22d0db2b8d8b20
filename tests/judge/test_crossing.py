"""What cannot cross the wire: the verdict, and the words that say what to write instead."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

SOLUTION = """
import enum
from dataclasses import dataclass

class Colour(enum.Enum):
    RED = 1

class Item:
    def __init__(self, size):
        self.size = size
    def __str__(self):
        return f"Item(size={self.size})"
    def __lt__(self, other):
        return self.size < other.size
    __gt__ = __add__ = __lt__

class Box:
    limit = 3
    def put(self, value):
        return value
    def items(self):
        return [Item(2), Item(1)]
    def now(self):
        return later()
    def call(self, job):
        return job()

def later():
    return 1
"""
HEAD = """
import datetime
import decimal
import enum
import re
from unittest.mock import MagicMock, patch

import solution
from solution import Box, Colour, Item

class Kind(enum.Enum):
    A = 1
"""
SENT = {
    "Kind.A": "<Kind.A: 1>; pass its value",
    "re": "pass the functions of it that are needed",
}
NOT_PLAIN = {
    "sorted(Box().items())": 'does not declare "__lt__" as a method of Item',
    "max(Box().items())": 'does not declare "__gt__" as a method of Item',
    "Box().items()[0] + Item(1)": 'does not declare "__add__" as a method of Item',
    "Item(1) < 5": "expected a plain value to compare or calculate with, got <Item object",
    "5 <= Item(1)": "expected a plain value to compare or calculate with, got <Item object",
    "Item(1) + 1": "expected a plain value to compare or calculate with, got <Item object",
    "sum(Box().items())": "expected a plain value to compare or calculate with, got <Item",
    "[] + Item(1)": "expected a plain value to compare or calculate with, got <Item object",
    "2 * Item(1)": "expected a plain value to compare or calculate with, got <Item object",
}
FINE = [
    "assert Box().put({1, 2}) == {1, 2}",
    "assert Box().call(lambda: 7) == 7",
    "assert Colour(1) == Colour.RED",
    "assert Box().put(Colour.RED) is Colour.RED",
    "assert isinstance(Box().items()[0], Item)",
    "assert [i.size for i in sorted(Box().items(), key=lambda i: i.size)] == [1, 2]",
    "assert str(Item(1)) == 'Item(size=1)'",
    "m = MagicMock(return_value=4)\n    assert Box().call(m) == 4\n    m.assert_called_once_with()",
    "with patch('solution.later', return_value=5):\n        assert Box().now() == 5",
    "assert Box().put(datetime.date(2020, 1, 2)) == datetime.date(2020, 1, 2)",
    "assert Box().put({'a': [decimal.Decimal('1.5')]}) == {'a': [decimal.Decimal('1.5')]}",
    "assert Box().put(datetime.timezone.utc) is not None",
    "with patch('solution.later', lambda: 5):\n        assert Box().now() == 5",
    "with patch.object(Box, 'now', lambda *_: 9):\n        assert Box().now() == 9\n"
    "    assert Box().now() == 1",
    "with patch('solution.Box.limit', 8):\n        assert Box().limit == 8\n"
    "    assert Box().limit == 3",
    "Box.extra = 4\n    assert Box().extra == 4\n    del Box.extra\n"
    "    assert not hasattr(Box(), 'extra')",
]


def judge(bench, codes):
    """The outcomes of a suite with one case for each piece of code, in their order."""
    cases = (f"def test_{number}():\n    {code}\n" for number, code in enumerate(codes))
    seen = bench.outcomes(HEAD + "\n\n".join(cases), SOLUTION, wall_seconds=3.0)
    return [seen[f"test_{number}"] for number in range(len(codes))]


def test_a_value_that_cannot_be_sent_is_named_with_what_to_write_instead(bench):
    outcomes = judge(bench, [f"Box().put({value})" for value in SENT])
    for outcome, words in zip(outcomes, SENT.values(), strict=True):
        assert outcome.verdict is Verdict.JUDGE_ERROR, outcome
        assert outcome.message.startswith("the suite itself is at fault: a value of type ")
        assert words in outcome.message


def test_an_object_of_the_solution_is_no_plain_value(bench):
    outcomes = judge(bench, NOT_PLAIN)
    for outcome, words in zip(outcomes, NOT_PLAIN.values(), strict=True):
        assert (outcome.verdict, words in outcome.message) == (Verdict.WRONG_ANSWER, True), outcome


def test_what_does_cross(bench):
    for outcome in judge(bench, FINE):
        assert (outcome.verdict, outcome.message) == (Verdict.ACCEPTED, ""), outcome


@pytest.mark.parametrize(
    "code",
    [
        "try:\n        Box().call(lambda: object())\n    finally:\n        Box().put(1)",
    ],
)
def test_a_callback_that_returns_what_cannot_be_sent_does_not_wait_for_the_limit(bench, code):
    (outcome,) = judge(bench, [code])
    assert outcome.verdict is Verdict.JUDGE_ERROR
    assert "a callback returns plain values or handles" in outcome.message


EQUAL_ONCE_SENT = """
import dataclasses

def by_identity(kind):
    return type("Own", (kind,), {"__eq__": object.__eq__, "__hash__": object.__hash__})

Tag, Pair, Number, Row = map(by_identity, (str, tuple, int, list))

@dataclasses.dataclass(frozen=True)
class Job:
    size: int
    __hash__ = object.__hash__

@dataclasses.dataclass(frozen=True)
class Lines:
    lines: list
    __hash__ = object.__hash__

VALUES = {
    "texts": lambda: {Tag("a"), Tag("a")},
    "keys": lambda: {Pair((1,)): 1, Pair((1,)): 2},
    "mixed": lambda: {1: 1, Number(1): 2},
    "inner": lambda: {(Tag("a"), 1), (Tag("a"), 1)},
    "frozen": lambda: [frozenset([Tag("a"), "a"])],
    "lists": lambda: {Row([1]), Row([2])},
}
FINE = [
    {Tag("a"), Tag("b")},
    {Lines([1]), Lines([1])},
    {(Tag("a"), 1): 2, "a": 3},
    {Number(1), Pair((1,))},
]

def give(name): return VALUES[name]()
def call(function, name): return function(VALUES[name]())
def fail(name):
    error = ValueError("ours")
    error.held = VALUES[name]()
    raise error
def fine(number): return FINE[number]
def count(values): return len(values)
"""


@pytest.mark.parametrize("name", ["texts", "keys", "mixed", "inner", "frozen", "lists"])
def test_keys_that_are_equal_once_they_are_sent_are_refused_by_the_box(bench, name):
    suite = f"""
    def test_given(): assert solution.give("{name}") == 1
    def test_passed(): assert solution.call(len, "{name}") == 2
    def test_held():
        with pytest.raises(ValueError, match="ours"): solution.fail("{name}")
    """
    seen = bench.outcomes(suite, EQUAL_ONCE_SENT)
    assert seen.pop("test_held").verdict is Verdict.ACCEPTED
    for outcome in seen.values():
        assert outcome.verdict is Verdict.RUNTIME_ERROR
        assert "cannot be sent: " in outcome.message
        assert "once it is sent" in outcome.message or "are sent as" in outcome.message


def test_different_keys_of_own_classes_cross(bench):
    suite = """
    @pytest.mark.parametrize("number", range(4))
    def test_fine(number): assert len(solution.fine(number)) == 2
    def test_back(): assert solution.count(solution.fine(1)) == 2
    """
    seen = bench.outcomes(suite, EQUAL_ONCE_SENT)
    assert {o.verdict for o in seen.values()} == {Verdict.ACCEPTED}, seen


NO_TIME_OF_PYTHONS = """
    class TimeoutError(Exception):
        pass

    def f():
        raise TimeoutError("late")
    """


def test_a_class_with_the_name_of_a_builtin_one_is_another(bench):
    suite = """
        def test_of_python():
            with pytest.raises(TimeoutError):
                solution.f()

        def test_base():
            with pytest.raises(Exception, match="late") as caught:
                solution.f()
            assert type(caught.value).__name__ == "TimeoutError"
        """
    judged = bench.outcomes(suite, NO_TIME_OF_PYTHONS)
    assert judged["test_of_python"].verdict is Verdict.RUNTIME_ERROR
    assert judged["test_of_python"].message == "TimeoutError: late"
    assert judged["test_base"].verdict is Verdict.ACCEPTED


def test_a_declared_exception_may_have_the_name_of_a_builtin_one(bench):
    bench.symbols = {"exceptions": {"TimeoutError": "Exception"}}
    suite = """
        def test_declared():
            with pytest.raises(solution.TimeoutError, match="late"):
                solution.f()
        """
    judged = bench.outcomes(suite, NO_TIME_OF_PYTHONS)
    assert judged["test_declared"].verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("methods", "assertion"),
    [
        ("__eq__ = lambda self, other: self is not other", "thing == thing"),
        ("__eq__ = lambda self, other: 1", "(thing == solution.Thing()) is True"),
        (
            "__eq__ = lambda self, other: False\n    __ne__ = lambda self, other: False",
            "thing != solution.Thing()",
        ),
    ],
)
def test_declared_equality_is_the_solutions_in_every_form(bench, methods, assertion):
    bench.symbols = {"classes": {"Thing": ["__eq__"]}}
    suite = f"def test_equal():\n    thing = solution.Thing()\n    assert {assertion}\n"
    judged = bench.outcomes(suite, f"class Thing:\n    {methods}\n")
    assert judged["test_equal"].verdict is Verdict.WRONG_ANSWER


def test_attributes_of_a_value_are_set_in_the_box(bench):
    suite = """
        def test_frozen():
            pair = solution.Pair(1, 2)
            with pytest.raises(AttributeError): pair.left = 9
            with pytest.raises(AttributeError): del pair.left
            assert pair == (1, 2)

        def test_own():
            degrees = solution.Degrees(20)
            degrees.place = "roof"
            assert degrees.place == "on the roof"
            del degrees.place
            assert degrees.place == "nowhere"
        """
    solution = """
        from collections import namedtuple

        Pair = namedtuple("Pair", "left right")

        class Degrees(float):
            _place = "nowhere"

            @property
            def place(self): return self._place
            @place.setter
            def place(self, place): self._place = f"on the {place}"
            @place.deleter
            def place(self): del self._place
        """
    judged = bench.outcomes(suite, solution)
    assert {outcome.verdict for outcome in judged.values()} == {Verdict.ACCEPTED}, judged


SWALLOWING = """
    class Quiet:
        def __init__(self, answer): self.answer = answer
        def __enter__(self): return self
        def __exit__(self, *details): return self.answer
        async def __aenter__(self): return self
        async def __aexit__(self, *details): return self.answer

    def quiet(answer): return Quiet(answer)
"""


@pytest.mark.parametrize("answer", ["True", "1", "'yes'", "[0]"])
@pytest.mark.parametrize(
    "body",
    [
        "with pytest.raises(KeyError):\n        with solution.quiet({}): raise KeyError('k')",
        "with contextlib.suppress(KeyError):\n        with solution.quiet({}): raise KeyError('k')",
        "async def go():\n"
        "        with pytest.raises(KeyError):\n"
        "            async with solution.quiet({}): raise KeyError('k')\n"
        "    asyncio.run(go())",
    ],
)
def test_a_context_manager_that_would_swallow_fails_its_case(bench, body, answer):
    """Where the suite expects the exception around the block, it would not come in plain pytest."""
    bench.symbols = {"functions": ["quiet"]}
    head = "import asyncio, contextlib\n\ndef test_it():\n    "
    for given, verdict in ((answer, "wrong_answer"), ("False", "accepted"), ("0", "accepted")):
        suite = head + body.format(given) + "\n"
        outcome = bench.outcomes(suite, SWALLOWING)["test_it"]
        assert outcome.verdict == verdict, (given, outcome.message)
    assert (
        bench.outcomes(
            "def test_it():\n"
            f"    manager = solution.quiet({answer})\n"
            f"    assert manager.__exit__(KeyError, KeyError(), None) == {answer}\n",
            SWALLOWING,
        )["test_it"].verdict
        == "accepted"
    )


SECRET_SUITE = """
import json
from unittest import mock
import pytest
from solution import Key, words

SECRETS = {"a": "tell no one"}

def meant():
    raise ValueError("seats are gone")

def again():
    try:
        meant()
    except ValueError as error:
        raise KeyError("no seat") from error

@pytest.mark.parametrize("function, said", [
    (meant, "seats are gone"),
    (again, "'no seat'"),
    (mock.Mock(side_effect=ValueError("out of order")), "out of order"),
    (lambda: int(SECRETS["a"]), ""),
    (lambda: SECRETS["tell no one"], ""),
    (lambda: json.loads(SECRETS["a"]), ""),
    (lambda: SECRETS["a"].tell, ""),
    (lambda: [].index(SECRETS["a"]), ""),
    (lambda: float(SECRETS["a"]), ""),
    (lambda: max(SECRETS["a"], 5), ""),
])
def test_words(function, said):
    assert words(function) == said

def test_a_key_of_the_solution():
    assert words(lambda key: SECRETS[key], "b") == "'b'"

def test_an_object_of_the_solution_is_not_compared():
    assert words(lambda key: {}["c"], Key()) == ""
"""


def test_the_words_of_what_a_suite_does_by_accident_stay_there(bench):
    solution = """
class Key:
    def __eq__(self, other):
        return True

def words(function, *args):
    try:
        function(*args)
    except Exception as error:
        return str(error)
"""
    bench.symbols = {"functions": ["words"], "classes": {"Key": []}}
    seen = bench.outcomes(SECRET_SUITE, solution)
    assert len(seen) == 12
    for case, outcome in seen.items():
        assert outcome.verdict is Verdict.ACCEPTED, (case, outcome.message)
