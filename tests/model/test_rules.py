"""Citations are read from docstrings, and looked up in the statements."""

from __future__ import annotations

import inspect

import pytest

from harness.model.rules import Citation, citations_in, rules_cited

CITING = '''\
def test_ties():
    """A tie goes to the older

    Rule: Of tasks with equal priority, the one submitted
    earlier comes first.
    Rule (run_next): If no task is ready, returns `None`.
    """
    assert True


def test_title_only():
    """Rule: is a word like any other in a title"""
'''


def test_a_docstring_cites_sentences():
    doc = inspect.cleandoc(CITING.split('"""')[1])
    assert citations_in(doc) == (
        Citation("Of tasks with equal priority, the one submitted earlier comes first."),
        Citation("If no task is ready, returns `None`.", "run_next"),
    )


def test_an_empty_line_ends_a_rule():
    assert citations_in("Title\n\nRule: One.\n\nMore about it.") == (Citation("One."),)


@pytest.mark.parametrize("doc", ["Title", "Title\n\nRules: none.", "Title\n\nThe Rule: none.", ""])
def test_a_docstring_without_rules_cites_nothing(doc):
    assert citations_in(doc) == ()


def test_the_newest_statement_up_to_the_level_of_the_case_counts():
    statement = "# Level\n\nA story.\n\n## More\n\nIt stands *thrice*.\n"
    statements = dict.fromkeys((1, 2, 3), statement)
    doc = "Title\n\n    Rule (More): It stands thrice.\n    Rule (Less): It stands thrice.\n"
    (found,) = rules_cited(doc, statements, 2)
    assert (found.level, found.text) == (2, "It stands *thrice*.")
