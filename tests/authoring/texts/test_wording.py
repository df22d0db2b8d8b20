"""The check ``wording``: broken Markdown, links to nothing, length."""

from __future__ import annotations

import pytest

from harness.authoring.checks.wording import reading_grade, sentences_of

STATEMENT = "level1/statement.md"


def test_code_block_that_is_not_closed(purse):
    purse.edit(STATEMENT, "2\n```\n", "2\n")
    assert purse.error("wording") == (STATEMENT, 8, "This code block is not closed.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("The `put is a verb.", "A backtick without its partner."),
        ("The **put is a verb.", "A ** without its partner."),
        ("See [there](rules.md).", "The link to 'rules.md' leads nowhere."),
        ("See ![picture](purse.png).", "The link to 'purse.png' leads nowhere."),
        ("See [there](#rules).", "The link to '#rules' leads nowhere."),
        ("See [there]().", "The link to '' leads nowhere."),
        ("See [there][rules].", "There is no [rules]: …"),
        ("##Rules", "This heading has no space after its #."),
    ],
)
def test_broken_markdown(purse, text, message):
    purse.edit(STATEMENT, "All amounts", f"{text}\n\nAll amounts")
    assert purse.error("wording") == (STATEMENT, 16, message)


def test_broken_editorial(purse):
    purse.edit("editorial.md", "does.", "`does.")
    assert purse.error("wording") == ("editorial.md", 3, "A backtick without its partner.")


def test_statement_without_a_heading(purse):
    purse.edit(STATEMENT, "# Level 1: Put in\n", "")
    assert purse.error("wording") == (STATEMENT, 1, "The text does not begin with a heading.")


@pytest.mark.parametrize(
    "text",
    [
        "See [there](https://example.org/a_(b)).",
        "See [above](#level-1-put-in).",
        "See [there][rules].\n\n[rules]: https://example.org",
        "`a[0](1)` and `2 ** 3` and ``a ` b`` and **bold `x` text**",
        "- **one** item\n- another `item`",
        "```\n[x](y) ` ** #z\n```",
        "~~~~text\n```\n~~~~",
    ],
)
def test_markdown_that_is_fine(purse, text):
    purse.edit(STATEMENT, "All amounts", f"{text}\n\nAll amounts")
    assert purse.findings("wording") == []


def test_long_sentence(purse):
    purse.edit(STATEMENT, "All amounts", f"Short. {'Very ' * 45}long.\n\nAll amounts")
    assert purse.warning("wording") == (STATEMENT, 16, "This sentence has 46 words.")


def test_long_sentences(purse):
    purse.edit(STATEMENT, "All amounts", f"{'So ' * 28}it is.\n\n" * 12 + "All amounts")
    assert purse.warning("wording")[2] == "Its sentences have 21 words on average."


def test_long_statement(purse):
    purse.edit(STATEMENT, "All amounts", "Not too long. " * 400 + "\n\nAll amounts")
    assert purse.warning("wording")[2].startswith("The statement has 1,2")


def test_code_is_not_counted(purse):
    purse.edit(
        STATEMENT, "All amounts", f"```\n{'code ' * 2000}\n```\n`{'x ' * 99}`\n\nAll amounts"
    )
    assert purse.findings("wording") == []


def test_hard_words(purse):
    # 4 words in 2 pieces, of 6 + 15 + 9 + 11 letters: 4.71 * 41/4 + 0.5 * 4/2 - 21.43 = 27.85.
    purse.write(STATEMENT, "# Purses\n\nImplementations guarantee equivalence.\n")
    assert purse.warning("wording") == (
        STATEMENT,
        1,
        "Its reading level is school grade 27.8, above 6.",
    )


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # 5 + 3 + 3 + 5 + 2 + 4 + 1 + 3 + 5 letters in 9 words, three pieces.
        (
            "# Coins\n\nPut two coins in. Take `purse.take(1)` out again.",
            4.71 * 31 / 9 + 0.5 * 9 / 3 - 21.43,
        ),
        # Neither the block, nor what is no letter and no digit.
        ("It's 1,000!\n\n```\nconsiderable = True\n```\n", 4.71 * 7 / 2 + 0.5 * 2 / 1 - 21.43),
        ("```\nx = 1\n```\n", 0.0),
    ],
)
def test_reading_grade(text, grade):
    assert reading_grade(sentences_of(text)) == pytest.approx(grade)
