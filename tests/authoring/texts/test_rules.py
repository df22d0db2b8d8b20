"""The check ``rules``: defects planted one at a time, in statements and in citations."""

from __future__ import annotations

import pytest

from harness.model.finding import Severity

HIDDEN_1, HIDDEN_2 = "level1/test_hidden.py", "level2/test_hidden.py"
STATEMENT_1, STATEMENT_2 = "level1/statement.md", "level2/statement.md"
MISSING = "Its `missing` is the number of coins that are missing."
LEFT = "A refused take leaves the purse as it was"
STAYS = "    Rule: The purse stays as it is."


def found(purse):
    """Each finding as its severity, place and message."""
    return [
        (each.severity, f"{each.path.relative_to(purse.root)}:{each.line}", each.message)
        for each in purse.findings("rules")
    ]


def test_a_problem_that_cites_nothing_gets_one_warning(purse):
    (finding,) = purse.findings("rules")
    assert finding.severity is Severity.WARNING
    assert finding.message == "No hidden case cites a rule of the statements."
    assert "harness author rules purse" in finding.fix


def test_nothing_is_wrong(cited):
    assert found(cited) == []


def test_what_only_the_eye_sees_does_not_count(cited):
    cited.edit(STATEMENT_1, "A new purse is empty.", "A *new* purse\nis **empty**.")
    cited.edit(STATEMENT_2, "- If there", "- **All or nothing.** If there")
    assert [each[1:] for each in found(cited)] == []


def test_a_case_without_a_rule(cited):
    cited.edit(HIDDEN_2, f'"""{LEFT}\n\n{STAYS}\n    """', f'"""{LEFT}"""')
    assert found(cited) == [
        ("error", f"{HIDDEN_2}:39", "test_refused_take_changes_nothing cites no rule of the "
         "statements."),
        ("error", f"{STATEMENT_2}:6", 'No hidden case cites "The purse stays as it is."'),
    ]  # fmt: skip


def test_a_rule_that_is_taken_out(cited):
    cited.edit(STATEMENT_2, " The purse stays as it is.", "")
    ((severity, place, message),) = found(cited)
    assert (severity, place) == ("error", f"{HIDDEN_2}:39")
    assert message == (
        'No statement says "The purse stays as it is.": 1 case cites it, '
        "test_refused_take_changes_nothing (level 2, hidden)."
    )


def test_a_rule_that_is_turned_is_reported_once(cited):
    cited.edit(STATEMENT_2, "returns how many are left", "returns how many were there")
    (finding,) = cited.findings("rules")
    assert finding.message.startswith('No statement says "`take(amount: int) -> int` takes')
    assert finding.message.endswith(
        "2 cases cite it, test_take_gives_what_is_left (level 2, hidden) and "
        "test_all_can_be_taken (level 2, hidden)."
    )
    assert "(level2/statement.md:5) is: `take(amount: int) -> int` takes coins out" in finding.fix
    assert "how many were there." in finding.fix
    assert finding.fix.endswith("/purse --update")


def test_a_rule_that_moves_to_a_later_level(cited):
    cited.edit(STATEMENT_1, " Two purses share nothing.", "")
    cited.edit(STATEMENT_2, "- If there", "- Two purses share nothing.\n- If there")
    messages = [message for _, _, message in found(cited)]
    assert messages[0].startswith('Only level 2 says "Two purses share nothing.": 1 case cites it')
    assert messages[1:] == ['No hidden case cites "Two purses share nothing."']


def test_half_a_sentence(cited):
    cited.edit(HIDDEN_2, MISSING, "The number of coins that are missing.")
    cited.edit(HIDDEN_2, "Rule: The number", "Rule: the number")
    finding = cited.findings("rules")[0]
    assert finding.message.startswith('"the number of coins that are missing." is only part of a ')
    assert finding.fix == f"quote all of it: {MISSING}"


def test_a_sentence_under_two_headings_needs_the_name_of_one(cited):
    cited.edit(STATEMENT_2, "- If there", "## take\n\n- If there")
    cited.edit(STATEMENT_2, "```python", "## give\n\nThe purse stays as it is.\n\n```python")
    finding = cited.findings("rules")[0]
    assert finding.message.startswith('"The purse stays as it is." stands under several headings')
    assert finding.fix.endswith("They are: take; give")
    cited.edit(HIDDEN_2, STAYS, STAYS.replace("Rule", "Rule (keep)"))
    finding = cited.findings("rules")[0]
    assert " stands under no heading with the word 'keep'" in finding.message
    cited.edit(HIDDEN_2, "Rule (keep)", "Rule (take)")
    assert [message for _, _, message in found(cited)] == [
        'No hidden case cites "The purse stays as it is."'
    ]
    both = "Rule (take): The purse stays as it is.\n    Rule (give): The purse stays as it is."
    cited.edit(HIDDEN_2, "Rule (take): The purse stays as it is.", both)
    assert found(cited) == []


def test_a_rule_that_nobody_tests(cited):
    cited.edit(STATEMENT_2, "- If there", "- Coins are round.\n- If there")
    assert found(cited) == [
        ("error", f"{STATEMENT_2}:6", 'No hidden case cites "Coins are round."')
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The rest follows:\n",
        "`put(amount: int) -> int`\n",
        "Write the class `Coin`.\n",
        "```\nNo rule.\n```\n",
        "<!-- No rule. -->\n",
        "## Example\n\nIt shows a rule.\n",
        "## Input\n\nCoins are round.\n",
    ],
)
def test_what_decides_nothing_needs_no_case(cited, text):
    cited.edit(STATEMENT_2, "```python", f"{text}\n```python")
    assert found(cited) == []


def test_an_excuse(cited):
    cited.edit(STATEMENT_2, "- If there", "- Coins are *round*.\n- If there")
    cited.write(
        "mistakes.toml", '[[uncited]]\nsentence = "Coins are round."\nwhy = "Nobody can test it."\n'
    )
    assert found(cited) == []
    cited.edit(STATEMENT_2, "- Coins are *round*.\n", "")
    ((severity, _, message),) = found(cited)
    assert severity == "error"
    assert message.startswith('[[uncited]] excuses "Coins are round.", which is cited or in no ')


def test_a_rule_under_bounds(cited):
    cited.edit(STATEMENT_1, " Two purses share nothing.", "")
    cited.edit(STATEMENT_1, "All amounts", "Two purses share nothing. All amounts")
    ((severity, place, message),) = found(cited)
    assert (severity, place) == ("warning", f"{STATEMENT_1}:20")
    assert message.startswith('test_purses_are_apart (level 1, hidden) tests what stands under "Bo')


def test_a_long_rule(cited):
    long = "If there are fewer " + "and fewer " * 11 + "it raises nothing."
    cited.edit(STATEMENT_2, "The purse stays as it is.", f"The purse stays as it is. {long}")
    cited.edit(HIDDEN_2, STAYS, f"{STAYS}\n    Rule: {long}")
    ((severity, place, message),) = found(cited)
    assert (severity, place) == ("warning", f"{STATEMENT_2}:6")
    assert message.startswith("This rule has 29 words: ")


def test_a_replaced_rule_is_not_cited_from_there_on(cited):
    cited.edit(
        STATEMENT_2, "```python", "## Changed\n\n> Two purses share\n> nothing.\n\n```python"
    )
    assert found(cited) == []
    cited.edit(HIDDEN_2, STAYS, f"{STAYS}\n    Rule: Two purses share nothing.")
    ((severity, _, message),) = found(cited)
    assert severity == "error"
    assert message.startswith("A statement up to the level of the case replaces ")


def test_what_is_replaced_stands_in_an_earlier_statement(cited):
    cited.edit(STATEMENT_2, "```python", "## Changed\n\n> Coins are round.\n\n```python")
    ((severity, _, message),) = found(cited)
    assert severity == "error"
    assert message == 'No earlier level says what this one replaces: "Coins are round."'


def test_visible_cases_may_cite_but_do_not_count(cited):
    title = '"""The first coins are all there are"""'
    cited.edit(
        "level1/test_visible.py", title, title.replace('are"""', 'are\n\n    Rule: No.\n    """')
    )
    assert [message for _, _, message in found(cited)] == [
        'No statement says "No.": 1 case cites it, test_first_put (level 1, visible).'
    ]
