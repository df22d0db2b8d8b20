"""What is allowed in which state: each function returns, or its RequestError says why not."""

from __future__ import annotations

from harness.errors import RequestError
from harness.model.attempt import AttemptState, End, Mode
from harness.words import count_text, duration_text


def require_open(state: AttemptState) -> None:
    """The attempt is not over."""
    if state.end is None:
        return
    if state.end is End.EXPIRED and state.ended_at is not None:
        what = (
            f"Time is up: the {count_text(state.minutes, 'minute')} of attempt {state.id} "
            f"ended on {state.ended_at.astimezone():%Y-%m-%d at %H:%M}."
        )
    elif state.end is End.COMPLETED:
        what = f"Attempt {state.id} is over: every level was accepted."
    else:
        what = f"Attempt {state.id} is over: it was finished."
    raise RequestError(
        what,
        hint="harness report  (plain pytest still works in the workspace)",
    )


def require_running(state: AttemptState) -> None:
    """The attempt is not over, and not paused."""
    require_open(state)
    if state.paused:
        raise RequestError(
            f"Attempt {state.id} is paused: nothing can be tested or submitted meanwhile.",
            hint="harness resume",
        )


def require_pausable(state: AttemptState) -> None:
    """The clock runs and may be stopped."""
    require_open(state)
    _require_practice(state, "cannot be paused")
    if state.paused:
        raise RequestError(f"Attempt {state.id} is already paused.", hint="harness resume")


def require_paused(state: AttemptState) -> None:
    """The clock stands still."""
    require_open(state)
    if not state.paused:
        raise RequestError(
            f"Attempt {state.id} is not paused: its clock is running.", hint="harness status"
        )


def require_extensible(state: AttemptState) -> None:
    """The time limit may be raised."""
    require_open(state)
    _require_practice(state, "cannot be extended")


def require_revealable(state: AttemptState) -> None:
    """The current level's reference may be shown."""
    require_open(state)
    _require_practice(state, "shows no reference before its end")
    require_running(state)


def _require_practice(state: AttemptState, what: str) -> None:
    if state.mode is Mode.EXAM:
        left = duration_text(max(0.0, state.remaining_seconds))
        raise RequestError(
            f"Attempt {state.id} is an exam: it {what}. Its clock runs on ({left} left).",
            hint=f"harness start {state.problem} --mode practice",
        )
