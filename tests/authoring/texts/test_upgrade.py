"""Problems of harness 0.1, with wrong/ and waivers.toml: they are checked, and can be upgraded."""

from __future__ import annotations

import pytest

from harness.authoring.mistakes import Kept, read_mistakes
from harness.authoring.upgrade import upgrade
from harness.catalog.catalog import load_problem_at
from harness.errors import PackError, RequestError
from harness.model.finding import Severity

WAIVERS = """\
# Why these are no mistakes.

[[waived]]
before = "if amount > self._coins:"
after = "        if amount >= self._coins:"
why = "It is not so, but no check here asks."

[[waived]]
before = "no such line"
after = "pass"
why = "It was there once."

[[kept]]
level = 1
case = "test_purses_are_apart"
why = "Asked."
"""


@pytest.fixture
def old(purse, tmp_path):
    """The purse as harness 0.1 had it."""
    solutions = purse.mistakes_as_solutions()
    rows = []
    for name, (level, why, text) in solutions.items():
        purse.write(f"wrong/{name}/solution.py", text)
        cases = '["test_all_can_be_taken"]' if name == "keeps_one" else '["test_a", "test_b"]'
        row = f'name = "{name}"\nlevel = {level}\ncases = {cases}\nwhy = "{why}"\n'
        rows.append(f"[[wrong]]\n{row}")
    purse.write("wrong/wrong.toml", "\n".join(rows))
    purse.write("waivers.toml", WAIVERS)
    (purse.root / "mistakes.toml").unlink()
    return purse


def files_of(purse) -> dict[str, bytes]:
    root = purse.root
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_it_is_checked_as_it_is_and_the_command_is_named(old):
    (finding,) = old.findings("mistakes")
    assert finding.severity is Severity.WARNING
    assert finding.fix == f"harness author upgrade {old.root}"
    assert old.findings("known-wrong") == []
    assert old.findings("files") == []


def test_everything_is_in_the_new_file(old):
    solutions = {name: text for name, (_, _, text) in old.mistakes_as_solutions().items()}
    done = upgrade(load_problem_at(old.root))
    assert (done.mistakes, done.equivalents, done.kept, done.unmatched) == (4, 1, 1, 1)
    assert not (old.root / "wrong").exists()
    assert not (old.root / "waivers.toml").exists()
    found = read_mistakes(old.root, "solution", 2)
    assert found.errors == ()
    assert [edit.name for edit in found.mistakes] == list(solutions)
    assert {edit.name: edit.case for edit in found.mistakes if edit.case} == {
        "keeps_one": "test_all_can_be_taken"
    }
    for edit in found.mistakes:
        assert old.applied(edit) == solutions[edit.name]
    (equivalent,) = found.equivalents
    assert (equivalent.level, equivalent.replacements[0].find) == (2, "if amount > self._coins:")
    assert [(row.level, row.case) for row in found.kept] == [(1, "test_purses_are_apart")]
    assert isinstance(found.kept[0], Kept)
    text = (old.root / "mistakes.toml").read_text(encoding="utf-8")
    assert text.startswith("# Why these are no mistakes.\n")
    assert "# No mutant matches this waiver: It was there once.\n# no such line\n" in text
    assert old.findings("known-wrong") == old.findings("mistakes") == []


def test_a_solution_of_another_design_is_one_edit(old):
    text = "PurseError = ValueError\n\n\nclass Purse(list):\n    put = total = take = print\n"
    old.write("wrong/keeps_one/solution.py", text)
    upgrade(load_problem_at(old.root))
    edits = read_mistakes(old.root, "solution", 2).mistakes
    (edit,) = (each for each in edits if each.name == "keeps_one")
    assert old.applied(edit) == text


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("wrong/extra/solution.py", "", "wrong/extra is not listed in wrong/wrong.toml"),
        ("wrong/keeps_one/helper.py", "", "wrong/keeps_one does not have the same files"),
        ("wrong/keeps_one/notes.txt", "", "wrong/keeps_one/notes.txt is not part of a solution"),
        ("mistakes.toml", "", "mistakes.toml exists already."),
    ],
)
def test_what_cannot_be_upgraded_is_named_and_stays(old, name, text, message):
    old.write(name, text)
    before = files_of(old)
    with pytest.raises(RequestError, match=message):
        upgrade(load_problem_at(old.root))
    assert files_of(old) == before


def test_files_that_cannot_be_read_stay(old):
    old.write("waivers.toml", "[[waived]]\nbefore = 3\n")
    before = files_of(old)
    with pytest.raises(PackError, match=r"waivers\.toml cannot be used"):
        upgrade(load_problem_at(old.root))
    assert files_of(old) == before


def test_there_is_nothing_to_upgrade(purse):
    with pytest.raises(RequestError, match="has no wrong/ and no"):
        upgrade(load_problem_at(purse.root))
