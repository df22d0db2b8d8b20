"""Citations are taken out of a suite without a trace; who uses what is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.authoring.suites import SuiteSource, users_of, without_citations
from harness.model.judgement import Suite


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


CASES = "    def test_one(self):\n        {}\n\n    def test_two(self):\n        pass\n"


@pytest.mark.parametrize(
    ("code", "users"),
    [
        ("def test_one():\n    pool()\n\n\ndef test_two():\n    pass\n", ["test_one"]),
        ("def run():\n    pool()\n\n\ndef test_one():\n    run()\n", ["test_one"]),
        ("def test_one(pool):\n    pass\n", ["test_one"]),
        (
            "class TestAll:\n    def run(self):\n        pool()\n\n" + CASES.format("self.run()"),
            ["TestAll::test_one"],
        ),
        (
            "class TestAll:\n    def setUp(self):\n        pool()\n\n" + CASES.format("pass"),
            ["TestAll::test_one", "TestAll::test_two"],
        ),
        (
            "@pytest.fixture(autouse=True)\ndef run():\n    pool()\n\n\n"
            "def test_one():\n    pass\n",
            ["test_one"],
        ),
        ("def test_one():\n    cars.pool()\n", []),
    ],
)
def test_who_uses_a_name(code, users):
    source = SuiteSource(1, Suite.HIDDEN, Path("suite.py"), code)
    assert users_of(source, {"pool"}) == users
