"""What the check ``determinism`` has found steady is not run again until it changes."""

from __future__ import annotations

import pytest

from harness.authoring.checks import determinism
from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject


@pytest.fixture
def runs(bench, tmp_path, monkeypatch):
    """Return a function that runs the check: the levels that were run, and what was found."""
    ran = []
    failing = set()

    def run(problem, level, how, cases=None):
        ran.append(level)
        names = cases or [str(problem.root / f"level{level}/test_hidden.py::test_undo_twice")]
        return dict.fromkeys(names, "failed" if level in failing else "passed")

    monkeypatch.setattr(determinism, "run_cases", run)

    def check(*levels_that_fail):
        ran.clear()
        failing.clear()
        failing.update(levels_that_fail)
        with Examiner(kept=tmp_path / "kept", workers=1) as examiner:
            subject = Subject(bench.problem, examiner)
            found = [f.message for f in determinism.determinism(subject)]
        return set(ran), found

    return check


def test_what_was_steady_is_not_run_again(runs):
    assert runs() == ({1, 2}, [])
    assert runs() == (set(), [])


@pytest.mark.parametrize(
    "name", ["level2/test_hidden.py", "level2/test_visible.py", "reference/level2/solution.py"]
)
def test_what_changed_is_run_again(bench, runs, name):
    assert runs() == ({1, 2}, [])
    path = bench.root / name
    path.write_text(f"{path.read_text()}# changed\n")
    assert runs() == ({2}, [])


def test_what_was_not_steady_is_run_again(runs):
    levels, found = runs(2)
    assert levels == {1, 2}
    assert len(found) == 1
    assert runs(2) == ({2}, found)
    assert runs() == ({2}, [])
