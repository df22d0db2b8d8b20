"""A box that serves several cases can only accept; what it lets through from case to case is known.

``docs/security.md`` says what each road promises. A row of ``CHANNELS`` is a way to carry a value
from one case to the next: no case with a box of its own ever gets one.
"""

from __future__ import annotations

import contextlib
import random
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from harness.judge.judge import Judge
from harness.judge.order import CASES_PER_BOX
from harness.model.judgement import CaseOutcome, Judgement
from harness.model.problem import Boxes
from harness.testing.leftovers import Leftovers

from .conftest import Bench

TOKEN = random.SystemRandom().randrange(1000, 4000)
"""What is to be carried: a number that many settings of the interpreter can hold."""

LEAKS = {
    "builtins": ("builtins.note = value", "return builtins.note"),
    "environment": ("os.environ['N'] = str(value)", "return int(os.environ['N'])"),
    "decimal context": (
        "decimal.getcontext().prec = value",
        "return decimal.getcontext().prec",
    ),
    "int digits": ("sys.set_int_max_str_digits(value)", "return sys.get_int_max_str_digits()"),
    "attribute of a library": ("json.note = value", "return json.note"),
    "class of a library": ("json.JSONEncoder.note = value", "return json.JSONEncoder.note"),
    "sys.modules": ("sys.modules['note'] = value", "return sys.modules['note']"),
    "garbage collector": ("gc.set_threshold(value)", "return gc.get_threshold()[0]"),
    "gc callback": ("gc.callbacks.append(value)", "return gc.callbacks[-1]"),
    "atexit": ("atexit.register(write, value)", "atexit._run_exitfuncs(); return note"),
    "finalizer": (
        "builtins.alive = Kept(); weakref.finalize(builtins.alive, write, value)",
        "del builtins.alive; return note",
    ),
    "signal handler": (
        "signal.signal(signal.SIGUSR1, lambda *_: write(value))",
        "signal.getsignal(signal.SIGUSR1)(); return note",
    ),
    "alarm": (
        "signal.signal(signal.SIGALRM, lambda *_: write(value));"
        " signal.setitimer(signal.ITIMER_REAL, 0.05)",
        "wait(); return note",
    ),
    "trace": ("sys.settrace(Kept(value))", "return sys.gettrace().value"),
    "audit hook": (
        "sys.addaudithook(lambda event, _: write(value) if event == 'note' else None)",
        "sys.audit('note'); return note",
    ),
    "socket": (
        "builtins.pair = socket.socketpair(); pair[0].send(b'%d' % value)",
        "return int(pair[1].recv(9))",
    ),
    "guest": (
        "patch(serving('serve_once', 'serve')['self'], value)",
        "return 'not what is sent'",
    ),
    "frame of the loop": (
        "globals()['note'] = value",
        "return max(vars(each).get('note') or 0 for each in serving('serve')['ended'])",
    ),
    "hidden thread": (
        "hide(); threading.Thread(target=keep_writing, args=[value], daemon=True).start()",
        "wait(); return note",
    ),
}
"""What a shared box does not stop: the price of it."""
STAYS = {
    "module": ("globals()['note'] = value", "return note"),
    "class": ("Kept.value = value", "return Kept.value"),
    "second module": ("import other; other.note = value", "import other; return other.note"),
    "random": (
        "random.setstate((3, (value,) * 624 + (624,), None))",
        "return random.getstate()[1][0]",
    ),
    "recursion limit": ("sys.setrecursionlimit(value)", "return sys.getrecursionlimit()"),
    "sys.stdout": ("sys.stdout = Kept(value)", "return sys.stdout.value"),
    "gc off": ("gc.disable()", f"return 0 if gc.isenabled() else {TOKEN}"),
    "main module": ("import __main__; __main__.note = value", "import __main__; return note"),
    "output": ("os.write(1, b'x' * value)", "return os.fstat(1).st_size"),
    "position of the output": (
        "os.lseek(1, value, os.SEEK_SET)",
        "return os.lseek(1, 0, os.SEEK_CUR)",
    ),
    "finalizer of the last case": (
        "globals()['alive'] = Kept(); weakref.finalize(alive, print, 'late')",
        "gc.collect(); return os.fstat(1).st_size",
    ),
    "thread": (
        "threading.Thread(target=keep_writing, args=[value], daemon=True).start()",
        "wait(); return note",
    ),
    "timer": ("threading.Timer(0.05, write, [value]).start()", "wait(); return note"),
    "pool": (
        "globals()['pool'] = ThreadPoolExecutor(1); pool.submit(int).result()",
        "wait(); return note",
    ),
    "answer ahead": ("send(1, 0, 'ready'); send(1, 0, 'return', value)", "return 0"),
    "answer ahead, later": ("later(lambda: send(1, 0, 'ready'))", "wait(); return 0"),
    "half a frame, later": ("later(lambda: os.write(4, b'\\\\0\\\\0'))", "wait(); return 0"),
    "notice, later": ("later(lambda: send(0, 0, 'threads'))", "wait(); return 0"),
    "stream closed, later": ("later(lambda: os.close(4))", "wait(); return 0"),
    "end, later": ("later(lambda: os._exit(0))", "wait(); return 0"),
}
"""What it stops, or what ends the box."""
CHANNELS = [
    *(pytest.param(*each, True, id=name) for name, each in LEAKS.items()),
    *(pytest.param(*each, False, id=name) for name, each in STAYS.items()),
]

SOLUTION = """
    import atexit, builtins, decimal, gc, json, os, random, signal, socket, struct, sys, threading
    import time, types, weakref, _thread
    from concurrent.futures import ThreadPoolExecutor

    note = 0

    class Kept:
        value = 0
        def __init__(self, value=0):
            if value:
                self.value = value
        def __call__(self, *_):
            pass
        def write(self, text):
            pass
        def flush(self):
            pass

    def write(value):
        sys.modules["solution"].note = value

    def keep_writing(value):
        while True:
            time.sleep(0.01)
            write(value)

    def wait():
        until = time.monotonic() + 0.2
        while not sys.modules["solution"].note and time.monotonic() < until:
            time.sleep(0.005)

    def send(*frame):
        body = json.dumps(frame).encode()
        os.write(4, struct.pack(">I", len(body)) + body)

    def hide():
        _thread._count = int

    def later(act):
        hide()
        threading.Thread(target=lambda: (time.sleep(0.02), act()), daemon=True).start()

    def serving(*names):
        frame = sys._getframe()
        while frame.f_code.co_name not in names or not frame.f_globals["__name__"].startswith("_h"):
            frame = frame.f_back
        if "ended" not in frame.f_locals and names == ("serve",):
            frame = frame.f_back
        return frame.f_locals

    def patch(server, value):
        own = type(server)._perform
        def perform(self, op, target, name, args, kwargs):
            if name == "f":
                return ["return", value]
            return own(self, op, target, name, args, kwargs)
        type(server)._perform = perform

    def keep(value):
        {keep}

    def f():
        {kept}

    def double(number):
        return 2 * number
"""
SUITE = f"""
    def test_1_keeps():
        solution.keep({TOKEN})

    def test_2_is_asked():
        assert solution.f() == {TOKEN}

    def test_3_is_honest():
        assert solution.double(4) == 8
"""

Verdicts = Callable[[str, Boxes], list[CaseOutcome]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verdicts]:
    """Judge solutions by ``SUITE``, one after another by the same child."""
    bench = Bench(tmp_path_factory.mktemp("bench"), "linux")
    bench.symbols["functions"] = ["f", "keep", "double"]
    before = Leftovers()
    with contextlib.closing(Judge("linux", reuse=True)) as judge:

        def run(solution: str, boxes: Boxes) -> list[CaseOutcome]:
            files = {"solution.py": solution, "other.py": "note = 0"}
            judgement = judge.judge(replace(bench.request(SUITE, files), boxes=boxes))
            assert (judgement.error, judgement.retried_after) == ("", "")
            return [replace(outcome, seconds=0) for outcome in judgement.outcomes]

        yield run
    assert before.found(seconds=5) == []


@pytest.mark.parametrize(("keep", "kept", "leaks"), CHANNELS)
def test_what_crosses_to_the_next_case(outcomes, keep, kept, leaks):
    text = textwrap.dedent(SOLUTION).replace("{keep}", keep).replace("{kept}", kept)
    fresh, shared = outcomes(text, "fresh"), outcomes(text, "shared")
    assert fresh[1].verdict != "accepted", "a box of one case knows nothing of another"
    assert fresh[2].verdict == shared[2].verdict == "accepted"
    if leaks:
        assert shared[1].verdict == "accepted"
    else:
        assert shared == fresh


COUNTING = """
    import builtins
    def f():
        builtins.cases = getattr(builtins, "cases", 0) + 1
        return builtins.cases
"""
ONLY_ONCE = """
    import builtins, _thread, threading, time
    again = hasattr(builtins, "seen")
    builtins.seen = 1
    def f(x=1):
        return 0 if again else x
"""
"""Right, but not in a box that has served another case."""


@pytest.mark.parametrize(("boxes", "most"), [("fresh", 1), ("shared", CASES_PER_BOX)])
def test_a_box_serves_so_many_cases(bench, boxes, most):
    suite = f"""
        @pytest.mark.parametrize("number", range({2 * CASES_PER_BOX + 2}))
        def test_it(number):
            assert solution.f() == number % {most} + 1
    """
    assert judge(bench, suite, COUNTING, boxes).verdict == "accepted"


@pytest.mark.parametrize(
    ("body", "solution"),
    [
        pytest.param("assert solution.f() == 2", "def f():\n    return 1", id="wrong"),
        pytest.param("solution.f()", "def f():\n    raise ValueError('odd')", id="raises"),
        pytest.param("solution.f()", "import os\ndef f():\n    os._exit(0)", id="ends"),
        pytest.param("solution.f()", "def f():\n    print('x' * 2_000_000)", id="prints much"),
        pytest.param("solution.f()", "def f():\n    print('said')\n    return 1", id="prints"),
        pytest.param("solution.f()", "print('at import')\ndef f(): ...", id="prints at import"),
        pytest.param("solution.f()", "def f():\n    while True: ...", id="is slow"),
        pytest.param("solution.f()", "def f(): return bytes(10**10)", id="takes memory"),
        pytest.param("solution.f()", "def f(:", id="no Python"),
        pytest.param("solution.f()", "raise ValueError('odd')", id="raises at import"),
        pytest.param("solution.g()", "def f(): ...", id="lacks a name"),
        pytest.param("assert solution.f() == 1", ONLY_ONCE, id="right once"),
        pytest.param("SEEN.append(solution.f()); assert SEEN == [1]", ONLY_ONCE, id="keeps"),
        pytest.param("assert solution.f(wide[0]) == 1; wide[0] += 1", ONLY_ONCE, id="wide fixture"),
        pytest.param("assert solution.f(own[0]) == 1; own[0] += 1", ONLY_ONCE, id="own fixture"),
        pytest.param("wide = request.getfixturevalue('wide'); wide.append(solution.f());"
                     " assert wide == [1, 1]", ONLY_ONCE, id="dynamic fixture"),
        pytest.param("part[0] += solution.f(); assert part[0] == 1", ONLY_ONCE, id="parameter"),
        pytest.param("assert rng.random() < solution.f()", ONLY_ONCE, id="rng"),
        pytest.param("begin(solution.f); assert solution.f() == 1", ONLY_ONCE, id="threads"),
        pytest.param("time.sleep(1.1); assert solution.f() == 1", ONLY_ONCE, id="waits"),
        pytest.param("pytest.skip('not now')", ONLY_ONCE, id="skips"),
    ],
)  # fmt: skip
def test_what_is_not_accepted_is_judged_in_a_box_of_its_own(bench, body, solution):
    suite = f"""
        import threading, time
        SEEN = []

        @pytest.fixture(scope="module")
        def wide():
            return [1]

        @pytest.fixture
        def own():
            return [1]

        def begin(act):
            threading.Thread(target=act).start()

        def test_first():
            pass

        @pytest.mark.parametrize("part", [[0]])
        def test_it(part, {", ".join(name for name in FIXTURES if name in body)}):
            {body}

        @pytest.mark.xfail(strict=True)
        def test_marked():
            assert solution.f() == 1

        def test_last():
            assert solution.f() == 1
    """
    fresh, shared = (judge(bench, suite, solution, boxes) for boxes in ("fresh", "shared"))
    assert shared.retried_after == ""
    assert [replace(each, seconds=0) for each in shared.outcomes] == [
        replace(each, seconds=0) for each in fresh.outcomes
    ]


FIXTURES = ("own", "wide", "rng", "request")


def test_an_object_of_a_shared_boxs_earlier_case_cannot_be_used(bench):
    suite = """
        KEPT = []

        def test_keeps():
            KEPT.append(solution.Thing())

        def test_uses():
            assert KEPT[0].work() == 1
    """
    solution = "class Thing:\n    def work(self):\n        return 1\n"
    first, second = judge(bench, suite, solution, "shared").outcomes
    assert first.verdict == "accepted"
    assert second.verdict == "judge_error"
    assert "an object of an earlier case" in second.message


def judge(bench: Bench, suite: str, solution: str, boxes: Boxes) -> Judgement:
    limits = {"wall_seconds": 1.5, "cpu_seconds": 1}
    request = replace(bench.request(suite, solution, **limits), boxes=boxes)
    with contextlib.closing(Judge("linux", cache=bench.folder / "cache")) as judge:
        return judge.judge(request)
