"""The table of all commands, in the order of a sitting.

``harness --help`` is written from this table, so that a command's module, and whatever that
imports, is only loaded when the command is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import click

from harness.cli.invocation import Invocation, command_group
from harness.words import did_you_mean

Row = tuple[str, str, str]
"""Name, module here, and the first sentence of its help."""

Sections = tuple[tuple[str, tuple[Row, ...]], ...]
"""Title of each section, and its commands. A command's object is called ``<name>_command``."""

SECTIONS: Final[Sections] = (
    (
        "Start",
        (
            ("list", "reading", "List the problems you can rehearse."),
            ("start", "starting", "Start an attempt on PROBLEM in a new workspace."),
        ),
    ),
    (
        "Work",
        (
            ("statement", "reading", "Show the statement of LEVEL (default: the current level)."),
            ("test", "judging", "Run the visible tests of all open levels in the sandbox."),
            ("submit", "judging", "Submit your solution to the hidden tests."),
            ("watch", "watch", "Run the visible tests on every save."),
            ("status", "reading", "Show the levels, the clock and the points."),
        ),
    ),
    (
        "Clock",
        (
            ("pause", "steering", "Stop the clock (practice only)."),
            ("resume", "steering", "Start the clock again."),
            ("extend", "steering", "Add MINUTES to the time limit (practice only)."),
        ),
    ),
    (
        "Files",
        (
            ("reset", "steering", "Reset FILEs (default: all) to their starting version."),
            ("undo", "steering", "Undo the last reset."),
            ("restore", "steering", "Bring back a deleted workspace."),
        ),
    ),
    (
        "Finish and review",
        (
            ("reveal", "steering", "Give up the current level and see its reference solution."),
            ("finish", "steering", "End the attempt early."),
            ("report", "reading", "Show how an attempt went."),
            ("history", "reading", "List all your attempts, newest first."),
            ("attempts", "attempts", "Export, back up, verify or restore the record of attempts."),
        ),
    ),
    (
        "Write problems",
        (("author", "commands", "Write problems, check them and prove them good."),),
    ),
    (
        "Help and setup",
        (
            ("doctor", "setup", "Show what works here, as plain text to paste into a bug report."),
            ("sandbox", "setup", "Set up the docker backend."),
            ("bench", "setup", "Measure how fast verdicts are compared with plain pytest."),
        ),
    ),
)
AUTHOR_SECTIONS: Final[Sections] = (
    (
        "Write",
        (
            (
                "new",
                "making",
                "Write a new problem: a small complete example that passes every check.",
            ),
            ("preview", "making", "Show each level as a candidate gets it."),
            (
                "rules",
                "making",
                "List the rules of a problem: the sentences of its statements that cases cite.",
            ),
            ("mistake", "making", "Add a known mistake: edit a copy of a reference."),
            (
                "schema",
                "checking",
                "Print the JSON Schema of problem.toml, for completion in editors.",
            ),
        ),
    ),
    (
        "Check",
        (
            ("check", "checking", "Check problems."),
            (
                "run",
                "checking",
                "Judge a solution of a problem with full feedback, without an attempt.",
            ),
            (
                "fuzz",
                "fuzzing",
                "Look for calls that the reference and another solution answer differently.",
            ),
            ("prove", "checking", "Run every check, and write proof.toml if all pass."),
        ),
    ),
    (
        "Publish",
        (
            ("release", "publishing", "Give a problem a new version, and record what changed."),
            (
                "pack",
                "publishing",
                "Build a wheel of PACK, a folder with problems/ and solutions_template/.",
            ),
            (
                "import",
                "publishing",
                "Import a leveled exercise, tests and a solution, as a problem of a pack.",
            ),
            (
                "upgrade",
                "publishing",
                "Turn wrong/ and waivers.toml of harness 0.1 into mistakes.toml.",
            ),
        ),
    ),
)


class CommandTable(click.Group):
    """A group that imports a command of its table when it is called, and lists them by section.

    ``plugins``: whether commands of plugins are added.
    """

    def __init__(
        self, *args: Any, sections: Sections = (), plugins: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._sections = sections
        self._modules = {name: module for _, rows in sections for name, module, _ in rows}
        self._plugins = plugins

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, then those of plugins."""
        return [*self._modules, *sorted(self._plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of ``cmd_name``; ask the plugins when it is not in the table."""
        module = self._modules.get(cmd_name)
        if module is None:
            return self._plugin_commands(ctx).get(cmd_name)
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
            meant = did_you_mean(name, self.list_commands(ctx))
            raise click.UsageError(f"There is no command {name!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section."""
        sections = [
            (title, [(name, summary) for name, _, summary in rows])
            for title, rows in self._sections
        ]
        plugins = sorted(self._plugin_commands(ctx).items())
        if plugins:
            rows = [(name, command.get_short_help_str(60)) for name, command in plugins]
            sections.append(("From plugins", rows))
        longest = max(len(name) for _, rows in sections for name, _ in rows)
        for title, rows in sections:
            with formatter.section(title):
                # Padded, so that the columns of all sections line up.
                formatter.write_dl([(name.ljust(longest), text) for name, text in rows])

    def overview(self, ctx: click.Context) -> str:
        """Return the names of all commands by section; fits a small terminal."""
        formatter = ctx.make_formatter()
        rows = [(title, ", ".join(name for name, _, _ in rows)) for title, rows in self._sections]
        if plugins := sorted(self._plugin_commands(ctx)):
            rows.append(("From plugins", ", ".join(plugins)))
        formatter.write_dl(rows)
        return formatter.getvalue()

    def _plugin_commands(self, ctx: click.Context) -> dict[str, click.Command]:
        if not self._plugins:
            return {}
        commands = ctx.ensure_object(Invocation).plugins.commands()
        named = {str(command.name): command for command in commands}
        return {name: command for name, command in named.items() if name not in self._modules}


author_command = command_group(
    "author",
    "Write problems, check them and prove them good.",
    "harness author check kv_store",
    CommandTable,
    sections=AUTHOR_SECTIONS,
)
