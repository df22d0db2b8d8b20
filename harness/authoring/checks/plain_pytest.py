"""Runs suites as plain pytest, and prints how each case ended. A program for ``determinism``.

It is started with the solution's folder on the module path and a job on standard input::

    {"cases": ["/…/level1/test_hidden.py::test_a", …], "alone": false}

``cases`` are files or single cases, run in this order. ``alone``: each one by itself in a fresh
process, forked when pytest is imported. Answers with one JSON object: case → outcome. Imports only
the standard library and pytest, since what it measures is what anybody's pytest would do.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
from typing import Any

import pytest

_OPTIONS = (
    *("-c", os.devnull, "--rootdir=/", "--noconftest", "--import-mode=importlib"),
    *("-q", "-p", "no:cacheprovider", "--tb=line"),
)
_CRASHED = "ended its process, or never came back"
_CASE_SECONDS = 60
"""For a case alone; then the system ends its process."""


class OutcomeRecorder:
    """A plugin that notes how each case ended, and has the fixture that the judge has."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        """Return random numbers that are the same for a case every time, as the judge's are."""
        return random.Random(f"0/{request.node.name}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be collected."""
        if report.failed:
            self.outcomes[_path(report.nodeid)] = f"failed: {_reason(report)}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the worst of set-up, call and tear-down."""
        name = _path(report.nodeid)
        before = self.outcomes.get(name, "passed")
        if report.when == "setup" or before == "passed":
            failure = f": {_reason(report)}" if report.failed else ""
            self.outcomes[name] = f"{report.outcome}{failure}"


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    said = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what suites and solutions print is no answer
    outcomes: dict[str, str] = {}
    if job["alone"]:
        for case in job["cases"]:
            outcomes |= _in_a_fork(case)
    else:
        outcomes = _run(job["cases"])
    with os.fdopen(said, "w", encoding="utf-8") as answer:
        json.dump(outcomes, answer)


def _run(cases: list[str]) -> dict[str, str]:
    recorder = OutcomeRecorder()
    pytest.main([*_OPTIONS, *cases], plugins=[recorder])
    return recorder.outcomes


def _in_a_fork(case: str) -> dict[str, str]:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        child = os.fork()
        if not child:
            try:
                signal.alarm(_CASE_SECONDS)
                json.dump(_run([case]), file)
                file.flush()
            finally:
                os._exit(0)  # whatever threads the case left behind
        os.waitpid(child, 0)
        file.seek(0)
        text = file.read()
    return {case: _CRASHED, **(json.loads(text) if text else {})}


def _path(nodeid: str) -> str:
    """Return an id with the whole path; pytest's are relative to the root, which is ``/``."""
    return nodeid if nodeid.startswith("/") else f"/{nodeid}"


def _reason(report: Any) -> str:
    with contextlib.suppress(AttributeError):
        return str(report.longrepr.reprcrash.message).split("\n", 1)[0]
    return str(report.longrepr).strip().rsplit("\n", 1)[-1]


if __name__ == "__main__":
    main()
