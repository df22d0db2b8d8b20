"""How long each level took."""

from __future__ import annotations

import math

from harness.model.attempt import AttemptState


def level_seconds(state: AttemptState, number: int) -> float | None:
    """Return the charged time spent on level ``number`` so far; None when it was never open.

    A level ends when the next one opens, the last one with the attempt. Whole seconds, cut between
    the levels and not within each, so that the times shown add up to that of the attempt.
    """
    opened_at = state.levels[number - 1].opened_at_seconds
    if opened_at is None:
        return None
    return max(0.0, float(math.floor(_end_seconds(state, number)) - math.floor(opened_at)))


def _end_seconds(state: AttemptState, number: int) -> float:
    """Return when level ``number`` ended, on the attempt's clock; now, while it is current."""
    if number < len(state.levels):
        next_opened_at = state.levels[number].opened_at_seconds
        if next_opened_at is not None:
            return next_opened_at
    return state.spent_seconds
