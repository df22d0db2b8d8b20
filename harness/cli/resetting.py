"""``harness reset``, ``undo`` and ``restore``: bring files back without losing any."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from harness.app.restoring import Rewritten, reset, restore, undo
from harness.attempts.permissions import require_open
from harness.cli.completion import complete_attempt
from harness.cli.invocation import Invocation, command, confirm, here, yes_option
from harness.cli.output import say, say_next, short_path, write_json


@command("reset", "harness reset solution.py", attempt=True)
@click.argument("files", nargs=-1, metavar="[FILE]…")
@yes_option
def reset_command(invocation: Invocation, files: tuple[str, ...], yes: bool) -> None:
    """Reset FILEs (default: all) to their starting version.

    Your version is kept; `harness undo` brings it back.
    """
    session, sitting = invocation.session, invocation.sitting()
    require_open(session.store.state(sitting.state.id))
    names = _names(files, sitting.workspace.root) if sitting.workspace else list(files)
    what = ", ".join(names) if names else "all files"
    again = " ".join(["harness reset", *files, "--yes"])
    confirm(invocation, f"Reset {what} to the starting version?", again, yes=yes)
    _show(invocation, reset(session, sitting, names), "Reset", "harness undo")


@command("undo", "harness undo", attempt=True)
def undo_command(invocation: Invocation) -> None:
    """Undo the last reset. A second undo redoes it."""
    rewritten = undo(invocation.session, invocation.sitting())
    _show(invocation, rewritten, "Restored", "harness test")


@command("restore", "harness restore k3f9qz")
@click.argument("attempt", shell_complete=complete_attempt)
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the new workspace; must be missing or empty.",
)
def restore_command(invocation: Invocation, attempt: str, directory: Path | None) -> None:
    """Bring back a deleted workspace.

    Its files are those last submitted or tested. ATTEMPT is an id from `harness history`.
    """
    state = restore(invocation.session, attempt, directory).state
    if invocation.as_json:
        write_json({"attempt": state.id, "workspace": state.workspace})
        return
    say(invocation, f"Restored: {state.workspace}")
    say_next(invocation, f"cd {short_path(state.workspace)} && harness status")


def _names(files: Sequence[str], root: Path) -> list[str]:
    """Turn paths typed in the current folder into names in the workspace."""
    folder = here()
    names = []
    for file in files:
        # Resolve the folder only: the file itself may be a link that leads elsewhere.
        path = Path(os.path.realpath((folder / file).parent)) / Path(file).name
        names.append(path.relative_to(root).as_posix() if path.is_relative_to(root) else file)
    return names


def _show(invocation: Invocation, rewritten: Rewritten, done: str, following: str) -> None:
    if invocation.as_json:
        write_json({"written": rewritten.names, "kept": rewritten.kept})
        return
    names = ", ".join(rewritten.names) or "nothing"
    say(invocation, f"{done}: {names}. The previous version is kept.")
    say_next(invocation, following)
