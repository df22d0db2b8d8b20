"""A case while it runs, and the outcome that is made of it."""

from __future__ import annotations

import os
import time

import pytest

from harness.errors import SandboxError
from harness.guest.lock import LOCK_FAILED
from harness.judge import explain
from harness.judge.box_session import BoxSession, RemoteOrigin
from harness.judge.cited import CitedRules
from harness.judge.explain import Explanation
from harness.judge.link import BoxFault
from harness.model.judgement import CaseOutcome, Verdict
from harness.model.manifest import Limits
from harness.sandbox.backend import Box, Sandbox


def case_id(item: pytest.Item, level: int) -> str:
    """Return ``level2::TestTies::test_two[3]``."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return "::".join([f"level{level}", *classes, item.name])


class RunningCase:
    """What is known of one case while it runs."""

    def __init__(self, item: pytest.Item, level: int, box: Box, session: BoxSession) -> None:
        self.box = box
        self.session = session
        self.started = time.monotonic()
        self.failure: BaseException | None = None
        """The first exception of the case."""
        self.comparison: explain.Comparison | None = None
        self.import_failure: RemoteOrigin | None = None
        self.announced = False
        """Whether the box has said how the import went."""
        self._item = item
        self._level = level

    def outcome(self, sandbox: Sandbox, limits: Limits, cited: CitedRules) -> CaseOutcome:
        """Close the conversation with the box, and return what came of the case."""
        seconds = time.monotonic() - self.started
        session, fault = self.session, self.session.link.fault
        # An exception of a callback or a thread came first; the other may only follow from it.
        # Threads that still wait get theirs from `close`: those say nothing of the case.
        self.failure = next(iter(session.thread_errors), None) or self.failure
        session.close()
        with session.silence():
            output = _read_output(self.box.output_fd, limits.output_bytes)
            explanation = self._explain(fault, sandbox, limits)
            if len(output) >= limits.output_bytes:
                text = f"the solution printed more than {limits.output_bytes >> 10} KiB"
                explanation = Explanation(Verdict.OUTPUT_LIMIT, text)
            accepted = explanation.verdict is Verdict.ACCEPTED
            transcript = session.transcript
            docstring = getattr(getattr(self._item, "function", None), "__doc__", None) or ""
            return CaseOutcome(
                case=case_id(self._item, self._level),
                level=self._level,
                title=_title(self._item, docstring),
                seconds=round(seconds, 6),
                calls=() if accepted else tuple(transcript.lines()),
                calls_omitted=0 if accepted else transcript.omitted,
                output=output.decode("utf-8", "replace"),
                rules=() if accepted else cited.of(docstring, self._level),
                **vars(explanation),
            )

    def _explain(self, fault: BoxFault | None, sandbox: Sandbox, limits: Limits) -> Explanation:
        if fault is not None:
            end = sandbox.close_box(self.box)
            if not self.announced and end.exit_code == LOCK_FAILED:
                return Explanation(Verdict.JUDGE_ERROR, "a box could not be locked")
            return explain.of_fault(fault, end, limits)
        sandbox.discard_box(self.box)
        if self.import_failure is not None:
            return explain.of_import(self.import_failure)
        if self.failure is None:
            return Explanation(Verdict.ACCEPTED)
        asked = self.session.transcript.total > 0
        return explain.of_failure(self.failure, self.comparison, asked=asked)


def _title(item: pytest.Item, docstring: str) -> str:
    """Return the first line of the docstring, else the case's name as words."""
    first_line = docstring.strip().split("\n", 1)[0].strip()
    return first_line or item.name.removeprefix("test_").replace("_", " ")


def _read_output(descriptor: int, limit: int) -> bytes:
    try:
        return os.pread(descriptor, limit, 0)
    except OSError as error:
        raise SandboxError(f"the output of a box cannot be read: {error}") from error
