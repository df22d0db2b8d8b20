"""``harness attempts``: the record of attempts as files."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, pass_invocation


@click.group(
    "attempts",
    invoke_without_command=True,
    epilog="\b\nExample:\n  harness attempts backup attempts.db",
)
@click.pass_context
def attempts_command(context: click.Context) -> None:
    """Export or back up the record of your attempts."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@attempts_command.command(
    "export", epilog="\b\nExample:\n  harness attempts export k3f9qz > a.json"
)
@click.argument("attempt", shell_complete=complete_attempt)
@pass_invocation
def export_command(invocation: Invocation, attempt: str) -> None:
    """Print everything that is recorded of ATTEMPT as JSON."""
    from harness.cli.output import write_json

    write_json(invocation.app.export(attempt))


@attempts_command.command("backup", epilog="\b\nExample:\n  harness attempts backup attempts.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_invocation
def backup_command(invocation: Invocation, file: Path) -> None:
    """Write a copy of the whole record to FILE, which must not exist."""
    from harness.cli.output import say

    invocation.app.backup(file.absolute())
    say(invocation, f"Written: {file}")
