"""``harness attempts``: export, back up, verify and restore the record of attempts."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, confirm, json_option, pass_invocation, yes_option
from harness.errors import ExitCode


@click.group(
    "attempts",
    invoke_without_command=True,
    epilog="\b\nExample:\n  harness attempts backup attempts.db",
)
@click.pass_context
def attempts_command(context: click.Context) -> None:
    """Export, back up, verify or restore the record of your attempts."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@attempts_command.command(
    "export", epilog="\b\nExample:\n  harness attempts export k3f9qz > a.json"
)
@click.argument("attempt", shell_complete=complete_attempt)
@pass_invocation
def export_command(invocation: Invocation, attempt: str) -> ExitCode:
    """Print everything recorded about ATTEMPT as JSON.

    If the record is damaged, print what can be read and exit with code 3.
    """
    from harness.cli.output import write_json

    exported = invocation.app.record.export(attempt)
    write_json(exported)
    if not exported["problems"]:
        return ExitCode.OK
    click.echo("warning: the record is damaged; see `problems` in the export", err=True)
    return ExitCode.INTERNAL


@attempts_command.command("backup", epilog="\b\nExample:\n  harness attempts backup attempts.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_invocation
def backup_command(invocation: Invocation, file: Path) -> None:
    """Write a copy of the whole record to FILE, which must not exist."""
    from harness.cli.output import say

    invocation.app.record.backup(file.absolute())
    say(invocation, f"Written: {file}")


@attempts_command.command("verify", epilog="\b\nExample:\n  harness attempts verify")
@json_option
@pass_invocation
def verify_command(invocation: Invocation) -> ExitCode:
    """Read the whole record and report any damage.

    The exit code is 3 if there is any.
    """
    from harness.attempts.database import FILE_NAME
    from harness.attempts.storage_errors import put_aside
    from harness.cli.output import say, say_next, write_json
    from harness.words import count_text

    record = invocation.app.record
    found = record.verify()
    readable = f"{count_text(found.attempts, 'attempt')}, {count_text(found.events, 'event')}"
    if invocation.as_json:
        write_json(found)
    elif not found.problems:
        say(invocation, f"No damage found: {readable}.")
    else:
        say(invocation, f"Damaged: {record.folder / FILE_NAME}")
        for problem in found.problems:
            say(invocation, f"  {problem}")
        say(invocation, f"Readable: {readable}.")
        say_next(
            invocation,
            "harness attempts export ATTEMPT  (saves what can be read)",
            "harness attempts restore FILE  (restores a backup and keeps a copy of this record)",
            f"{put_aside(record.folder / FILE_NAME)}  (to start over)",
        )
    return ExitCode.INTERNAL if found.problems else ExitCode.OK


@attempts_command.command(
    "restore", epilog="\b\nExample:\n  harness attempts restore attempts.db --yes"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@yes_option
@pass_invocation
def restore_command(invocation: Invocation, file: Path, yes: bool) -> None:
    """Replace the record of attempts with the backup FILE.

    The current record is backed up first.
    """
    from harness.cli.output import say, say_next
    from harness.cli.wording import short_path

    again = f"harness attempts restore {short_path(file)} --yes"
    confirm(invocation, "Replace the record of attempts with this backup?", again, yes=yes)
    kept = invocation.app.record.restore(file.absolute())
    say(invocation, f"Restored. The previous record is kept: {short_path(kept)}")
    say_next(invocation, "harness history")
