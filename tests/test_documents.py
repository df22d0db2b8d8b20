"""README and the other documents say what is true."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import click
import pytest

from harness.cli.main import cli

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *CHECKOUT.glob("docs/*.md")]


def command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    assert found, name
    return found[1]


def test_ci_runs_the_very_commands_of_the_readme():
    assert "pytest" in command("test")
    assert "harness start" in command("rehearse")
    script = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    assert "readme_command test" in script
    assert "readme_command rehearse" in script
    assert [
        p for p in re.findall(r"\btests/[\w/]+(?:\.py)?", script) if not (CHECKOUT / p).exists()
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_in_the_documents_exist(document):
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:harness|tests|\.ci)/[\w./-]+)`", text):
        assert (CHECKOUT / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_lines_of_prose_are_at_most_120_characters_long(document):
    text = re.sub(r"(?ms)^(```+).*?^\1$", "", document.read_text(encoding="utf-8"))
    prose = [line for line in text.splitlines() if not line.startswith("|")]
    assert [line for line in prose if len(line) > 120] == []


def test_commands_named_in_the_documents_exist():
    context = click.Context(cli)
    known = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for name, sub in re.findall(r"`harness ([a-z]+)(?: ([a-z]+))?", text):
            assert name in known, (document.name, name)
            group = known[name]
            if sub and isinstance(group, click.Group):
                assert sub in group.list_commands(context), (document.name, name, sub)


def test_examples_of_patterns_are_true():
    text = (CHECKOUT / "docs" / "authoring.md").read_text(encoding="utf-8")
    section = text.split("## Patterns of the screen\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    code = [block for block in blocks if not block.startswith(">>>")]
    exec("".join(code), names)
    session = "".join(block for block in blocks if block.startswith(">>>"))
    test = doctest.DocTestParser().get_doctest(session, names, "patterns", None, 0)
    assert len(test.examples) > 8
    assert doctest.DocTestRunner().run(test).failed == 0
