"""Finds packs, loads problems and pins them. May import plugins, model, settings and errors."""

from __future__ import annotations

from harness.catalog.catalog import (
    Catalog,
    Pack,
    core_pack,
    find_packs,
    load_problem,
    load_problem_at,
)
from harness.catalog.pinning import pin, pinned
from harness.model.problem import BrokenProblem

__all__ = [
    "BrokenProblem",
    "Catalog",
    "Pack",
    "core_pack",
    "find_packs",
    "load_problem",
    "load_problem_at",
    "pin",
    "pinned",
]
