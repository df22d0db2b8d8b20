"""Code that never answers."""

import builtins
import itertools
import os
import re
import threading
import time
from functools import partial

from marks import attack

endless = partial(attack, "The case's deadline ends it.", verdicts=["time_limit"])


def spin(*_):
    while True:
        pass


def without(method):
    """Return an object whose ``method`` never answers."""
    return type("Never", (), {method: spin, "__exit__": lambda *_: True})()


@endless(case="assert attack().value == SECRET")
def attribute_never_told():
    """Never answer for an attribute."""
    return without("__getattr__")


@endless()
def busy_loop(hints):
    """Loop for ever."""
    spin()


@endless()
def comparison(hints):
    """Sort by a comparison that never ends."""
    sorted([without("__lt__"), without("__lt__")])


@endless()
def coroutine(hints):
    """Await what never comes."""
    import asyncio

    asyncio.run(asyncio.Event().wait())


@endless(
    case="""
import asyncio
async def wait():
    return await attack(HINTS)
assert asyncio.run(wait()) == SECRET
"""
)
async def coroutine_without_end(hints):
    """Return a coroutine that never ends."""
    import asyncio

    while True:
        await asyncio.sleep(0)


@endless(
    case="""
with attack():
    pass
"""
)
def entrance_never_told():
    """Never lets the suite into its `with` block."""
    return without("__enter__")


@attack("There is nothing to read.")
def input(hints):
    """Wait for somebody to type."""
    return builtins.input()


@endless(
    case="""
answer = attack(HINTS)
assert sorted(answer) == [SECRET]
"""
)
def iterator_of_itself(hints):
    """Return an iterator whose items are itself."""

    class Endless:
        def __iter__(self):
            return self

        def __next__(self):
            return self

    return Endless()


@endless(case="assert list(attack(HINTS)) == [SECRET]")
def iterator_without_end(hints):
    """Return an iterator that never ends."""
    return itertools.count()


@attack(
    "The deadline is for the case, not for a call.",
    verdicts=["time_limit"],
    case="""
for _ in range(20):
    assert attack(HINTS) == ESCAPED
""",
)
def just_below_the_limit(hints):
    """Sleep a little less than the limit, in each of many calls."""
    time.sleep(0.1)
    return "escaped"


@endless(case="assert len(attack()) == 1")
def length_never_told():
    """Never answer for a length."""
    return without("__len__")


@endless()
def lock_taken_twice(hints):
    """Take a lock twice."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@endless()
def own_stream(hints):
    """Read the judge's next request itself."""
    os.read(4, 1)


@endless()
def pipe(hints):
    """Read from a pipe of its own."""
    os.read(os.pipe()[0], 1)


@endless(verdicts=["time_limit", "memory_limit"])
def power(hints):
    """Raise a number to a large power, in C code."""
    return 7 ** (10**9)


@endless()
def regular_expression(hints):
    """Backtrack in a regular expression, in C code."""
    re.match(r"(a+)+$", "a" * 40 + "b")


@endless()
def select(hints):
    """Wait on nothing."""
    import select

    select.select([], [], [])


@endless()
def sleep(hints):
    """Sleep."""
    time.sleep(1000)


@endless()
def spinning_threads(hints):
    """Spin in twenty threads and never answer."""
    for _ in range(20):
        threading.Thread(target=spin, daemon=True).start()
    spin()


@endless()
def sum_in_c(hints):
    """Sum an endless range, in C code."""
    return sum(range(10**13))


@endless(case="assert str(attack()) == SECRET")
def text_never_told():
    """Never answer for a text."""
    return without("__str__")


@endless()
def threads_in_a_circle(hints):
    """Let two threads wait for each other."""
    first = threading.Event()
    threading.Thread(target=first.wait).start()
    first.wait()


@endless(case="assert bool(attack()) is None")
def truth_never_told():
    """Never answer whether it is true."""
    return without("__bool__")
