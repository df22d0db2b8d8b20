"""``harness author rules``: lists the rules, writes numbers out, brings quotes up to date."""

from __future__ import annotations

import json

import pytest

from harness.cli import making
from harness.cli.invocation import Invocation
from harness.cli.main import call_command
from harness.errors import ExitCode

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
STATEMENT_1, STATEMENT_2 = "level1/statement.md", "level2/statement.md"


@pytest.fixture
def rules(cited, tmp_path, capsys, monkeypatch):
    """Types the command; returns the exit code, and what was printed."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))

    def type_command(*options):
        code = call_command(["author", "rules", str(cited.root), *options], Invocation())
        return code, "".join(capsys.readouterr())

    return type_command


def test_the_rules_with_their_numbers_and_cases(rules):
    code, out = rules("--level", "2")
    assert code == ExitCode.OK
    assert "Level 2 · Level 2: Take out" in out
    assert "\n    2.1      story  Coins can be taken out." in out
    assert "\n    2.2    2 cases  `take(amount: int) -> int` takes coins out" in out
    assert "Two purses share nothing." not in out
    assert "Two purses share nothing." in rules()[1]


def test_the_rules_as_json(rules):
    code, out = rules("--json")
    assert code == ExitCode.OK
    document = json.loads(out)
    assert document["slug"] == "purse"
    assert document["rules"][3] == {
        "number": "1.4",
        "level": 1,
        "line": 5,
        "kind": "rule",
        "heading": "Level 1: Put in",
        "text": "Two purses share nothing.",
        "cases": 1,
    }


def test_numbers_are_written_out(rules, cited):
    before = (cited.root / HIDDEN_1).read_text()
    cited.edit(HIDDEN_1, "Rule: Two purses share nothing.", "Rule: 1.4")
    assert rules("--fill") == (ExitCode.OK, "1 citation written out.\n")
    assert (cited.root / HIDDEN_1).read_text() == before


def test_a_number_under_two_headings_gets_the_name_of_one(rules, cited):
    cited.edit(STATEMENT_2, "```python", "## Give away\n\nThe purse stays as it is.\n\n```python")
    cited.edit(HIDDEN_2, "Rule: The purse stays as it is.", "Rule: 2.5\n    Rule: 2.6")
    assert rules("--fill")[0] == ExitCode.OK
    text = (cited.root / HIDDEN_2).read_text()
    for heading in ("Level", "Give"):
        assert f"    Rule ({heading}): The purse stays as it is.\n" in text
    assert cited.findings("rules") == []


def test_a_number_that_no_rule_has(rules, cited):
    cited.edit(HIDDEN_1, "Rule: Two purses share nothing.", "Rule: 1.40")
    code, out = rules("--fill")
    assert code == ExitCode.USAGE
    assert "purse has no rule 1.40." in out


@pytest.mark.parametrize("agrees", [True, False])
def test_a_changed_sentence_is_asked_about(rules, cited, monkeypatch, agrees):
    monkeypatch.setattr(making, "in_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda question, err: agrees)
    cited.edit(STATEMENT_1, "Two purses share nothing.", "Two purses share nothing at all.")
    code, out = rules("--update")
    assert code == ExitCode.OK
    assert "test_purses_are_apart: What is put into one purse is not in another" in out
    assert "  before  Two purses share nothing.\n  now     Two purses share nothing at all." in out
    assert f"{int(agrees)} of 1 citation changed." in out
    text = (cited.root / HIDDEN_1).read_text()
    assert ("Rule: Two purses share nothing at all." in text) is agrees
    assert (cited.findings("rules") == []) is agrees


def test_nothing_is_changed_where_nobody_can_be_asked(rules, cited):
    cited.edit(STATEMENT_1, "Two purses share nothing.", "Two purses share nothing at all.")
    before = (cited.root / HIDDEN_1).read_text()
    code, out = rules("--update")
    assert code == ExitCode.USAGE
    assert "no terminal to ask in" in out
    assert (cited.root / HIDDEN_1).read_text() == before


def test_nothing_to_bring_up_to_date(rules):
    assert rules("--update")[0] == ExitCode.OK
