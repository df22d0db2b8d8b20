"""``harness author``: tools for problem authors."""

from __future__ import annotations

import click

from harness.cli.commands import AUTHOR_SECTIONS, CommandTable


@click.group(
    "author",
    cls=CommandTable,
    sections=AUTHOR_SECTIONS,
    invoke_without_command=True,
    epilog="\b\nExample:\n  harness author check kv_store",
)
@click.pass_context
def author_command(context: click.Context) -> None:
    """Write problems, check them and prove them good."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
