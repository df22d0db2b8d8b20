"""Finds packs, loads problems and pins them. May import plugins, model, settings and errors."""

from __future__ import annotations

from harness.catalog.catalog import Catalog
from harness.catalog.loading import load_problem
from harness.catalog.packs import Pack, core_pack, find_packs
from harness.catalog.pinning import pin, pinned
from harness.model.problem import BrokenProblem

__all__ = [
    "BrokenProblem",
    "Catalog",
    "Pack",
    "core_pack",
    "find_packs",
    "load_problem",
    "pin",
    "pinned",
]
