"""``harness attempts``: export, back up, verify and restore the record of attempts."""

from __future__ import annotations

from pathlib import Path

import click

from harness.app.overview import export
from harness.attempts.database import FILE_NAME, put_aside
from harness.cli.invocation import (
    Invocation,
    command,
    command_group,
    complete_attempt,
    confirm,
    yes_option,
)
from harness.cli.output import say, say_next, short_path, write_json
from harness.errors import ExitCode
from harness.words import count_text

attempts_command = command_group(
    "attempts",
    "Export, back up, verify or restore the record of attempts.",
    "harness attempts backup attempts.db",
)


@command("export", "harness attempts export k3f9qz > a.json", group=attempts_command, as_json=False)
@click.argument("attempt", shell_complete=complete_attempt)
def export_command(invocation: Invocation, attempt: str) -> ExitCode:
    """Print everything recorded about ATTEMPT as JSON.

    If the record is damaged, print what can be read and exit with code 3.
    """
    exported = export(invocation.session, attempt)
    write_json(exported)
    if not exported["problems"]:
        return ExitCode.OK
    click.echo("warning: the record is damaged; see `problems` in the export", err=True)
    return ExitCode.INTERNAL


@command("backup", "harness attempts backup attempts.db", group=attempts_command, as_json=False)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_command(invocation: Invocation, file: Path) -> None:
    """Write a copy of the whole record to FILE, which must not exist."""
    invocation.session.store.backup(file.absolute())
    say(invocation, f"Written: {file}")


@command("verify", "harness attempts verify", group=attempts_command)
def verify_command(invocation: Invocation) -> ExitCode:
    """Read the whole record and report any damage.

    The exit code is 3 if there is any.
    """
    store = invocation.session.store
    found = store.inspect()
    readable = f"{count_text(found.attempts, 'attempt')}, {count_text(found.events, 'event')}"
    if invocation.as_json:
        write_json(found)
    elif not found.problems:
        say(invocation, f"No damage found: {readable}.")
    else:
        say(invocation, f"Damaged: {store.home / FILE_NAME}")
        for problem in found.problems:
            say(invocation, f"  {problem}")
        say(invocation, f"Readable: {readable}.")
        say_next(
            invocation,
            "harness attempts export ATTEMPT  # saves what can be read",
            "harness attempts restore FILE  # restores a backup and keeps a copy of this record",
            f"{put_aside(store.home / FILE_NAME)}  # to start over",
        )
    return ExitCode.INTERNAL if found.problems else ExitCode.OK


@command(
    "restore", "harness attempts restore attempts.db --yes", group=attempts_command, as_json=False
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@yes_option
def restore_backup_command(invocation: Invocation, file: Path, yes: bool) -> None:
    """Replace the record of attempts with the backup FILE.

    The current record is backed up first.
    """
    again = f"harness attempts restore {short_path(file)} --yes"
    confirm(invocation, "Replace the record of attempts with this backup?", again, yes=yes)
    kept = invocation.session.store.restore(file.absolute())
    say(invocation, f"Restored. The previous record is kept: {short_path(kept)}")
    say_next(invocation, "harness history")
