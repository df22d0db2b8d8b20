"""What a suite may do with the objects, names and exceptions of a solution, in real boxes."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict


def told(outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.message


HANDLE_SOLUTION = """
import asyncio
import contextlib
import decimal
import enum
import functools
import sqlite3
import zoneinfo

LIMIT = 10
NAMES = ["a", "b"]

class Thing:
    kind = "thing"
    def __init__(self, items=()):
        self.items = list(items)
        self.parent = None
    def work(self):
        return self
    def make(self):
        return Thing([1])
    def __len__(self):
        return len(self.items)
    def __iter__(self):
        return iter(self.items)
    def __getitem__(self, key):
        return self.items[key]
    def __setitem__(self, key, value):
        self.items[key] = value
    def __delitem__(self, key):
        del self.items[key]
    def __enter__(self):
        self.items.append("in")
        return self
    def __exit__(self, kind, error, trace):
        self.items.append(kind.__name__ if kind else None)
        return kind is KeyError
    def __str__(self):
        return f"thing of {len(self.items)}"
    def walk(self):
        for item in self.items:
            yield item, self
    @classmethod
    def of(cls, *items):
        return cls(items)
    @property
    def size(self):
        return len(self.items)

class Sub(Thing):
    pass

class OddError(ValueError):
    pass

def f(x):
    return x

def whatever():
    return LIMIT

async def later(x):
    await asyncio.sleep(0)
    return [x]

@contextlib.contextmanager
def opened(x):
    yield [x]

class Level(enum.IntEnum):
    LOW = 1

@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

@functools.singledispatch
def show(x):
    return "object"

@show.register
def _(x: int):
    return "int"

def annotations():
    def g(a: int) -> str: ...
    return [value.__name__ for value in g.__annotations__.values()]

def library():
    db = sqlite3.connect(":memory:")
    db.execute("create table t (a)")
    db.executemany("insert into t values (?)", [(1,), (2,)])
    summed = db.execute("select sum(a) from t").fetchone()[0]
    zone = zoneinfo.ZoneInfo("Europe/Berlin")
    third = str(decimal.Decimal(1) / 3)[:6]
    async def both():
        return await asyncio.gather(later(1), later(2))
    return [summed, zone.key, third, asyncio.run(both())]
"""

HANDLE_SUITE = """
import solution as s
from solution import *
from solution import Thing, Sub, LIMIT, NAMES

def test_identity():
    thing = Thing([1, 2])
    assert thing.work() is thing and thing == thing.work() and thing in [thing]
    assert thing != Thing([1, 2]) and len({thing, thing.work(), Thing()}) == 2
    thing.parent = thing
    assert thing.parent is thing and s.f([thing])[0] is thing
    assert s.f({"a": (thing, {1: thing})}) == {"a": (thing, {1: thing})}
    del thing.parent
    with pytest.raises(AttributeError):
        thing.parent
    assert not hasattr(thing, "parent") and hasattr(thing, "items")

def test_operators():
    thing = Thing([1, 2, 3])
    assert len(thing) == 3 and thing[0] == 1 and thing[-1] == 3 and 2 in thing and 9 not in thing
    thing[0] = 5
    del thing[1]
    assert list(thing) == [5, 3] and sorted(thing) == [3, 5] and thing and not Thing()
    assert str(thing) == f"{thing}" == "thing of 2" and thing.size == 2 and thing.kind == "thing"
    first, second = thing
    assert (first, second) == (5, 3)
    with pytest.raises(IndexError):
        thing[9]
    with pytest.raises(TypeError):
        len(s.f)

def test_generators():
    thing = Thing([1, 2])
    walk = thing.walk()
    assert next(walk) == (1, thing) and list(walk) == [(2, thing)] and next(walk, "end") == "end"
    assert [item for item, _ in thing.walk()] == [1, 2]

def test_with():
    with Thing() as thing:
        assert list(thing) == ["in"]
    assert list(thing) == ["in", None]
    assert thing.__exit__(KeyError, KeyError("asked"), None) is True
    assert thing.__exit__(ValueError, ValueError("asked"), None) is False
    with pytest.raises(OddError), thing:
        raise s.OddError("odd")
    assert thing[-1] == "OddError"
    with s.opened(4) as value:
        assert value == [4]

def test_classes():
    thing = Sub.of(1)
    assert isinstance(thing, Sub) and isinstance(thing, s.Thing) and isinstance(thing, (int, Thing))
    assert not isinstance(Thing(), Sub) and not isinstance(5, Thing)
    assert Thing.kind == "thing" and s.Thing.kind == "thing"
    assert s.f(Thing)([1]).items == [1]

def test_constants():
    assert NAMES == ["a", "b"] and list(NAMES) == ["a", "b"] and "a" in NAMES
    assert s.f(LIMIT) == 10 and s.f([NAMES]) == [["a", "b"]] and s.LIMIT == 10
    assert s.f(s.f)(3) == 3

def test_wrong_constant():
    assert LIMIT == 11

def test_star():
    assert f(1) == 1 and issubclass(OddError, ValueError) and Thing([1]).size == 1

def test_values():
    assert s.f(s.Level.LOW) == 1 and s.fib(90) == 2880067194370816120
    assert s.show(1) == "int" and s.show("") == "object"
    assert s.annotations() == ["int", "str"]

def test_library():
    assert s.library() == [3, "Europe/Berlin", "0.3333", [[1], [2]]]

def test_mutated_copies():
    mine = [1]
    theirs = s.f(mine)
    theirs.append(2)
    assert mine == [1] and s.NAMES == ["a", "b"]
    s.NAMES.append("c")
    assert s.NAMES == ["a", "b"]

@pytest.mark.parametrize("kind", [Thing, Sub])
@pytest.mark.parametrize("value", [1, "x"])
def test_parametrized(kind, value):
    assert kind([value])[0] == value

class TestInClass:
    @pytest.fixture
    def thing(self):
        return Thing([1])

    def test_method(self, thing):
        assert thing.size == 1

@pytest.fixture(scope="module")
def old_thing():
    return Thing([1])

def test_first_use(old_thing):
    assert old_thing.size == 1

def test_second_use(old_thing):
    assert old_thing.size == 1

def test_argument_of_old(old_thing):
    s.f(old_thing)

def test_method_of_old(old_thing):
    s.f([old_thing.work])

def test_old_swallowed(old_thing):
    try:
        old_thing.size
    except Exception:
        pass

async def test_async():
    assert s.f(1) == 1

def test_misspelt():
    assert s.f(1) == undefined_name

def test_fixture_that_is_not_there(nothing):
    pass

def test_deriving():
    class Mine(Thing):
        pass
"""


def test_handles_names_and_suites(bench):
    seen = bench.outcomes(HANDLE_SUITE, HANDLE_SOLUTION, wall_seconds=3.0)
    right = [
        "identity",
        "operators",
        "generators",
        "with",
        "classes",
        "constants",
        "star",
        "values",
        "library",
        "mutated_copies",
        "first_use",
    ]
    right += [f"parametrized[{value}-kind{number}]" for value in ("1", "x") for number in (0, 1)]
    for case in right:
        assert told(seen[f"test_{case}"]) == (Verdict.ACCEPTED, ""), seen[f"test_{case}"]
    assert told(seen["TestInClass::test_method"]) == (Verdict.ACCEPTED, "")
    assert told(seen["test_wrong_constant"]) == (Verdict.WRONG_ANSWER, "expected 11, got 10")
    old = (
        Verdict.JUDGE_ERROR,
        "the suite uses an object of an earlier case; make its fixture function-scoped"
        " (setUp instead of setUpClass)",
    )
    for case in ("second_use", "old_swallowed"):
        assert told(seen[f"test_{case}"]) == old, case
    for case in ("argument_of_old", "method_of_old"):
        verdict, message = told(seen[f"test_{case}"])
        assert verdict is Verdict.JUDGE_ERROR
        assert "an object of an earlier case" in message
    verdict, message = told(seen["test_async"])
    assert verdict is Verdict.JUDGE_ERROR
    assert "call asyncio.run in the case" in message
    verdict, message = told(seen["test_misspelt"])
    assert verdict is Verdict.JUDGE_ERROR
    assert "name 'undefined_name' is not defined" in message
    verdict, message = told(seen["test_fixture_that_is_not_there"])
    assert verdict is Verdict.JUDGE_ERROR
    assert "there is no fixture 'nothing'" in message
    verdict, message = told(seen["test_deriving"])
    assert verdict is Verdict.JUDGE_ERROR
    assert "a suite cannot derive from it" in message
    assert len(seen) == len(right) + 10


ERROR_SOLUTION = r"""
class OddError(ValueError):
    pass

class Odder(OddError):
    limit = 5
    def __init__(self, path, cost):
        super().__init__(path, cost)
        self.path = path
        self.secret = object()
        self._private = 1
    @property
    def length(self):
        return len(self.path)
    @property
    def broken(self):
        raise SystemExit

class Own(Exception):
    pass

class OwnKey(KeyError):
    pass

class Nasty(Exception):
    def __str__(self):
        raise SystemExit

class Nastier(Exception):
    __dict__ = property(lambda self: 1 / 0)

def f(what):
    match what:
        case "odder":
            raise Odder(["a", "b"], 3)
        case "own":
            raise Own("mine", 1)
        case "own key":
            raise OwnKey("k")
        case "key":
            raise KeyError("k")
        case "os":
            open("/nonexistent/file")
        case "unicode":
            b"\xff".decode()
        case "group":
            raise ExceptionGroup("many", [ValueError(1)])
        case "stop":
            raise StopIteration(5)
        case "syntax":
            raise SyntaxError("bad", ("file", "not a number", [], {}))
        case "surrogate":
            raise ValueError("\ud800")
        case "nasty":
            raise Nasty
        case "nastier":
            raise Nastier
        case "exit":
            raise KeyboardInterrupt
        case "long":
            raise ValueError("x" * 100_000)
        case "type":
            f()
        case "assert":
            assert what == "b"
        case "notes":
            error = ValueError("v")
            error.add_note("n")
            error.args = ("w", object())
            raise error
        case "unsendable":
            return ["x" * 9_000_000]
        case "too deep":
            deep = []
            for _ in range(200):
                deep = [deep]
            return deep
"""

ERROR_SUITE = r"""
from solution import OddError, f

def test_odder():
    with pytest.raises(OddError) as caught:
        f("odder")
    error = caught.value
    assert error.args == (["a", "b"], 3) and error.path == ["a", "b"] and error.length == 2
    assert error.limit == 5 and hasattr(error, "secret") and not hasattr(error, "_private")
    assert str(error) == "(['a', 'b'], 3)"

def test_builtins():
    with pytest.raises(KeyError) as caught:
        f("key")
    assert caught.value.args == ("k",) and str(caught.value) == "'k'"
    with pytest.raises(KeyError, match="^'k'$"):
        f("own key")
    with pytest.raises(OSError) as caught:
        f("os")
    assert caught.value.errno in (2, 13) and caught.value.strerror
    with pytest.raises(UnicodeDecodeError, match="invalid start byte") as caught:
        f("unicode")
    assert (caught.value.start, caught.value.object) == (0, b"\xff")
    with pytest.raises(Exception, match="^StopIteration: 5$") as caught:
        f("stop")
    assert not isinstance(caught.value, StopIteration)
    with pytest.raises(SyntaxError):
        f("syntax")
    with pytest.raises(ValueError, match="object object") as caught:
        f("notes")
    assert caught.value.__notes__ == ["n"]
    with pytest.raises(ValueError) as caught:
        f("long")
    assert len(str(caught.value)) >= 2000
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        f("type")

def test_still_works():
    assert f("nothing of that") is None

@pytest.mark.parametrize("what", [
    "odder", "own", "own key", "key", "os", "group", "stop", "syntax", "surrogate", "nasty",
    "nastier", "exit", "long", "assert", "unsendable", "too deep",
])
def test_raises(what):
    f(what)

def test_kinds():
    names = {"own": "Own", "group": "ExceptionGroup", "nasty": "Nasty"}
    for what, name in names.items():
        with pytest.raises(Exception) as caught:
            f(what)
        assert type(caught.value).__name__ == name
"""


def test_exceptions(bench):
    seen = bench.outcomes(ERROR_SUITE, ERROR_SOLUTION)
    for case in ("odder", "builtins", "still_works", "kinds"):
        assert told(seen[f"test_{case}"]) == (Verdict.ACCEPTED, ""), seen[f"test_{case}"]
    messages = {}
    for case, outcome in seen.items():
        if case.startswith("test_raises["):
            assert outcome.verdict is Verdict.RUNTIME_ERROR, outcome
            messages[case.removeprefix("test_raises[").removesuffix("]")] = outcome.message
    assert messages["odder"] == "Odder: (['a', 'b'], 3)"
    assert messages["own"] == "Own: ('mine', 1)"
    assert messages["own key"] == "OwnKey: 'k'"
    assert messages["group"] == "ExceptionGroup: many (1 sub-exception)"
    words = "outside of an iterator it would end loops of the suite"
    assert messages["stop"] == f"StopIteration ({words}): 5"
    assert messages["surrogate"] == "ValueError: \\ud800"
    assert messages["nasty"] == "Nasty: (its message cannot be shown: __str__ raised)"
    assert messages["nastier"] == "Exception: (an exception that cannot be described)"
    words = "it would end more of the suite than a case"
    assert messages["exit"] == f"KeyboardInterrupt ({words})"
    assert messages["assert"] == "AssertionError"
    assert messages["unsendable"].startswith("UnsendableError: a text of 9,000,000 ")
    assert messages["too deep"].startswith("UnsendableError: a value is nested deeper")
    assert len(messages["long"]) < 2100


@pytest.mark.parametrize(
    ("suite", "error"),
    [
        ("def test_a(:\n    pass\n", "level1/test_hidden.py:3 cannot be read: SyntaxError: "),
        (
            "x = 1\nimport nonsense\ndef test_a(): pass\n",
            "level1/test_hidden.py:4 imports nonsense, which is not there; a suite imports only "
            "the solution, pytest and the standard library: copy into it what it needs",
        ),
        (
            "def helper():\n    return secret\nhelper()\ndef test_a(): pass\n",
            "level1/test_hidden.py:4 cannot be read: NameError: name 'secret' is not defined",
        ),
        (
            "import pytest\n@pytest.mark.parametrize('x', solution.CASES)\ndef test_a(x): pass\n",
            "level1/test_hidden.py cannot be read: OutsideCaseError: the solution can only be used"
            " while a case runs: parametrize by plain values",
        ),
        ("x = 1\n", "the suites hold no cases"),
    ],
    ids=["syntax", "import", "name", "solution at import", "no cases"],
)
def test_a_broken_suite_is_a_judge_error_with_the_place(bench, suite, error):
    judgement = bench.judge(suite, "def f(): pass\n")
    assert judgement.verdict is Verdict.JUDGE_ERROR
    assert error in judgement.error
