"""What is kept of a suite's cases: a change of one re-judges that one, and no verdict is stale."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.authoring.examiner import Examiner
from harness.authoring.separating import case_keys
from harness.authoring.subject import Subject
from harness.authoring.suites import SuiteSource
from harness.errors import JudgeError
from harness.model.judgement import Suite
from tests.authoring.proving.test_order import SHARED

CASE = '''\
def test_negative():
    """A negative amount"""
    tally = Tally()
    assert tally.add(-3) == -3
'''


class Watched:
    """Judges the references of a problem, and says which cases are judged anew."""

    def __init__(self, bench, kept, monkeypatch):
        self.bench = bench
        self.kept = kept
        self.judged = []
        real = Examiner._judge

        def judge(examiner, request):
            judgement, seen = real(examiner, request)
            self.judged += seen.collected
            return judgement, seen

        monkeypatch.setattr(Examiner, "_judge", judge)

    def anew(self, level=2, suite=Suite.HIDDEN, **changed):
        """Judge the reference of ``level``; return the functions that were judged for that."""
        self.judged.clear()
        with Examiner(kept=self.kept, workers=1) as examiner:
            subject = Subject(self.bench.problem, examiner)
            levels = range(1, level + 1)
            asked = subject.request(subject.references[level], levels, suite, **changed)
            self.judgement = subject.judge(asked)
        return sorted({case.partition("[")[0] for case in self.judged})

    def verdicts(self):
        return {outcome.case: outcome.verdict.value for outcome in self.judgement.outcomes}


@pytest.fixture
def kept(bench, tmp_path, monkeypatch):
    found = Watched(bench, tmp_path / "kept", monkeypatch)
    assert len(found.anew()) == 4
    assert found.anew() == []
    return found


def test_one_more_case_is_judged_alone(bench, kept):
    before = kept.judgement
    bench.add(CASE, "level1/test_hidden.py")
    assert kept.anew() == ["level1::test_negative"]
    assert [outcome.case for outcome in kept.judgement.outcomes] == [
        *(outcome.case for outcome in before.of_level(1)),
        "level1::test_negative",
        *(outcome.case for outcome in before.of_level(2)),
    ]
    assert kept.anew() == []


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("[5]", "[6]", ["test_sum"]),
        ("range(5)", "range(6)", ["test_random_amounts"]),
        ("The total of many", "The sum of many", ["test_random_amounts"]),
        ("def test_sum(", "def test_sums(", ["test_sums"]),
        ("import pytest\n", "import pytest\nimport math\n", ["test_random_amounts", "test_sum"]),
        ("@pytest.mark.parametrize", "# more\n\n@pytest.mark.parametrize", []),
        (
            "@pytest.mark.parametrize",
            "LIMIT = 3\n\n\n@pytest.mark.parametrize",
            ["test_random_amounts", "test_sum"],
        ),
    ],
)
def test_what_a_change_of_the_suite_re_judges(bench, kept, old, new, anew):
    bench.change("level1/test_hidden.py", old, new)
    assert kept.anew() == [f"level1::{name}" for name in anew]


def test_what_the_statement_says_is_looked_up_anew(bench, kept):
    bench.change("level1/statement.md", "`total` tells", "`add` adds up. `total` tells")
    bench.add(
        'def test_wrong():\n    """It is wrong\n\n    Rule: `total` tells the sum.\n    """\n'
        "    assert Tally().total() == 1\n",
        "level1/test_hidden.py",
    )
    assert kept.anew() == ["level1::test_wrong"]
    rules = [o.rules for o in kept.judgement.outcomes if o.verdict != "accepted"]
    assert [rule.text for rule in rules[0]] == ["`total` tells the sum."]
    bench.change("level1/statement.md", "`total` tells the sum", "`total` tells the whole sum")
    assert kept.anew() == []
    assert [o.rules for o in kept.judgement.outcomes if o.verdict != "accepted"] == [()]


def test_a_case_that_is_too_slow_ends_what_is_put_together(bench, kept):
    bench.change("level1/test_hidden.py", "    tally = Tally()\n    for amount", SLOW)
    assert kept.anew(stop_at_timeout=True) == ["level1::test_sum"]
    assert kept.verdicts() == {"level1::test_sum[amounts0]": "time_limit"}
    assert kept.anew(stop_at_timeout=True) == []
    assert kept.verdicts() == {"level1::test_sum[amounts0]": "time_limit"}
    assert kept.anew() == ["level1::test_sum"]
    assert len(kept.verdicts()) == 6


SLOW = """\
    tally = Tally()
    while amounts == [1, 2, 4]:
        tally.total()
    for amount"""

MORE = [
    ("SEEN = {'all': []}\n", "SEEN['all'].append(1)", "len(SEEN['all'])"),
    ("def count():\n    pass\n\n\ncount.calls = 0\n", "count.calls += 1", "count.calls"),
    ("NUMBERS = iter(range(9))\n", "next(NUMBERS)", "next(NUMBERS)"),
    ("import os\n", "os.environ['A'] = '1'", "len(os.environ.get('A', ''))"),
    ("import random\n", "random.seed(1)", "random.randint(1, 6)"),
    ("import queue\n\nWAITING = queue.Queue()\n", "WAITING.put(1)", "WAITING.qsize()"),
    ("import math\n", "math.tau = 1", "math.tau"),
]


@pytest.mark.parametrize(("makes", "changes", "reads"), [*(row[1:] for row in SHARED), *MORE])
def test_nothing_is_kept_of_cases_that_share_something(bench, kept, makes, changes, reads):
    text = f"""{makes}

def test_writes():
    \"\"\"Writes\"\"\"
    {changes}
    assert Tally().add(1) == 1


def test_reads():
    \"\"\"Reads\"\"\"
    assert Tally().add({reads}) == 1
"""
    bench.add(text, "level1/test_hidden.py")
    kept.anew(1)
    together = kept.verdicts()
    assert "level1::test_writes" in kept.anew(1)
    assert kept.verdicts() == together


PIECES = st.sampled_from(
    [
        "LIMIT = 2",
        "LIMIT = 3",
        "SEEN = []",
        "def helper(x):\n    return x + LIMIT",
        "def helper(x):\n    return x * 2",
        "def helper(x, seen=[]):\n    seen.append(x)\n    return len(seen)",
        "class Kept:\n    count = 0",
        "def test_a():\n    assert helper(1) == 3",
        "def test_a():\n    assert LIMIT == 2",
        "def test_b():\n    SEEN.append(1)\n    assert len(SEEN) == 1",
        "def test_b():\n    Kept.count += 1\n    assert Kept.count == LIMIT - 1",
        "def test_c():\n    test_a()",
        "def test_c():\n    globals()['test_a']()",
        "def test_c(x=helper(1)):\n    assert x == LIMIT",
        "CASES = [test_a, test_b]",
        "def test_d():\n    for case in CASES:\n        case()",
        "class TestE:\n    def test_e(self):\n        assert self.known() == 2\n"
        "    def known(self):\n        return LIMIT",
        "class TestE:\n    def test_e(self):\n        assert 'test_a' in globals()",
        "def test_f():\n    assert getattr(Kept, 'test_e', 1) == len(__name__)",
        "if LIMIT == 2:\n    def test_g():\n        assert helper(2) == 4",
        "test_h = lambda: 1 / (LIMIT - 2)",
    ]
)


def _verdicts_alone(text):
    """Run each case in a module of its own; return its name → how it ended."""
    found = {}
    tree = ast.parse(text)
    names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and "test" in n.name]
    names += [
        f"{n.name}::{each.name}"
        for n in tree.body
        if isinstance(n, ast.ClassDef)
        for each in n.body
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test")
    ]
    for name in names:
        module = {"__name__": "suite"}
        try:
            exec(compile(tree, "suite", "exec"), module)
            owner, _, method = name.rpartition("::")
            (getattr(module[owner](), method) if owner else module[name])()
            found[name] = "passed"
        except Exception as error:
            found[name] = type(error).__name__
    return found


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=2, max_size=8), st.data())
def test_equal_keys_mean_equal_verdicts(pieces, data):
    """A piece more, a piece less, two in another order: the same key, the same verdict."""
    place = data.draw(st.integers(0, len(pieces) - 1))
    change = data.draw(st.sampled_from(["add", "remove", "replace", "swap"]))
    after = list(pieces)
    if change == "add":
        after.insert(place, data.draw(PIECES))
    elif change == "remove":
        del after[place]
    elif change == "replace":
        after[place] = data.draw(PIECES)
    else:
        after[place], after[-1] = after[-1], after[place]
    known = {}
    for each in (pieces, after):
        text = "\n\n".join(each)
        keys = case_keys(SuiteSource(1, Suite.HIDDEN, Path("suite.py"), text))
        verdicts = _verdicts_alone(text)
        for name, key in (keys or {}).items():
            assert known.setdefault((name, key), verdicts.get(name)) == verdicts.get(name)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["level1/test_hidden.py", "level2/test_hidden.py"]),
        st.sampled_from(
            [
                ("assert ", "assert 1 + "),
                ("assert ", "assert not "),
                ("tally.add(5)", "tally.add(6)"),
                ("[5]", "[5, 6]"),
                ("tally = Tally()", "tally = make()"),
                ("import pytest\n", "import pytest\n\nSEEN = []\n"),
                ("    tally = Tally()\n", "    SEEN.append(1)\n    tally = Tally()\n"),
                ("== 0", "== len(SEEN)"),
                ("import pytest\n", "import pytest\n\n\ndef make():\n    return Tally()\n"),
                ("def make():\n    return Tally()", "def make():\n    return Tally"),
                ("def test_undo_twice", "def test_sum"),
                ("def test_nothing_left", "def nothing_left"),
            ]
        ),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.exhaustive
@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_no_edit_gives_a_stale_verdict(tmp_path_factory, making, edits):
    _compare(making(tmp_path_factory.mktemp("pack")), tmp_path_factory.mktemp("kept"), edits)


@settings(max_examples=6, deadline=None)
@given(EDITS)
def test_few_edits_give_no_stale_verdict(tmp_path_factory, making, edits):
    _compare(making(tmp_path_factory.mktemp("pack")), tmp_path_factory.mktemp("kept"), edits)


def _compare(bench, folder, edits):
    for name, (old, new) in edits:
        path = bench.root / name
        text = path.read_text()
        path.write_text(text.replace(old, new, 1))
        answers = []
        for kept in (folder, None):
            with Examiner(kept=kept, workers=1) as examiner:
                subject = Subject(bench.problem, examiner)
                requests = [
                    subject.request(subject.references[level], range(1, level + 1))
                    for level in (1, 2)
                ]
                answers.append([_verdicts(subject, request) for request in requests])
        assert answers[0] == answers[1]


def _verdicts(subject, request):
    try:
        return [(outcome.case, outcome.verdict) for outcome in subject.judge(request).outcomes]
    except JudgeError as error:  # an edit may leave no Python
        return error.message
