"""To come."""

from __future__ import annotations

from harness.model.finding import Check

CHECKS: tuple[Check, ...] = ()
