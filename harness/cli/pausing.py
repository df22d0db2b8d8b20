"""``harness pause``, ``resume`` and ``extend``: practice only, and recorded."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation, command
from harness.cli.output import say, say_next, state_document, write_json
from harness.model.attempt import AttemptState
from harness.words import count_text, remaining_text


@command("pause", "harness pause", attempt=True)
def pause_command(invocation: Invocation) -> None:
    """Stop the clock (practice only)."""
    state = invocation.session.store.pause(invocation.sitting().state.id)
    _show(invocation, state, "Paused", "harness resume")


@command("resume", "harness resume", attempt=True)
def resume_command(invocation: Invocation) -> None:
    """Start the clock again."""
    state = invocation.session.store.resume(invocation.sitting().state.id)
    _show(invocation, state, "Resumed", "harness watch")


@command("extend", "harness extend 15", attempt=True)
@click.argument("minutes", type=click.IntRange(1, 600))
def extend_command(invocation: Invocation, minutes: int) -> None:
    """Add MINUTES to the time limit (practice only)."""
    state = invocation.session.store.extend(invocation.sitting().state.id, minutes)
    _show(invocation, state, f"Added {count_text(minutes, 'minute')}", "harness watch")


def _show(invocation: Invocation, state: AttemptState, what: str, following: str) -> None:
    if invocation.as_json:
        session = invocation.session
        write_json(state_document(session, state, session.problem(state)))
        return
    say(invocation, f"{what}. The clock: {remaining_text(state.remaining_seconds)}.")
    say_next(invocation, following)
