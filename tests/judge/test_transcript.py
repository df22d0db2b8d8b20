"""The calls of a failing case, as a person reads them."""

from __future__ import annotations

import pytest

from harness.judge.transcript import KEPT_CALLS, Exchange, Transcript, printable, render_value

SOLUTION = """
class Thing:
    def __init__(self, *args, **kwargs):
        self.name = "n"
        self.others = []
    def work(self, job):
        return job(self, 1)
    def get(self):
        return self.others
    def walk(self):
        yield 1
    def __getitem__(self, key):
        raise KeyError(key)
    def __len__(self):
        return 2
    def __bool__(self):
        return True
    def __contains__(self, item):
        return False
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass

class KVStore(Thing):
    pass

LIMIT = 3

async def later():
    return 1

def f(x=None, **_):
    return x
"""

SUITE = """
import asyncio

def test_everything():
    thing = solution.Thing([1, (2.5, b"x")], key={"a": {3, 1}})
    store = solution.KVStore()
    thing.others = [store, store, solution.KVStore()]
    thing.get()
    thing.name
    def job(inner, number):
        return solution.f(number) + 1
    thing.work(job)
    with pytest.raises(KeyError):
        store["k"]
    len(store)
    bool(store)
    "x" in store
    list(store.walk())
    solution.LIMIT
    isinstance(store, solution.Thing)
    with store:
        pass
    async def main():
        await solution.later()
    asyncio.run(main())
    del thing.name
    solution.f("x" * 1000)
    solution.f(thing)
    assert solution.f("last") == "first"

@pytest.fixture
def closing():
    yield
    solution.f("closing")

def test_clean_up_is_not_shown(closing):
    assert solution.f(1) == 2

def test_never_returns():
    solution.f(1)
    solution.Thing(1).work(solution.f)

def test_many():
    for number in range(300):
        solution.f(number)
    assert solution.f(7) == 8
"""

LINES = """\
thing = Thing([1, (2.5, b'x')], key={'a': {1, 3}})
kv_store = KVStore()
kv_store_2 = KVStore()
thing.others = [kv_store, kv_store, kv_store_2] -> None
thing.get() -> [kv_store, kv_store, kv_store_2]
thing.name -> 'n'
thing.work(job) -> 2
  → job(thing, 1) -> 2
    f(1) -> 1
kv_store['k']  raised KeyError: 'k'
len(kv_store) -> 2
bool(kv_store) -> True
'x' in kv_store -> False
generator = kv_store.walk()
iter(generator) -> generator
next(generator) -> 1
next(generator)  raised StopIteration
LIMIT -> 3
isinstance(kv_store, Thing) -> True
kv_store.__enter__() -> kv_store
kv_store.__exit__() -> None
coroutine = later()
await coroutine -> 1
del thing.name -> None"""


def test_lines_read_like_python(bench):
    seen = bench.outcomes(SUITE, SOLUTION)
    lines = list(seen["test_everything"].calls)
    assert "\n".join(lines[:-3]) == LINES
    assert lines[-3].startswith("f('xxxx")
    assert len(lines[-3]) < 1000
    assert lines[-2:] == ["f(thing) -> thing", "f('last') -> 'last'"]
    assert seen["test_clean_up_is_not_shown"].calls == ("f(1) -> 1",)
    many = seen["test_many"]
    assert len(many.calls) == KEPT_CALLS
    assert many.calls[-1] == "f(7) -> 7"
    assert many.calls_omitted == 301 - KEPT_CALLS
    assert seen["test_everything"].calls_omitted == 0


def test_a_call_without_an_answer_says_so():
    transcript = Transcript()
    transcript.add(Exchange("call", 0, "f", [1], {"x": {"t": []}}, 0))
    assert transcript.lines() == ["f(1, x=())  … no answer"]


@pytest.mark.parametrize(
    "node",
    [{"h": 1}, {"h": [1]}, {"h": [[], "x"]}, {"h": []}, {"c": []}, {"zz": 1}, 1.5, {"d": [[], 1]}],
    ids=repr,
)
def test_what_a_box_sends_never_breaks_the_record(node):
    transcript = Transcript()
    for op in ("call", "get", "callback"):
        exchange = Exchange(op, 0, "f", [node], {"\ud800": node}, 0)
        transcript.add(exchange)
        exchange.returned(node)
    assert all(line.encode() for line in transcript.lines())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({3, 1, 2}, "{1, 2, 3}"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        (set(), "set()"),
        (10**5000, "<int too large to show>"),
        ("\ud800", "'\\ud800'"),
        ("é", "'é'"),
    ],
    ids=["set", "frozenset", "empty", "huge", "surrogate", "accent"],
)
def test_values(value, text):
    assert render_value(value) == text


def test_long_values_are_cut_and_their_length_told():
    text = render_value("x" * 5000)
    assert len(text) < 420
    assert text.endswith("… (5002 characters)")


def test_what_cannot_be_encoded_is_escaped():
    assert printable("a\ud800é") == "a\\ud800é"


def test_a_constant_is_shown_where_nothing_else_was_asked(bench):
    solution = "LIMIT, OTHER = 6, 7\n\n\ndef f(): return 2\n"
    suite = """
        from solution import LIMIT, OTHER, f

        def test_alone():
            assert LIMIT == 5

        def test_with_a_call():
            assert f() == LIMIT

        def test_other():
            assert OTHER == LIMIT
    """
    outcomes = bench.outcomes(suite, solution)
    assert outcomes["test_alone"].calls == ("LIMIT -> 6",)
    assert outcomes["test_with_a_call"].calls == ("f() -> 2",)
    assert outcomes["test_other"].calls == ("LIMIT -> 6", "OTHER -> 7")
