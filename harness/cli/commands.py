"""Which commands there are, in the order of a sitting, and where each one lives.

A command's module is imported when the command is called or listed; these modules import click
and nothing heavier at their top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Final, NoReturn

import click

from harness.cli.invocation import Invocation

SECTIONS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    ("Start", (("list", "listing"), ("start", "starting"))),
    (
        "Work",
        (
            ("statement", "reading"),
            ("test", "judging"),
            ("submit", "judging"),
            ("watch", "watch"),
            ("status", "reading"),
        ),
    ),
    (
        "Clock",
        (("pause", "clock"), ("resume", "clock"), ("extend", "clock")),
    ),
    (
        "Files",
        (("reset", "files"), ("undo", "files"), ("restore", "files")),
    ),
    (
        "Finish and review",
        (
            ("reveal", "ending"),
            ("finish", "ending"),
            ("report", "reading"),
            ("history", "reading"),
            ("attempts", "attempts"),
        ),
    ),
    ("Write problems", (("author", "author"),)),
    ("Help and setup", (("doctor", "doctor"), ("sandbox", "sandbox"), ("bench", "bench"))),
)
"""Section title → (command, its module here). The object is called ``<command>_command``."""


def _modules() -> dict[str, str]:
    return {name: module for _, entries in SECTIONS for name, module in entries}


class SectionedGroup(click.Group):
    """A group that imports a command when it is needed, and lists them by section."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands in the order of a sitting, then those of plugins."""
        return [*_modules(), *sorted(_plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of ``cmd_name``; ask the plugins only when it is none of ours."""
        module = _modules().get(cmd_name)
        if module is None:
            return _plugin_commands(ctx).get(cmd_name)
        command = getattr(import_module(f"harness.cli.{module}"), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that ``args`` begin with.

        Raises click.UsageError when there is none; names the nearest.
        """
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing and not args[0].startswith("-"):
            _unknown(ctx, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands below their sections."""
        named = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        width = formatter.width - 6 - max(map(len, named))
        known: set[str] = set()
        for title, entries in SECTIONS:
            known.update(name for name, _ in entries)
            with formatter.section(title):
                formatter.write_dl(list(_rows(named, (name for name, _ in entries), width)))
        extra = [name for name in named if name not in known]
        if extra:
            with formatter.section("From plugins"):
                formatter.write_dl(list(_rows(named, extra, width)))


def _rows(
    named: dict[str, click.Command | None], names: Iterable[str], width: int
) -> Iterator[tuple[str, str]]:
    longest = max(map(len, named))
    for name in names:
        command = named[name]
        if command is not None:
            # Padded, so that the columns of all sections stand below each other.
            yield name.ljust(longest), command.get_short_help_str(limit=width)


def _unknown(ctx: click.Context, name: str, names: Iterable[str]) -> NoReturn:
    from harness.words import nearest

    near = nearest(name, names)
    meant = f" Did you mean {near}?" if near else ""
    raise click.UsageError(f"There is no command {name!r}.{meant}", ctx)


def _plugin_commands(ctx: click.Context) -> dict[str, click.Command]:
    """Return the commands that plugins bring. Costs next to nothing where there is no plugin."""
    commands = ctx.ensure_object(Invocation).plugins.commands()
    named = {str(command.name): command for command in commands}
    return {name: command for name, command in named.items() if name not in _modules()}
