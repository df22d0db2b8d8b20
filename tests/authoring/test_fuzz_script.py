"""Answers are compared to the letter, and a script becomes a case that can be pasted."""

from __future__ import annotations

import pytest

from harness.authoring.fuzz.script import Answer, Script, as_case, first_difference, same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        ("a", b"a"),
        ((1,), [1]),
        ([1], [1, 2]),
        ([True], [1]),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"b": 1}),
        ({1}, {2}),
        (None, False),
    ],
)
def test_other_values_and_other_types_differ(one, other):
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    "value", [None, 1, "a", [1, (2, {"a": {3}})], float("nan"), {"b": 1, "a": 2}]
)
def test_a_value_is_the_same_as_itself(value):
    assert same(value, value)


def test_the_order_of_a_dict_is_free():
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_words_of_an_exception_are_free_its_kind_and_fixed_attributes_are_not():
    error = Answer(raised="CycleError", attributes={"path": ["a"]}, text="a cycle")
    assert error.agrees_with(Answer(raised="CycleError", attributes={"path": ["a"]}, text="no"))
    assert not error.agrees_with(Answer(raised="CycleError", attributes={"path": ["b"]}))
    assert not error.agrees_with(Answer(raised="KeyError", attributes={"path": ["a"]}))
    assert not error.agrees_with(Answer(value="CycleError"))


def test_the_first_line_that_differs():
    one = [Answer(value=1), Answer(value=2), Answer(value=3)]
    assert first_difference(one, one) is None
    assert first_difference(one, [Answer(value=1), Answer(ended="time_limit"), one[2]]) == 1


def test_a_script_until_a_line():
    script = Script("", ("a = A()", "b = B()"), ("a.go()", "b.go()"))
    assert script.until(1).lines == ("a = A()", "b = B()")
    assert script.until(2).lines == ("a = A()", "b = B()", "a.go()")
    assert script.until(0).lines == ("a = A()",)


def test_only_the_last_line_of_a_case_expects():
    script = Script("", ("store = Store()",), ("store.set('a', 1)", "store.get('a')"))
    answers = [Answer(), Answer(value=True), Answer(value=1)]
    assert as_case(script, answers, "solution", {"Store", "Other"}) == (
        "from solution import Store\n"
        "\n\n"
        "def test_found_by_fuzzing():\n"
        '    """Say in a few words what holds here"""\n'
        "    store = Store()\n"
        "    store.set('a', 1)\n"
        "    assert store.get('a') == 1\n"
    )


@pytest.mark.parametrize("value", [None, True, False])
def test_a_single_object_is_expected_by_is(value):
    script = Script("", ("store = Store()",), ("store.go()",))
    case = as_case(script, [Answer(), Answer(value=value)], "solution", {"Store"})
    assert f"    assert store.go() is {value}\n" in case


def test_an_exception_is_expected_wherever_it_comes():
    script = Script("", ("plan = Plan()",), ("plan.add(1)", "plan.add(2)"))
    first = Answer(raised="ValueError", attributes={"path": [1]})
    last = Answer(raised="CycleError", attributes={"path": [2]})
    case = as_case(script, [Answer(), first, last], "solution", {"Plan", "CycleError"})
    assert case.startswith("import pytest\nfrom solution import CycleError, Plan\n")
    assert case.endswith(
        "    with pytest.raises(ValueError):\n"
        "        plan.add(1)\n"
        "    with pytest.raises(CycleError) as caught:\n"
        "        plan.add(2)\n"
        "    assert caught.value.path == [2]\n"
    )


def test_helpers_stand_above_the_case():
    script = Script("def make():\n    return Store()", ("store = make()",), ("store.go()",))
    case = as_case(script, [Answer(), Answer(value=1)], "solution", {"Store"})
    assert case.startswith(
        "from solution import Store\n\n\ndef make():\n    return Store()\n\n\ndef "
    )


def test_objects_that_are_not_called_are_trimmed():
    begin = ("a = A(1)", "a.add('b', 1)", "b, c = both(A)", "c.add(2)")
    assert Script("", begin, ("b.go()",)).trimmed().begin == ("b, c = both(A)", "c.add(2)")
    assert Script("", begin, ("a.go()",)).trimmed().begin == ("a = A(1)", "a.add('b', 1)")
    assert Script("", begin, ("a.go()", "c.go()")).trimmed().begin == begin
    assert Script("", begin, ()).trimmed().begin == begin


def test_what_an_object_is_made_of_is_not_trimmed():
    script = Script("", ("shelf = Shelf()", "a = A(shelf)"), ("a.go()",))
    assert script.trimmed() == script
