"""Every protocol of Python that a suite can use on what a solution gives; the table in the docs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.model.judgement import Verdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "protocols.md"
BEGIN, END = "<!-- generated from tests/judge/test_protocols.py -->\n", "<!-- end -->\n"

SOLUTION = '''
import array, asyncio, collections, contextlib, dataclasses, datetime, decimal, enum, fractions
import functools, itertools, json, queue, re, threading, types, typing, uuid

RATE, SIZES, GREETING, UNSET = 7, [1, 2], "hello", None

class Bag:
    """Keeps things."""
    kind = "bag"
    def __init__(self, *things):
        self.things = list(things)
    def add(self, thing):
        """Add one."""
        self.things.append(thing)
        return self
    @property
    def size(self):
        return len(self.things)
    @size.setter
    def size(self, number):
        del self.things[number:]
    @classmethod
    def of(cls, *things):
        return cls(*things)
    @staticmethod
    def double(number):
        return 2 * number
    def __len__(self):
        return len(self.things)
    def __iter__(self):
        return iter(self.things)
    def __getitem__(self, place):
        return self.things[place]
    def __setitem__(self, place, thing):
        self.things[place] = thing
    def __delitem__(self, place):
        del self.things[place]
    def __reversed__(self):
        return reversed(self.things)
    def __call__(self, number, *, plus=0):
        return self.things[number] + plus
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        self.left_with = kind and kind.__name__
    def __str__(self):
        return f"bag of {len(self.things)}"
    def __repr__(self):
        return f"Bag{tuple(self.things)!r}"
    def __format__(self, spec):
        return format(len(self.things), spec)
    def __int__(self):
        return len(self.things)
    def __float__(self):
        return len(self.things) / 2
    def __neg__(self):
        return Bag(*[-thing for thing in self.things])
    def __eq__(self, other):
        return self.things == other.things
    def __hash__(self):
        return hash(tuple(self.things))
    def __lt__(self, other):
        return self.things < other.things
    def __add__(self, other):
        return Bag(*self.things, *other.things)

class Plain:
    def __init__(self, number):
        self.number = number
    def __add__(self, other):
        return Plain(self.number + other.number)
    def __lt__(self, other):
        return self.number < other.number
    def __eq__(self, other):
        return self.number == other.number

@dataclasses.dataclass
class Row:
    key: str
    values: list = dataclasses.field(default_factory=list)

@dataclasses.dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0
    def bumped(self):
        return dataclasses.replace(self, minor=self.minor + 1)

class Suit(enum.Enum):
    HEARTS = "h"
    SPADES = "s"

class Rank(enum.IntEnum):
    ACE = 1

class Level(str, enum.Enum):
    LOW = "low"

Pair = collections.namedtuple("Pair", "left right")

class Span(typing.NamedTuple):
    start: int
    end: int = 9
    def length(self):
        return self.end - self.start

class Celsius(float):
    def fahrenheit(self):
        return self * 9 / 5 + 32

class Ring(list):
    def turn(self):
        self.append(self.pop(0))

class Defaults(dict):
    def __missing__(self, key):
        return key * 2

class Tags(set):
    def both(self, other):
        return Tags(self & set(other))

class Queue(collections.deque):
    def serve(self):
        return self.popleft()

class Refused(Exception):
    def __init__(self, code):
        super().__init__(f"refused with {code}")
        self.code = code
    @property
    def is_final(self):
        return self.code > 5
    def advice(self):
        return "try " + str(self.code + 1)

class Banned(Refused):
    def __str__(self):
        return "banned for good"

def throw(error):
    raise error

def refused(code):
    return Refused(code)

def refuse(code):
    raise (Banned if code > 9 else Refused)(code)

def fail(what):
    if what == "cause":
        try:
            {}["k"]
        except KeyError as error:
            raise ValueError("no k") from error
    if what == "context":
        try:
            {}["k"]
        except KeyError:
            raise ValueError("no k")
    if what == "notes":
        error = ValueError("x")
        error.add_note("a note")
        raise error
    if what == "group":
        raise ExceptionGroup("two", [ValueError("a"), KeyError("b")])
    if what == "library":
        json.loads("{")
    if what == "empty":
        queue.SimpleQueue().get_nowait()
    if what == "exit":
        raise SystemExit(3)
    if what == "file":
        raise FileNotFoundError(2, "No such file", "a.txt")
    if what == "late":
        raise TimeoutError("late")
    if what == "stop":
        raise StopIteration
    raise decimal.InvalidOperation("d")

def values():
    return {
        "decimal": decimal.Decimal("2.50"), "fraction": fractions.Fraction(3, 4),
        "date": datetime.date(2024, 2, 29), "span": datetime.timedelta(hours=2),
        "moment": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc),
        "uuid": uuid.UUID(int=5), "range": range(2, 9, 3), "complex": 1 + 2j,
        "bytes": bytearray(b"ab"), "deque": collections.deque([1, 2], maxlen=3),
        "counter": collections.Counter("aab"), "ordered": collections.OrderedDict(b=1, a=2),
    }

def groups():
    found = collections.defaultdict(list)
    found["a"].append(1)
    return found

def counts():
    return collections.defaultdict(lambda: 1)

def views():
    return {"a": 1}.keys()

def countdown(number):
    while number:
        got = yield number
        number = number - 1 if got is None else got
    return "done"

async def doubled(number):
    await asyncio.sleep(0)
    return 2 * number

async def numbers(count):
    for number in range(count):
        yield number

class Door:
    def __init__(self):
        self.event = asyncio.Event()
    async def __aenter__(self):
        return "in"
    async def __aexit__(self, *error):
        return False
    async def wait(self):
        await self.event.wait()
        return "open"
    async def open(self):
        self.event.set()
    async def stay(self):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "left"

def apply(function, *values, **named):
    return function(*values, **named)

def total(numbers):
    return sum(numbers)

def is_a(value, kind):
    return isinstance(value, kind)

def ask(clock):
    return clock.now()

def in_threads(function, count):
    threads = [threading.Thread(target=function, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def sort(numbers):
    numbers.sort()

def remembered(function):
    known = {}
    @functools.wraps(function)
    def inner(number):
        if number not in known:
            known[number] = function(number)
        return known[number]
    return inner

@contextlib.contextmanager
def silent(kind):
    with contextlib.suppress(kind):
        yield

class Mark:
    def __init__(self, number):
        self.number = number
    def __eq__(self, other):
        return self.number == other.number
    def __hash__(self):
        return self.number

class Headers(dict):
    def __contains__(self, name):
        return super().__contains__(name.lower())

class Refused_: pass
class Banned_(Refused_): pass

def kind_of(value):
    return type(value)

@dataclasses.dataclass(frozen=True)
class Vector:
    x: int
    y: int
    def __len__(self):
        return 2
    def __getitem__(self, place):
        return (self.x, self.y)[place]
    def __abs__(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
    def __str__(self):
        return f"<{self.x}, {self.y}>"
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

@dataclasses.dataclass(frozen=True)
class Sealed:
    items: list
    def put(self, item):
        self.items.append(item)

class Tally(typing.NamedTuple):
    name: str
    count: int
    def __len__(self):
        return self.count
    def __lt__(self, other):
        return self.count < other.count

class Loose(str):
    def __eq__(self, other):
        return self.lower() == other.lower()
    __hash__ = str.__hash__

def keep(kept=[]):
    return kept

def long():
    return range(10**9)

def wrapped(number):
    "The inner one."
    return number
'''
HEAD = """
import asyncio, collections, copy, dataclasses, datetime, decimal, fractions, functools
import collections.abc, inspect, json, math, operator, queue, threading, time, types, uuid
from collections import Counter, OrderedDict, deque
from unittest import mock

import pytest
import solution
from solution import Banned, GREETING, Pair, RATE, Refused, SIZES, Suit, UNSET

class Clock:
    def now(self):
        return 12

class Boom(Exception):
    pass

def boom():
    raise Boom("b")
"""


SYMBOLS = {
    "functions": ["refuse", "fail", "apply", "values"],
    "classes": {
        "Bag": ["add", "of", "double", "__eq__", "__hash__", "__add__", "__lt__", "__ne__"],
        "Plain": [],
        "Vector": ["__add__"],
    },
    "exceptions": {"Refused": "Exception", "Banned": "Exception"},
}

WORK: dict[str, list[str]] = {
    "attributes": [
        "solution.Bag(1).things == [1]",
        "solution.Bag(1, 2).size == 2",
        "bag = solution.Bag(1, 2); bag.size = 1; assert len(bag) == 1",
        "bag = solution.Bag(); bag.mark = 5; assert bag.mark == 5; del bag.mark",
        "not hasattr(solution.Bag(), 'nothing') and hasattr(solution.Bag(), 'size')",
        "getattr(solution.Bag(), 'nothing', 3) == 3",
        "solution.Bag.kind == 'bag' and solution.Bag.double(2) == 4",
        "isinstance(solution.Bag.of(1), solution.Bag)",
        "not isinstance(5, solution.Bag)",
        "solution.Plain(3).__dict__ == {'number': 3}",
        "solution.Bag.__name__ == 'Bag' and solution.Bag.__doc__ == 'Keeps things.'",
        "type(solution.Bag()).__name__ == 'Bag'",
        "solution.wrapped.__doc__ == 'The inner one.'",
        "solution.Bag().add.__doc__ == 'Add one.'",
        "isinstance(solution.Bag(), collections.abc.Iterable)",
        "not isinstance(solution.Plain(1), collections.abc.Iterable)",
        "not hasattr(solution.Plain(1), '__slots__')",
        "with pytest.raises(TypeError): hash(solution.Plain(1))",
    ],
    "calls": [
        "solution.Bag(1)(0, plus=2) == 3",
        "callable(solution.Bag()) and not callable(solution.Plain(1))",
        "solution.Bag().add(1).add(2).things == [1, 2]",
        "functools.reduce(lambda bag, n: bag.add(n), [1, 2], solution.Bag()).things == [1, 2]",
        "list(map(solution.Bag.double, [1, 2])) == [2, 4]",
    ],
    "items and iteration": [
        "bag = solution.Bag(1, 2); bag[0] = 5; assert bag[0] == 5 and bag[-1] == 2",
        "bag = solution.Bag(1, 2); del bag[0]; assert list(bag) == [2]",
        "solution.Bag(1, 2, 3)[1:] == [2, 3]",
        "2 in solution.Bag(1, 2) and 3 not in solution.Bag(1, 2)",
        "len(solution.Bag(1)) == 1 and not solution.Bag()",
        "list(reversed(solution.Bag(1, 2))) == [2, 1]",
        "first, *rest = solution.Bag(1, 2, 3); assert (first, rest) == (1, [2, 3])",
        "sorted(solution.Bag(2, 1)) == [1, 2] and max(solution.Bag(2, 1)) == 2",
        "list(zip(solution.Bag(1), 'a')) == [(1, 'a')]",
        "dict(enumerate(solution.Bag(5))) == {0: 5}",
    ],
    "generators": [
        "list(solution.countdown(2)) == [2, 1]",
        "steps = solution.countdown(1); assert next(steps) == 1 and next(steps, 'end') == 'end'",
        "steps = solution.countdown(5); next(steps); assert steps.send(2) == 2",
        "steps = solution.countdown(1); next(steps)\n"
        "with pytest.raises(StopIteration): next(steps)",
        "inspect.isgenerator(solution.countdown(1))",
        "steps = solution.countdown(3); steps.close(); assert list(steps) == []",
    ],
    "context managers": [
        "with solution.Bag(1) as bag: assert bag.things == [1]\nassert bag.left_with is None",
        "bag = solution.Bag()\nwith pytest.raises(KeyError):\n"
        "    with bag: raise KeyError('k')\nassert bag.left_with == 'KeyError'",
    ],
    "asyncio": [
        "asyncio.run(solution.doubled(4)) == 8",
        "async def go(): return [n async for n in solution.numbers(3)]\n"
        "assert asyncio.run(go()) == [0, 1, 2]",
        "async def go():\n    async with solution.Door() as place: return place\n"
        "assert asyncio.run(go()) == 'in'",
        "async def go():\n    door = solution.Door()\n"
        "    return (await asyncio.gather(door.wait(), door.open()))[0]\n"
        "assert asyncio.run(go()) == 'open'",
        "async def go():\n    with pytest.raises(asyncio.TimeoutError):\n"
        "        await asyncio.wait_for(solution.Door().wait(), 0.05)\n    return 1\n"
        "assert asyncio.run(go()) == 1",
        "async def go():\n"
        "    stay = asyncio.create_task(solution.Door().stay())\n"
        "    await asyncio.sleep(0.02); stay.cancel()\n"
        "    return await stay\n"
        "assert asyncio.run(go()) == 'left'",
        "async def go(): return await asyncio.create_task(solution.doubled(1))\n"
        "assert asyncio.run(go()) == 2",
        "inspect.isawaitable(solution.doubled(1)) and inspect.iscoroutine(solution.doubled(1))",
    ],
    "conversions": [
        "str(solution.Bag(1)) == 'bag of 1' and repr(solution.Bag(1)) == 'Bag(1,)'",
        "f'{solution.Bag(1, 2):03}' == '002'",
        "int(solution.Bag(1)) == 1 and float(solution.Bag(1)) == 0.5",
        "math.isclose(solution.Bag(1), 0.5)",
        "(-solution.Bag(1)).things == [-1]",
    ],
    "operators that problem.toml declares": [
        "solution.Bag(1) == solution.Bag(1) and solution.Bag(1) != solution.Bag(2)",
        "solution.Bag(1) in [solution.Bag(1)]",
        "len({solution.Bag(1), solution.Bag(1)}) == 1",
        "(solution.Bag(1) + solution.Bag(2)).things == [1, 2]",
        "[bag.things for bag in sorted([solution.Bag(2), solution.Bag(1)])] == [[1], [2]]",
    ],
    "dataclasses": [
        "solution.Version(1) == solution.Version(1) and solution.Version(1) != solution.Version(2)",
        "repr(solution.Version(1)) == 'Version(major=1, minor=0)'",
        "{solution.Version(1): 'x'}[solution.Version(1)] == 'x'",
        "max(solution.Version(1), solution.Version(2)).major == 2",
        "dataclasses.asdict(solution.Row('a')) == {'key': 'a', 'values': []}",
        "[field.name for field in dataclasses.fields(solution.Version(1))] == ['major', 'minor']",
        "copy.copy(solution.Version(1)) == solution.Version(1)",
        "solution.Vector(1, 2)[0] == 1 and len(solution.Vector(1, 2)) == 2",
        "abs(solution.Vector(3, 4)) == 5",
        "str(solution.Vector(1, 2)) == '<1, 2>' and f'{solution.Vector(1, 2)}' == '<1, 2>'",
        "(solution.Vector(1, 2) + solution.Vector(1, 1)).x == 2",
        "box = solution.Sealed([]); box.put(1); assert box.items == [1]",
        "solution.Version(1).bumped() == solution.Version(1, 1)",
        "solution.Row('a').values == []",
    ],
    "enumerations": [
        "Suit('h') is Suit.HEARTS and Suit['SPADES'].value == 's'",
        "Suit.HEARTS.name == 'HEARTS' and Suit.HEARTS != Suit.SPADES",
        "[suit.value for suit in Suit] == ['h', 's'] and len(Suit) == 2",
        "solution.Rank.ACE == 1 and solution.Rank.ACE.name == 'ACE'",
        "solution.Level.LOW == 'low' and solution.Level('low') is solution.Level.LOW",
    ],
    "subclasses of builtins": [
        "Pair(1, 2) == (1, 2) and Pair(1, 2).right == 2",
        "Pair(1, 2)._replace(left=5) == (5, 2) and Pair(1, 2)._asdict() == {'left': 1, 'right': 2}",
        "left, right = Pair(1, 2); assert right == 2",
        "solution.Tally('a', 3).count == 3 and solution.Tally('a', 3).name == 'a'",
        "f'{solution.Level.LOW}' == 'Level.LOW' and f'{Pair(1, 2)}' == 'Pair(left=1, right=2)'",
        "match solution.Ring([1, 2]):\n"
        "    case [first, _]: assert first == 1\n    case _: assert False",
        "solution.Span(2).length() == 7 and isinstance(solution.Span(2), tuple)",
        "repr(Pair(1, 2)) == 'Pair(left=1, right=2)'",
        "solution.Celsius(100) == 100.0 and solution.Celsius(100).fahrenheit() == 212.0",
        "ring = solution.Ring([1, 2]); ring.turn(); assert ring == [2, 1] and ring[0] == 2",
        "isinstance(solution.Ring(), list) and solution.Ring([1]) + [2] == [1, 2]",
        "solution.Defaults(a=1)['b'] == 'bb' and solution.Defaults(a=1) == {'a': 1}",
        "solution.Tags({1, 2}).both({2, 3}) == {2}",
        "line = solution.Queue([1, 2]); assert line.serve() == 1 and line == deque([2])",
    ],
    "values of the standard library": [
        "solution.values()['decimal'] == decimal.Decimal('2.5')",
        "solution.values()['fraction'] == 0.75",
        "solution.values()['date'] + datetime.timedelta(1) == datetime.date(2024, 3, 1)",
        "solution.values()['span'].total_seconds() == 7200",
        "solution.values()['moment'].isoformat() == '2024-01-01T00:00:00+00:00'",
        "solution.values()['uuid'] == uuid.UUID(int=5)",
        "solution.values()['range'] == range(2, 9, 3) and list(solution.values()['range'])[1] == 5",
        "solution.values()['complex'].imag == 2 and solution.values()['bytes'] == b'ab'",
        "solution.values()['deque'] == deque([1, 2]) and solution.values()['deque'].maxlen == 3",
        "solution.values()['counter'].most_common(1) == [('a', 2)]",
        "solution.values()['ordered'] != OrderedDict(a=2, b=1)",
        "solution.groups()['new'] == [] and solution.views() == {'a'}",
        "solution.apply(lambda day: day.year, datetime.date(2024, 1, 1)) == 2024",
    ],
    "exceptions": [
        "with pytest.raises(Refused, match='with 4') as caught: solution.refuse(4)\n"
        "assert caught.value.code == 4 and not caught.value.is_final",
        "with pytest.raises(Refused) as caught: solution.refuse(10)\n"
        "assert type(caught.value).__name__ == 'Banned' and str(caught.value) == 'banned for good'",
        "with pytest.raises(Refused) as caught: solution.refuse(4)\n"
        "assert caught.value.advice() == 'try 5'",
        "with pytest.raises(ValueError) as caught: solution.fail('cause')\n"
        "assert isinstance(caught.value.__cause__, KeyError)",
        "with pytest.raises(ValueError) as caught: solution.fail('notes')\n"
        "assert caught.value.__notes__ == ['a note']",
        "with pytest.raises(ValueError) as caught: solution.fail('context')\n"
        "assert isinstance(caught.value.__context__, KeyError)",
        "with pytest.raises(ExceptionGroup) as caught: solution.fail('group')\n"
        "assert [type(error) for error in caught.value.exceptions] == [ValueError, KeyError]",
        "with pytest.raises(ExceptionGroup) as caught: solution.fail('group')\n"
        "assert caught.value.message == 'two' and str(caught.value) == 'two (2 sub-exceptions)'",
        "with pytest.raises(OSError, match='^late$') as caught: solution.fail('late')\n"
        "assert isinstance(caught.value, TimeoutError) and caught.value.errno is None",
        "with pytest.raises(json.JSONDecodeError): solution.fail('library')",
        "with pytest.raises(queue.Empty): solution.fail('empty')",
        "with pytest.raises(decimal.InvalidOperation): solution.fail('')",
        "with pytest.raises(SystemExit) as caught: solution.fail('exit')\n"
        "assert caught.value.code == 3",
        "with pytest.raises(OSError) as caught: solution.fail('file')\n"
        "assert (caught.value.errno, caught.value.filename) == (2, 'a.txt')",
        "with pytest.raises(Boom): solution.apply(boom)",
        "error = solution.refused(4); assert isinstance(error, Refused) and error.code == 4",
        "isinstance(solution.apply(lambda: KeyError('k')), KeyError)",
        "solution.apply(str, ValueError('gone')) == 'gone'",
        "with pytest.raises(Boom): solution.throw(Boom('b'))",
        "steps = solution.countdown(3); next(steps)\n"
        "with pytest.raises(ValueError): steps.throw(ValueError('x'))",
        "error = solution.refused(4)\nwith pytest.raises(Refused): raise error",
        "isinstance(solution.apply(lambda error: error, solution.refused(4)), Refused)",
    ],
    "functions and classes": [
        "str(inspect.signature(solution.wrapped)) == '(number)'",
        "inspect.iscoroutinefunction(solution.doubled)",
        "inspect.isgeneratorfunction(solution.countdown) and inspect.isfunction(solution.apply)",
        "issubclass(solution.Banned_, solution.Refused_) and not issubclass(solution.Bag, Suit)",
        "isinstance(RATE, int) and isinstance(GREETING, str) and solution.kind_of(5) is int",
    ],
    "imported constants": [
        "RATE + 1 == 8 and 2 * RATE == 14 and -RATE == -7 and RATE // 2 == 3 and 2**RATE == 128",
        "RATE % 4 == 3 and divmod(RATE, 2) == (3, 1) and RATE < 8 <= RATE + 1",
        "{7: 'seven'}[RATE] == 'seven' and [0] * RATE == [0, 0, 0, 0, 0, 0, 0]",
        "math.sqrt(RATE + 2) == 3 and round(RATE / 2) == 4 and range(RATE)[-1] == 6",
        "SIZES == [1, 2] and SIZES[0] == 1 and len(SIZES) == 2 and SIZES + [3] == [1, 2, 3]",
        "GREETING.upper() == 'HELLO' and f'{GREETING:>6}' == ' hello' and GREETING[0] == 'h'",
        "'hello you'.startswith(GREETING) and GREETING in 'say hello' and ''.join([GREETING])",
        "type(RATE) is int and UNSET is None and json.dumps([RATE]) == '[7]'",
        "datetime.timedelta(RATE).days == 7 and decimal.Decimal(RATE) == 7",
    ],
    "what a suite gives": [
        "solution.apply(lambda a, b=1: a + b, 2, b=3) == 5 and solution.apply(len, [1]) == 1",
        "solution.apply(functools.partial(pow, 2), 3) == 8",
        "@solution.remembered\ndef half(number):\n    'Halve.'\n    return number / 2\n"
        "assert half(6) == 3 and half.__name__ == 'half' and half.__doc__ == 'Halve.'",
        "@solution.remembered\ndef up(number): return number and 1 + up(number - 1)\n"
        "assert up(60) == 60",
        "solution.apply(lambda: ...) is ... and solution.apply(lambda: NotImplemented) is not None",
        "solution.total(n for n in (1, 2)) == 3 and solution.total(iter([4])) == 4",
        "solution.is_a(3, int) is True and solution.is_a(3, (str, list)) is False",
        "solution.ask(Clock()) == 12 and solution.ask(types.SimpleNamespace(now=lambda: 5)) == 5",
        "clock = mock.Mock(); clock.now.return_value = 7; assert solution.ask(clock) == 7\n"
        "clock.now.assert_called_once_with()",
        "seen = []; solution.in_threads(seen.append, 5); assert sorted(seen) == [0, 1, 2, 3, 4]",
        "gate = threading.Barrier(3); solution.in_threads(lambda n: gate.wait(1), 3)",
        "bag = solution.Bag(); assert solution.apply(lambda got: got is bag, bag)",
    ],
}

REFUSED = {
    "copy.deepcopy(solution.Bag())": "stay in the box",
    "solution.Tally('a', 1) < solution.Tally('b', 1)": '"__lt__" as a method of Tally',
    "len(solution.Tally('a', 3)) == 3": "Tally defines __len__ anew",
    "solution.Row('a') == solution.Row('a')": '"__eq__" as a method of Row',
    "solution.Ring([1]) == solution.Ring([1])": '"__eq__" as a method of Ring',
    "type(solution.Bag()) is solution.Bag": "use isinstance",
    "numbers = [2, 1]; solution.sort(numbers); assert numbers == [1, 2]": "arguments are copied",
    "solution.keep().append(1); assert solution.keep() == [1]": "answers are copied",
    "solution.long()": "a range of more than 1,000,000 numbers",
    "solution.Plain(1) + solution.Plain(2)": '"__add__" as a method of Plain',
    "sorted([solution.Plain(2), solution.Plain(1)])": '"__lt__" as a method of Plain',
    "solution.Plain(1) < 5": "expected a plain value to compare or calculate with",
    "5 * solution.Plain(1)": "expected a plain value to compare or calculate with",
    "solution.Bag.__mro__": "cannot ask the solution for __mro__",
    "solution.apply.__annotations__ == {}": "cannot ask the solution for __annotations__",
    "with solution.silent(KeyError): {}['k']": "swallows no exception of a `with` block",
    "'A' in solution.Headers(a=1)": '"__contains__" as a method of Headers',
    "solution.values()['uuid'] is solution.values()['uuid']": "compare it by `==`",
    "solution.counts()['a'] == 1": "the function by which a defaultdict makes new values",
    "dataclasses.replace(solution.Row('a'), key='b')": "give the library what they hold",
    "json.dumps(solution.Ring([1]))": "give the library what they hold",
    "match 5:\n    case solution.Version(): pass": "give the library what they hold",
    "{solution.Mark(1): 1}[solution.Mark(1)]": '"__hash__" as a method of Mark',
    "class Mine(solution.Bag): pass": "a suite cannot derive from it",
    "class Mine(solution.Plain): pass": "a suite cannot derive from it",
    "with pytest.raises(StopIteration): solution.fail('stop')": "would end loops of the suite",
}
"""What is refused with a message that names the rule, by its words."""

INSTEAD = (
    (
        "compare objects of the solution, or calculate with them",
        'declare the operator as a method of their class in `problem.toml` (`Money = ["__eq__",'
        ' "__add__"]`): it then runs in the box, between two of them; or compare what they hold',
    ),
    (
        "`sort(numbers)` changes the suite's own list",
        "arguments are copied: let the function return what it made",
    ),
    (
        "change a list that an attribute or method returned",
        "answers are copied: call a method that changes it",
    ),
    ("`type(x) is Bag`", "`isinstance(x, Bag)`"),
    ("derive a class of the suite from one of the solution", "a function that it calls"),
    (
        "`pytest.raises(StopIteration)` around a call, not around `next`",
        "another exception: this one would end a loop of the suite early",
    ),
    (
        "`random.seed`, or a patch of `time`, `builtins.input` or `os`, for the solution",
        'patch the name in the solution (`patch("solution.time.time")`), or pass a function',
    ),
    (
        "give an object of the suite's, and read its attributes there",
        "give functions: of an object only methods that the suite defines can be called",
    ),
    (
        "give a named tuple or a member of an enumeration of the suite",
        "the solution's own (`solution.Suit.HEARTS`), or plain values: it arrives as one",
    ),
    (
        "`json.dumps`, `pickle`, `copy`, `dataclasses.replace` of an object that stays in the box",
        "of what it holds (`dataclasses.asdict(row)` works)",
    ),
    (
        "`from solution import limit` or `SIZES`, a list, as an exact value (`limit is None`)",
        "a name in capitals for a value that never changes; else `solution.limit`",
    ),
    (
        "let a context manager of the solution swallow an exception of the suite's `with` block",
        "`manager.__exit__(KeyError, KeyError(), None)`, whose answer says whether it would",
    ),
    ("`'A' in headers`, where `headers` defines `__contains__`", "declare `__contains__`"),
    (
        "`price == 5`, `price != 5`, `price == None`, where the class defines `__eq__`",
        "`price.cents == 5`, `price is None`",
    ),
    ("`dir(x)`, `solution.__dict__`, the signature of a class", "`hasattr`; that of a function"),
    ("`match` with a class of the solution as pattern", "`isinstance`, and compare fields"),
    (
        "`capsys`, `pytest.warns`, `assertLogs`, `monkeypatch.setenv` for the solution",
        "answers, or functions that the suite passes",
    ),
    (
        "give an `async` function, a lock, a queue or a file of the suite",
        "plain functions; `await` what the solution gives",
    ),
    ("`defaultdict` with a function of its own", "a factory such as `list` or `int`"),
    ("derive from `date`, `Decimal` or `Fraction`, and compare", "return the value itself"),
    ("values of more than 8 MB, 400,000 parts, 100 levels", "several calls"),
)
"""What does not work, and what to write instead."""


def function(number: int, code: str) -> str:
    """Return a case of its code: an expression is asserted."""
    try:
        compile(code, "", "eval")
    except SyntaxError:
        body = code
    else:
        body = f"assert {code}"
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def test_{number}():\n{lines}\n"


@pytest.mark.parametrize("group", WORK)
def test_what_works_as_in_plain_pytest(bench, group: str) -> None:
    bench.symbols = SYMBOLS
    codes = WORK[group]
    suite = HEAD + "\n\n".join(function(number, code) for number, code in enumerate(codes))
    seen = bench.outcomes(suite, SOLUTION, memory_mb=256)
    refused = {
        codes[int(case.removeprefix("test_"))]: f"{outcome.verdict}: {outcome.message}"
        for case, outcome in seen.items()
        if outcome.verdict is not Verdict.ACCEPTED
    }
    assert len(seen) == len(codes)
    assert refused == {}


def test_what_is_refused_names_its_rule(bench) -> None:
    bench.symbols = SYMBOLS
    suite = HEAD + "\n\n".join(function(number, code) for number, code in enumerate(REFUSED))
    outcomes = bench.outcomes(suite, SOLUTION)
    for number, (code, words) in enumerate(REFUSED.items()):
        outcome = outcomes[f"test_{number}"]
        assert outcome.verdict is not Verdict.ACCEPTED, code
        assert words in outcome.message, code


def test_objects_of_the_solution_never_say_themselves_that_they_are_right(bench) -> None:
    """Not even declared operators run with a value of the suite."""
    bench.symbols = SYMBOLS
    solution = SOLUTION.replace("self.things == other.things", "True")
    suite = HEAD + function(0, "solution.Bag(1) == 5") + function(1, "5 == solution.Bag(1)")
    for outcome in bench.outcomes(suite, solution).values():
        assert outcome.verdict is Verdict.WRONG_ANSWER


def test_the_table_in_the_documents() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = before + BEGIN + table() + END + after
    if os.environ.get("HARNESS_REGENERATE_DOCS"):
        DOCUMENT.write_text(made, encoding="utf-8")
    assert text == made, "regenerate: HARNESS_REGENERATE_DOCS=1 pytest test_protocols.py"


def table() -> str:
    """Return what works, by groups, and what does not, as Markdown."""
    parts = ["\n## What works\n"]
    for group, codes in WORK.items():
        lines = "\n".join(code.replace("solution.", "") for code in codes)
        parts.append(f"\n{group[0].upper()}{group[1:]}:\n\n```text\n{lines}\n```\n")
    rows = "\n".join(f"| {what} | {instead} |" for what, instead in INSTEAD)
    parts.append(f"\n## What does not\n\n| to … | write instead |\n|---|---|\n{rows}\n\n")
    return "".join(parts)
