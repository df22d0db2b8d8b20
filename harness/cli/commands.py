"""The table of all commands, in the order of a sitting.

``harness --help`` is written from this table, so that a command's module, and whatever that
imports, is only loaded when the command is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from harness.cli.invocation import Invocation
from harness.words import nearest

Row = tuple[str, str, str]
"""Name, module here, and the first sentence of its help."""

SECTIONS: Final[tuple[tuple[str, tuple[Row, ...]], ...]] = (
    (
        "Start",
        (
            ("list", "listing", "List the problems you can rehearse."),
            ("start", "starting", "Start an attempt on PROBLEM in a new workspace."),
        ),
    ),
    (
        "Work",
        (
            ("statement", "reading", "Show the statement of LEVEL (default: the current level)."),
            ("test", "submitting", "Run the visible tests of all open levels in the sandbox."),
            ("submit", "submitting", "Submit your solution to the hidden tests."),
            ("watch", "watch", "Run the visible tests on every save."),
            ("status", "reading", "Show the levels, the clock and the points."),
        ),
    ),
    (
        "Clock",
        (
            ("pause", "pausing", "Stop the clock (practice only)."),
            ("resume", "pausing", "Start the clock again."),
            ("extend", "pausing", "Add MINUTES to the time limit (practice only)."),
        ),
    ),
    (
        "Files",
        (
            ("reset", "resetting", "Reset FILEs (default: all) to their starting version."),
            ("undo", "resetting", "Undo the last reset."),
            ("restore", "resetting", "Bring back a deleted workspace."),
        ),
    ),
    (
        "Finish and review",
        (
            ("reveal", "ending", "Give up the current level and see its reference solution."),
            ("finish", "ending", "End the attempt early."),
            ("report", "reporting", "Show how an attempt went."),
            ("history", "reading", "List all your attempts, newest first."),
            ("attempts", "attempts", "Export, back up, verify or restore the record of attempts."),
        ),
    ),
    ("Write problems", (("author", "author", "Write problems, and prove that they are good."),)),
    (
        "Help and setup",
        (
            ("doctor", "doctor", "Show what works here, as plain text to paste into a bug report."),
            ("sandbox", "sandbox", "Set up the docker backend."),
            ("bench", "bench", "Measure how fast verdicts are compared with plain pytest."),
        ),
    ),
)
"""Title of each section, and its commands. A command's object is called ``<name>_command``."""

_MODULES: Final = {name: module for _, rows in SECTIONS for name, module, _ in rows}


class SectionedGroup(click.Group):
    """A group that imports a command when it is called, and lists them by section."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands in the order of a sitting, then those of plugins."""
        return [*_MODULES, *sorted(_plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of ``cmd_name``; ask the plugins when it is not in the table."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return _plugin_commands(ctx).get(cmd_name)
        command = getattr(import_module(f"harness.cli.{module}"), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that ``args`` begin with.

        Raises click.UsageError, with the nearest name, when there is none.
        """
        name = args[0]
        unknown = self.get_command(ctx, name) is None
        if unknown and not ctx.resilient_parsing and not name.startswith("-"):
            near = nearest(name, self.list_commands(ctx))
            meant = f" Did you mean {near}?" if near else ""
            raise click.UsageError(f"There is no command {name!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section."""
        sections = [
            (title, [(name, summary) for name, _, summary in rows]) for title, rows in SECTIONS
        ]
        plugins = sorted(_plugin_commands(ctx).items())
        if plugins:
            rows = [(name, command.get_short_help_str(60)) for name, command in plugins]
            sections.append(("From plugins", rows))
        longest = max(len(name) for _, rows in sections for name, _ in rows)
        for title, rows in sections:
            with formatter.section(title):
                # Padded, so that the columns of all sections line up.
                formatter.write_dl([(name.ljust(longest), text) for name, text in rows])


def _plugin_commands(ctx: click.Context) -> dict[str, click.Command]:
    """Return the commands of plugins, by name."""
    commands = ctx.ensure_object(Invocation).plugins.commands()
    named = {str(command.name): command for command in commands}
    return {name: command for name, command in named.items() if name not in _MODULES}
