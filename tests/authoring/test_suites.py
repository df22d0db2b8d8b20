"""Citations are taken out of a suite without a trace."""

from __future__ import annotations

import pytest

from harness.authoring.suites import without_citations


@pytest.mark.parametrize(
    ("citing", "plain"),
    [
        ('"""Title\n\n    Rule: One.\n    """', '"""Title"""'),
        ('"""Title\n\n    Rule: One,\n    two.\n    Rule (x): Three."""', '"""Title"""'),
        ('"""Title\n\n    More.\n\n    Rule: One.\n    """', '"""Title\n\n    More.\n    """'),
        ('"""Title\n\n    Rule: One.\n\n    More.\n    """', '"""Title\n\n    More.\n    """'),
        ("'''Title é\n\n    Rule: One.\n    '''", "'''Title é'''"),
        ('"""Title"""', '"""Title"""'),
    ],
)
def test_a_suite_is_as_if_it_cited_nothing(citing, plain):
    suite = "import x\n\n\ndef test_it():\n    {}\n    assert 'Rule: no docstring'\n"
    found = without_citations(suite.format(citing).encode()).decode()
    assert found == suite.format(plain)
    assert without_citations(found.encode()).decode() == found


def test_what_only_looks_like_a_rule_stays():
    suite = b'TEXT = """\nRule: One.\n"""\n\n\ndef test_it():\n    """Title"""\n    # Rule: two\n'
    assert without_citations(suite) == suite


def test_a_suite_that_is_not_python_stays():
    assert without_citations(b'def (:\n"""Rule: One."""') == b'def (:\n"""Rule: One."""'
