"""README and the other documents say what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *CHECKOUT.glob("docs/*.md")]


def command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    assert found, name
    return found[1]


def test_readme_has_exactly_two_commands_each_one_line():
    blocks = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert blocks == [command("rehearse"), command("test")]
    assert not [block for block in blocks if "\n" in block]


def test_ci_runs_the_very_commands_of_the_readme():
    script = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    assert "readme_command test" in script
    assert "readme_command rehearse" in script


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_commands_named_in_the_documents_exist():
    from harness.cli.commands import SectionedGroup
    from harness.cli.main import cli

    assert isinstance(cli, SectionedGroup)
    known = set(cli.commands) | set(cli.list_commands(cli.make_context("harness", [])))
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        named = set(re.findall(r"`harness ([a-z]+)", text))
        assert named <= known, (document.name, named - known)


def test_top_level_holds_what_it_should_and_nothing_else():
    import subprocess

    listing = ["git", "ls-files"]
    files = subprocess.run(listing, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    top = {name.partition("/")[0] for name in files.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} == {
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Dockerfile",
        "LICENSE",
        "README.md",
        "docs",
        "harness",
        "problems",
        "pyproject.toml",
        "solutions_template",
        "tests",
    }
