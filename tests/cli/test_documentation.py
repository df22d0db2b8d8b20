"""The table in docs/commands.md comes from the commands themselves.

`HARNESS_REGENERATE_DOCS=1 pytest tests/cli/test_documentation.py` writes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from harness.cli.commands import SECTIONS
from harness.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
MARK = "<!-- Generated below this line; see tests/cli/test_documentation.py -->\n"


def generated() -> str:
    """Return a table of all commands as Markdown."""
    lines = ["", "| command | what it does |", "|---|---|"]
    for title, rows in SECTIONS:
        lines.append(f"| **{title}** | |")
        for name, *_ in rows:
            command = cli.get_command(click.Context(cli), name)
            for path, each in _leaves(f"harness {name}", command):
                summary = each.get_short_help_str(limit=200)
                lines.append(f"| `{_usage(path, each)}` | {summary} |")
    return "\n".join(lines) + "\n"


def _leaves(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        yield from _leaves(f"{path} {name}", command.get_command(click.Context(command), name))


def _usage(path: str, command: click.Command) -> str:
    words = [path]
    for argument in command.params:
        if isinstance(argument, click.Argument):
            name = argument.metavar or argument.name.upper()
            words.append(name if argument.required or argument.metavar else f"[{name}]")
    return " ".join(words).replace("|", "\\|")


def test_the_page_lists_every_command():
    head, mark, tail = PAGE.read_text(encoding="utf-8").partition(MARK)
    assert mark
    if os.environ.get("HARNESS_REGENERATE_DOCS"):
        PAGE.write_text(f"{head}{MARK}{generated()}", encoding="utf-8")
        return
    assert tail == generated(), "regenerate: HARNESS_REGENERATE_DOCS=1 pytest tests/cli"
