"""The check ``wording``: broken Markdown, links to nothing, length, look-alike characters."""

from __future__ import annotations

import pytest

STATEMENT = "level1/statement.md"


def test_code_block_that_is_not_closed(purse):
    purse.edit(STATEMENT, "2\n```\n", "2\n")
    assert purse.error("wording") == (STATEMENT, 8, "This code block is not closed.")


def test_code_block_that_the_end_of_the_file_leaves_open(purse):
    purse.edit("editorial.md", "does.\n", "does.\n\n~~~\nput")
    assert purse.error("wording") == ("editorial.md", 5, "This code block is not closed.")


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


def test_long_statement(purse):
    purse.edit(STATEMENT, "All amounts", "Not too long. " * 400 + "\n\nAll amounts")
    assert purse.warning("wording")[2].startswith("The statement has 1,2")


def test_code_is_not_counted(purse):
    purse.edit(
        STATEMENT, "All amounts", f"```\n{'code ' * 2000}\n```\n`{'x ' * 99}`\n\nAll amounts"
    )
    assert purse.findings("wording") == []


@pytest.mark.parametrize(
    ("code", "character"),
    [
        ("`put(\u201cx\u201d)`", "\u201c (U+201C, LEFT DOUBLE QUOTATION MARK)"),
        ("```\nput(\u20181\u2019)\n```", "\u2018 (U+2018, LEFT SINGLE QUOTATION MARK)"),
        ("`put(\u22121)`", "\u2212 (U+2212, MINUS SIGN)"),
    ],
)
def test_code_of_a_statement_that_is_not_python(purse, code, character):
    purse.edit(STATEMENT, "All amounts", f"{code}\n\nAll amounts")
    _, line, message = purse.error("wording")
    assert message == f"The code has {character}, which is not Python."
    assert line == (17 if code.startswith("```") else 16)


@pytest.mark.parametrize("name", [STATEMENT, "level1/test_hidden.py", "level2/test_visible.py"])
def test_letter_of_another_alphabet(purse, name):
    text = (purse.root / name).read_text(encoding="utf-8")
    purse.write(name, f"{text}\n# b\u043eb\n")
    path, line, message = purse.error("wording")
    assert (path, line) == (name, text.count("\n") + 2)
    assert message == (
        "'b\u043eb' has \u043e (U+043E, CYRILLIC SMALL LETTER O) among Latin letters."
    )


@pytest.mark.parametrize(
    "text", ["Don\u2019t say \u201cno\u201d.", "caf\u00e9", "\u043e\u043d", "10\u00b9\u00b2"]
)
def test_characters_that_look_like_what_they_are(purse, text):
    purse.edit(STATEMENT, "All amounts", f"{text}\n\nAll amounts")
    assert purse.findings("wording") == []


@pytest.mark.parametrize(
    "word", ["\u0441\u043e\u0440", "\u039f\u039a", "\uff11", "it\u2019s", "a\u2013b", "\u00a0"]
)
@pytest.mark.parametrize("name", ["level1/test_hidden.py", "reference/level2/solution.py"])
def test_data_that_only_looks_like_ascii(purse, name, word):
    line = purse.add(name, f"NAME = {word!r}\n")
    found, at, message = purse.warning("wording")
    assert (found, at) == (name, line)
    assert message.endswith("which no statement up to level 2 has.") or "level 1" in message
    assert "(U+" in message


@pytest.mark.parametrize("word", ["\u00e9", "\u0431\u044b\u043a", "\u65e5\u672c", "\u0394t"])
def test_data_that_looks_like_what_it_is(purse, word):
    purse.add("level1/test_hidden.py", f"NAME = {word!r}\n")
    assert purse.findings("wording") == []


def test_characters_that_a_statement_has(purse):
    purse.edit(STATEMENT, "coins in", "coins in (as in `it\u00b2`)")
    purse.add("level1/test_hidden.py", "NAME = 'a\u00b2'\n")
    assert purse.findings("wording") == []


def test_prose_of_a_suite_may_have_them(purse):
    purse.add("level1/test_hidden.py", 'def made():\n    """It\u2019s made"""  # it\u2019s\n')
    assert purse.findings("wording") == []


def test_manifest_and_mistakes_are_read_too(purse):
    purse.edit("problem.toml", "One number", "One n\u043ember")
    assert purse.error("wording")[0] == "problem.toml"
