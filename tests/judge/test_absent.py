"""What a box has not: the candidate reads why, and not a bare error number."""

from __future__ import annotations

import pytest

from harness.model.judgement import Verdict

SOLUTION = """
import os

def f(what, *arguments):
    return globals()[what](*arguments)

def leaves():
    exit(3)

def quits():
    quit()

def asks():
    return input("name? ")

def reads_all():
    import sys
    return sys.stdin.read()

def reads_lines():
    import sys
    sys.stdin.reconfigure(encoding="utf-8")
    return [line for line in sys.stdin]

def reads_bytes():
    import sys
    return sys.stdin.buffer.readline()

def asks_for_a_password():
    import getpass
    return getpass.getpass()

def keeps_a_database():
    import sqlite3
    return sqlite3.connect("a.db").execute("create table t (a)")

def stops():
    breakpoint()

def debugs():
    import pdb
    pdb.set_trace()
    return 1

def starts_processes():
    import multiprocessing
    return multiprocessing.Pool(2).map(abs, [-1])

def starts_a_pool():
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(abs, -1).result()

def runs_a_program():
    import subprocess
    return subprocess.run(["true"]).returncode

def forks():
    return os.fork()

def writes():
    open("notes.txt", "w").write("x")

def makes_a_folder():
    os.mkdir("folder")

def keeps_temporary():
    import tempfile
    with tempfile.TemporaryFile() as file:
        return file.write(b"x")

def connects():
    import socket
    return socket.create_connection(("127.0.0.1", 80))

def denies():
    raise PermissionError(13, "Permission denied")

def reads_nothing():
    return open("missing.txt").read()

def misses():
    raise FileNotFoundError(2, "No such file or directory", "it")

def lacks():
    raise ModuleNotFoundError("no numpy")

def imports_a_library():
    import numpy
    return numpy

def asks_for_a_name():
    import socket
    return socket.gethostbyname("example.com")

def opens_a_page():
    import urllib.request
    return urllib.request.urlopen("http://example.com")

def answers_with_a_long_text():
    return "x" * 10**8

def answers_with_many_bytes():
    return bytes(10**7)

def answers_with_many_numbers():
    return list(range(10**6))

def fails_with_a_long_text():
    raise ValueError("x" * 10**8)

def threads():
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(abs, [-1, 2]))

def denies_in_a_thread():
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda x: denies(), [1]))
"""

PROCESS = "a box is one process and cannot start another; threading and ThreadPoolExecutor work"
DEBUGGER = "the debugger needs a terminal, which a box does not have: take the breakpoint out"
WORDS = {
    "leaves": "SystemExit: 3",
    "quits": "SystemExit: None",
    "asks": "EOFError: input() has nothing to read: a box has no standard input",
    "reads_all": "EOFError: sys.stdin has nothing to read: a box has no standard input",
    "reads_lines": "sys.stdin has nothing to read",
    "reads_bytes": "sys.stdin has nothing to read",
    "asks_for_a_password": "nothing to read: a box has no standard input",
    "keeps_a_database": "a box cannot write files; sqlite3.connect(':memory:') works",
    "stops": f"RuntimeError: breakpoint(): {DEBUGGER}",
    "debugs": DEBUGGER,
    "starts_processes": PROCESS,
    "starts_a_pool": PROCESS,
    "runs_a_program": PROCESS,
    "forks": "a box allows no other processes, no network and no writing",
    "writes": "a box allows no other processes, no network and no writing",
    "makes_a_folder": "a box allows no other processes, no network and no writing",
    "keeps_temporary": "a box cannot write files, temporary ones neither",
    "connects": "a box has no network",
    "asks_for_a_name": "a box has no network",
    "opens_a_page": "a box has no network",
    "reads_nothing": "'missing.txt' (a box has the solution's .py files and no others, and cannot",
    "imports_a_library": "'numpy' (a box has the standard library and the solution's own files)",
    "answers_with_a_long_text": "a text of 100,000,000 characters cannot be sent: the limit",
    "answers_with_many_bytes": "of 10,000,000 bytes cannot be sent: the limit is 4,194,304",
    "answers_with_many_numbers": "of 1,000,000 parts cannot be sent: the limit is 400,000",
    "fails_with_a_long_text": "ValueError: xxx",
}


def test_what_is_missing_is_named(bench) -> None:
    cases = "\n".join(f"def test_{name}():\n    solution.f({name!r})\n" for name in WORDS)
    seen = bench.outcomes(cases, SOLUTION)
    for name, words in WORDS.items():
        outcome = seen[f"test_{name}"]
        assert outcome.verdict is Verdict.RUNTIME_ERROR, name
        assert words in outcome.message, name


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("denies", "PermissionError: [Errno 13] Permission denied"),
        ("denies_in_a_thread", "PermissionError: [Errno 13] Permission denied"),
        ("misses", "FileNotFoundError: [Errno 2] No such file or directory: 'it'"),
        ("lacks", "ModuleNotFoundError: no numpy"),
    ],
)
def test_what_the_solution_says_itself_stays(bench, what: str, message: str) -> None:
    seen = bench.outcomes(f"def test_it():\n    solution.f({what!r})\n", SOLUTION)
    assert seen["test_it"].message == message


def test_threads_work(bench) -> None:
    seen = bench.outcomes("def test_it():\n    assert solution.f('threads') == [1, 2]\n", SOLUTION)
    assert seen["test_it"].verdict is Verdict.ACCEPTED


FILES = {
    "solution.py": "from pkg.helper import f\n",
    "pkg/__init__.py": "",
    "pkg/helper.py": "from . import deep\n\ndef f():\n    return deep.g(0) + 1\n",
    "pkg/deep.py": "def g(x):\n\treturn [1][x] / x\n",
}


@pytest.mark.parametrize(
    ("file", "text", "verdict", "where", "line"),
    [
        ("pkg/deep.py", FILES["pkg/deep.py"], "runtime_error", "2 in g", "return <[1][x] / x>"),
        ("pkg/deep.py", "def g(x):\n    return (]\n", "import_error", "2", "return (<]>"),
        ("pkg/__init__.py", "x = nothing\n", "import_error", "1 in <module>", "x = <nothing>"),
        ("solution.py", "def f():\n    raise f\n", "runtime_error", "2 in f", "<raise f>"),
        ("solution.py", "import json\nf = json.loads\n", "runtime_error", "", None),
    ],
)
def test_an_exception_shows_the_line_of_the_candidate(bench, file, text, verdict, where, line):
    case = bench.outcomes("def test_it():\n    solution.f()", {**FILES, file: text})["test_it"]
    assert case.verdict.value == verdict
    assert case.where == (where and f"{file}:{where}")
    source = case.source
    shown = source and f"{source.before}<{source.meant}>{source.after}"
    assert shown == line


@pytest.mark.parametrize(
    "raising",
    [
        "SyntaxError('no', ('solution.py', 4, 2, 'x' * 9999))",
        "SyntaxError('no', ('solution.py', 10**9, -5, 'x'))",
        "SyntaxError('no', ('\\x1b[2J', 1, 1, 'x'))",
    ],
)
def test_a_made_up_place_costs_no_more_than_its_case(bench, raising):
    text = f"def f():\n    raise {raising}\n"
    case = bench.outcomes("def test_it():\n    solution.f()", text)["test_it"]
    assert case.verdict is Verdict.RUNTIME_ERROR
