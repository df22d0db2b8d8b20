"""What a suite can do with a solution through the wire, in real boxes."""

from __future__ import annotations

from harness.model.judgement import Verdict

CALLBACK_SOLUTION = """
import threading
from concurrent.futures import ThreadPoolExecutor

class OddError(ValueError):
    pass

class Thing:
    def __init__(self, clock=None):
        self.clock = clock
        self.seen = []
        self.listeners = []

    def work(self, job):
        return [job(self, 1), job(self, 2)]

    def note(self, value):
        self.seen.append(value)
        return len(self.seen)

    def subscribe(self, listener):
        if listener not in self.listeners:
            self.listeners.append(listener)
        return len(self.listeners)

    def unsubscribe(self, listener):
        self.listeners.remove(listener)
        return len(self.listeners)

    def start_worker(self):
        threading.Thread(target=lambda: self.seen.append(self.clock()), daemon=True).start()

def call(job, *args, **kwargs):
    return job(*args, **kwargs)

def name_of_error(job):
    try:
        return job()
    except Exception as error:
        return type(error).__name__, str(error), isinstance(error, OddError)

def catches(job, kind):
    try:
        job()
    except kind:
        return "caught"
    except Exception as error:
        return type(error).__name__

def swallow(job):
    try:
        job()
    except BaseException as error:
        return repr(error)

def in_pool(job, count):
    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(job, range(count)))

def give_back(value):
    return value
"""

CALLBACK_SUITE = """
import functools
from solution import Thing, OddError

def test_nested():
    def job(thing, number):
        assert thing.note(number) == number
        return solution.call(lambda: thing.note(number) * 0 + number * 10)
    thing = Thing()
    def doubled(t, n):
        assert t is thing
        return n * 2
    assert thing.work(doubled) == [2, 4]
    assert solution.call(lambda: solution.call(lambda: solution.call(lambda: 5))) == 5

def test_arguments():
    assert solution.call(lambda *a, **k: [a, k], 1, "x", key={(1, 2): b"y"}) == [
        (1, "x"), {"key": {(1, 2): b"y"}}]
    assert solution.call(functools.partial(lambda a, b: a - b, 5), 3) == 2
    assert solution.call(int, "12") == 12

def test_own_pool():
    assert solution.in_pool(lambda n: n * n, 20) == [n * n for n in range(20)]

def test_own_thread_waits_for_a_call():
    ticks = iter(range(100))
    thing = Thing(lambda: next(ticks))
    thing.start_worker()
    import time
    deadline = time.monotonic() + 1.5
    while not (seen := thing.seen) and time.monotonic() < deadline:
        pass
    assert seen == [0]

def test_given_back():
    def f():
        return 1
    assert solution.give_back(f) is f
    assert solution.give_back([f, f]) == [f, f]

class Listener:
    def heard(self):
        return 1

def test_identity():
    thing, listener = Thing(), Listener()
    assert thing.subscribe(listener.heard) == 1
    assert thing.subscribe(listener.heard) == 1
    assert thing.unsubscribe(listener.heard) == 0

class Boom(KeyError):
    pass

def raiser(error):
    def job():
        raise error
    return job

def test_exceptions():
    name = solution.name_of_error
    assert name(raiser(ValueError("v"))) == ("ValueError", "v", False)
    assert name(raiser(KeyError("k"))) == ("KeyError", "'k'", False)
    assert name(raiser(Boom("k"))) == ("KeyError", "'k'", False)
    assert name(raiser(OddError("odd"))) == ("OddError", "odd", True)
    assert name(raiser(TimeoutError())) == ("TimeoutError", "", False)
    assert solution.catches(raiser(ValueError("v")), ValueError) == "caught"
    assert solution.catches(raiser(OddError("v")), OddError) == "caught"
    assert solution.catches(raiser(ValueError("v")), OddError) == "ValueError"
    with pytest.raises(OddError, match="through"):
        solution.call(raiser(OddError("through")))

def test_swallowed_assert():
    answer = solution.swallow(raiser(AssertionError("secret")))
    assert answer == "AssertionError()"

def test_swallowed_comparison():
    def job():
        assert 1 == 2
    solution.swallow(job)

def test_swallowed_fail():
    def job():
        pytest.fail("the callback was called")
    solution.swallow(job)

def test_assert_that_comes_through():
    def job():
        assert "got" == "wanted"
    solution.call(job)

def test_too_deep():
    def job():
        return solution.call(job)
    job()

def test_unsendable_result():
    solution.call(lambda: object())

def test_unsendable_argument():
    solution.give_back(object())

def test_too_large_argument():
    solution.give_back("x" * 9_000_000)
"""


def told(outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.message


def test_callbacks(bench):
    seen = bench.outcomes(CALLBACK_SUITE, CALLBACK_SOLUTION, memory_mb=256)
    for case in (
        "nested",
        "arguments",
        "own_pool",
        "own_thread_waits_for_a_call",
        "given_back",
        "identity",
        "exceptions",
    ):
        assert told(seen[f"test_{case}"]) == (Verdict.ACCEPTED, ""), case
    verdict, _ = told(seen["test_swallowed_assert"])
    assert verdict is Verdict.WRONG_ANSWER
    assert any("AssertionError()" in line for line in seen["test_swallowed_assert"].calls)
    assert not any("secret" in line for line in seen["test_swallowed_assert"].calls)
    expected = (Verdict.WRONG_ANSWER, "expected 2, got 1")
    assert told(seen["test_swallowed_comparison"]) == expected
    assert told(seen["test_swallowed_fail"]) == (Verdict.WRONG_ANSWER, "the callback was called")
    expected = (Verdict.WRONG_ANSWER, "expected 'wanted', got 'got'")
    assert told(seen["test_assert_that_comes_through"]) == expected
    expected = (Verdict.RUNTIME_ERROR, "callbacks nested deeper than 100")
    assert told(seen["test_too_deep"]) == expected
    for case in ("unsendable_result", "unsendable_argument", "too_large_argument"):
        verdict, message = told(seen[f"test_{case}"])
        assert verdict is Verdict.JUDGE_ERROR
        assert message.startswith("the suite itself is at fault: ")


THREAD_SOLUTION = """
import threading
from contextlib import contextmanager

class Thing:
    def __init__(self):
        self.lock = threading.Lock()
        self.condition = threading.Condition()
        self.items = []
        self.inside = 0
        self.most_inside = 0

    def work(self, job):
        with self.lock:
            return job()

    def shared(self, job):
        with self.condition:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            return job()
        finally:
            with self.condition:
                self.inside -= 1

    def take(self):
        with self.condition:
            self.condition.wait_for(lambda: self.items)
            return self.items.pop(0)

    def put(self, item):
        with self.condition:
            self.items.append(item)
            self.condition.notify()

    def ident(self):
        return threading.get_ident()

    def deadlock(self, job):
        with self.lock:
            job()

def f():
    pass
"""

THREAD_SUITE = """
import threading
from concurrent.futures import ThreadPoolExecutor
from solution import Thing

def in_threads(*jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(1.8)
    assert not any(thread.is_alive() for thread in threads)

def test_both_inside():
    thing, barrier = Thing(), threading.Barrier(2, timeout=1)
    in_threads(*[lambda: thing.shared(barrier.wait)] * 2)
    assert thing.most_inside == 2

def test_exclusive():
    thing, order = Thing(), []
    first_in, go = threading.Event(), threading.Event()
    def first():
        order.append("first in")
        first_in.set()
        assert go.wait(1)
        order.append("first out")
    def second():
        assert first_in.wait(1)
        thing.work(lambda: order.append("second"))
    def third():
        assert first_in.wait(1)
        assert thing.put(1) is None
        go.set()
    in_threads(lambda: thing.work(first), second, third)
    assert order == ["first in", "first out", "second"]

def test_exclusive_broken():
    thing, barrier = Thing(), threading.Barrier(2, timeout=0.2)
    def meet():
        with pytest.raises(threading.BrokenBarrierError):
            barrier.wait()
    in_threads(*[lambda: thing.work(meet)] * 2)

def test_blocked_while_others_work():
    thing, taken = Thing(), []
    def take():
        taken.append(thing.take())
    def put():
        for number in range(3):
            assert thing.most_inside == 0
            thing.put(number)
    in_threads(take, take, take, put)
    assert sorted(taken) == [0, 1, 2]

def test_pool():
    thing = Thing()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(thing.put, range(50)))
        assert sorted(pool.map(lambda _: thing.take(), range(50))) == list(range(50))

def test_mirrored():
    thing, idents = Thing(), set()
    barrier = threading.Barrier(3, timeout=1)
    def job():
        barrier.wait()
        idents.add(thing.ident())
        barrier.wait()
        assert thing.ident() in idents
    in_threads(job, job, job)
    assert len(idents) == 3

def test_many_threads_one_after_another():
    thing = Thing()
    for number in range(100):
        thread = threading.Thread(target=thing.put, args=(number,))
        thread.start()
        thread.join(1)
    assert len(thing.items) == 100

def test_error_in_thread():
    thing = Thing()
    def job():
        assert thing.most_inside == 7
    thread = threading.Thread(target=job)
    thread.start()
    thread.join(1)

def test_deadlock():
    thing = Thing()
    thing.work(lambda: thing.work(lambda: 1))

def test_deadlock_in_threads():
    a, b, barrier = Thing(), Thing(), threading.Barrier(2, timeout=1)
    def lock(one, other):
        def inner():
            barrier.wait()
            other.work(lambda: None)
        one.work(inner)
    threads = [threading.Thread(target=lock, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def test_after_the_deadlock():
    assert solution.f() is None
"""


def test_threads(bench):
    seen = bench.outcomes(THREAD_SUITE, THREAD_SOLUTION, wall_seconds=2.0, memory_mb=512)
    for case in (
        "both_inside",
        "exclusive",
        "exclusive_broken",
        "blocked_while_others_work",
        "pool",
        "mirrored",
        "many_threads_one_after_another",
        "after_the_deadlock",
    ):
        assert told(seen[f"test_{case}"]) == (Verdict.ACCEPTED, ""), case
    expected = (Verdict.WRONG_ANSWER, "expected 7, got 0")
    assert told(seen["test_error_in_thread"]) == expected
    for case in ("deadlock", "deadlock_in_threads"):
        outcome = seen[f"test_{case}"]
        assert told(outcome) == (Verdict.TIME_LIMIT, "no answer within 2 s")
        assert outcome.seconds < 4


LEFTOVER_SUITE = """
import contextlib
import threading
from solution import Thing

def test_leaves_a_thread_behind():
    thing = Thing()
    for _ in range(3):
        threading.Thread(target=thing.take, daemon=True).start()
    assert thing.most_inside == 0

def test_next():
    assert solution.f() is None

@pytest.mark.parametrize("number", range(5))
def test_and_more(number):
    assert solution.f() is None

def test_swallows_everything():
    thing = Thing()
    with contextlib.suppress(BaseException):
        thing.take()

def test_thread_swallows_everything():
    thing = Thing()
    def job():
        with contextlib.suppress(BaseException):
            thing.take()
    thread = threading.Thread(target=job)
    thread.start()
    thread.join()
"""


def test_what_a_case_leaves_behind_hurts_no_other_and_no_fault_is_a_pass(bench):
    seen = bench.outcomes(LEFTOVER_SUITE, THREAD_SOLUTION, wall_seconds=0.5)
    for case in ("leaves_a_thread_behind", "next", *(f"and_more[{n}]" for n in range(5))):
        assert told(seen[f"test_{case}"]) == (Verdict.ACCEPTED, ""), case
    for case in ("swallows_everything", "thread_swallows_everything"):
        assert seen[f"test_{case}"].verdict is Verdict.TIME_LIMIT
    assert len(seen) == 9


ABANDONED_SUITE = """
import threading
from solution import Thing

@pytest.mark.parametrize("number", range(20))
def test_threads_wait_when_the_case_fails(number):
    thing = Thing()
    inside = threading.Semaphore(0)

    def callback():
        inside.release()
        thing.take()

    for _ in range(3):
        threading.Thread(target=lambda: thing.call(callback), daemon=True).start()
    for _ in range(3):
        inside.acquire(timeout=5)
    assert thing.answer() == 2
"""
ABANDONED_SOLUTION = """
import threading

class Thing:
    def call(self, callback):
        return callback()

    def take(self):
        threading.Event().wait()

    def answer(self):
        return 1
"""


def test_what_abandoned_threads_are_told_at_the_end_is_not_the_cases_failure(bench):
    seen = bench.outcomes(ABANDONED_SUITE, ABANDONED_SOLUTION)
    assert {told(outcome) for outcome in seen.values()} == {
        (Verdict.WRONG_ANSWER, "expected 2, got 1")
    }
    assert len(seen) == 20
