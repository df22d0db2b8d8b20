"""A failing case says which rules of the statements it rests on."""

from __future__ import annotations

from harness.model.judgement import CitedRule

STATEMENT = """\
# Level 1

A story.

`f` returns *one*.
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
    bench.statement = STATEMENT
    seen = bench.outcomes(SUITE, "def f(): return 2")
    assert seen["test_wrong"].title == "The answer is one"
    assert seen["test_wrong"].rules == (CitedRule(level=1, text="`f` returns *one*."),)
    assert seen["test_right"].rules == ()


def test_what_no_statement_says_is_left_out(bench):
    assert bench.outcomes(SUITE, "def f(): return 2")["test_wrong"].rules == ()
