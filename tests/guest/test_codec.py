"""Every value crosses exactly; whatever is not a value is refused."""

from __future__ import annotations

import datetime as dt
import enum
import math
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.guest.codec import (
    MAX_DEPTH,
    MAX_KEY_WORK,
    MAX_NODES,
    SAFE_INTEGER,
    Decoder,
    Encoder,
    MalformedError,
    UnsendableError,
    key_work,
)
from harness.guest.frames import HEADER, pack, unpack
from harness.guest.values import LostFactoryError

texts = st.text(st.characters(codec=None, categories=None)) | st.text('ab\ud83d\ude00\x00"\\\n')
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.sampled_from([SAFE_INTEGER, SAFE_INTEGER + 1, -SAFE_INTEGER, -SAFE_INTEGER - 1])
    | st.floats()
    | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 5e-324])
    | texts
    | st.binary()
)
hashable = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner, max_size=4),
    max_leaves=8,
)
values = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.sets(hashable, max_size=5)
        | st.dictionaries(hashable, inner, max_size=5)
    ),
    max_leaves=20,
)


def cross(value: object) -> Any:
    """Send ``value`` through everything that lies between two processes."""
    data = pack([Encoder().encode(value)])
    (node,) = unpack(data[HEADER.size :])
    return Decoder().decode(node)


def shape(value: Any) -> Any:
    """Something that is equal only for values of equal types all the way down."""
    kind = type(value)
    if kind is float:
        return kind, value.hex()
    if kind in (list, tuple):
        return kind, [shape(item) for item in value]
    if kind in (set, frozenset):
        return kind, sorted(map(repr, map(shape, value)))
    if kind is dict:
        return kind, [(shape(key), shape(item)) for key, item in value.items()]
    return kind, value


@given(values)
def test_every_value_crosses_exactly(value: object) -> None:
    assert shape(cross(value)) == shape(value)


@given(st.lists(values, max_size=4), st.dictionaries(st.text(), values, max_size=3))
def test_arguments_cross_exactly(args: list[object], kwargs: dict[str, object]) -> None:
    nodes, named = Encoder().encode_arguments(args, kwargs)
    nodes, named = unpack(pack([nodes, named])[HEADER.size :])
    assert shape(list(Decoder().decode_arguments(nodes, named))) == shape([args, kwargs])


@pytest.mark.parametrize("name", ["\ud800", "\ud83d\ude00"], ids=["one", "pair"])
def test_a_keyword_that_json_would_change_is_refused(name: str) -> None:
    with pytest.raises(UnsendableError, match="keyword"):
        Encoder().encode_arguments((), {name: 1})


class HostileText(str):
    def __str__(self) -> str:
        return "another"

    __repr__ = __str__

    def encode(self, *_: object) -> bytes:  # type: ignore[override]
        raise AssertionError

    def isascii(self) -> bool:
        raise AssertionError


class HostileInt(int):
    def __int__(self) -> int:
        return 7

    __index__ = __int__

    def __le__(self, other: object) -> bool:
        raise AssertionError

    def __hash__(self) -> int:
        return 1


class HostileList(list[object]):
    def __iter__(self) -> Any:
        raise AssertionError

    def __len__(self) -> int:
        return 1_000_000

    def copy(self) -> Any:
        raise AssertionError


class HostileDict(dict[object, object]):
    def items(self) -> Any:
        raise AssertionError

    def __iter__(self) -> Any:
        raise AssertionError

    def __len__(self) -> int:
        return 0


class HostileOrdered(OrderedDict[object, object]):
    def items(self) -> Any:
        raise AssertionError

    def __getitem__(self, key: object) -> object:
        raise AssertionError


class HostileSet(set[object]):
    def __iter__(self) -> Any:
        raise AssertionError


class Colour(enum.IntEnum):
    RED = 2**60


class Word(enum.StrEnum):
    HELLO = "hello"


Point = namedtuple("Point", "x y")


def moved() -> OrderedDict[str, int]:
    ordered = OrderedDict(a=1, b=2, c=3)
    ordered.move_to_end("a")
    return ordered


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (HostileText("ab\ud800"), "ab\ud800"),
        (HostileInt(2**70), 2**70),
        (HostileInt(3), 3),
        (HostileList([1, HostileInt(2)]), [1, 2]),
        (HostileDict({1: HostileList()}), {1: []}),
        (HostileOrdered(b=1, a=2), {"b": 1, "a": 2}),
        (HostileSet({1, 2}), {1, 2}),
        (Colour.RED, 2**60),
        ({Word.HELLO: Colour.RED}, {"hello": 2**60}),
        (Point(1, Point(2, 3)), (1, (2, 3))),
        (type("Real", (float,), {"hex": None})(0.1), 0.1),
        (type("Raw", (bytes,), {"hex": None})(b"\x00\xff"), b"\x00\xff"),
        (type("Frozen", (frozenset,), {"__iter__": None})({1}), frozenset({1})),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_are_reduced_to_the_builtin(value: object, plain: object) -> None:
    assert shape(cross(value)) == shape(plain)


ZONES = st.sampled_from(
    [
        None,
        dt.UTC,
        dt.timezone(dt.timedelta(hours=-3, minutes=-30)),
        dt.timezone(dt.timedelta(0), "GMT"),
        ZoneInfo("Europe/Paris"),
    ]
)
SMALL = st.integers(-(10**5), 10**5)
standard = (
    st.decimals()
    | st.fractions()
    | st.dates()
    | st.datetimes(timezones=ZONES, allow_imaginary=False)
    | st.times(timezones=ZONES)
    | st.timedeltas()
    | st.uuids()
    | st.builds(range, SMALL, SMALL, SMALL.filter(bool))
    | st.complex_numbers()
    | st.binary().map(bytearray)
    | st.builds(deque, st.lists(values, max_size=4), st.none() | st.integers(4, 9))
    | st.dictionaries(hashable, values, max_size=4).map(OrderedDict)
    | st.lists(hashable, max_size=6).map(Counter)
    | st.builds(
        defaultdict,
        st.sampled_from([None, list, dict, set, int, float, str, bool, tuple]),
        st.dictionaries(hashable, values, max_size=4),
    )
)


@given(standard)
def test_values_of_the_library_cross_exactly(value: Any) -> None:
    crossed = cross(value)
    assert type(crossed) is type(value)
    if isinstance(value, dict):
        assert shape(list(crossed.items())) == shape(list(value.items()))
        assert getattr(crossed, "default_factory", 0) is getattr(value, "default_factory", 0)
    elif isinstance(value, deque):
        assert shape(list(crossed)) == shape(list(value))
        assert crossed.maxlen == value.maxlen
    else:
        assert repr(crossed) == repr(value)


def test_an_order_of_keys_that_was_changed_crosses() -> None:
    assert list(cross(moved())) == ["b", "c", "a"]
    assert list(cross(type("Mine", (OrderedDict,), {})(moved()))) == ["b", "c", "a"]


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1E+10001"),
        Decimal("1E-10001"),
        Decimal("1" * 10_001),
        Fraction(2**40_000),
        Fraction(1, 2**40_000),
        range(10**9),
        range(10**30, 0, -1),
        dt.datetime(2024, 1, 1, tzinfo=type("Zone", (dt.tzinfo,), {})()),
    ],
    ids=["large", "small", "long", "numerator", "denominator", "range", "down", "zone"],
)
def test_values_of_the_library_that_cannot_be_sent(value: object) -> None:
    with pytest.raises(UnsendableError, match="cannot be sent"):
        Encoder().encode(value)


def test_a_factory_of_its_own_is_left_out() -> None:
    crossed = cross(cross(defaultdict(lambda: 5, {1: 2})))
    assert (type(crossed), crossed) == (defaultdict, {1: 2})
    with pytest.raises(LostFactoryError, match="does not cross"):
        crossed[3]
    assert cross(defaultdict(None, {1: 2})).default_factory is None


@pytest.mark.parametrize(
    "node",
    [
        {"Decimal": [1]},
        {"Decimal": ["1_0"]},
        {"Decimal": ["1E+99999"]},
        {"Decimal": ["x"]},
        {"Decimal": []},
        {"Fraction": [1, 0]},
        {"Fraction": [2, 4]},
        {"Fraction": [1, -2]},
        {"Decimal": ["1" * 10_001]},
        {"Fraction": [{"i": hex(2**40_000)}, 1]},
        {"range": [0, 1_000_002, 1]},
        {"date": [2023, 2, 29]},
        {"date": [{"b": "07e50101"}]},
        {"deque": [4.0, []]},
        {"date": [2023, 1, {"i": hex(2**80)}]},
        {"datetime": [2023, 1, 1, 25, 0, 0, 0, 0, None]},
        {"datetime": [2023, 1, 1, 5, 0, 0, 0, 0, "../../etc/passwd"]},
        {"datetime": [2023, 1, 1, 5, 0, 0, 0, 0, "No/Where"]},
        {"time": [1, 2, 3, 4, 5, 6]},
        {"timedelta": [{"i": hex(2**80)}, 0, 0]},
        {"UUID": [-1]},
        {"range": [0, 1, 0]},
        {"range": [0, 1.5]},
        {"complex": [1, 2]},
        {"bytearray": [9999999999]},
        {"deque": [-1, []]},
        {"deque": [None, {"t": []}]},
        {"Counter": [[1]]},
        {"defaultdict": ["eval", {"d": []}]},
        {"OrderedDict": {"d": []}},
        {"OrderedDict": [[]]},
    ],
    ids=lambda node: str(node)[:60],
)
def test_no_value_of_the_library(node: object) -> None:
    with pytest.raises(MalformedError):
        Decoder().decode(node)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_depth_has_a_limit_on_both_sides() -> None:
    assert cross(nested(MAX_DEPTH)) == nested(MAX_DEPTH)
    with pytest.raises(UnsendableError, match="deeper than 100"):
        Encoder().encode(nested(MAX_DEPTH + 1))
    with pytest.raises(MalformedError):
        Decoder().decode(nested(MAX_DEPTH + 1))
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UnsendableError):
        Encoder().encode(endless)


def test_parts_have_a_limit_for_the_whole_message() -> None:
    half = [None] * (MAX_NODES // 2)
    assert cross(half) == half
    with pytest.raises(UnsendableError, match="parts"):
        Encoder().encode([half, half])
    with pytest.raises(UnsendableError, match="parts"):
        Encoder().encode_arguments((half,), {"more": [*half, 1]})
    with pytest.raises(MalformedError):
        Decoder().decode([half, half])
    with pytest.raises(MalformedError):
        Decoder().decode_arguments([half], {"more": [*half, 1]})


def test_a_coder_starts_anew_with_each_message() -> None:
    encoder, decoder = Encoder(), Decoder()
    big = [None] * (MAX_NODES - 10)
    for _ in range(3):
        assert decoder.decode(encoder.encode(big)) == big


MALFORMED = [
    1.5,
    2**53 + 1,
    {},
    {"t": [], "b": ""},
    {"": "61"},
    {"if": "61"},
    {"fb": "61"},
    {"dS": []},
    {"td": []},
    {"unknown": 1},
    {"t": {}},
    {"t": "ab"},
    {"i": 5},
    {"i": "0x5"},
    {"i": "0X40000000000000"},
    {"i": "18014398509481984"},
    {"i": "0x4000_0000_0000_00"},
    {"i": " 0x40000000000000"},
    {"i": "zz"},
    {"f": "1.0"},
    {"f": "-nan"},
    {"f": "0x1p+99999"},
    {"f": 1},
    {"f": "NaN"},
    {"b": "6"},
    {"b": "61 62"},
    {"b": "FF"},
    {"s": "ff"},
    {"s": 1},
    {"d": [1]},
    {"d": [[], 1]},
    {"d": [1, 2, 1, 3]},
    {"S": [1, True]},
    {"S": [{"S": []}]},
    {"F": ["a", "a"]},
    {"h": 1},
    {"c": 1},
    [{"t": [[{"nothing": None}]]}],
]


@pytest.mark.parametrize("node", MALFORMED, ids=repr)
def test_what_is_not_a_value_is_refused(node: object) -> None:
    with pytest.raises(MalformedError):
        Decoder().decode(node)
    with pytest.raises(MalformedError):
        Decoder().decode_arguments([], {"x": node})


def test_what_is_not_plain_goes_to_the_owner() -> None:
    thing = object()
    assert Encoder(lambda value, depth: {"h": 3}).encode([thing]) == [{"h": 3}]
    assert Decoder({"h": lambda body, depth: thing}).decode([{"h": 3}]) == [thing]
    with pytest.raises(UnsendableError, match="type object"):
        Encoder().encode(thing)


MERSENNE = 2**61 - 1
"""Numbers are hashed modulo this prime."""

COLLIDING = {
    "ints": [{"i": hex(k * MERSENNE)} for k in range(1, 100_000)],
    "tuples": [{"t": [{"i": hex(k * MERSENNE)}]} for k in range(1, 60_000)],
    "deep tuples": [
        {"t": [{"t": [{"t": [{"t": [{"i": hex(k * MERSENNE)}]}]}]}]} for k in range(1, 30_000)
    ],
}


@pytest.mark.parametrize("nodes", COLLIDING.values(), ids=COLLIDING)
@pytest.mark.parametrize("tag", ["S", "F", "d"])
def test_keys_chosen_to_collide_are_refused_at_once(nodes: list[Any], tag: str) -> None:
    if tag == "d":
        nodes = [part for node in nodes[: MAX_NODES // 8] for part in (node, None)]
    started = time.monotonic()
    with pytest.raises(MalformedError, match="too many"):
        Decoder().decode({tag: nodes})
    assert time.monotonic() - started < 5


def test_colliding_keys_in_many_small_tables_are_refused_too() -> None:
    table = {"S": COLLIDING["ints"][:2000]}
    with pytest.raises(MalformedError):
        Decoder().decode([table] * 40)
    inner = [{"i": hex(k * MERSENNE)} for k in range(1, 100)]
    sets = [{"F": [*inner, {"i": hex(k * MERSENNE)}]} for k in range(100, 1900)]
    with pytest.raises(MalformedError):
        Decoder().decode({"S": sets})


def test_as_many_colliding_keys_as_are_allowed_take_little_time() -> None:
    count = int(MAX_KEY_WORK**0.5) - 10
    started = time.monotonic()
    assert len(Decoder().decode({"S": COLLIDING["ints"][:count]})) == count
    assert time.monotonic() - started < 5
    with pytest.raises(UnsendableError, match="keys"):
        Encoder().encode(set(range(count + 20)))


def test_text_keys_are_only_limited_as_parts_are() -> None:
    table = {f"key {number}": b"" for number in range(MAX_NODES // 2 - 1)}
    assert key_work(list(table)) == 0
    assert cross(table) == table
    assert cross(set(map(str.encode, table))) == set(map(str.encode, table))


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=3)
        | st.sampled_from(["0x1p+0", "nan", "00", "0x40000000000000"]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["i", "f", "b", "s", "t", "d", "S", "F", "x"]), inner)
        ),
        max_leaves=30,
    )
)
def test_any_json_is_a_value_or_refused(node: Any) -> None:
    try:
        value = Decoder().decode(node)
    except MalformedError:
        return
    assert shape(cross(value)) == shape(value)
