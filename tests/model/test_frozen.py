"""A frozen class behaves as ``dataclass(frozen=True)`` makes it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.frozen import frozen


@frozen
class Point:
    x: int
    y: int = 0
    names: list[str] = field(default_factory=list, compare=False, repr=False)


@frozen(kw_only=True)
class Named(Point):
    title: str


@frozen(eq=False)
class Token:
    text: str


@dataclasses.dataclass(frozen=True)
class Standard:
    x: int
    y: int = 0
    names: list[str] = field(default_factory=list, compare=False, repr=False)


def test_it_is_a_dataclass() -> None:
    point = Point(1, names=["a"])
    assert [each.name for each in fields(point)] == ["x", "y", "names"]
    assert asdict(point) == {"x": 1, "y": 0, "names": ["a"]}
    assert replace(point, y=2) == Point(1, 2)
    assert Point.__match_args__ == ("x", "y", "names")


@given(st.tuples(st.integers(), st.integers()), st.tuples(st.integers(0, 1), st.integers(0, 1)))
def test_it_compares_as_the_standard_one_does(one: tuple[int, int], two: tuple[int, int]) -> None:
    for left, right in ((one, two), (one, one), (two, two)):
        ours, theirs = (Point(*left), Point(*right)), (Standard(*left), Standard(*right))
        assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
        assert (hash(ours[0]) == hash(ours[1])) is (hash(theirs[0]) == hash(theirs[1]))
        assert repr(ours[0]).replace("Point", "Standard") == repr(theirs[0])


def test_what_is_not_compared_makes_no_difference_and_another_class_does() -> None:
    assert Point(1, names=["a"]) == Point(1)
    assert Point(1) != Standard(1)
    assert Point(1) != Named(1, title="")
    assert Named(1, title="a") != Named(1, title="b")


def test_identity_where_equality_was_not_wanted() -> None:
    token = Token("a")
    assert token == token
    assert token != Token("a")
    assert len({token, Token("a")}) == 2


@pytest.mark.parametrize("name", ["x", "names", "unknown"])
def test_nothing_can_be_set(name: str) -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(point, name, 3)
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(point, name)
    assert point == Point(1)


def test_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="title"):
        Named(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named(1, 2, [], "title")  # type: ignore[misc]


def test_copies() -> None:
    named = Named(1, title="a", names=["b"])
    assert copy.copy(named) == copy.deepcopy(named) == pickle.loads(pickle.dumps(named)) == named
