"""A failing case says which rules of the statements it rests on."""

from __future__ import annotations

from harness.judge.cited import CitedRules
from harness.model.judgement import CitedRule

STATEMENT = """\
# Level 1

A story.

`f` returns *one*.

## More

It stands twice.
"""
SUITE = '''
def test_wrong():
    """The answer is one

    Rule: f returns one.
    Rule: No statement says this.
    """
    assert solution.f() == 1

def test_right():
    """The answer is an integer

    Rule: f returns one.
    """
    assert isinstance(solution.f(), int)
'''


def test_only_a_failing_case_has_rules(bench):
    (bench.folder / "level1").mkdir()
    (bench.folder / "level1" / "statement.md").write_text(STATEMENT)
    seen = bench.outcomes(SUITE, "def f(): return 2")
    assert seen["test_wrong"].title == "The answer is one"
    assert seen["test_wrong"].rules == (CitedRule(level=1, text="`f` returns *one*."),)
    assert seen["test_right"].rules == ()


def test_a_problem_without_statements_has_no_rules(bench):
    assert bench.outcomes(SUITE, "def f(): return 2")["test_wrong"].rules == ()


def test_the_newest_statement_up_to_the_level_of_the_case_counts(tmp_path):
    for level in (1, 2, 3):
        (tmp_path / f"level{level}").mkdir()
        (tmp_path / f"level{level}" / "statement.md").write_text(STATEMENT)
    doc = "Title\n\n    Rule (More): It stands twice.\n    Rule (Less): It stands twice.\n"
    assert CitedRules(tmp_path).of(doc, 2) == (CitedRule(level=2, text="It stands twice."),)
