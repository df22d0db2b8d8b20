"""Runs that are stopped from outside: gone at once, without a verdict, and nothing stays behind."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from contextlib import closing, suppress

import pytest

from harness.errors import CancelledError
from harness.judge.judge import Judge, Stop
from harness.model.judgement import Observer, Verdict
from harness.model.problem import Request
from harness.testing.leftovers import Leftovers, descendants

SECONDS = 1.0
"""The most that a person should wait; on a busy machine, too."""
_CHILD_SUBREAPER = 36

ENDLESS = {
    "a loop": "def f():\n    while True: pass\n",
    "a sleep": "import time\ndef f():\n    time.sleep(1000)\n",
    "one step of C": "def f():\n    return 7 ** 10 ** 9\n",
    "an import": "while True: pass\n",
    "ignored signals": """
        import signal
        for number in range(1, signal.NSIG):
            try: signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError): pass
        def f():
            while True: pass
    """,
    "threads": """
        import threading
        def spin():
            while True: pass
        def f():
            for _ in range(8):
                threading.Thread(target=spin).start()
            spin()
    """,
    "a flood of output": """
        import sys
        def f():
            while True:
                try: print("x" * 1000, file=sys.stderr)
                except OSError: pass
    """,
    "a full pipe": """
        def f():
            try: return "x" * 10_000_000
            finally:
                while True: pass
    """,
    "exceptions that are caught": """
        def f():
            while True:
                try:
                    while True: pass
                except BaseException: pass
    """,
}
SUITE = "def test_one():\n    solution.f()\n\n\ndef test_two():\n    solution.f()\n"


class Begun(Observer):
    """Sets ``stop`` some time after the cases began."""

    def __init__(self, stop: Stop, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._set, [stop])
        self.set_at = 0.0

    def cases_collected(self, cases: object) -> None:
        self._timer.start()

    def join(self) -> None:
        self._timer.join()

    def _set(self, stop: Stop) -> None:
        self.set_at = time.monotonic()
        stop.set()


@pytest.fixture
def judge(bench):
    with closing(Judge(bench.backend, cache=bench.folder / "cache")) as judge:
        yield judge


@pytest.fixture
def stop():
    with closing(Stop()) as stop:
        yield stop


@pytest.fixture
def request_for(bench):
    def request_for(solution: str) -> Request:
        return bench.request(SUITE, solution, wall_seconds=20.0, cpu_seconds=20)

    return request_for


@pytest.fixture
def adopted():
    """Make orphans of our processes our children, so that none is overlooked."""
    libc = ctypes.CDLL(None)
    libc.prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(_CHILD_SUBREAPER, 0, 0, 0, 0)


def gone(before: set[int], seconds: float = SECONDS) -> list[int]:
    """Return the processes that are still there; reap what died as our orphan."""
    deadline = time.monotonic() + seconds
    while True:
        new = descendants(os.getpid()) - before
        for pid in new:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        new = descendants(os.getpid()) - before
        if not new or time.monotonic() > deadline:
            return sorted(new)
        time.sleep(0.01)


@pytest.mark.parametrize("act", ENDLESS)
def test_a_run_that_is_stopped_is_gone_at_once(act, judge, stop, request_for, adopted):
    before = descendants(os.getpid())
    begun = Begun(stop, 0.3)
    with pytest.raises(CancelledError):
        judge.judge(request_for(ENDLESS[act]), begun, stop)
    assert time.monotonic() - begun.set_at < SECONDS
    judge.close()
    assert gone(before) == []


def test_the_next_run_is_judged_as_ever(judge, stop, request_for):
    stop.set()
    with pytest.raises(CancelledError):
        judge.judge(request_for("def f(): pass\n"), stop=stop)
    stop.clear()
    assert judge.judge(request_for("def f(): pass\n"), stop=stop).verdict is Verdict.ACCEPTED


def stop_many(count, judge, stop, request_for):
    judge.prepare()
    judge.close()  # what is imported and opened once does not count
    known, before = Leftovers(), descendants(os.getpid())
    for number in range(count):
        act = list(ENDLESS)[number % len(ENDLESS)]
        if number % 3 == 0:
            judge.prepare(request_for(ENDLESS[act]))
        stop.clear()
        begun = Begun(stop, 0.02 * (number % 7))
        with pytest.raises(CancelledError):
            judge.judge(request_for(ENDLESS[act]), begun, stop)
        begun.join()
    judge.close()
    assert gone(before) == []
    assert known.found() == []


def test_many_stopped_runs_leave_nothing_behind(judge, stop, request_for, adopted):
    stop_many(20, judge, stop, request_for)


@pytest.mark.exhaustive
def test_a_hundred_stopped_runs_leave_nothing_behind(judge, stop, request_for, adopted):
    stop_many(100, judge, stop, request_for)
