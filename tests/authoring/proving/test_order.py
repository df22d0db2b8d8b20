"""The check ``order``: cases that depend on others are named, with what they share."""

from __future__ import annotations

import pytest

from harness.authoring.checks import order
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.model.finding import Severity

SHARED = [
    ("SEEN", "SEEN = []\n", "SEEN.append(1)", "len(SEEN)"),
    ("SEEN", "SEEN = {}\n", "SEEN['a'] = 1", "SEEN.get('a', 0)"),
    (
        "count",
        "def count(add, seen=[]):\n    seen += add\n    return len(seen)\n",
        "count([1])",
        "count([])",
    ),
    ("Kept", "class Kept:\n    calls = 0\n", "Kept.calls += 1", "Kept.calls"),
    ("CALLS", "CALLS = 0\n", "global CALLS\n    CALLS += 1", "CALLS"),
    ("NUMBERS", "import itertools\n\nNUMBERS = itertools.count()\n", *["next(NUMBERS)"] * 2),
    (
        "decimal.getcontext",
        "import decimal\n",
        "decimal.getcontext().prec = 3",
        "int(decimal.getcontext().prec == 3)",
    ),
    (
        "kept",
        "import functools\n\n\n@functools.cache\ndef kept():\n    return []\n",
        "kept().append(1)",
        "len(kept())",
    ),
]


def plant(bench, makes, changes, reads, *, hidden=True):
    suite = "hidden" if hidden else "visible"
    head = bench.root / f"level1/test_{suite}.py"
    head.write_text(f"""from solution import Tally

{makes}

def test_writes():
    \"\"\"Writes\"\"\"
    {changes}
    assert Tally().add(1) == 1


def test_reads():
    \"\"\"Reads\"\"\"
    assert Tally().add({reads}) == 1


def test_neither():
    \"\"\"Does neither\"\"\"
    assert Tally().add(2) == 2
""")
    return head


@pytest.mark.parametrize(("name", "makes", "changes", "reads"), SHARED)
def test_what_cases_share_is_named(bench, name, makes, changes, reads):
    path = plant(bench, makes, changes, reads)
    found = bench.check("order")
    assert [finding.severity for finding in found] == [Severity.ERROR]
    (finding,) = found
    assert finding.path == path
    assert finding.message.startswith("test_reads depends on other cases: with the reference it ")
    assert "passes in the order of the file, but not in reverse or alone" in finding.message
    assert f"{name} is kept between cases: test_writes" in finding.message
    assert "test_neither" not in finding.message


def test_visible_cases_count_too(bench):
    plant(bench, *SHARED[0][1:], hidden=False)
    (finding,) = bench.check("order")
    assert finding.message.startswith("test_reads depends on other cases")


def test_the_reference_is_not_blamed(bench):
    plant(bench, "SEEN = []\n", "SEEN.append(1)", "1 - len(SEEN)")
    found = bench.check("references", "alternates")
    assert [finding.message.split(" depends")[0] for finding in found] == ["test_reads"]


def test_a_wrong_reference_is_blamed_itself(bench):
    bench.change("reference/level1/solution.py", "+= amount", "+= 2 * amount")
    assert bench.check("order") == []
    assert bench.check("references")


def test_a_reference_that_never_ends_keeps_nothing_up(bench):
    bench.change("reference/level1/solution.py", "self._sum += amount", "while True: pass")
    assert bench.check("order") == []


def test_a_case_that_ends_the_process_is_no_dependence(bench):
    bench.change("reference/level1/solution.py", "self._sum += amount", "import os; os._exit(3)")
    assert bench.check("order") == []


def test_what_is_left_changed_is_a_warning(bench):
    path = plant(bench, "SEEN = []\n", "SEEN.append(1)", "1 if SEEN is not None else 2")
    (finding,) = bench.check("order")
    assert finding.severity is Severity.WARNING
    assert finding.path == path
    expected = "SEEN is kept between cases: test_writes changes it; test_reads uses it, too."
    assert finding.message == expected


def test_what_no_case_depends_on_is_not_run_again(bench, tmp_path, monkeypatch):
    ran = []
    real = order.run_arranged

    def run(problem, level, *others, **more):
        ran.append(level)
        return real(problem, level, *others, **more)

    monkeypatch.setattr(order, "run_arranged", run)
    with Examiner(kept=tmp_path / "kept", workers=1) as examiner:
        for name in (None, None, "level2/test_hidden.py"):
            if name:
                bench.change(name, "[4, 2, 1]", "[4, 2, 1 + 0]")
            ran.append(sorted(f.message for f in order.order(Subject(bench.problem, examiner))))
    assert [each for each in ran if each] == [1, 2, 2]
