"""What `fuzz.py` says becomes scripts of calls that exist at a level."""

from __future__ import annotations

import random
import re

import hypothesis
import pytest
from hypothesis import strategies

from harness.authoring.fuzz import Fuzz, call, code, optional, pool, rising, since

NUMBER = re.compile(r"\d+")


def some_scripts(fuzz, level=1, count=60):
    """Return scripts as hypothesis draws them."""
    scripts = []
    settings = hypothesis.settings(max_examples=count, database=None, deadline=None)
    with pytest.raises(hypothesis.errors.NoSuchExample):
        hypothesis.find(
            fuzz.scripts(level), scripts.append, settings=settings, random=random.Random(1)
        )
    return scripts


def calls_of(fuzz, level=1):
    return {line for script in some_scripts(fuzz, level) for line in script.calls}


def test_values_and_strategies_stand_in_calls_as_python():
    fuzz = Fuzz(
        begin=[call("store = Store", 3)],
        calls=[call("store.set", pool("a", "b'"), number=strategies.just(-1))],
    )
    assert calls_of(fuzz) == {"store.set('a', number=-1)", 'store.set("b\'", number=-1)'}
    assert {script.begin for script in some_scripts(fuzz)} == {("store = Store(3)",)}


def test_a_call_is_there_from_its_level_on():
    fuzz = Fuzz(begin=[], calls=[call("old"), since(2, call("new"), since(3, call("newest")))])
    assert calls_of(fuzz, 1) == {"old()"}
    assert calls_of(fuzz, 2) == {"old()", "new()"}
    assert calls_of(fuzz, 3) == {"old()", "new()", "newest()"}


def test_an_argument_is_there_from_its_level_on():
    fuzz = Fuzz(begin=[], calls=[call("go", 1, since(2, 2), timestamp=since(3, 3))])
    assert calls_of(fuzz, 1) == {"go(1)"}
    assert calls_of(fuzz, 2) == {"go(1, 2)"}
    assert calls_of(fuzz, 3) == {"go(1, 2, timestamp=3)"}


def test_helpers_and_what_begins_are_there_from_their_level_on():
    fuzz = Fuzz(
        begin=[call("a = A"), since(2, call("b = B"))],
        calls=[call("go")],
        helpers=since(2, "\ndef B():\n    return A()\n"),
    )
    assert {(s.helpers, s.begin) for s in some_scripts(fuzz, 1)} == {("", ("a = A()",))}
    [script] = {(s.helpers, s.begin) for s in some_scripts(fuzz, 2)}
    assert script == ("def B():\n    return A()", ("a = A()", "b = B()"))


def test_an_optional_argument_is_given_or_left_out():
    fuzz = Fuzz(begin=[], calls=[call("go", 1, optional(2), optional(3), last=optional(None))])
    assert calls_of(fuzz) == {
        "go(1)",
        "go(1, last=None)",
        "go(1, 2)",
        "go(1, 2, last=None)",
        "go(1, 2, 3)",
        "go(1, 2, 3, last=None)",
    }


def test_rising_numbers_never_fall_and_each_has_its_own():
    steps = strategies.integers(0, 3)
    first, second = rising(steps), rising(steps)
    fuzz = Fuzz(begin=[], calls=[call("a", first), call("b", second), call("a", optional(first))])
    risen = set()
    for script in some_scripts(fuzz):
        for name in "ab":
            lines = [line for line in script.calls if line.startswith(name)]
            numbers = [int(found[0]) for line in lines if (found := NUMBER.search(line))]
            assert numbers == sorted(numbers)
            risen.update(numbers)
    assert max(risen) > 3


def test_code_stands_as_it_is_written():
    fuzz = Fuzz(begin=[], calls=[call("store.update", code("lambda old: None"))])
    assert calls_of(fuzz) == {"store.update(lambda old: None)"}


def test_scripts_are_long_enough_to_meet_something():
    fuzz = Fuzz(begin=[], calls=[call("go", pool(1, 2))])
    assert max(len(script.calls) for script in some_scripts(fuzz)) >= 15


def test_no_script_is_longer_than_it_may_be():
    for length in (1, 8, 25):
        fuzz = Fuzz(begin=[call("a = A")], calls=[call("go", pool(1, 2))], length=length)
        assert 1 <= max(len(script.calls) for script in some_scripts(fuzz)) <= length
