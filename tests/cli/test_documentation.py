"""docs/commands.md is generated from the commands; `HARNESS_REGENERATE_DOCS=1 pytest` writes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from harness.cli.commands import SECTIONS
from harness.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
MARK = "<!-- Generated below this line; see tests/cli/test_documentation.py -->\n"
COLUMNS = 80


def generated() -> str:
    """Return the help of every command as Markdown."""
    blocks = [f"## harness\n\n```text\n{_help(cli, 'harness')}```\n"]
    for title, entries in SECTIONS:
        blocks.append(f"## {title}\n")
        for name, *_ in entries:
            command = cli.get_command(click.Context(cli), name)
            for path, each in _tree(f"harness {name}", command):
                blocks.append(f"### {path}\n\n```text\n{_help(each, path)}```\n")
    return "\n".join(blocks)


def _tree(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from _tree(f"{path} {name}", command.commands[name])


def _help(command: click.Command, path: str) -> str:
    settings = {"help_option_names": ["-h", "--help"], "terminal_width": COLUMNS}
    context = click.Context(command, info_name=path, **settings)
    return command.get_help(context).rstrip() + "\n"


def test_the_page_tells_what_the_commands_tell():
    head, mark, tail = PAGE.read_text(encoding="utf-8").partition(MARK)
    assert mark
    if os.environ.get("HARNESS_REGENERATE_DOCS"):
        PAGE.write_text(f"{head}{MARK}\n{generated()}", encoding="utf-8")
        return
    assert tail == f"\n{generated()}", "regenerate: HARNESS_REGENERATE_DOCS=1 pytest tests/cli"
