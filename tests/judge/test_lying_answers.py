"""An answer that says yes to everything is accepted nowhere, and never fails the judge."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

SOLUTION = """
import collections, dataclasses, enum

def yes(*_, **__):
    return True

def no(*_, **__):
    return False

def itself(self, *_, **__):
    return self

SAYS_YES = dict.fromkeys(["__eq__", "__le__", "__ge__", "__bool__"], yes)
SAYS_YES |= dict.fromkeys(["__ne__", "__lt__", "__gt__"], no)
SAYS_YES["__hash__"] = lambda self: 1
BINARY = "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split()
NUMBER = SAYS_YES | {f"__{side}{name}__": itself for name in BINARY for side in ("", "r", "i")}
NUMBER |= {f"__{name}__": itself for name in "neg pos abs invert round trunc floor ceil".split()}
NUMBER |= {"__int__": no, "__index__": no, "__float__": lambda self: 0.0}
TEXT = {"__str__": lambda self: "", "__repr__": lambda self: "", "__format__": lambda self, _: ""}
METHODS = "startswith endswith issubset issuperset isdisjoint index count get".split()
HOLDS = dict.fromkeys(["__contains__", *METHODS], yes)
HOLDS |= {f"__{name}__": itself for name in "getitem iter next call enter".split()}
HOLDS |= {"__len__": lambda self: 1, "__exit__": no, "__getattr__": itself}
ALL = NUMBER | TEXT | HOLDS
PARTS = SAYS_YES | TEXT | dict.fromkeys(["__contains__", *METHODS[2:5]], yes)

def lying(base, *args, **names):
    return type("Lying", (base,), names)(*args)

class Meta(type):
    __eq__ = __instancecheck__ = __subclasscheck__ = __contains__ = yes
    __hash__ = lambda cls: 1
    __call__ = __getattr__ = __getitem__ = __sub__ = __rsub__ = __abs__ = itself

class Pretends:
    __eq__ = yes
    __hash__ = lambda self: 1
    def __init__(self, kind):
        self.kind = kind
    @property
    def __class__(self):
        return object.__getattribute__(self, "kind")

@dataclasses.dataclass(frozen=True)
class Frozen:
    value: int = 0
    __eq__ = yes
    __hash__ = lambda self: 1

class Number(enum.IntEnum):
    A = 1
    __eq__ = yes
    __hash__ = lambda self: 1
    __sub__ = __rsub__ = no

class Declared:
    value = 0

for name, does in (SAYS_YES | NUMBER).items():
    setattr(Declared, name, does)

ANSWERS = {
    "object": lambda: lying(object, **ALL),
    "int": lambda: lying(int, **NUMBER, **TEXT),
    "float": lambda: lying(float, **NUMBER, **TEXT),
    "nan": lambda: float("nan"),
    "str": lambda: lying(str, **ALL),
    "bytes": lambda: lying(bytes, **SAYS_YES),
    "list": lambda: lying(list, **SAYS_YES | HOLDS | {"__iter__": lambda self: iter(())}),
    "tuple": lambda: lying(tuple, **SAYS_YES | TEXT),
    "set": lambda: lying(set, **PARTS),
    "frozenset": lambda: lying(frozenset, **PARTS),
    "dict": lambda: lying(dict, **SAYS_YES | HOLDS),
    "default": lambda: collections.defaultdict(lambda: lying(object, **ALL)),
    "deque": lambda: lying(collections.deque, **SAYS_YES),
    "class": lambda: Meta("Class", (), {}),
    "pretends to be int": lambda: Pretends(int),
    "pretends to be str": lambda: Pretends(str),
    "frozen": Frozen,
    "enum": lambda: Number.A,
    "declared": Declared,
    "in a list": lambda: [lying(object, **ALL)],
}

def take(name):
    return ANSWERS[name]()
"""

NAMES = [
    *("object", "int", "float", "nan", "str", "bytes", "list", "tuple", "set", "frozenset"),
    *("dict", "default", "deque", "class", "pretends to be int", "pretends to be str"),
    *("frozen", "enum", "declared", "in a list"),
]

SYMBOLS = {
    "functions": ["take"],
    "classes": {"Declared": ["value", "__eq__", "__lt__", "__add__", "__hash__"]},
}

HEAD = """
import asyncio, collections, contextlib, copy, json, math, operator, re, secrets, unittest
from unittest import mock
from solution import take

NUMBER = 987654
TEXT = "t" + secrets.token_hex(8)
NUMBERS = [secrets.randbelow(10**9) for _ in range(3)]
BY_KEY = {"key": secrets.randbelow(10**9)}
CASE = unittest.TestCase()

async def awaited(value):
    return await value
"""

CLAIMS = """
assert it == NUMBER
assert NUMBER == it
assert not it != NUMBER
assert it is NUMBER
assert it in (NUMBER,)
assert NUMBER in [it]
assert [it] == [NUMBER]
assert {"a": [it]} == {"a": [NUMBER]}
assert it in {NUMBER}
assert {NUMBER: 1}[it] == 1
assert len({it, NUMBER}) == 1
assert [NUMBER].index(it) == 0
assert [it].count(NUMBER) == 1
assert collections.Counter([it]) == collections.Counter([NUMBER])
assert it >= NUMBER and it <= NUMBER
assert abs(it - NUMBER) < 1
assert it == pytest.approx(NUMBER)
assert [it] == pytest.approx([NUMBER])
assert math.isclose(it, NUMBER)
assert operator.eq(it, NUMBER)
assert str(it) == str(NUMBER)
assert f"{it}" == f"{NUMBER}"
assert int(it) == NUMBER
assert hash(it) == hash(NUMBER)
assert copy.deepcopy(it) == NUMBER
assert mock.call(it) == mock.call(NUMBER)
assert list(it) == [NUMBER]
assert {**it} == BY_KEY
assert next(iter(it)) == NUMBER
assert it[0] == NUMBER
assert it.value == NUMBER
assert it() == NUMBER
assert asyncio.run(awaited(it)) == NUMBER
assert len(it) == NUMBER
assert sum(it) == NUMBER
assert max(it, NUMBER) == min(it, NUMBER)
assert it == TEXT
assert TEXT in it
assert it.encode() == TEXT.encode()
assert re.fullmatch(TEXT, it)
assert "".join(it) == TEXT
assert it == NUMBERS
assert set(it) == set(NUMBERS)
assert not set(NUMBERS) - set(it)
assert it >= set(NUMBERS)
assert set(NUMBERS) <= it
assert [*it] == NUMBERS
assert it == BY_KEY
assert it.items() == BY_KEY.items()
assert it["key"] == BY_KEY["key"]
assert json.dumps(it) == json.dumps(BY_KEY)
CASE.assertEqual(it, NUMBER)
CASE.assertIs(it, NUMBER)
CASE.assertIn(NUMBER, [it])
CASE.assertAlmostEqual(it, NUMBER, delta=1)
CASE.assertCountEqual(it, NUMBERS)
CASE.assertListEqual(it, NUMBERS)
CASE.assertTupleEqual(it, tuple(NUMBERS))
CASE.assertDictEqual(it, BY_KEY)
CASE.assertSetEqual(it, set(NUMBERS))
CASE.assertMultiLineEqual(it, TEXT)
CASE.assertFalse(it != NUMBER)
seen = mock.Mock(); seen(it); seen.assert_called_once_with(NUMBER)
left = [it]; left.remove(NUMBER)
left = {NUMBER}; left.remove(it)
first, *rest = it; assert [first, *rest] == NUMBERS
""".strip().splitlines()
"""What a suite says of an answer ``it`` that only the right one fulfils."""

PARTS = """
assert it.issuperset(NUMBERS)
assert it.issubset({NUMBER}) and NUMBER in it
""".strip().splitlines()
"""The same, of sets: another class may answer as it likes, as by any method of its own."""


@pytest.mark.parametrize(("claims", "names"), [(CLAIMS, NAMES), (PARTS, ["set", "frozenset"])])
def test_no_answer_is_accepted_for_what_it_says_of_itself(
    bench, claims: list[str], names: list[str]
) -> None:
    bench.symbols = SYMBOLS
    cases = [(claim, name) for claim in claims for name in names]
    suite = HEAD + "".join(
        f"\ndef test_{number}():\n    it = take({name!r})\n    {claim}\n"
        for number, (claim, name) in enumerate(cases)
    )
    seen = bench.outcomes(suite, SOLUTION, memory_mb=256, wall_seconds=0.5)
    assert len(seen) == len(cases)
    wrong = {Verdict.ACCEPTED, Verdict.JUDGE_ERROR, Verdict.SKIPPED}
    for case, outcome in seen.items():
        if outcome.verdict in wrong:
            print(*cases[int(case.removeprefix("test_"))], outcome.verdict, outcome.message)
    assert not wrong.intersection(outcome.verdict for outcome in seen.values())
