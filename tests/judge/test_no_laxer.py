"""What fails in plain Python is never accepted: it fails here too, or names a rule of ours."""

from __future__ import annotations

import sys
import types

import pytest

from harness.model.judgement import Verdict

SOLUTION = '''
import array, asyncio, collections.abc, dataclasses, datetime, types

LIMIT = 3

class Bank:
    """Keeps money."""
    def __init__(self):
        self.money = 0
        self.closed = None

    def pay(self, amount):
        self.money += amount

class Money:
    def __init__(self, cents):
        self.cents = cents
    def __eq__(self, other):
        return self.cents == other.cents
    def __hash__(self):
        return self.cents
    def __iadd__(self, other):
        self.cents += other.cents
        return self

class Same:
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1

class Twin:
    def __hash__(self):
        return 7

class Odd:
    def __ne__(self, other):
        return False

class Callable:
    def __call__(self, one):
        return one

class Counted(collections.abc.Sequence):
    def __init__(self, *items):
        self.items = items
    def __len__(self):
        return len(self.items)
    def __getitem__(self, place):
        return self.items[place]
    def __eq__(self, other):
        return type(other) is Counted and self.items == other.items

class Circle(list):
    def __getitem__(self, place):
        return super().__getitem__(0)
    def __len__(self):
        return 9
    def __iter__(self):
        return iter("ab")

class Added(list):
    def __add__(self, other):
        return "other"
    def __lt__(self, other):
        return False
    def __eq__(self, other):
        return False

class Quiet(dict):
    def __eq__(self, other):
        return True
    def keys(self):
        return ["other"]
    def __contains__(self, name):
        return True

class Silent(dict):
    def __bool__(self):
        return False

class Names:
    def __init__(self, *names):
        self.names = names
    def __iter__(self):
        return iter(self.names)
    def __contains__(self, name):
        return name.lower() in self.names

class Loose(str):
    def __eq__(self, other):
        return self.lower() == other.lower()
    __hash__ = str.__hash__

@dataclasses.dataclass
class Row:
    key: str

@dataclasses.dataclass(frozen=True)
class Odder:
    key: str
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 1
    def __gt__(self, other):
        return True

@dataclasses.dataclass(frozen=True)
class Version:
    major: int

def others():
    @dataclasses.dataclass(frozen=True)
    class Version:
        major: int
    return Version(1)

def numbers():
    return array.array("i", [1, 2])

def view():
    return memoryview(b"abcd").cast("H")

class Account:
    def __init__(self):
        self.money = 10
        self.seen = []
    async def take(self, amount):
        if self.money >= amount:
            await asyncio.sleep(0)
            self.money -= amount
    async def mark(self, name):
        for number in range(2):
            self.seen.append(f"{name}{number}")
            await asyncio.sleep(0)
    async def get(self):
        return self.money
    async def put(self, amount):
        self.money = amount

async def swallow():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "swallowed"

async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        await asyncio.sleep(0.05)

async def translate():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        raise ValueError("stopped")

async def give_up():
    raise asyncio.CancelledError

class Adding:
    def __init__(self, number):
        self.number = number
    def __float__(self):
        return float(self.number)
    def __add__(self, other):
        return Adding(self.number + other.number)
    def __iadd__(self, other):
        self.number += other.number
        return self
    def __floor__(self):
        return 7
    def __ceil__(self):
        return 7
    def __divmod__(self, other):
        return (7, 7)

class OfAll(type):
    def __instancecheck__(cls, value):
        return True
    def __subclasscheck__(cls, kind):
        return True

class Everything(metaclass=OfAll):
    pass

class Text(str):
    def upper(self):
        return "other"
    def __len__(self):
        return 7
    def __enter__(self):
        return self
    def __exit__(self, *error):
        pass

class Unhashable(str):
    __hash__ = None

class Closing:
    def __enter__(self):
        return self
    def __exit__(self, *error):
        raise OSError("cannot close")
    async def __aenter__(self):
        return self
    async def __aexit__(self, *error):
        raise OSError("cannot close")

class Mixin:
    kind = "mixin"

class First(Exception):
    pass

class Middle(First):
    pass

class Last(Middle):
    pass

class Two(KeyError, ValueError):
    pass

class Mixed(ValueError, Mixin):
    pass

class Told(Exception):
    def __repr__(self):
        return "told"
    def __bool__(self):
        return False
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
    def __len__(self):
        return 3

class Able(Exception):
    def __lt__(self, other):
        return True
    def __call__(self):
        return 1
    def __enter__(self):
        return self
    def __exit__(self, *error):
        pass
    def __radd__(self, other):
        return 5
    def __ior__(self, other):
        return 5
    def __index__(self):
        return 1
    def __format__(self, spec):
        return "told"

class Holding(Exception):
    def __init__(self, thing):
        super().__init__(thing, 5)

def fail(kind, *args):
    raise globals()[kind](*args)

def hide():
    try:
        {}["k"]
    except KeyError:
        raise ValueError("v") from None

def given(kind, *args):
    return globals()[kind](*args)

def zone():
    return datetime.timezone(datetime.timedelta(0), "GMT")

class Day(datetime.date):
    pass

def library(name):
    return {
        "chain": collections.ChainMap({"a": 1}),
        "view": types.MappingProxyType({"a": 1}),
        "list": collections.UserList([1]),
        "space": types.SimpleNamespace(a=1),
        "day": Day(2024, 1, 1),
    }[name]

class Steps:
    def __init__(self):
        self.left = 2
    def __iter__(self):
        return self
    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left

class Anew:
    def __iter__(self):
        return Anew()
    def __next__(self):
        return 1

def huge():
    return "x" * 9_000_000

def deep():
    found = []
    for _ in range(200):
        found = [found]
    return found

def quit_all():
    raise KeyboardInterrupt

def leave():
    raise GeneratorExit

def take(amount, *, fee=0):
    return amount - fee

def one():
    return 1

unsaid = 5

def _hidden():
    return 2
'''

SYMBOLS = {
    "functions": ["take", "missing", "unsaid", "huge"],
    "classes": {
        "Bank": ["pay", "audit", "closed"],
        "Money": [],
        "Gone": [],
        "Adding": ["__add__"],
    },
    "exceptions": {
        "Refused": "Exception",
        "First": "Exception",
        "Last": "First",
        "Two": "KeyError",
    },
}

HEAD = """
import asyncio, collections, contextlib, datetime, inspect, math, types, unittest
import pytest
import solution
from solution import Bank, First, Last, Money, Two, take, missing, unsaid
"""


def go(code: str) -> str:
    """Return a case that runs ``code`` in an event loop, with an account ``a``."""
    return f"async def go():\n    a = solution.Account()\n    {code}\nasyncio.run(go())"


FAILS: dict[str, list[str]] = {
    "errors of ours": [
        "with pytest.raises(Exception): solution.huge()",
        "with pytest.raises(Exception): solution.deep()",
        "with contextlib.suppress(Exception): solution.huge()\nassert False",
        "try: solution.huge()\nexcept Exception: pass\nelse: assert False",
        "unittest.TestCase().assertRaises(Exception, solution.huge)",
        "with pytest.raises(Exception): solution.quit_all()",
        "with pytest.raises(Exception): solution.leave()",
        "with pytest.raises(Exception): Money(1) != Money(2)",
    ],
    "names that are not there": [
        "hasattr(Bank(), 'audit')",
        "callable(Bank().closed)",
        "callable(getattr(Bank(), 'audit', None))",
        "getattr(Bank(), 'audit', None) is not None",
        "hasattr(solution, 'missing')",
        "hasattr(solution, 'Gone')",
        "getattr(solution, 'missing', None) is not None",
        "callable(missing)",
        "callable(unsaid)",
        "callable(solution.unsaid)",
        "callable(solution.missing)",
        "inspect.isclass(solution.Gone)",
        "hasattr(Bank, 'audit')",
        "hasattr(solution, 'Refused')",
    ],
    "signatures": [
        "inspect.signature(take).bind(1, 2)",
        "inspect.signature(solution.take).bind()",
        "inspect.signature(Bank().pay).bind()",
        "inspect.signature(Bank().pay).bind(1, 2)",
        "len(inspect.signature(Bank).parameters) == 2",
        "inspect.signature(Bank).bind(1)",
        "inspect.signature(solution.Bank).bind(1)",
        "inspect.signature(solution.Callable()).bind(1, 2)",
    ],
    "the module": [
        "'audit' in dir(solution.Bank)",
        "'missing' in dir(solution)",
        "solution.__doc__",
        "solution.__all__",
        "'_hidden' not in dir(solution)",
        "'one' not in dir(solution)",
        "'missing' in vars(solution)",
    ],
    "iterators": [
        "steps = solution.Steps(); assert iter(steps) is not steps",
        "steps = solution.Anew(); assert iter(steps) is steps",
    ],
    "equality that is not declared": [
        "Money(1) != Money(1)",
        "not (Money(1) == Money(1))",
        "Money(1) not in [Money(1)]",
        "solution.Same() != solution.Same()",
        "solution.Same() not in (solution.Same(),)",
        "len({solution.Same(), solution.Same()}) == 2",
        "len({solution.Same(): 1, solution.Same(): 2}) == 2",
        "[solution.Same()].count(solution.Same()) == 0",
        "with pytest.raises(ValueError): [solution.Same()].index(solution.Same())",
        "hash(solution.Twin()) != hash(solution.Twin())",
        "solution.Odd() != solution.Odd()",
        "Money(1) != 1",
        "solution.Same() != 5",
        "5 not in [solution.Same()]",
        "solution.Same() not in [5]",
        "solution.Same() is not None and solution.Same() != None",
        "unittest.TestCase().assertNotEqual(Money(1), Money(1))",
        "unittest.TestCase().assertNotIn(Money(1), [Money(1)])",
    ],
    "containers with methods of their own": [
        "solution.numbers() == [1, 2]",
        "solution.view() == b'abcd'",
        "solution.Counted(1, 2) == [1, 2]",
        "solution.Counted(1) + [2] == [1, 2]",
        "solution.Added([1]) == [1]",
        "not (solution.Quiet(a=1) == {'b': 1})",
        "solution.Added([1]) + [2] == [1, 2]",
        "solution.Added([1]) < [2]",
        "solution.Circle([1, 2])[1] == 2",
        "len(solution.Circle([1, 2])) == 2",
        "list(solution.Circle([1, 2])) == [1, 2]",
        "solution.Circle([1, 2])[1] == 1 and solution.Circle([1, 2])[0] == 2",
        "list(solution.Quiet(a=1).keys()) == ['a']",
        "'b' not in solution.Quiet(a=1)",
        "bool(solution.Silent(a=1))",
        "'A' not in solution.Names('a')",
        "solution.Loose('a') != 'a' or not (solution.Loose('a') == 'A')",
    ],
    "dataclasses": [
        "solution.Row('a') != solution.Row('a')",
        "solution.Row('a') not in [solution.Row('a')]",
        "solution.Odder('a') != solution.Odder('b')",
        "hash(solution.Odder('a')) != hash(solution.Odder('b'))",
        "with pytest.raises(TypeError): solution.Odder('a') > solution.Odder('b')",
        "solution.Version(1) == solution.others()",
        "solution.others() == solution.others()",
        "hash(solution.types.SimpleNamespace(a=1)) == 1",
        "solution.types.SimpleNamespace(a=1) != solution.types.SimpleNamespace(a=1)",
    ],
    "exceptions": [
        "with pytest.raises(Two): solution.fail('Mixed')",
        "with pytest.raises(solution.Middle): solution.fail('First')",
        "with pytest.raises(Exception) as e: solution.fail('Told')\nassert repr(e.value) != 'told'",
        "with pytest.raises(Exception) as e: solution.fail('Told')\nassert e.value",
        "with pytest.raises(Exception) as e: solution.fail('Told')\nassert e.value != 5",
        "with pytest.raises(Exception) as e: solution.fail('Told')\nassert len(e.value) != 3",
        "with pytest.raises(Exception) as e: solution.fail('Told')\nassert hash(e.value) != 1",
        *(
            f"error = solution.given('Able')\nwith pytest.raises(TypeError): {use}"
            for use in ("error < 5", "error()", "5 + error", "[1] * error", "float(error)")
        ),
        "error = solution.given('Able')\nwith pytest.raises(TypeError):\n    with error: pass",
        "error = solution.given('Able')\nwith pytest.raises(TypeError): error |= 1",
        "with pytest.raises(Exception) as e: solution.fail('Able')\nassert f'{e.value}' == ''",
        "with pytest.raises(Exception) as e: solution.fail('Able')\nassert not callable(e.value)",
        "with pytest.raises(Exception) as e: solution.fail('Holding', Bank())\n"
        "assert len(e.value.args) == 1",
        "with pytest.raises(ValueError) as e: solution.hide()\nassert e.value.__context__ is None",
        "not issubclass(Last, First)",
        "not isinstance(solution.given('Last'), First)",
        "not isinstance(solution.given('Mixed'), ValueError)",
        "not isinstance(solution.given('Mixed'), solution.Mixin)",
        "isinstance(solution.given('Mixed'), KeyError)",
    ],
    "values of the library": [
        "solution.zone() is datetime.timezone.utc",
        "repr(solution.zone()) == 'datetime.timezone.utc'",
        "not isinstance(solution.library('day'), datetime.date)",
        "not isinstance(solution.library('list'), collections.UserList)",
        "isinstance(solution.library('list'), list)",
        "isinstance(solution.library('chain'), dict)",
        "isinstance(solution.library('view'), dict)",
        "not isinstance(solution.library('space'), types.SimpleNamespace)",
        "solution.library('space') != types.SimpleNamespace(a=1)",
    ],
    "asyncio": [
        go("await asyncio.gather(a.take(10), a.take(10)); assert a.money == 0"),
        go("await asyncio.gather(a.mark('a'), a.mark('b')); assert a.seen[1] == 'a1'"),
        go("task = asyncio.create_task(a.get()); await a.put(5); assert await task == 10"),
        go(
            "with pytest.raises(asyncio.TimeoutError):\n"
            "        await asyncio.wait_for(solution.stubborn(), 0.02)"
        ),
        go(
            "task = asyncio.create_task(solution.swallow()); await asyncio.sleep(0.01)\n"
            "    task.cancel()\n    with pytest.raises(asyncio.CancelledError): await task"
        ),
        go(
            "task = asyncio.create_task(solution.translate()); await asyncio.sleep(0.01)\n"
            "    task.cancel()\n    with pytest.raises(asyncio.CancelledError): await task"
        ),
        go("with pytest.raises(Exception): await solution.give_up()"),
    ],
    "operators in place": [
        "a = solution.Adding(1); b = a; a += solution.Adding(2); assert b.number == 1",
        "a = solution.Added([1]); b = a; a += [2]; assert list(b) == [1]",
        "a = solution.Silent(a=1); b = a; a |= {'b': 2}; assert list(b) == ['a']",
        "math.floor(solution.Adding(2)) == 2",
        "math.ceil(solution.Adding(2)) == 2",
        "divmod(solution.Adding(5), 2) == (2, 1)",
    ],
    "classes that say themselves what is theirs": [
        "not isinstance(5, solution.Everything)",
        "not issubclass(int, solution.Everything)",
    ],
    "texts with methods of their own": [
        "solution.Text('a').upper() == 'A'",
        "len(solution.Text('a')) == 1",
        "{solution.Unhashable('a'): 1}",
        "with pytest.raises(TypeError):\n    with solution.Text('a'): pass",
        "hasattr(solution.Text('a'), '__exit__') is False",
    ],
    "context managers": [
        "with pytest.raises(KeyError):\n    with solution.Closing(): raise KeyError",
        go("with pytest.raises(KeyError):\n        async with solution.Closing(): raise KeyError"),
    ],
    "operators in place, by their own": [
        "a = Money(1); b = a; a += Money(2); assert b.cents == 1",
    ],
}
"""Each line or block fails in plain Python."""


def body_of(code: str) -> str:
    try:
        compile(code, "", "eval")
    except SyntaxError:
        return code
    return f"assert {code}"


def function(number: int, code: str) -> str:
    lines = "\n".join(f"    {line}" for line in body_of(code).splitlines())
    return f"def test_{number}():\n{lines}\n"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return the names of a suite in plain Python; those that are missing there are None."""
    module = types.ModuleType("solution")
    monkeypatch.setitem(sys.modules, "solution", module)
    exec(SOLUTION, module.__dict__)
    imports, _, imported = HEAD.partition("from solution import ")
    found = {name: getattr(module, name, None) for name in imported.strip().split(", ")}
    exec(imports, found)
    return found


@pytest.mark.parametrize("code", [code for codes in FAILS.values() for code in codes])
def test_it_fails_in_plain_python(names: dict[str, object], code: str) -> None:
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        exec(body_of(code), names)
    assert not isinstance(caught.value, NameError | SyntaxError | ImportError)  # a slip of ours


@pytest.mark.parametrize("group", FAILS)
def test_nothing_is_accepted_that_fails_in_plain_python(bench, group: str) -> None:
    bench.symbols = SYMBOLS
    codes = FAILS[group]
    suite = HEAD + "\n\n".join(function(number, code) for number, code in enumerate(codes))
    seen = bench.outcomes(suite, SOLUTION, memory_mb=256)
    verdicts = {
        codes[int(case.removeprefix("test_"))]: (outcome.verdict, outcome.message)
        for case, outcome in seen.items()
    }
    for code, (verdict, message) in verdicts.items():
        print(f"{verdict:15} {code!r}: {message}")
    assert len(seen) == len(codes)
    accepted = [code for code, (verdict, _) in verdicts.items() if verdict is Verdict.ACCEPTED]
    assert accepted == []
