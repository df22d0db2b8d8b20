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
        ("reads_nothing", "FileNotFoundError: [Errno 2] No such file or directory: 'missing.txt'"),
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
