"""What a case leaves behind in the judge's child, which the cases after it must not meet."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

LOOPS = """
import asyncio, signal

BEFORE = signal.getsignal(signal.SIGINT)

async def ask(value): return await solution.later(value)

def test_first():
    assert asyncio.run(solution.later(1)) == 1

def test_broken():
    {broken}

def test_run():
    assert asyncio.run(solution.later(2)) == 2

def test_several():
    async def both(): return await asyncio.gather(solution.later(1), ask(2))
    assert asyncio.run(both()) == [1, 2]

def test_loop():
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(ask(3)) == 3
    loop.close()

def test_signals():
    assert asyncio.run(solution.later(4)) == 4
    assert signal.getsignal(signal.SIGINT) is BEFORE
"""
LATER = """
import asyncio, os, time

async def later(value): return value
async def die(): os._exit(0)
async def block(): time.sleep(60)
async def wait(): await asyncio.sleep(60)
def count(): return 10 ** 9
"""
BROKEN = {
    "asyncio.run(solution.die())": Verdict.RUNTIME_ERROR,
    "asyncio.run(solution.block())": Verdict.TIME_LIMIT,
    "asyncio.run(solution.wait())": Verdict.TIME_LIMIT,
    "async def go(): return await solution.die()\n    asyncio.run(go())": Verdict.RUNTIME_ERROR,
    "async def go(): sum(range(solution.count()))\n    asyncio.run(go())": Verdict.TIME_LIMIT,
    "asyncio.run(asyncio.wait_for(solution.block(), 0.1))": Verdict.TIME_LIMIT,
    "loop = asyncio.new_event_loop()\n    loop.run_until_complete(solution.die())": (
        Verdict.RUNTIME_ERROR
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_event_loop_costs_its_own_case(bench, broken):
    seen = bench.outcomes(LOOPS.format(broken=broken), LATER, wall_seconds=1)
    assert seen.pop("test_broken").verdict is BROKEN[broken]
    assert {o.verdict for o in seen.values()} == {Verdict.ACCEPTED}, seen


def test_a_task_is_shown_without_the_box(bench):
    suite = """
    import asyncio
    def test_task():
        async def go():
            task = asyncio.ensure_future(solution.later(1))
            assert "coroutine" in repr(task)
            assert await task == 1
        asyncio.run(go())
        assert solution.nothing() == 1  # fails, so that the calls are told
    """
    seen = bench.outcomes(suite, LATER + "def nothing(): return 0\n")
    assert not any("cr_" in call or "gi_" in call for call in seen["test_task"].calls)


ABANDONED = """
import asyncio, gc

class Cycle:
    pass

def leave(make, count=200):
    for _ in range(count):
        cycle = Cycle()
        cycle.itself, cycle.held = cycle, make()

def awaiting():
    async def wait(): return await solution.forever()
    coroutine = wait()
    coroutine.send(None)
    return coroutine

def inside():
    def block():
        with solution.block(): yield
    generator = block()
    next(generator)
    return generator

def asking():
    class Last:
        def __del__(self): solution.count(1)
    return Last()

def test_many():
    leave({make})
    for _ in range(60): assert len(solution.big(1000)) == 1000

def test_threads():
    leave({make})
    with solution.threads():
        for _ in range(10): assert solution.each(lambda x: [x], 200) == [[x] for x in range(200)]

def test_switched_on():
    gc.enable()
    gc.collect()

def test_after_that():
    leave({make})
    for _ in range(60): assert len(solution.big(1000)) == 1000

def test_within_a_call():
    def answer(x):
        leave({make}, 20)
        gc.collect()
        return x
    assert solution.each(answer, 10) == list(range(10))

def test_last():
    assert gc.isenabled() is False
    assert len(solution.big(1)) == 1
"""
ABANDONS = """
import asyncio, threading
async def forever(): await asyncio.sleep(1000)
class Block:
    def __enter__(self): return self
    def __exit__(self, *error): return None
block = Block
def count(by): return by
def big(n): return [[i] for i in range(n)]
def each(f, n): return [f(i) for i in range(n)]
class threads:
    def __enter__(self):
        self.end = threading.Event()
        self.thread = threading.Thread(target=self.end.wait)
        self.thread.start()
    def __exit__(self, *error):
        self.end.set()
        self.thread.join()
"""


@pytest.mark.parametrize("make", ["awaiting", "inside", "asking"])
def test_what_a_suite_leaves_behind_asks_the_box_between_requests_only(bench, make):
    seen = bench.outcomes(ABANDONED.replace("{make}", make), ABANDONS, wall_seconds=10)
    assert {o.verdict for o in seen.values()} == {Verdict.ACCEPTED}, seen


def test_garbage_of_many_requests_is_freed(bench):
    suite = """
    import resource
    class Node: pass
    def test_garbage():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(400):
            for _ in range(1000):
                node = Node()
                node.itself, node.text = node, "x" * 200
            assert solution.f() == 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    """
    seen = bench.outcomes(suite, "def f(): return 1", wall_seconds=10)
    assert seen["test_garbage"].verdict is Verdict.ACCEPTED, seen


def test_hundreds_of_awaits_that_outlive_their_case_take_no_time(bench):
    suite = """
    import asyncio
    async def wait(): return await solution.forever()
    def test_left():
        async def go():
            for _ in range(300): asyncio.ensure_future(wait())
            await asyncio.sleep(0.001)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(go())
    def test_next():
        assert len(solution.big(1)) == 1
    """
    seen = bench.outcomes(suite, ABANDONS, wall_seconds=2)
    assert "long after" not in seen["test_left"].message
    assert seen["test_next"].verdict is Verdict.ACCEPTED


WAITING = """
import threading
from concurrent.futures import ThreadPoolExecutor

@pytest.mark.parametrize("number", range(4))
def test_left(number): assert solution.leave(threading.Event().wait) == 64

def test_pool():
    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(lambda _: solution.one(), range(100))) == [1] * 100

def test_threads():
    seen = []
    assert solution.each(seen.append) == 64
    assert sorted(seen) == list(range(64))

def test_memory():
    assert len([solution.one()] * (50 * 10**6)) == 50 * 10**6
"""
LEAVES = """
import threading
def one(): return 1
def leave(wait):
    reached = threading.Semaphore(0)
    def run():
        reached.release()
        wait()
    for _ in range(64):
        threading.Thread(target=run, daemon=True).start()
        reached.acquire()
    return 64
def each(function):
    threads = [threading.Thread(target=function, args=(i,)) for i in range(64)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return len(threads)
"""


def test_threads_that_wait_for_ever_take_no_room_from_other_cases(bench):
    judgement = bench.judge(WAITING, LEAVES, wall_seconds=5)
    assert (judgement.error, judgement.retried_after) == ("", "")
    assert {o.verdict for o in judgement.outcomes} == {Verdict.ACCEPTED}, judgement.outcomes
