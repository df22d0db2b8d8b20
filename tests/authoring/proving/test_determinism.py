"""The check ``determinism``: each circumstance that makes a difference is found, and named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.authoring.examination import CHECKS, choose, examine
from harness.authoring.subject import Subject

# Each runs about a dozen pytest processes.
pytestmark = pytest.mark.exhaustive

HIDDEN = "level2/test_hidden.py"


@pytest.fixture
def plain(bench):
    """Return a function that runs the check although the judge cannot read the suites."""

    def check():
        (check,) = choose(CHECKS, ["determinism"], full=True)
        (result,) = examine(Subject(bench.problem, bench.examiner), [replace(check, needs=())])
        return result.findings

    return check


def test_a_good_problem_is_steady(bench):
    assert bench.check("determinism") == []


@pytest.mark.parametrize(
    ("condition", "cause"),
    [
        ("os.environ.get('PYTHONHASHSEED') == '3'", "with PYTHONHASHSEED=3"),
        ("time.timezone == 12600", "with TZ=BBB+3:30"),
    ],
)
def test_the_cause_is_named(bench, single, condition, cause):
    bench.add(
        f'import os\nimport time\n\n\ndef test_here():\n    """Here"""\n'
        f"    assert Tally().total() == ({condition})\n",
    )
    assert single("determinism").message.startswith(f"test_here does not pass {cause}: failed: ")


def test_a_mix_of_circumstances(bench, single):
    line = bench.add(
        'def test_mix():\n    """Mix"""\n    import os\n    import time\n'
        "    mix = os.environ.get('PYTHONHASHSEED') == '2' and time.timezone == 12600\n"
        "    assert Tally().total() == mix\n",
    )
    finding = single("determinism")
    assert finding.message.startswith("test_mix does not pass now and then, in a mix of ")
    assert finding.line == line


def test_a_case_that_needs_the_machine_for_itself(bench, single, tmp_path):
    bench.change("problem.toml", "wall_seconds = 1.0", "wall_seconds = 15.0")
    line = bench.add(
        f'def test_lonely():\n    """Lonely"""\n    import os\n    import threading\n'
        f"    os.mkdir({str(tmp_path / 'taken')!r})\n    threading.Event().wait(2)\n"
        f"    os.rmdir({str(tmp_path / 'taken')!r})\n    assert Tally().total() == 0\n",
    )
    finding = single("determinism")
    assert finding.message.startswith("test_lonely does not pass now and then, ")
    assert "or beside other processes: failed: FileExistsError" in finding.message
    assert (finding.path, finding.line) == (bench.root / HIDDEN, line)


def test_a_suite_that_never_comes_back(bench, plain, monkeypatch):
    monkeypatch.setattr("harness.authoring.checks.order.PATIENCE_SECONDS", 2.0)
    bench.add("import threading\nthreading.Event().wait(300)\n", "level1/test_hidden.py")
    (finding,) = plain()
    assert finding.message == "Plain pytest of tally, level 1, did not end within 2 s."
    assert "python -m pytest" in finding.fix


def test_an_order_of_a_set(bench, plain):
    # The hash of an int is the same everywhere, that of a text is not.
    text = "assert list({str(n) for n in range(50)})[:3] == [str(n) for n in range(3)]"
    bench.add(f'def test_set():\n    """Set"""\n    {text}\n')
    (finding,) = plain()
    assert "test_set does not pass as plain pytest" in finding.message


def test_a_case_that_is_no_plain_pytest(bench, single):
    bench.add('def test_judged():\n    """Judged"""\n    assert "of the solution" in repr(Tally)\n')
    finding = single("determinism")
    assert "test_judged does not pass as plain pytest" in finding.message
    assert "PYTHONPATH=reference/level2 python -m pytest" in finding.fix


def test_a_suite_that_cannot_be_collected(bench, plain):
    bench.add("import nothing_of_this_name\n")
    (first, *_) = plain()
    assert "The suite does not pass as plain pytest" in first.message
    assert "nothing_of_this_name" in first.message


def test_a_suite_that_ends_its_process(bench, plain):
    bench.add("import os\nos._exit(3)\n")
    (finding,) = plain()
    assert "level 2, ended with 3" in finding.message


def test_a_case_near_its_limit(bench, single):
    body = "threading.Event().wait(0.4) or Tally().total()"
    line = bench.add(f'def test_slow():\n    """Slow"""\n    assert {body} == 0\n')
    bench.change(HIDDEN, "import pytest\n", "import threading\n\nimport pytest\n")
    finding = single("determinism")
    assert finding.message.startswith("test_slow takes ")
    assert "the limit is 1 s, which is less than 5 times that" in finding.message
    assert finding.line == line + 2
