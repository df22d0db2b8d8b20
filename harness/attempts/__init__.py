"""The durable record of attempts: their events, their clock, and the state computed from both.

May import plugins, model, settings and errors. ``sqlite3`` is imported when a store
is opened.
"""

from __future__ import annotations

from harness.attempts.clock import Clock, Suspensions, read_clocks
from harness.attempts.log import new_attempt_id
from harness.attempts.replay import (
    require_hintable,
    require_open,
    require_revealable,
    require_running,
)
from harness.attempts.store import AttemptStore

__all__ = [
    "AttemptStore",
    "Clock",
    "Suspensions",
    "new_attempt_id",
    "read_clocks",
    "require_hintable",
    "require_open",
    "require_revealable",
    "require_running",
]
