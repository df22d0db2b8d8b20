"""A plugin that keeps pytest and Python from rendering failures: answers can make that fail.

It takes time, too. What a candidate reads is made by :mod:`harness.judge.explain`.
"""

from __future__ import annotations

import logging
import sys
from types import SimpleNamespace
from typing import Any

import pytest


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """Return a report that only says how a part of a case ended."""
    outcome: Any = "passed"
    if call.excinfo is not None:
        is_skip = isinstance(call.excinfo.value, pytest.skip.Exception)
        outcome = "skipped" if is_skip else "failed"
    when: Any = call.when
    return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when)


def draw_no_differences() -> None:
    """Keep unittest from drawing how two long values differ; it can take minutes."""
    import unittest.case

    nothing = SimpleNamespace(ndiff=lambda *_: (), pformat=lambda _: "")
    unittest.case.difflib = unittest.case.pprint = nothing  # type: ignore[attr-defined]


def print_nothing() -> None:
    """Keep Python and asyncio from printing what becomes of objects that outlive their case.

    Nobody reads it, and hundreds that cannot ask the box any more would take their time from the
    cases that follow.
    """
    sys.unraisablehook = lambda _: None
    logging.lastResort = None
