"""The checks ``files`` and ``cases``, a planted defect each."""

from __future__ import annotations

import pytest

from harness.model.finding import Severity


@pytest.mark.parametrize("licence", ["Own", "MIT or so", "GPL"])
def test_licence_that_is_none(purse, licence):
    purse.edit("problem.toml", 'license = "MIT"', f'license = "{licence}"')
    place = purse.error("files")
    assert place == (
        "problem.toml",
        7,
        f'license is "{licence}". That is not an SPDX licence expression.',
    )


def test_licence_in_another_spelling(purse):
    purse.edit("problem.toml", 'license = "MIT"', 'license = "mit"')
    assert purse.error("files")[2] == 'license is "mit". SPDX writes it "MIT".'


def test_licence_expression_is_fine(purse):
    purse.edit("problem.toml", 'license = "MIT"', 'license = "MIT OR Apache-2.0"')
    assert purse.findings("files") == []


def test_level_without_hints(purse):
    purse.edit("problem.toml", 'hints = ["Look before you take."]\n', "")
    assert purse.error("files") == ("problem.toml", 22, "Level 2 has no hints.")


def test_case_without_title(purse):
    purse.edit("level1/test_visible.py", '    """The first coins are all there are"""\n', "")
    assert purse.error("cases") == (
        "level1/test_visible.py",
        4,
        "test_first_put has no docstring.",
    )


def test_title_twice_in_a_level(purse):
    purse.edit("level2/test_visible.py", "Coins can be put in again", "The last coin can be taken")
    path, line, message = purse.error("cases")
    assert (path, line) == ("level2/test_hidden.py", 38)
    assert message.startswith("test_all_can_be_taken and test_put_after_take have the same title")


def test_title_with_a_later_name(purse):
    purse.edit("level1/test_hidden.py", "A new purse holds nothing", "No PurseError yet")
    assert purse.error("cases") == (
        "level1/test_hidden.py",
        5,
        "The title of test_new_purse_is_empty says PurseError, a name of level 2.",
    )


def test_title_with_a_later_name_that_is_also_a_word(purse):
    purse.edit("level1/test_hidden.py", "A new purse holds nothing", "What it might take")
    assert purse.findings("cases") == []
    purse.edit("level1/test_hidden.py", "What it might take", "What `take` might do")
    assert purse.error("cases")[2].endswith("says take, a name of level 2.")


def test_cases_in_classes(purse):
    suite = "\n\nclass {name}:\n    def test_one(self):\n        {body}\n"
    titled = '"""It is {0}"""\n        assert Purse().put({0}) == {0}'
    text = (purse.root / "level1/test_hidden.py").read_text(encoding="utf-8")
    text += suite.format(name="TestFirst", body=titled.format(8))
    text += suite.format(name="Second(unittest.TestCase)", body=titled.format(9))
    purse.write("level1/test_hidden.py", f"import unittest\n{text}")
    assert purse.findings("cases") == []
    purse.edit("level1/test_hidden.py", '"""It is 9"""\n        ', "")
    assert purse.error("cases")[2] == "Second::test_one has no docstring."


def test_two_cases_of_one_name(purse):
    purse.edit("level2/test_visible.py", "def test_put_after_take", "def test_some_are_taken")
    messages = [finding.message for finding in purse.findings("cases")]
    assert messages[0] == "There are two cases test_some_are_taken."


def test_many_cases(purse):
    purse.edit("level1/test_hidden.py", "[1, 2, 5, 7, 9, 11, 100, 999, 1000]", "range(1, 99)")
    assert purse.findings("cases") == []
    case = 'def test_{0}():\n    """Number {0}"""\n    assert Purse().put({0}) == {0}\n'
    purse.add("level1/test_hidden.py", "\n\n".join(case.format(n) for n in range(1, 28)))
    assert purse.warning("cases")[2] == "Level 1 has 31 hidden cases; at most 30 are usual."


def test_alternate_that_is_not_utf8(purse):
    (purse.root / "alternates/listed/solution.py").write_bytes(b"# one\n# caf\xe9\n")
    assert purse.error("files") == (
        "alternates/listed/solution.py",
        2,
        "The file is not UTF-8 text (byte 11).",
    )


@pytest.mark.parametrize("file", ["level1/test_visible.py", "level2/test_hidden.py", "fuzz.py"])
def test_python_file_that_declares_another_encoding(purse, file):
    path = purse.root / file
    before = path.read_bytes() if path.exists() else b""
    path.write_bytes(b"# coding: latin-1\n" + before)
    assert purse.error("files") == (
        file,
        1,
        "The file declares the encoding latin-1, and only UTF-8 is read.",
    )


@pytest.mark.parametrize(
    ("oddity", "message"),
    [
        ("\r\n", "The file holds carriage returns."),
        ("\u202e\n", "The file holds the invisible character U+202E."),
        ("\u200b\n", "The file holds the invisible character U+200B."),
    ],
)
def test_text_that_is_not_what_it_looks_like(purse, oddity, message):
    path = purse.root / "level2/statement.md"
    lines = path.read_text(encoding="utf-8").split("\n", 2)
    path.write_bytes(f"{lines[0]}\n{lines[1]}{oddity}{lines[2]}".encode())
    assert purse.error("files") == ("level2/statement.md", 2, message)


def test_byte_order_mark(purse):
    path = purse.root / "editorial.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert purse.error("files") == ("editorial.md", 1, "The file holds a byte order mark.")


def test_visible_characters_of_all_languages_are_fine(purse):
    purse.edit("editorial.md", "does.", "does: naïve café, 価値, 10¹², → ≤ …")
    assert purse.findings("files") == []


def test_program_that_is_no_python(purse):
    purse.write("fuzz.py", "x = 1\ndef\n")
    assert purse.error("files") == ("fuzz.py", 2, "The file is not Python: invalid syntax.")


@pytest.mark.parametrize(
    "name",
    [
        "notes.md",
        "level1/helper.py",
        "level1/data/words.txt",
        "reference/level3/solution.py",
        "alternates/solution.py",
        "alternates/listed/notes.txt",
    ],
)
def test_stray_file(purse, name):
    purse.write(name, "\n")
    assert purse.warning("files") == (name, None, f"Nothing reads {name}.")


def test_what_an_editor_leaves_is_passed_over(purse):
    purse.write("level1/__pycache__/x.pyc", "\n")
    purse.write("level1/.statement.md.swp", "\n")
    assert purse.findings("files") == []


def test_odd_name(purse):
    purse.write("alternates/my design/solution.py", "x = 1\n")
    assert purse.warning("files") == (
        "alternates/my design/solution.py",
        None,
        "'my design' is not a portable file name.",
    )


def test_names_that_differ_only_in_case(purse):
    purse.write("alternates/Listed/solution.py", "x = 1\n")
    messages = [f.message for f in purse.findings("files") if f.severity is Severity.ERROR]
    names = "alternates/listed/solution.py and alternates/Listed/solution.py"
    assert messages == [f"{names} differ only in upper and lower case."]


def test_points_out_of_proportion(purse):
    text = (purse.root / "problem.toml").read_text(encoding="utf-8")
    purse.write("problem.toml", text.replace("points = 100", "points = 401", 1))
    first, second = purse.findings("files")
    assert first.message == "Level 1 has 401 points; its neighbours have 100."
    assert first.severity == "warning"
    assert first.line == text[: text.index("points = 100")].count("\n") + 1
    assert second.level == 2
    purse.write("problem.toml", text.replace("points = 100", "points = 400", 1))
    assert purse.findings("files") == []
