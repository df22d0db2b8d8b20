"""What a solution may do with objects of a suite."""

from __future__ import annotations

import io
import pathlib
import random
import threading
import types
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from unittest import TestCase, mock

import pytest

from harness.judge.own_objects import OwnObjects
from harness.model.judgement import Verdict

HERE = OwnObjects(str(pathlib.Path(__file__).parent))
ELSEWHERE = OwnObjects("/nowhere")


class Port(ABC):
    @abstractmethod
    def send(self, text: str) -> int: ...


class Fake(Port):
    read = open
    text = "x"

    def __init__(self) -> None:
        self.later = lambda: 1
        self.log = print

    def send(self, text: str) -> int:
        return len(text)

    def _private(self) -> None: ...

    @staticmethod
    def fixed() -> int:
        return 1

    @property
    def size(self) -> int:
        return 1


@dataclass
class Clock:
    now: float = 0.0
    ticks: list[float] = field(default_factory=list)

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Dice(random.Random):
    def roll(self) -> int:
        return self.randint(1, 6)


class Case(TestCase):
    def check(self) -> None: ...


class Steps:
    def __iter__(self) -> Steps:
        return self

    def __next__(self) -> int:
        return 1


class Silent:
    pass


@pytest.mark.parametrize("value", [Fake(), Clock(), types.SimpleNamespace(), mock.Mock()])
def test_objects_that_cross(value: object) -> None:
    assert HERE.may_cross(value)


@pytest.mark.parametrize(
    "value",
    [
        pathlib.Path("/"),
        Dice(1),
        Case(),
        Silent(),
        threading.Lock(),
        io.StringIO(),
        pytest.MonkeyPatch(),
        types,
        Fake,
        [1],
    ],
)
def test_objects_that_do_not(value: object) -> None:
    assert not HERE.may_cross(value)


def test_only_what_the_suite_defines_can_be_called() -> None:
    fake = Fake()
    found = {name for name in dir(fake) if HERE.method(fake, name) is not None}
    assert found == {"send", "later", "fixed"}
    assert HERE.method(fake, "send")("abc") == 3  # type: ignore[misc]
    assert ELSEWHERE.method(fake, "send") is None
    assert not ELSEWHERE.may_cross(fake)


@pytest.mark.parametrize("name", ["", "_private", "__class__", 5, None, ["send"], b"send"])
def test_names_that_are_none(name: object) -> None:
    assert HERE.method(Fake(), name) is None


def test_of_a_namespace_all_that_can_be_called() -> None:
    space = types.SimpleNamespace(now=lambda: 5, seen=[].append, number=3)
    assert {n for n in dir(space) if HERE.method(space, n) is not None} == {"now", "seen"}


@pytest.mark.parametrize("kind", [mock.Mock, mock.MagicMock, mock.NonCallableMock, mock.AsyncMock])
def test_of_a_mock_its_children(kind: type) -> None:
    """And nothing of what a test asks it, or sets up with it."""
    port = kind()
    port.size = 5
    assert HERE.method(port, "send") is port.send
    own = {name for name in dir(mock.MagicMock()) if not name.startswith("_")}
    assert {name for name in {*own, "size"} if HERE.method(port, name) is not None} == set()


def test_a_mock_with_a_specification() -> None:
    port = mock.create_autospec(Port, instance=True)
    assert HERE.method(port, "send") is not None
    assert HERE.method(port, "receive") is None


def test_iterators() -> None:
    assert HERE.is_iterator(iter([1]))
    assert HERE.is_iterator(n for n in range(3))
    assert HERE.is_iterator(map(str, [1]))
    assert HERE.is_iterator(Steps())
    assert not ELSEWHERE.is_iterator(Steps())
    with open("/dev/null") as file:
        assert not HERE.is_iterator(file)
    assert not HERE.is_iterator([1])


ARRIVES_PLAIN = """
    import enum
    from typing import NamedTuple

    class Rank(enum.IntEnum):
        ACE = 1

    class Suit(str, enum.Enum):
        HEARTS = "h"

    class Pair(NamedTuple):
        left: int

    def test_same():
        assert solution.echo(Rank.ACE) is Rank.ACE

    def test_key():
        assert list(solution.echo({Suit.HEARTS: 1}))[0] is Suit.HEARTS

    def test_class():
        assert type(solution.echo(Pair(1))) is Pair

    def test_from_callback():
        assert solution.call(lambda: Rank.ACE) is Rank.ACE

    def test_read_by_solution():
        assert solution.name_of([Rank.ACE]) == "ACE"

    def test_read_by_suite():
        assert solution.echo(Pair(1)).left == 1

    def test_keyword():
        assert solution.name_of(things=[Suit.HEARTS]) == "HEARTS"

    def test_odd_name():
        solution.fail(Rank.ACE)

    def test_other_attribute():
        assert solution.echo(Pair(1)).right == 1

    def test_other_difference():
        assert solution.echo((1, 3)) == Pair(1)

    def test_equal():
        assert solution.echo((Pair(1), Rank.ACE)) == (Pair(1), Rank.ACE)
"""


def test_a_failure_says_that_an_object_of_the_suite_has_arrived_as_a_plain_value(bench):
    outcomes = bench.outcomes(
        ARRIVES_PLAIN,
        """
        def echo(thing):
            return thing

        def call(function):
            return function()

        def name_of(things):
            return things[0].name

        def fail(thing):
            raise AttributeError("no", name=5)
        """,
    )
    said = {
        name.removeprefix("test_"): outcome.message.partition(" of the suite arrives")[0].split()[
            -1
        ]
        for name, outcome in outcomes.items()
        if "arrives in the solution as a plain" in outcome.message
    }
    assert said == {
        "same": "Rank",
        "key": "Suit",
        "class": "Pair",
        "from_callback": "Rank",
        "read_by_solution": "Rank",
        "read_by_suite": "Pair",
        "keyword": "Suit",
    }
    assert outcomes["test_equal"].verdict is Verdict.ACCEPTED
    assert outcomes["test_odd_name"].message == "AttributeError: no"
