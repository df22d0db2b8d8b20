from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.reports.terminal.results import align_values, failing_call, show_space


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        (" a b ", "·a b·"),
        ("a  b", "a··b"),
        ("['a', ' b', 'c ']", "['a', '·b', 'c·']"),
        ("{'it\\'s ok': 1}", "{'it\\'s ok': 1}"),
        ("' '", "'·'"),
        ("a\tb\n", "a⇥b↵"),
        ("", ""),
    ],
)
def test_white_space_that_could_be_overlooked_is_shown(text, shown):
    assert show_space(text) == shown


def test_the_space_at_the_difference_is_shown():
    assert align_values("a b", "a_b", 40) == ("a·b", "a_b", 1)


def test_short_values_are_shown_whole():
    assert align_values("[1, 2, 3]", "[1, 5, 3]", 40) == ("[1, 2, 3]", "[1, 5, 3]", 4)


def test_one_value_that_begins_like_the_other():
    assert align_values("abc", "abcd", 40)[2] == 3
    assert align_values("", "a", 40)[2] == 0


def test_the_same_text_has_no_difference():
    assert align_values("1", "1", 40)[2] is None


def test_long_values_are_cut_around_the_difference():
    around = [f"…{'x' * 9}{middle}{'y' * 18}…" for middle in "AB"]
    assert align_values("x" * 100 + "A" + "y" * 100, "x" * 100 + "B" + "y" * 100, 30) == (
        *around,
        10,
    )


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.integers(10, 100))
def test_the_marked_characters_differ_and_all_fits(one, other, width):
    expected, actual, at = align_values(one, other, width)
    assert max(len(expected), len(actual)) <= width
    if one == other:
        assert at is None
        return
    assert at is not None
    assert expected[at : at + 1] != actual[at : at + 1]
    assert expected[1:at] == actual[1:at]


@settings(deadline=None)
@given(st.text(alphabet="漢字ab ", min_size=1, max_size=200), st.integers(10, 60))
def test_wide_characters_fit_too(text, width):
    expected, _, _ = align_values(text, text[:-1] + "z", width)
    columns = sum(2 if character in "漢字" else 1 for character in expected)
    assert columns <= max(width, 20)


@pytest.mark.parametrize(
    ("calls", "actual", "index"),
    [
        (("a() -> 1", "b() -> 2", "c() -> 3"), "2", 1),
        (("a() -> 2", "b() -> 2", "c() -> 3"), "2", 1),
        (("a() -> 1", "b() -> 2"), "7", 1),
        (("a() -> 1", "b()  raised KeyError"), None, 1),
    ],
)
def test_the_call_the_failure_is_about(calls, actual, index):
    assert failing_call(calls, actual) == index


LISTED = ["park = Park()", "park.put('a, b') -> 1", "park.put('c') -> None", "park.get() -> [1, 2]"]


@pytest.mark.parametrize(
    ("calls", "actual", "expected", "index"),
    [
        (LISTED, "[1, None, [1, 2]]", "[2, None, [1, 2]]", 1),
        (LISTED, "[1, None, [1, 2]]", "[1, 2, [1, 2]]", 2),
        (LISTED, "[None, [1, 2]]", "[3, [1, 2]]", 2),
        (LISTED, "[1, None, [1, 2]]", "[1, None, [1]]", 3),
        (["f('é') -> 'é'", "g() -> 2"], "['é', 2]", "['e', 2]", 0),
        (LISTED, "(1, None, [1, 2])", "(1, 2, [1, 2])", 2),
        # Too few are expected, or none at all: the first one that is too many, or the last call.
        (LISTED, "[1, None, [1, 2]]", "[1, None]", 3),
        # Answers that are no calls' own, in another order, or shortened tell nothing.
        (LISTED, "[1, 5, [1, 2]]", "[2, 5, [1, 2]]", 3),
        (LISTED, "[1, None, [1, …", "[2, None, [1, …", 3),
        (LISTED, "[" * 9_999, "[]", 3),
        (["park.put('c') -> 1"], "[1, 2]", "[2, 2]", 0),
    ],
)
def test_the_one_of_several_answers_that_is_wrong(calls, actual, expected, index):
    assert failing_call(calls, actual, expected) == index
