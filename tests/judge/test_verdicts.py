"""Each verdict, and what the candidate reads with it."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from harness.model.judgement import Verdict

SUITE = """
def test_right():
    '''A right answer is accepted'''
    assert solution.f("right") == 1

def test_wrong():
    assert solution.f("wrong") == 1

def test_raises():
    assert solution.f("raises") == 1

def test_missing_name():
    solution.g()

def test_exits():
    assert solution.f("exits") == 1

def test_hard_exit():
    assert solution.f("hard_exit") == 1

def test_never_returns():
    assert solution.f("never_returns") == 1

def test_sleeps():
    assert solution.f("sleeps") == 1

def test_eats_memory():
    assert solution.f("eats_memory") == 1

def test_floods_stdout():
    assert solution.f("floods_stdout") == 1

def test_prints():
    assert solution.f("prints") == 1

def test_no_exception():
    with pytest.raises(solution.OddError):
        solution.f("right")

def test_declared_exception():
    with pytest.raises(solution.OddError) as caught:
        solution.f("odd")
    assert caught.value.path == ["a", "b"]
    assert str(caught.value) == "it is odd"
    assert isinstance(caught.value, ValueError)

def test_declared_exception_with_another_base():
    with pytest.raises(solution.OddError):
        solution.f("baseless")

def test_wrong_type():
    assert solution.f("right")[0] == 1

def test_segfault():
    assert solution.f("segfault") == 1

def test_recursion():
    assert solution.f("recursion") == 1

def test_skips():
    assert solution.f("skips") == 1

def test_after_all_that():
    assert solution.f("right") == 1
"""

SOLUTION = """
import os, sys, time

class OddError(ValueError):
    pass

class Odder(OddError):
    pass

def f(what):
    if what == "right":
        return 1
    if what == "wrong":
        return 2
    if what == "raises":
        raise KeyError("boom")
    if what == "exits":
        sys.exit(0)
    if what == "hard_exit":
        os._exit(0)
    if what == "never_returns":
        while True:
            pass
    if what == "sleeps":
        time.sleep(60)
    if what == "eats_memory":
        hoard = []
        while True:
            hoard.append(bytearray(10_000_000))
    if what == "floods_stdout":
        while True:
            print("x" * 1000)
    if what == "prints":
        print("hello\\x1b[31m")
        return 2
    if what == "odd":
        error = Odder("it is odd")
        error.path = ["a", "b"]
        raise error
    if what == "baseless":
        raise type("OddError", (KeyError,), {})("it is odd")
    if what == "segfault":
        import ctypes
        ctypes.string_at(0)
    if what == "recursion":
        return f(what)
    if what == "skips":
        import unittest
        raise unittest.SkipTest("no")
"""


def test_every_verdict_and_its_words(bench):
    seen = bench.outcomes(SUITE, SOLUTION, wall_seconds=1.0, memory_mb=128, output_kb=64)

    def told(case: str) -> tuple[Verdict, str]:
        return seen[f"test_{case}"].verdict, seen[f"test_{case}"].message

    assert told("right") == (Verdict.ACCEPTED, "")
    assert told("wrong") == (Verdict.WRONG_ANSWER, "expected 1, got 2")
    assert told("raises") == (Verdict.RUNTIME_ERROR, "KeyError: 'boom'")
    assert seen["test_raises"].where == "solution.py:16 in f"
    verdict, message = told("missing_name")
    assert verdict is Verdict.RUNTIME_ERROR
    assert "has no attribute 'g'" in message
    assert told("exits") == (Verdict.RUNTIME_ERROR, "SystemExit: 0")
    assert told("hard_exit") == (
        Verdict.RUNTIME_ERROR,
        "the solution ended its own process (exit code 0)",
    )
    assert told("never_returns") == (Verdict.TIME_LIMIT, "no answer within 1 s")
    assert told("sleeps") == (Verdict.TIME_LIMIT, "no answer within 1 s")
    assert told("eats_memory") == (Verdict.MEMORY_LIMIT, "the solution ran out of memory")
    assert told("floods_stdout") == (
        Verdict.OUTPUT_LIMIT,
        "the solution printed more than 64 KiB",
    )
    assert seen["test_prints"].output == "hello\x1b[31m\n"
    assert told("no_exception") == (Verdict.WRONG_ANSWER, "expected OddError to be raised")
    assert told("declared_exception") == (Verdict.ACCEPTED, "")
    assert told("declared_exception_with_another_base") == (
        Verdict.RUNTIME_ERROR,
        "OddError (not derived from ValueError): 'it is odd'",
    )
    verdict, message = told("wrong_type")
    assert verdict is Verdict.WRONG_ANSWER
    assert "TypeError" in message
    assert told("segfault") == (
        Verdict.RUNTIME_ERROR,
        "the solution's process was ended by SIGSEGV",
    )
    assert seen["test_recursion"].verdict is Verdict.RUNTIME_ERROR
    assert seen["test_recursion"].message.startswith("RecursionError")
    assert told("skips") == (Verdict.RUNTIME_ERROR, "SkipTest: no")
    assert told("after_all_that") == (Verdict.ACCEPTED, "")
    assert seen["test_right"].title == "A right answer is accepted"
    assert seen["test_wrong"].title == "wrong"


def test_import_failures_fail_every_case_with_the_place(bench):
    suite = """
    def test_one():
        solution.f()

    def test_two():
        solution.f()
    """
    for text, message, where in [
        ("def f(:\n", "SyntaxError: ", "solution.py:1"),
        ("x = 1\nimport nonsense\n", "ModuleNotFoundError: No module named 'nonsense'", ":2 in"),
        ("1 / 0\n", "ZeroDivisionError: division by zero", "solution.py:1 in <module>"),
        ("import sys\nsys.exit(0)\n", "SystemExit: 0", "solution.py:2"),
    ]:
        for outcome in bench.outcomes(suite, text).values():
            assert outcome.verdict is Verdict.IMPORT_ERROR
            assert message in outcome.message
            assert where in outcome.where


def test_helper_modules_and_packages_are_imported_from_the_submission(bench):
    seen = bench.outcomes(
        "def test_one():\n    assert solution.f() == (1, 2, 3)\n",
        {
            "solution.py": "from helper import a\nfrom pkg.deep import b\nimport pkg\n"
            "def f():\n    return a, b, pkg.c\n",
            "helper.py": "a = 1\n",
            "pkg/__init__.py": "c = 3\n",
            "pkg/deep.py": "from . import c\nb = c - 1\n",
        },
    )
    assert seen["test_one"].verdict is Verdict.ACCEPTED


def test_selection_runs_only_matching_cases(bench):
    suite = "def test_one():\n    solution.f()\n\ndef test_two():\n    solution.f()\n"
    judgement = bench.judge(suite, "def f(): pass\n", select="two")
    assert [o.case for o in judgement.outcomes] == ["level1::test_two"]
    assert judgement.error == ""


def test_an_endless_import_is_waited_for_once_and_not_in_every_case(bench):
    suite = "\n".join(f"def test_{n}():\n    solution.f()\n" for n in range(6))
    started = time.monotonic()
    judgement = bench.judge(suite, "while True: pass\n")
    # Six full waits would take 30 s.
    assert time.monotonic() - started < 20
    assert [o.verdict for o in judgement.outcomes] == [Verdict.TIME_LIMIT] * 6
    assert judgement.outcomes[0].message == "importing the solution took longer than 5 s"


def test_a_judge_error_is_retried_once_and_told(bench):
    judgement = bench.judge("def test_one(missing_fixture):\n    solution.f()\n", "x = 1\n")
    assert judgement.verdict is Verdict.JUDGE_ERROR
    assert judgement.retried_after.startswith("level1::test_one: ")


def test_the_time_of_both_tries_is_told(bench, monkeypatch):
    begun = time.monotonic()
    ticks = iter([begun, begun + 70.0])
    monkeypatch.setattr(
        "harness.judge.recovery.time", SimpleNamespace(monotonic=lambda: next(ticks))
    )
    judgement = bench.judge("def test_one(missing_fixture):\n    solution.f()\n", "x = 1\n")
    assert judgement.seconds == pytest.approx(70.0)


def test_a_box_that_cannot_be_locked_is_never_the_candidates_fault(bench):
    # Stands for a lock that fails: nothing else ends with this code before the import is told.
    judgement = bench.judge("def test_one():\n    solution.f()\n", "import os\nos._exit(71)\n")
    assert judgement.verdict is Verdict.JUDGE_ERROR
    assert judgement.outcomes[0].message == "a box could not be locked"


@pytest.mark.parametrize(
    "stream",
    [
        'io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")',
        'codecs.getwriter("utf-8")(sys.stdout.buffer)',
        'open(1, "w", closefd=False)',
        "io.BufferedWriter(sys.stdout.buffer)",
    ],
)
def test_what_a_stream_of_the_solution_keeps_is_shown(bench, stream):
    write = (
        'sys.stdout.write(b"so far")' if "BufferedWriter" in stream else 'print("so far", end="")'
    )
    solution = f"""
import codecs, io, sys

sys.stdout = {stream}

def f(number):
    {write}
    return 1 / number
"""
    suite = """
import solution

def test_wrong():
    assert solution.f(1) == 3

def test_raises():
    assert solution.f(0) == 3
"""
    seen = bench.outcomes(suite, solution)
    assert [outcome.output for outcome in seen.values()] == ["so far", "so far"]
