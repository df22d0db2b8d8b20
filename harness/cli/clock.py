"""``harness pause``, ``resume`` and ``extend``: practice only, and recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from harness.cli.invocation import Invocation, attempt_option, json_option, pass_invocation

if TYPE_CHECKING:
    from harness.app import App, Sitting
    from harness.model.attempt import AttemptState


@click.command("pause", epilog="\b\nExample:\n  harness pause")
@attempt_option
@json_option
@pass_invocation
def pause_command(invocation: Invocation) -> None:
    """Stop the clock (practice only)."""
    _change(invocation, lambda app, sitting: app.pause(sitting), "Paused", "harness resume")


@click.command("resume", epilog="\b\nExample:\n  harness resume")
@attempt_option
@json_option
@pass_invocation
def resume_command(invocation: Invocation) -> None:
    """Start the clock again."""
    _change(invocation, lambda app, sitting: app.resume(sitting), "Resumed", "harness watch")


@click.command("extend", epilog="\b\nExample:\n  harness extend 15")
@click.argument("minutes", type=click.IntRange(1, 600))
@attempt_option
@json_option
@pass_invocation
def extend_command(invocation: Invocation, minutes: int) -> None:
    """Add MINUTES to the time limit (practice only)."""
    from harness.words import count_text

    _change(
        invocation,
        lambda app, sitting: app.extend(sitting, minutes),
        f"Added {count_text(minutes, 'minute')}",
        "harness watch",
    )


def _change(
    invocation: Invocation,
    change: Callable[[App, Sitting], AttemptState],
    what: str,
    following: str,
) -> None:
    from harness.cli.output import say, say_next, write_json
    from harness.cli.wording import state_document
    from harness.words import remaining_text

    app = invocation.app
    state = change(app, invocation.sitting())
    if invocation.as_json:
        write_json(state_document(app, state, app.problem(state)))
        return
    say(invocation, f"{what}. The clock: {remaining_text(state.remaining_seconds)}.")
    say_next(invocation, following)
