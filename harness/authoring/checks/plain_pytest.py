"""Runs suites as plain pytest, and prints how each case ended. A program for two checks.

It is started with the solution's folder on the module path and a job on standard input::

    {"cases": ["/…/level1/test_hidden.py::test_a", …], "arrangements": ["given", "alone"],
     "trace": ["/…/level1/test_hidden.py"]}

``cases`` are files or single cases. They are collected in this order, and run once for each
arrangement: as ``given``, ``reversed``, or each ``alone``. All but a single ``given`` run in
processes that are forked when the suites are collected. Answers with one JSON object: ``outcomes``
is arrangement → case → outcome, ``reached`` has the lines that ran of each file to ``trace``, and
``empty`` those where ``all`` was only ever asked about nothing.
Imports only the standard library and pytest, since what it measures is what anybody's pytest would
do.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable
from types import FrameType
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

    def __init__(self, arrangements: list[str], traced: list[str]) -> None:
        self.outcomes: dict[str, str] = {}
        self.reached: dict[str, set[int]] = {path: set() for path in traced}
        self.asked_of: dict[str, dict[int, bool]] = {path: {} for path in traced}
        """Line of each call of ``all`` → whether there was anything that could fail."""
        self.arranged: dict[str, dict[str, str]] = {each: {} for each in arrangements}

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

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the cases in each arrangement, in processes of their own."""
        if list(self.arranged) == ["given"]:
            return None
        items = session.items
        for name, outcomes in self.arranged.items():
            outcomes |= self.outcomes  # of files that cannot be collected
            groups = [[item] for item in items] if name == "alone" else [items]
            for group in groups:
                ordered = group[::-1] if name == "reversed" else group
                outcomes |= self._in_a_fork(ordered, traced=name == "given")
        return True

    def _in_a_fork(self, items: list[pytest.Item], *, traced: bool) -> dict[str, str]:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            child = os.fork()
            if not child:
                try:
                    signal.alarm(_CASE_SECONDS * len(items))
                    if traced and self.reached:
                        threading.settrace(self._trace)
                        sys.settrace(self._trace)
                        builtins.all = self._all
                    for item, following in zip(items, [*items[1:], None], strict=False):
                        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    sys.settrace(None)
                    reached = {path: sorted(lines) for path, lines in self.reached.items()}
                    json.dump([self.outcomes, reached, self.empty()], file)
                    file.flush()
                finally:
                    os._exit(0)  # whatever threads the case left behind
            os.waitpid(child, 0)
            file.seek(0)
            text = file.read()
        crashed = {_path(item.nodeid): _CRASHED for item in items}
        outcomes, reached, empty = json.loads(text) if text else ({}, {}, {})
        for path, lines in reached.items():
            self.reached[path].update(lines)
        for path, lines in empty.items():
            self.asked_of[path].update(dict.fromkeys(lines, False))
        return {**crashed, **outcomes}

    def empty(self) -> dict[str, list[int]]:
        """Return the lines where ``all`` was only ever asked about nothing."""
        return {
            path: sorted(line for line, anything in lines.items() if not anything)
            for path, lines in self.asked_of.items()
        }

    def _all(self, items: Iterable[object], /) -> bool:
        """Answer as ``all`` does, and note whether it was asked about anything."""
        caller = sys._getframe(1)
        lines = self.asked_of.get(caller.f_code.co_filename, {})
        lines.setdefault(caller.f_lineno, False)
        for item in items:
            lines[caller.f_lineno] = True
            if not item:
                return False
        return True

    def _trace(self, frame: FrameType, event: str, _argument: object) -> Any:
        """Note the lines that run in files of interest."""
        lines = self.reached.get(frame.f_code.co_filename)
        if lines is None:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return self._trace


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    said = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what suites and solutions print is no answer
    recorder = OutcomeRecorder(job["arrangements"], job["trace"])
    pytest.main([*_OPTIONS, *job["cases"]], plugins=[recorder])
    arranged = {name: outcomes or recorder.outcomes for name, outcomes in recorder.arranged.items()}
    reached = {path: sorted(lines) for path, lines in recorder.reached.items()}
    with os.fdopen(said, "w", encoding="utf-8") as answer:
        json.dump({"outcomes": arranged, "reached": reached, "empty": recorder.empty()}, answer)


def _path(nodeid: str) -> str:
    """Return an id with the whole path; pytest's are relative to the root, which is ``/``."""
    return nodeid if nodeid.startswith("/") else f"/{nodeid}"


def _reason(report: Any) -> str:
    with contextlib.suppress(AttributeError):
        return str(report.longrepr.reprcrash.message).split("\n", 1)[0]
    return str(report.longrepr).strip().rsplit("\n", 1)[-1]


if __name__ == "__main__":
    main()
