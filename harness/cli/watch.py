"""``harness watch``."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation, attempt_option, json_option, pass_invocation
from harness.errors import ExitCode


@click.command("watch", epilog="\b\nExample:\n  harness watch")
@attempt_option
@json_option
@pass_invocation
def watch_command(invocation: Invocation) -> ExitCode:
    """Run the visible tests on every save.

    The bar at the bottom shows the levels, the clock and the keys. Nothing is submitted until you
    press s. With --json, print one line per event, for programs.
    """
    from harness.cli.watching.session import watch_attempt

    return watch_attempt(invocation, invocation.sitting(), run=True)
