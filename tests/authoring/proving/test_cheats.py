"""The check ``cheats``: probes get nothing; a case or level that gives them something is told."""

from __future__ import annotations

import sys

import pytest

from harness.authoring.probes import GOT_THROUGH, probes
from harness.authoring.subject import Subject


def test_no_probe_gets_anything_from_a_good_problem(bench):
    assert bench.check("cheats") == []


def test_probes_do_what_they_say(bench):
    made = {probe.what: probe for probe in probes(bench.problem.manifest, ("mark",), "/nowhere")}
    subject = Subject(bench.problem, bench.examiner)
    judged = {
        what: subject.judge(subject.hidden(probe.solution))
        for what, probe in made.items()
        if "import" in what or "prints" in what
    }
    assert {o.verdict for o in judged["exits with 0 when it is imported"].outcomes} == {
        "import_error"
    }
    printed = judged["prints the report of a good run"].outcomes
    assert all("100 passed" in outcome.output for outcome in printed)


def test_a_case_that_asks_for_nothing(bench, single):
    path = bench.root / "level2" / "test_hidden.py"
    case = '\n\ndef test_lazy():\n    """Adding works"""\n    Tally().add(1)\n'
    path.write_text(path.read_text() + case)
    finding = single("cheats")
    assert "level2::test_lazy is passed by a solution that answers by" in finding.message
    assert finding.line == path.read_text().splitlines().index("def test_lazy():") + 1


def test_a_case_that_believes_its_answer(bench, single):
    bench.change("level2/test_hidden.py", "assert tally.total() == 0", "assert tally.total")
    path = bench.root / "level2" / "test_hidden.py"
    case = '\n\ndef test_truth():\n    """The total is true"""\n    assert Tally().total()\n'
    path.write_text(path.read_text() + case)
    finding = single("cheats")
    assert "test_truth" in finding.message
    assert "an object that is equal to everything" in finding.message


def test_a_level_of_one_answer(bench):
    path = bench.root / "level1" / "test_hidden.py"
    path.write_text(
        'from solution import Tally\n\n\ndef test_zero():\n    """Zero"""\n'
        "    assert Tally().total() == 0\n"
    )
    messages = [finding.message for finding in bench.check("cheats")]
    # False is 0 to a comparison, too.
    assert messages == [
        f"A solution that answers {answer} to everything passes level 1."
        for answer in ("False", "0")
    ]


def test_a_suite_that_can_be_read_is_found(bench, monkeypatch, capsys):
    hidden = bench.root / "level1" / "test_hidden.py"
    mark = "def test_sum(amounts):"
    assert mark in hidden.read_text()
    (probe,) = (
        each
        for each in probes(bench.problem.manifest, (mark,), str(bench.root))
        if "looks for" in each.what
    )
    source = probe.solution.files["solution.py"].decode()
    assert mark not in source
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.chdir(bench.root)
    exec(compile(source, "solution.py", "exec"), {"__file__": str(bench.root / "solution.py")})
    assert GOT_THROUGH in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["None", "True", "[]"])
def test_constant_answers_may_pass_a_case(bench, answer):
    path = bench.root / "level2" / "test_hidden.py"
    case = f'\n\ndef test_one():\n    """One"""\n    assert Tally().total() == {answer}\n'
    path.write_text(path.read_text() + case)
    assert bench.check("cheats") == []
