"""Composition root: one method per use case. May import every lower floor."""

from __future__ import annotations

from harness.app.app import App
from harness.app.ports import JudgePort
from harness.app.results import (
    Past,
    Revealed,
    Rewritten,
    Sitting,
    Standing,
    Started,
    StartRequest,
    Statement,
    Submitted,
    Tested,
)

__all__ = [
    "App",
    "JudgePort",
    "Past",
    "Revealed",
    "Rewritten",
    "Sitting",
    "Standing",
    "StartRequest",
    "Started",
    "Statement",
    "Submitted",
    "Tested",
]
