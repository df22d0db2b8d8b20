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
