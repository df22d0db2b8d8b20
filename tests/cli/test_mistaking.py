"""`harness author mistake` and `upgrade`, as typed."""

from __future__ import annotations

import sys

import pytest

from harness.authoring.mistakes import read_mistakes
from harness.errors import ExitCode

EDIT = """\
import pathlib, sys
path = pathlib.Path(sys.argv[1])
path.write_text(path.read_text().replace({!r}, {!r}))
"""


@pytest.fixture
def desk(shell, tmp_path, monkeypatch):
    """Where an author types: the editor replaces one text by another."""
    root = tmp_path / "pack" / "problems" / "steps"

    def editor(old: str, new: str) -> None:
        program = tmp_path / "editor.py"
        program.write_text(EDIT.format(old, new))
        monkeypatch.setenv("EDITOR", f"{sys.executable} {program}")

    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "copies"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "copies").mkdir()
    shell.editor, shell.root = editor, root
    return shell


def mistake(desk, *arguments):
    return desk("author", "mistake", "steps", *arguments)


def test_an_edited_copy_becomes_a_row(desk):
    desk.editor("place + 1", "place")
    assert mistake(desk, "stands", "--level", "1", "--why", "It stands.") == 0
    assert "Added stands with 1 edit to " in desk.out
    (edit,) = read_mistakes(desk.root, "solution", 2).mistakes
    assert (edit.name, edit.level, edit.why) == ("stands", 1, "It stands.")
    # The only case that fails it is the one it was written for.
    assert edit.case
    assert f"  {edit.case}\n" in desk.out
    first = (desk.root / "mistakes.toml").read_text()
    desk.editor("place + 2", "place + 1")
    assert mistake(desk, "short", "--level", "2", "--why", "Too short.") == 0
    assert (desk.root / "mistakes.toml").read_text().startswith(first)
    assert [e.name for e in read_mistakes(desk.root, "solution", 2).mistakes] == ["stands", "short"]


def test_a_program_gets_the_cases(desk):
    desk.editor("place + 1", "place")
    document = desk.json("author", "mistake", "steps", "stands", "--level", "1", "--why", "Stands.")
    assert document["edits"] == len(document["cases"]) == 1
    assert (document["problem"], document["name"], document["level"]) == ("steps", "stands", 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("place + 1", "1 + place", "The hidden suite of level 1 accepts it"),
        ("return place", "return return", "stands does not compile in line 2"),
        ("def step", "1 / 0\n\n\ndef step", "It cannot be imported: "),
    ],
)
def test_nothing_typed_is_lost(desk, old, new, message):
    desk.editor(old, new)
    options = ("--level", "1", "--why", "It stands.")
    assert mistake(desk, "stands", *options) == ExitCode.USAGE
    assert message in desk.err
    assert not (desk.root / "mistakes.toml").exists()
    (copy,) = (desk.root.parents[2] / "copies").glob("*/solution.py")
    assert f"The edited copy is kept: {copy}" in desk.err
    assert f"harness author mistake steps stands --level 1 --from {copy}" in desk.err
    copy.write_text("def step(place):\n    return place\n")
    assert mistake(desk, "stands", *options, "--from", str(copy)) == 0


def test_a_copy_that_was_not_changed(desk):
    desk.editor("no such text", "")
    assert mistake(desk, "stands", "--level", "1", "--why", "Stands.") == ExitCode.USAGE
    assert "Nothing was changed." in desk.err


def test_a_mistake_of_a_lower_level(desk):
    desk.editor("place + ", "place - ")
    assert mistake(desk, "back", "--level", "2", "--why", "Goes back.") == ExitCode.USAGE
    assert "below level 2: a mistake passes every lower level." in desk.err


def test_names_and_reasons(desk):
    desk.editor("place + 1", "place")
    assert mistake(desk, "two words", "--why", "So.") == ExitCode.USAGE
    assert "'two words' cannot name a mistake" in desk.err
    assert mistake(desk, "stands", "--level", "1") == ExitCode.USAGE
    assert "A mistake needs a sentence that says what it is." in desk.err
    assert mistake(desk, "stands", "--level", "1", "--why", "So.") == 0
    assert mistake(desk, "stands", "--level", "1", "--why", "So.") == ExitCode.USAGE
    assert "There is a mistake stands in " in desk.err


def test_an_editor_that_does_not_run(desk, monkeypatch):
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert mistake(desk, "stands", "--level", "1", "--why", "So.") == ExitCode.USAGE
    assert "Cannot start the editor '/no/such/editor'" in desk.err
    monkeypatch.setenv("EDITOR", "false")
    assert mistake(desk, "stands", "--level", "1", "--why", "So.") == ExitCode.USAGE
    assert "The editor 'false' ended with 1. The copy is kept: " in desk.err


def test_upgrade(desk):
    reference = (desk.root / "reference/level1/solution.py").read_text()
    wrong = desk.root / "wrong"
    (wrong / "stands").mkdir(parents=True)
    (wrong / "stands/solution.py").write_text(reference.replace("place + 1", "place"))
    (wrong / "wrong.toml").write_text(
        '[[wrong]]\nname = "stands"\nlevel = 1\ncases = ["test_a"]\nwhy = "It stands."\n'
    )
    assert mistake(desk, "short", "--why", "So.") == ExitCode.USAGE
    assert "harness author upgrade" in desk.err
    assert desk("author", "upgrade", "steps") == 0
    assert "mistakes.toml: 1 mistake, 0 equivalent mutants, 0 kept cases." in desk.out
    assert not wrong.exists()
    assert desk("author", "upgrade", "steps") == ExitCode.USAGE
    assert "steps has no wrong/ and no waivers.toml to upgrade." in desk.err
