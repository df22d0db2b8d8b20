"""The durable record of attempts: their events, their clock, and the state that follows from both.

May import plugins, model, settings and errors. ``sqlite3`` is loaded when a store is opened, not
before.
"""

from __future__ import annotations

from harness.attempts.clock import Clock, SystemClock
from harness.attempts.ids import new_attempt_id
from harness.attempts.store import AttemptStore

__all__ = ["AttemptStore", "Clock", "SystemClock", "new_attempt_id"]
