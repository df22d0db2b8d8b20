"""The check ``feedback``: what known mistakes are shown, with full feedback."""

from __future__ import annotations

import pytest

from harness.authoring.examiner import Examiner
from harness.authoring.subject import Subject
from harness.catalog.catalog import load_problem_at
from harness.model.judgement import Verdict

HIDDEN = "level1/test_hidden.py"
SUM = "    assert purse.total() == 7\n"
FAILS = "level1::test_total_counts_all_puts, failed by the mistake keeps_the_last,"


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        (
            "assert all([purse.total() == 7])",
            "shows neither what was expected and what came, nor an exception or a limit.",
        ),
        (
            "line = inspect.getsource(test_total_counts_all_puts).splitlines()[5]\n"
            "    assert purse.total() == 7, line",
            "shows a line of the hidden suite of level 1: "
            "line = inspect.getsource(test_total_counts_all_puts).splitlines()[5]",
        ),
        (
            "assert purse.total() == 7, 'self._coins += amount'",
            "shows a line of the reference of level 1: self._coins += amount",
        ),
        (
            "assert purse.put(inspect) == 7",
            "is an error of the judge: the suite itself is at fault: ",
        ),
    ],
)
def test_case_that_shows_too_little_or_too_much(purse, planted, complaint):
    purse.edit(HIDDEN, "import pytest\n", "import inspect\n\nimport pytest\n")
    purse.edit(HIDDEN, SUM, f"    {planted}\n")
    found = [f for f in purse.findings("feedback") if f.message.startswith(FAILS)]
    assert [(f.path, f.line, f.severity) for f in found] == [(purse.root / HIDDEN, 20, "error")]
    assert found[0].message.startswith(f"{FAILS} {complaint}")


def test_case_without_a_call(purse):
    purse.edit(HIDDEN, SUM, "    assert 1 + 1 == 3\n")
    purse.edit(HIDDEN, "    purse = Purse()\n    purse.put(2)\n    purse.put(5)\n", "")
    assert [finding.message for finding in purse.findings("feedback")] == [
        f"{FAILS} shows no call."
    ]


def test_each_case_is_told_once(purse):
    purse.mistake("again", "class Purse:\n    def total(self):\n        return 9\n", level=1)
    purse.edit(HIDDEN, SUM, "    assert all([purse.total() == -1])\n")
    told = [f.message for f in purse.findings("feedback") if "counts_all" in f.message]
    assert told == [
        f"{FAILS} shows neither what was expected and what came, nor an exception or a limit."
    ]


@pytest.mark.parametrize("ending", ["raise OSError('full')", "while True: pass", "os._exit(3)"])
def test_exceptions_and_limits_are_enough(purse, ending):
    solution = f"import os\n\n\nclass Purse:\n    def put(self, amount):\n        {ending}\n"
    purse.mistake("keeps_the_last", solution)
    purse.edit("problem.toml", "minutes = 30\n", "minutes = 30\nlimits = { wall_seconds = 0.3 }\n")
    assert purse.findings("feedback") == []


def test_error_of_the_judge_is_not_kept(purse, tmp_path):
    purse.edit(HIDDEN, SUM, "    assert purse.put(pytest) == 7\n")
    with Examiner(kept=tmp_path / "kept", cache=tmp_path / "cache", workers=1) as examiner:
        subject = Subject(load_problem_at(purse.root), examiner)
        judgement = subject.judge(subject.request(subject.references[1], (1,)))
        assert judgement.verdict is Verdict.JUDGE_ERROR
        assert list(tmp_path.glob("kept/*/*")) == []
        accepted = subject.judge(subject.request(subject.references[2], (2,)))
        assert accepted.verdict is Verdict.ACCEPTED
        assert len(list(tmp_path.glob("kept/*/*"))) == 1


def test_attribute_that_a_mistake_lacks_is_told(purse):
    purse.mistaken("takes_first", "self.missing = missing", "pass")
    assert purse.findings("feedback") == []
