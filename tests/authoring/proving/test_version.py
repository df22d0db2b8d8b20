"""The check ``version``, and what ``release`` writes."""

from __future__ import annotations

import tomllib

import pytest

from harness.authoring.files import fingerprint, read_versions, release, with_version
from harness.errors import PackError, RequestError

BEHAVIOUR = [
    ("level2/test_hidden.py", "[4, 2, 1]", "[4, 2, 1 + 0]"),
    ("level1/test_visible.py", "== 7", "== 3 + 4"),
    ("../../solutions_template/tally/solution.py", "amount", "number"),
    ("problem.toml", "wall_seconds = 1.0", "wall_seconds = 3.0"),
    ("problem.toml", 'NothingLeft = "Exception"', 'NothingLeft = "LookupError"'),
    ("problem.toml", "points = 100", "points = 150"),
]
WORDING = [
    ("level2/statement.md", "takes the last", "takes back the last"),
    ("editorial.md", "not enough", "too little"),
    ("problem.toml", "Keep the sum.", "Keep a sum."),
    ("problem.toml", 'title = "Undo"', 'title = "Taking back"'),
]
NEITHER = [
    ("reference/level1/solution.py", "return self._sum", "return self._sum  # so far"),
    ("problem.toml", "# A comment that stays.", "# Another."),
    ("problem.toml", '["Somebody"]', '["Somebody else"]'),
    (
        "level1/test_hidden.py",
        '"""The total is the sum"""',
        '"""The total is the sum\n\n    Rule: `add` adds up.\n    """',
    ),
]


@pytest.fixture
def released(bench):
    release(bench.problem, "1.0.0", "First version.")
    assert bench.check("version") == []
    return bench


def test_a_version_without_an_entry(bench, single):
    finding = single("version")
    assert "1.0.0 has no entry" in finding.message
    assert (finding.path, finding.line) == (bench.root / "problem.toml", 4)
    folder = bench.root
    assert f"harness author release {folder} --version 1.0.0" in finding.fix
    assert finding.severity == "warning", "nobody has it yet"


@pytest.mark.parametrize(("name", "old", "new"), BEHAVIOUR)
def test_changed_behaviour_asks_for_a_minor_version(released, single, name, old, new):
    released.change(name, old, new)
    finding = single("version")
    assert finding.message.startswith("Behaviour (")
    assert "--version 1.1.0" in finding.fix
    with pytest.raises(RequestError, match=r"requires at least 1\.1\.0"):
        release(released.problem, "1.0.1", "A little.")
    release(released.problem, "1.1.0", "Stricter.")
    assert released.check("version") == []


@pytest.mark.parametrize(("name", "old", "new"), WORDING)
def test_changed_words_ask_for_a_patch(released, single, name, old, new):
    released.change(name, old, new)
    finding = single("version")
    assert finding.message.startswith("Only words (")
    release(released.problem, "1.0.1", "Clearer.")
    assert released.check("version") == []


@pytest.mark.parametrize(("name", "old", "new"), NEITHER)
def test_what_a_candidate_never_meets_asks_for_nothing(released, name, old, new):
    released.change(name, old, new)
    assert released.check("version") == []


def test_a_new_file_of_the_skeleton_is_behaviour(released, single):
    (released.pack / "solutions_template" / "tally" / "README.md").write_text("Begin here.\n")
    assert single("version").message.startswith("Behaviour (")


def test_the_manifest_is_ahead_of_the_entries(released, single):
    released.change("problem.toml", '"1.0.0"', '"1.1.0"')
    assert "1.1.0 has no entry" in single("version").message


def test_an_entry_that_jumps_too_little(released, single):
    released.change("level1/test_hidden.py", "[5]", "[6]")
    release(released.problem, "1.1.0", "Another amount.")
    released.change("versions.toml", '"1.1.0"', '"1.0.1"')
    released.change("problem.toml", '"1.1.0"', '"1.0.1"')
    finding = single("version")
    assert "requires at least 1.1.0" in finding.message
    assert finding.path == released.root / "versions.toml"


def test_an_entry_without_a_word(released, single):
    released.change("versions.toml", "First version.", " ")
    assert "does not say what changed" in single("version").message


def test_release_keeps_the_layout_and_adds_an_entry(released):
    before = (released.root / "problem.toml").read_text()
    release(released.problem, "1.2.0", 'Says "what" it \\ does.')
    after = (released.root / "problem.toml").read_text()
    assert after == before.replace('"1.0.0"', '"1.2.0"')
    entries = tomllib.loads((released.root / "versions.toml").read_text())["versions"]
    assert [entry["version"] for entry in entries] == ["1.0.0", "1.2.0"]
    assert entries[1]["changes"] == 'Says "what" it \\ does.'
    assert entries[0]["behaviour"] == entries[1]["behaviour"]


def test_release_refuses_what_does_not_rise(released):
    for version in ("1.0.0", "0.9.0"):
        with pytest.raises(RequestError, match=r"requires at least 1\.0\.1"):
            release(released.problem, version, "Again.")


@pytest.mark.parametrize("version", ["1", "1.1", "v1.1.0", "1.1.0-rc1", "1.01.0"])
def test_release_refuses_what_is_no_version(released, version):
    with pytest.raises(RequestError, match="is not a version"):
        release(released.problem, version, "New.")


def test_release_asks_for_a_word(released):
    with pytest.raises(RequestError, match="what changed"):
        release(released.problem, "1.1.0", "  ")


def test_amending_replaces_the_newest_entry(released):
    released.change("level1/test_hidden.py", "[5]", "[6]")
    release(released.problem, "1.0.0", "First, and better.", amend=True)
    (entry,) = read_versions(released.root)
    assert entry.fingerprint == fingerprint(released.problem)
    assert entry.changes == "First, and better."
    with pytest.raises(RequestError, match=r"newest entry of tally is 1\.0\.0"):
        release(released.problem, "1.1.0", "No.", amend=True)


def test_a_file_that_is_not_as_it_should_be(released, single):
    path = released.root / "versions.toml"
    path.write_text("[[versions]]\nversion = 1\n")
    assert "cannot be used" in single("version").message
    path.write_text('[[versions]]\nversion = "one"\nbehaviour = ""\nwording = ""\nchanges = "x"\n')
    assert '"one" is not a version' in single("version").message


def test_ends_of_lines_and_comments_are_kept():
    text = "# one\r\nversion = '1.0.0'  # two\r\n[levels]\r\nversion = '3'\r\n"
    assert with_version(text, "2.0.0") == text.replace("'1.0.0'", '"2.0.0"')


@pytest.mark.parametrize("text", ["slug = 'x'\n", "version = 1.0\n", "[x]\nversion = '1.0.0'\n"])
def test_a_manifest_without_a_line_to_change(text):
    with pytest.raises(PackError, match="has no line like"):
        with_version(text, "2.0.0")
