"""How long each level took."""

from __future__ import annotations

from harness.model.attempt import AttemptState


def level_seconds(state: AttemptState, number: int) -> float | None:
    """Return the charged time spent on level ``number`` so far; None when it was never open.

    A level ends when the next one opens. The last one ends when it is accepted.
    """
    opened_at = state.levels[number - 1].opened_at_seconds
    if opened_at is None:
        return None
    return max(0.0, level_end_seconds(state, number) - opened_at)


def level_end_seconds(state: AttemptState, number: int) -> float:
    """Return when level ``number`` ended, on the attempt's clock; now, while it is current."""
    if number < len(state.levels):
        next_opened_at = state.levels[number].opened_at_seconds
        if next_opened_at is not None:
            return next_opened_at
    accepted_at = state.levels[number - 1].accepted_at_seconds
    return state.spent_seconds if accepted_at is None else accepted_at
