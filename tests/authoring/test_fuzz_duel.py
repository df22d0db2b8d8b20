"""Two solutions are told apart by the shortest calls, in boxes, and only when they differ."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest

from harness.authoring.fuzz import Fuzz, call, code, optional, pool
from harness.authoring.fuzz.duel import declared_names, duel, load_fuzz
from harness.authoring.fuzz.player import Player
from harness.authoring.fuzz.script import Answer
from harness.authoring.scaffold import scaffold
from harness.authoring.subject import Subject
from harness.catalog.catalog import core_pack, load_problem_at
from harness.errors import PackError, RequestError
from harness.model.problem import Snapshot

RIGHT = """
class StepError(Exception):
    def __init__(self, place):
        super().__init__(f"no step from {place}")
        self.place = place


def step(place):
    if place == 3:
        raise StepError(3)
    return place + 1


def told(function):
    return function(2)
"""
CORE = sorted(path.name for path in (core_pack() / "problems").iterdir() if path.is_dir())
CALLS = Fuzz(begin=[], length=4, calls=[call("step", pool(1, 2, 3))])


@pytest.fixture
def problem(tmp_path):
    """The example that `author new` writes, with functions of our own declared at level 1."""
    scaffold("ledger", 2, tmp_path)
    manifest = tmp_path / "problems/ledger/problem.toml"
    text = manifest.read_text().replace(
        '[levels.symbols]\nclasses = { Ledger = ["add"',
        '[levels.symbols]\nfunctions = ["step", "told"]\nexceptions = { StepError = "Exception" }'
        '\nclasses = { Ledger = ["add"',
    )
    assert "StepError" in text
    manifest.write_text(text)
    return load_problem_at(tmp_path / "problems" / "ledger")


@contextmanager
def players(problem, first, second, attributes):
    def snapshot(text):
        return Snapshot(files={"solution.py": text.encode()})

    with (
        Player(problem, snapshot(first), "process", attributes) as one,
        Player(problem, snapshot(second), "process", attributes) as other,
    ):
        yield one, other


def fight(fuzz, level, sides, examples, home, **more):
    return duel(fuzz, level, sides, module="solution", examples=examples, seed=1, home=home, **more)


@pytest.fixture
def compare(problem, tmp_path):
    def compare(second, fuzz=CALLS, first=RIGHT, examples=30):
        with players(problem, first, second, fuzz.attributes) as sides:
            return fight(fuzz, 1, sides, examples, tmp_path)

    return compare


def test_equal_solutions_do_not_differ(compare):
    scripts, found = compare(RIGHT)
    assert found is None
    assert scripts >= 10


def test_the_shortest_difference_is_one_call(compare):
    found = compare(RIGHT.replace("place + 1", "2"))[1]
    assert (found.line, found.first, found.second) == ("step(2)", "3", "2")
    assert found.case.endswith("    assert step(2) == 3\n")


def test_an_exception_instead_of_a_value(compare):
    found = compare(RIGHT.replace("return place + 1", "raise KeyError('none')"))[1]
    assert (found.line, found.first, found.second) == ("step(1)", "2", "KeyError: 'none'")


VALUES = """
import collections, dataclasses, enum

Pair = collections.namedtuple("Pair", "a b")

class Tally(dict):
    pass

class Level(str, enum.Enum):
    LOW = "low"

@dataclasses.dataclass(frozen=True)
class Point:
    x: int
"""


@pytest.mark.parametrize(
    ("rich", "plain"),
    [
        ("Pair(place, [Pair(1, 2)])", "(place, [(1, 2)])"),
        ("Tally(a=Tally(b=place))", "{'a': {'b': place}}"),
        ("[Level.LOW]", "['low']"),
        ("{Level.LOW: Tally()}", "{'low': {}}"),
        ("Point(place)", "object()"),
    ],
)
def test_answers_are_compared_by_what_they_are_worth_to_a_suite(compare, rich, plain):
    first = RIGHT.replace("place + 1", rich) + VALUES
    assert compare(RIGHT.replace("place + 1", plain), first=first)[1] is None
    if plain != "object()":
        assert compare(RIGHT.replace("place + 1", "5"), first=first)[1] is not None


def test_words_of_exceptions_do_not_count(compare):
    assert compare(RIGHT.replace("no step from", "cannot go on from"))[1] is None


def test_attributes_of_exceptions_count_when_they_are_fixed(compare):
    wrong = RIGHT.replace("self.place = place", "self.place = 0")
    assert compare(wrong)[1] is None
    fixed = Fuzz(begin=[], length=4, calls=CALLS.calls, attributes={"StepError": ["place"]})
    found = compare(wrong, fixed)[1]
    assert "with pytest.raises(StepError) as caught:\n        step(3)\n" in found.case
    assert "assert caught.value.place == 3" in found.case


def test_state_of_one_script_does_not_reach_the_next(compare):
    counting = "SEEN = []\n" + RIGHT.replace(
        "return place + 1", "SEEN.append(place)\n    return place + 1 if SEEN == [place] else 0"
    )
    fuzz = Fuzz(begin=[], length=4, calls=[call("step", pool(1, 2))])
    found = compare(counting, fuzz)[1]
    assert found.case.endswith("    step(1)\n    assert step(1) == 2\n")


def test_a_solution_that_ends_its_box(compare):
    found = compare(RIGHT.replace("return place + 1", "import os; os._exit(0)"))[1]
    assert (found.line, found.first) == ("step(1)", "2")
    assert found.second.startswith("runtime_error")


def test_a_solution_that_cannot_be_imported(compare):
    found = compare("import nothing_of_this_name")[1]
    assert found.second.startswith("cannot be imported: ModuleNotFoundError")


def test_what_begins_is_kept_when_objects_share_what_they_should_not(compare):
    begin = [call("one = step", 1), call("other = step", 2)]
    fuzz = Fuzz(begin=begin, length=1, calls=[call("told", code("lambda place: other"))])
    sharing = "SEEN = []\n" + RIGHT.replace(
        "    return place + 1", "    SEEN.append(place)\n    return place + 1"
    ).replace("function(2)", "function(2) if len(SEEN) < 2 else 0")
    found = compare(sharing, fuzz)[1]
    assert "one = step(1)" in found.case


def test_functions_can_be_given_to_a_solution(compare):
    fuzz = Fuzz(begin=[], length=4, calls=[call("told", code("lambda place: step(place)"))])
    found = compare(RIGHT.replace("function(2)", "function(1)"), fuzz)[1]
    assert found.case.endswith("    assert told(lambda place: step(place)) == 3\n")


def test_a_missing_name_is_a_difference_and_no_mistake_of_the_author(compare):
    found = compare(RIGHT.replace("def step", "def stride"))[1]
    assert found.first == "2"
    assert found.second.startswith("AttributeError")


@pytest.mark.parametrize("line", ["nothing", "step("])
def test_a_call_that_cannot_be_run_is_the_authors_mistake(compare, line):
    with pytest.raises(RequestError) as caught:
        compare(RIGHT, Fuzz(begin=[], length=4, calls=[call(line, 1)]))
    assert "cannot be run" in caught.value.message
    assert "fuzz.py" in caught.value.hint


def test_a_value_that_cannot_cross_is_the_authors_mistake(compare):
    with pytest.raises(RequestError, match="cannot be sent"):
        compare(RIGHT, Fuzz(begin=[], length=4, calls=[call("step", code("object()"))]))


def test_a_helper_that_fails_is_the_authors_mistake(compare):
    with pytest.raises(RequestError, match="The helpers cannot be run: ZeroDivisionError"):
        compare(RIGHT, Fuzz(begin=[], length=4, calls=CALLS.calls, helpers="1 / 0"))


class Changing:
    """Plays as a solution that answers 1, and from some script on 2."""

    names = ()

    def __init__(self, until):
        self.left = until

    def play(self, script):
        self.left -= 1
        return [Answer(value=1 if self.left >= 0 else 2) for _ in script.lines]


def test_a_solution_that_changes_its_mind_is_told(tmp_path):
    fuzz = Fuzz(begin=[call("step", 1)], calls=[call("step", 2)])
    sides = (Changing(0), Changing(1))  # they differ in the first script, and never again
    with pytest.raises(RequestError, match="differently the second time"):
        fight(fuzz, 1, sides, 1, tmp_path)


def test_no_call_is_made_with_a_left_out_argument(compare):
    strict = RIGHT.replace("def step(place):", "def step(place=1):")
    fuzz = Fuzz(begin=[], length=4, calls=[call("step", optional(2))])
    assert compare(strict, fuzz, first=strict)[1] is None


@pytest.mark.parametrize("name", ["one_total_for_all", "always_says_true"])
def test_a_case_that_was_found_passes_and_fails_as_plain_pytest(name, tmp_path):
    scaffold("ledger", 3, tmp_path)
    problem = load_problem_at(tmp_path / "problems" / "ledger")
    subject = Subject(problem, None)
    (mistake,) = (edit for edit in subject.mistakes if edit.name == name)
    level = mistake.level
    reference, wrong = subject.references[level], subject.edited(mistake)
    fuzz = load_fuzz(problem)
    with (
        Player(problem, reference, "process", fuzz.attributes) as first,
        Player(problem, wrong, "process", fuzz.attributes) as second,
    ):
        _, found = fight(fuzz, level, (first, second), 300, tmp_path)
    case = tmp_path / "test_found.py"
    case.write_text(found.case)
    assert plain_pytest(case, reference, tmp_path / "right") == 0
    assert plain_pytest(case, wrong, tmp_path / "wrong") == 1


def plain_pytest(case, solution, folder):
    """Return the exit code of pytest on ``case``, with ``solution`` to be imported."""
    folder.mkdir(exist_ok=True)
    (folder / "solution.py").write_bytes(solution.files["solution.py"])
    environ = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    done = subprocess.run(
        [*command, str(case)], env=environ, capture_output=True, check=False, timeout=60
    )
    return done.returncode


def test_a_problem_without_fuzz_is_told_how(problem):
    (problem.root / "fuzz.py").unlink()
    with pytest.raises(RequestError, match=r"there is no .*fuzz\.py"):
        load_fuzz(problem)


@pytest.mark.parametrize(
    ("text", "told"), [("1 / 0", "ZeroDivisionError"), ("fuzz = 3", "has no `fuzz = Fuzz")]
)
def test_a_fuzz_that_fails_or_says_nothing(problem, text, told):
    (problem.root / "fuzz.py").write_text(text)
    with pytest.raises(PackError, match=told):
        load_fuzz(problem)


COUNTER = """
class Counter:
    @property
    def total(self):
        return self.sum

    def add(self, amount, times=1):
        if times < 1:
            raise TypeError("add() takes 1 positional argument, as the statement says")
        return amount * times

    def odd(self):
        return self.missing
"""


@pytest.fixture
def counted(problem, tmp_path):
    """Compares a class with itself, whatever is called of it."""

    def counted(*calls, attributes=None):
        fuzz = Fuzz(begin=[call("it = told", code("make"))], length=4, calls=list(calls))
        fuzz = replace(fuzz, helpers="def make(n): return n", attributes=attributes or {})
        text = COUNTER + "\n\ndef told(function):\n    return Counter()\n"
        with players(problem, text, text, fuzz.attributes) as sides:
            return fight(fuzz, 1, sides, 10, tmp_path, names={"add": 1, "odd": 1, "odds": 2})

    return counted


def test_a_name_that_the_reference_lacks_is_the_authors_mistake(counted):
    with pytest.raises(RequestError) as caught:
        counted(call("it.ad", 1))
    assert caught.value.message == (
        "fuzz.py calls it.ad, but the reference has no ad at level 1. Did you mean add?"
    )
    assert caught.value.hint == "fix it in fuzz.py"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (call("it.add"), r"it\.add\(\): .*missing 1 required positional argument: 'amount'"),
        (call("it.add", 1, 2, 3), r"it\.add\(1, 2, 3\): .*takes from 2 to 3 positional"),
        (call("it.add", 1, time=2), "unexpected keyword argument 'time'"),
        (call("it.add", 1, amount=2), "multiple values for argument 'amount'"),
    ],
)
def test_arguments_that_do_not_fit_are_the_authors_mistake(counted, wrong, told):
    with pytest.raises(RequestError, match=told):
        counted(wrong)


@pytest.mark.parametrize("call_", [call("it.add", 1, 0), call("it.odd")])
def test_what_the_solution_itself_raises_is_an_answer(counted, call_):
    assert counted(call_)[1] is None


def test_an_attribute_that_the_exception_lacks_is_the_authors_mistake(compare):
    misspelt = Fuzz(begin=[], length=4, calls=CALLS.calls, attributes={"StepError": ["plaice"]})
    with pytest.raises(RequestError) as caught:
        compare(RIGHT, misspelt)
    assert caught.value.message == (
        "fuzz.py does not fit the reference at step(3): StepError has no plain attribute plaice"
    )


def test_a_name_of_a_later_level_is_the_authors_mistake(counted):
    with pytest.raises(
        RequestError, match=r"calls it\.odds at level 1, but odds comes with level 2"
    ):
        counted(call("it.odds"))


def test_solutions_that_cannot_be_imported_do_not_agree(compare):
    broken = "import nothing_of_this_name"
    with pytest.raises(RequestError, match="The reference cannot be imported: ModuleNotFoundError"):
        compare(broken, first=broken)


@pytest.mark.parametrize("slug", CORE)
def test_the_core_problems_call_what_there_is_at_each_level(slug, tmp_path):
    problem = load_problem_at(core_pack() / "problems" / slug)
    subject, fuzz = Subject(problem, None), load_fuzz(problem)
    names = declared_names(problem)
    last = subject.references[problem.level_count]
    for level in subject.levels:
        with (
            Player(problem, subject.references[level], "process", fuzz.attributes) as first,
            Player(problem, last, "process", fuzz.attributes) as second,
        ):
            scripts, _ = fight(fuzz, level, (first, second), 5, tmp_path, names=names)
        assert scripts > 0
