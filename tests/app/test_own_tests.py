"""A failing case becomes a test in the workspace that fails as it did, and passes when fixed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from harness.app.own_tests import FILE_NAME, keep_case, write_test
from harness.app.work import JudgedTests, run_tests
from harness.errors import RequestError
from harness.model.judgement import CaseOutcome, Cause, Feedback, Judgement, Suite, Verdict
from tests.judge.conftest import Bench
from tests.making import make_problem

WRONG = {
    "an answer": (
        "assert solution.f(1, b='x') == 2",
        "def f(a, b): return 3",
        "def f(a, b): return 2",
    ),
    "an object": (
        "thing = solution.Thing()\n    thing.work(1)\n    assert thing.work('a -> b') == 'a -> c'",
        "class Thing:\n    def work(self, x): return x",
        "class Thing:\n    def work(self, x): return 'a -> c'",
    ),
    "a list of answers": (
        "assert [solution.f(n) for n in range(3)] == [0, 1, 2]",
        "def f(n): return 0",
        "def f(n): return n",
    ),
    "something made of an answer": (
        "assert sorted(solution.f()) == [1, 2]",
        "def f(): return [3, 1]",
        "def f(): return [2, 1]",
    ),
    "a length": ("assert len(solution.f()) == 2", "def f(): return [3]", "def f(): return [2, 1]"),
    "a truth": ("assert solution.f()", "def f(): return False", "def f(): return True"),
    "an untruth": ("assert not solution.f()", "def f(): return [1]", "def f(): return []"),
    "at least": ("assert solution.f() >= 3", "def f(): return 2", "def f(): return 3"),
    "anything but": ("assert solution.f() != 2", "def f(): return 2", "def f(): return 3"),
    "none": ("assert solution.f() is None", "def f(): return 2", "def f(): return None"),
    "a missing exception": (
        "solution.f(1)\n    with pytest.raises(KeyError):\n        solution.f(2)",
        "def f(n): return n",
        "def f(n):\n    if n == 2: raise KeyError(n)",
    ),
    "a missing exception of its own": (
        "with pytest.raises(solution.OddError):\n        solution.f(2)",
        "class OddError(ValueError): pass\ndef f(n): return n",
        "class OddError(ValueError): pass\ndef f(n): raise OddError",
    ),
    "an exception that is expected before": (
        "with pytest.raises(ValueError):\n        solution.f(0)\n    assert solution.f(1) == 5",
        "def f(n):\n    if n == 0: raise ValueError('a -> b')\n    return 4",
        "def f(n):\n    if n == 0: raise ValueError('a -> b')\n    return 5",
    ),
    "an error": (
        "solution.f(1)\n    solution.f(0)",
        "def f(n): return 1 / n",
        "def f(n): return n",
    ),
    "a function of the case": (
        "calls = []\n"
        "    def double(n):\n        calls.append(n)\n        return 2 * n\n"
        "    assert solution.f(double) == 12",
        "def f(g): return g(1) + g(4)",
        "def f(g): return g(1) + g(4) + 2",
    ),
    "special values": (
        "assert solution.f(float('inf'), {1, 2}, b'x', 1 + 2j, {'k': [()]}) == frozenset({1})",
        "def f(*a): return frozenset()",
        "def f(*a): return frozenset({1})",
    ),
    "an import": (
        "assert solution.f() == 1",
        "import no_such_module\ndef f(): return 1",
        "def f(): return 1",
    ),
    "a syntax error": ("assert solution.f() == 1", "def f(: return 1", "def f(): return 1"),
    "a loop": ("assert solution.f() == 1", "def f():\n    while True: pass", "def f(): return 1"),
    "operators": (
        "store = solution.KVStore()\n    assert ('a' in store) is True",
        "class KVStore:\n    def __contains__(self, x): return False",
        "class KVStore:\n    def __contains__(self, x): return True",
    ),
    "quotes": (
        'assert solution.f(\'"""\', "\'\\\\", \'\\n\\x1b[2J\\u202e{}\') == \'"""\'',
        "def f(*a): return a[0] + '!'",
        "def f(*a): return a[0]",
    ),
}


REASONS = {Verdict.TIME_LIMIT: "TimeoutError", Verdict.IMPORT_ERROR: "import solution"}


@pytest.fixture
def run_pytest(tmp_path):
    def run_pytest(solution: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "work" / "solution.py").write_text(solution)
        return subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", FILE_NAME],
            cwd=tmp_path / "work",
            capture_output=True,
            text=True,
            timeout=60,
        )

    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "pytest.ini").write_text(
        "[pytest]\npythonpath = .\naddopts = --import-mode=importlib\n"
    )
    return run_pytest


@pytest.mark.parametrize("kind", WRONG)
def test_it_fails_as_the_case_did_and_passes_when_that_is_right(kind, tmp_path, run_pytest):
    case, wrong, right = WRONG[kind]
    suite = f'def test_one():\n    """A case"""\n    {case}\n'
    (tmp_path / "suite").mkdir()
    bench = Bench(tmp_path / "suite")
    judgement = bench.judge(suite, wrong, wall_seconds=1.0)
    (outcome,) = judgement.outcomes
    assert outcome.verdict not in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR), outcome
    text = write_test(outcome, bench.problem(suite, wall_seconds=1.0), "test_kept_1")
    (tmp_path / "work" / FILE_NAME).write_text(text + "\n")
    failed = run_pytest(wrong)
    assert failed.returncode == 1, text + failed.stdout + failed.stderr
    assert REASONS.get(outcome.verdict, "") in failed.stdout
    if outcome.cause is Cause.EXCEPTION:
        assert outcome.message.partition(":")[0] in failed.stdout
    passed = run_pytest(right)
    assert passed.returncode == 0, text + passed.stdout


def outcome(*calls, **changes):
    values = {
        "case": "level1::test_one",
        "level": 1,
        "title": "A case",
        "verdict": Verdict.WRONG_ANSWER,
        "seconds": 0.0,
        "calls": calls,
        "expected": "1",
        "actual": "2",
        "cause": Cause.VALUES,
    }
    return CaseOutcome(**(values | changes))


@pytest.mark.parametrize(
    "title",
    [
        '"""\nimport os; os.system("touch /tmp/pwned")\n"""',
        "'''\n\\",
        "a\x00b\x1b[2J\u202e\ud800",
        "\\N{BULLET} \\x",
        "",
    ],
)
def test_a_hostile_title_stays_a_text(title):
    text = write_test(outcome("f() -> 2", title=title), make_problem(), "test_kept_1")
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    assert (ast.get_docstring(function, clean=False) or "") == title
    assert ast.unparse(function.body[-1]) == "assert f() == 1"


@pytest.mark.parametrize(
    "call",
    [
        "__import__('os').system('x') -> 2",
        "f.__class__.__bases__ -> 2",
        "f(lambda: 1) -> 2",
        "f(*[1]) -> 2",
        "f(**{'a': 1}) -> 2",
        "f(<function>) -> 2",
        "f(…) -> 2",
        "f('aaaa … (5000 characters) -> 2",
        "f([x for x in y]) -> 2",
        "eval('1') -> 2",
        "open('/etc/passwd') -> 2",
        "import os -> 2",
        "f(); g() -> 2",
        "(f := g) -> 2",
        "f(f'{g()}') -> 2",
        "f() if g() else h() -> 2",
        "f(\x00) -> 2",
        "  f() -> 2",
    ],
)
def test_what_is_no_plain_call_is_not_written(call):
    with pytest.raises(Exception, match=r"shown whole|object|again") as caught:
        write_test(outcome(call, actual="2"), make_problem(), "test_kept_1")
    assert type(caught.value).__name__ == "_CannotKeepError"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"calls": ()}, "its calls are not shown"),
        ({"calls_omitted": 3}, "more calls than are shown"),
        ({"expected": None}, "no expected value is shown"),
        ({"cause": Cause.OBJECT}, "an object of the solution"),
        ({"actual": "7"}, "computes from the answers"),
        ({"expected": "'aaa … (900 characters)"}, "not every value is shown whole"),
        ({"verdict": Verdict.MEMORY_LIMIT}, "only the sandbox notices"),
        ({"verdict": Verdict.OUTPUT_LIMIT}, "only the sandbox notices"),
        ({"verdict": Verdict.RUNTIME_ERROR}, "only the sandbox notices"),
    ],
)
def test_what_the_screen_does_not_show_is_not_made_up(changes, why):
    case = outcome(*changes.pop("calls", ("f() -> 2",)), **changes)
    with pytest.raises(Exception, match=why):
        write_test(case, make_problem(), "test_kept_1")


class TestFile:
    @pytest.fixture
    def sitting(self, begin):
        return begin()

    @pytest.fixture
    def keep(self, session, sitting):
        def keep(case=None, feedback=Feedback.FULL, suite=Suite.VISIBLE):
            state = replace(session.store.state(sitting.state.id), feedback=feedback)
            cases = (case or outcome("f() -> 2"),)
            judgement = Judgement(suite=suite, levels=(1,), outcomes=cases)
            result = JudgedTests(state, session.problem(state), judgement)
            return keep_case(session, sitting, result)

        return keep

    @pytest.fixture
    def file(self, sitting):
        return sitting.workspace.root / FILE_NAME

    def test_repeated_use_appends(self, keep, file):
        names = [keep().name for _ in range(3)]
        assert names == ["test_kept_1", "test_kept_2", "test_kept_3"]
        functions = [node.name for node in ast.parse(file.read_text()).body]
        assert functions == names

    @pytest.mark.parametrize("mine", ["x = 1", "x = 1\n", "# é\r\nx = 1\r\n", "\ufeffx = 1\n"])
    def test_what_the_candidate_wrote_stays(self, keep, file, mine):
        keep()
        text = mine + "\ndef test_kept_7():\n    pass"
        file.write_bytes(text.encode())
        assert keep().name == "test_kept_1"
        assert file.read_bytes().startswith(text.encode() + b"\n")
        ast.parse(file.read_bytes())

    def test_a_deleted_file_begins_anew(self, keep, file):
        keep()
        file.unlink()
        assert keep().name == "test_kept_1"

    def test_a_file_that_is_no_python_is_left_alone(self, keep, file):
        file.write_text("def test_x(:\n")
        with pytest.raises(RequestError, match="not valid Python, line 1"):
            keep()
        assert file.read_text() == "def test_x(:\n"

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"x = '\xe9'\n"])
    def test_a_file_that_is_no_text_is_left_alone(self, keep, file, content):
        file.write_bytes(content)
        with pytest.raises(RequestError, match="cannot be read"):
            keep()
        assert file.read_bytes() == content

    def test_no_link_is_followed(self, keep, file, tmp_path):
        target = tmp_path / "precious.py"
        target.write_text("x = 1\n")
        file.symlink_to(target)
        with pytest.raises(RequestError):
            keep()
        file.unlink()
        os.link(target, file)
        with pytest.raises(RequestError, match="hard link"):
            keep()
        assert target.read_text() == "x = 1\n"

    def test_a_pipe_blocks_nothing(self, keep, file):
        os.mkfifo(file)
        with pytest.raises(RequestError):
            keep()

    @pytest.mark.parametrize("feedback", [Feedback.NAMES, Feedback.NONE, Feedback.CALLS])
    def test_only_what_the_feedback_shows(self, keep, file, feedback):
        with pytest.raises(RequestError, match="cannot be kept"):
            keep(feedback=feedback, suite=Suite.HIDDEN)
        assert not file.exists()
        keep(feedback=feedback, suite=Suite.VISIBLE)
        assert file.exists()

    def test_nothing_failed(self, keep):
        with pytest.raises(RequestError, match="No case failed"):
            keep(outcome("f() -> 2", verdict=Verdict.ACCEPTED))

    def test_it_is_no_part_of_the_solution(self, session, sitting, solve, keep):
        solve(sitting, 1)
        keep()
        assert run_tests(session, sitting).unsubmitted
        assert FILE_NAME not in session.judge.requests[-1].snapshot.files


def test_a_kept_test_reads_like_one_that_a_person_wrote():
    case = outcome("kv = KVStore()", "kv.set('a', 1)", "kv.get('a') -> 2", title="Ties go first")
    text = write_test(case, make_problem(), "test_kept_1")
    assert text == textwrap.dedent(
        '''\
        def test_kept_1():
            """Ties go first"""
            from solution import KVStore
            kv = KVStore()
            kv.set('a', 1)
            assert kv.get('a') == 1'''
    )
