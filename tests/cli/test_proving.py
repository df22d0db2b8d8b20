"""``harness author release`` and ``prove``, as typed."""

from __future__ import annotations

import tomllib

import pytest

from harness.model.finding import Check, Finding


@pytest.fixture
def root(shell):
    return shell.home.parent / "pack" / "problems" / "steps"


def test_release(shell, root):
    assert shell("author", "release", "steps", "--version", "1.0.0", "-m", "First version.") == 0
    assert shell.out == f"steps is now version 1.0.0; see {root / 'versions.toml'}\n"
    document = shell.json("author", "release", "steps", "--version", "1.2.0", "-m", "More.")
    assert (document["slug"], document["entry"]["version"]) == ("steps", "1.2.0")
    assert tomllib.loads((root / "problem.toml").read_text())["version"] == "1.2.0"
    written = tomllib.loads((root / "versions.toml").read_text())["versions"]
    assert [entry["changes"] for entry in written] == ["First version.", "More."]
    assert shell("author", "check", "steps", "--only", "version") == 0


def test_release_says_which_version_to_take(shell, root):
    shell("author", "release", "steps", "--version", "1.0.0", "-m", "First version.")
    assert shell("author", "release", "steps", "--version", "1.0.0", "-m", "Again.") == 2
    assert f"harness author release {root} --version 1.0.1" in shell.err
    assert shell("author", "release", "steps", "--version", "1.0.0", "-m", "B.", "--amend") == 0


@pytest.mark.parametrize("option", ["--version", "--message"])
def test_release_needs_a_version_and_a_message(shell, option):
    given = {"--version": "1.0.0", "--message": "First."}
    del given[option]
    rest = [word for pair in given.items() for word in pair]
    assert shell("author", "release", "steps", *rest) == 2
    assert option in shell.err


def finds(*findings):
    """Return what stands in for all checks."""
    check = Check(name="steady", title="all is well", run=lambda subject: findings)
    return lambda plugins: [check]


def test_prove_writes_down_what_was_counted(shell, root, monkeypatch):
    monkeypatch.setattr("harness.cli.checking.all_checks", finds())
    assert shell("author", "prove", "steps") == 0
    assert f"steps 1.0.0 is proven; see {root / 'proof.toml'}" in shell.out
    first, second = tomllib.loads((root / "proof.toml").read_text())["levels"]
    assert (first["cases"], second["cases"]) == (1, 1)
    assert first["killed"] == first["mutants"] > 0


def test_prove_writes_nothing_when_a_check_fails(shell, root, monkeypatch):
    finding = Finding(message="It is bad.", why="Because.", fix="mend it")
    monkeypatch.setattr("harness.cli.checking.all_checks", finds(finding))
    assert shell("author", "prove", "steps") == 1
    assert "It is bad." in shell.out
    assert not (root / "proof.toml").exists()


def test_prove_notices_a_change_meanwhile(shell, root, monkeypatch):
    def change(subject):
        (root / "editorial.md").write_text("# Why\n\nWhy not.\n")
        return ()

    check = Check(name="busy", title="somebody types", run=change)
    monkeypatch.setattr("harness.cli.checking.all_checks", lambda _: [check])
    assert shell("author", "prove", "steps") == 2
    assert "was changed while it was being checked" in shell.err
    assert not (root / "proof.toml").exists()
