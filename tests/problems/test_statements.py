"""What statements show as a Python session is true to the letter for the level's reference."""

from __future__ import annotations

import doctest
import importlib.util
import sys

import pytest

from harness.catalog import core_pack

STATEMENTS = sorted((core_pack() / "problems").glob("*/level*/statement.md"))


@pytest.mark.parametrize(
    "statement", STATEMENTS, ids=[f"{path.parts[-3]}-{path.parts[-2]}" for path in STATEMENTS]
)
def test_the_example_is_what_the_reference_does(statement, monkeypatch):
    level = statement.parent
    source = level.parent / "reference" / level.name / "solution.py"
    spec = importlib.util.spec_from_file_location("solution", source)
    solution = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "solution", solution)
    spec.loader.exec_module(solution)
    text = statement.read_text(encoding="utf-8").replace("\n```", "\n\n```")
    example = doctest.DocTestParser().get_doctest(
        text, dict(vars(solution)), statement.parts[-3], str(statement), 0
    )
    said = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert example.examples
    assert "".join(said) == ""


def test_no_statement_is_left_out():
    assert len(STATEMENTS) == 12
