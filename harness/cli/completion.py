"""What the shell offers after the Tab key. Never raises: a completion that fails offers nothing."""

from __future__ import annotations

import click

from harness.cli.invocation import Invocation
from harness.errors import HarnessError


def complete_problem(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the names of problems."""
    try:
        names = _invocation(ctx).session.catalog.slugs()
    except HarnessError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def complete_attempt(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the ids of attempts."""
    try:
        ids = [state.id for state in _invocation(ctx).session.store.all()]
    except HarnessError:
        return []
    return [each for each in ids if each.startswith(incomplete)]


def _invocation(ctx: click.Context) -> Invocation:
    return ctx.ensure_object(Invocation)
