"""A case while it runs: its deadline, its threads, and the outcome that is made of it.

The deadline of :mod:`harness.judge.link` covers waiting for the box; the alarm here covers the
judge's own work on what the box has sent, such as a loop as long as the solution said.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from types import FrameType
from typing import Self

import pytest

from harness.errors import SandboxError
from harness.guest.frames import LOCK_FAILED
from harness.judge import explain
from harness.judge.box_session import BoxSession
from harness.judge.explain import Explanation
from harness.judge.link import READER, BoxFault, Link
from harness.judge.raised import RemoteOrigin
from harness.judge.remarks import remark
from harness.model.judgement import CaseOutcome, Verdict
from harness.model.limits import Limits
from harness.sandbox.backend import Box, Sandbox

GRACE_SECONDS = 0.5
"""After the deadline: a thread that waits for the box gets the link's fault first."""
_REPEAT_SECONDS = 0.1
"""Once more if the first was lost, e.g. in a ``finally`` or a finalizer."""
BUSY = "the case was still busy with an answer when its time was over"

_SAMPLE_SECONDS = 0.02
_BUSY_NANOSECONDS = 1_000_000
"""Of processor time within a sample; a thread that waits takes none."""


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
        self.docstring: str = getattr(getattr(item, "function", None), "__doc__", None) or ""
        self._item = item
        self._level = level

    def outcome(self, sandbox: Sandbox, limits: Limits) -> CaseOutcome:
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
            return CaseOutcome(
                case=case_id(self._item, self._level),
                level=self._level,
                title=_title(self._item, self.docstring),
                seconds=round(seconds, 6),
                calls=() if accepted else tuple(transcript.lines()),
                calls_omitted=0 if accepted else transcript.omitted,
                output=output.decode("utf-8", "replace"),
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
        try:
            explanation = explain.of_failure(self.failure, self.comparison, asked=asked)
            if explanation.actual is not None and self.comparison is not None:
                rule = remark(self.comparison, self.session.transcript)
                if rule:
                    explanation = replace(explanation, message=f"{explanation.message} ({rule})")
            return explanation
        except Exception:  # what an answer does to those who look at it must not end the judge
            return Explanation(Verdict.WRONG_ANSWER, explain.DIFFERS)


def _title(item: pytest.Item, docstring: str) -> str:
    """Return the first line of the docstring, else the case's name as words."""
    first_line = docstring.strip().split("\n", 1)[0].strip()
    return first_line or item.name.removeprefix("test_").replace("_", " ")


def _read_output(descriptor: int, limit: int) -> bytes:
    try:
        return os.pread(descriptor, limit, 0)
    except OSError as error:
        raise SandboxError(f"the output of a box cannot be read: {error}") from error


@contextlib.contextmanager
def interrupt_at_deadline(link: Link) -> Iterator[None]:
    """Raise the link's fault in the main thread if the block outlasts the link's deadline."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise link.fail(Verdict.TIME_LIMIT, BUSY)

    previous = signal.signal(signal.SIGALRM, ring)
    left = max(0.0, link.deadline - time.monotonic()) + GRACE_SECONDS
    signal.setitimer(signal.ITIMER_REAL, left, _REPEAT_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # also when it rang just before it was stopped: it must not ring anywhere else
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class WatchedThreads:
    """Adds the exceptions that end threads within the block to ``errors``; pytest only warns."""

    def __init__(self, errors: list[BaseException]) -> None:
        self._errors = errors

    def __enter__(self) -> Self:
        self._older = frozenset(threading.enumerate())
        self._previous = threading.excepthook
        threading.excepthook = self._note
        return self

    def __exit__(self, *_: object) -> None:
        threading.excepthook = self._previous

    def left_behind(self) -> list[threading.Thread]:
        """Return the threads of the suite that have begun since, and have not ended."""
        alive = set(threading.enumerate()) - self._older
        return [thread for thread in alive if thread.name != READER]

    def _note(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.thread not in self._older:
            self._errors.append(args.exc_value)


def end_busy(threads: Collection[threading.Thread]) -> None:
    """End those of ``threads`` that still compute when their case is over (Linux).

    They would take the processor from the cases that follow. One that waits is left alone: it may
    be a worker of a pool that later cases use.
    """
    until = time.monotonic() + _SAMPLE_SECONDS
    for thread in threads:  # some are about to learn that the box is gone
        thread.join(max(0.0, until - time.monotonic()))
    before = {each: _processor_nanoseconds(each) for each in threads if each.is_alive()}
    if not before:
        return
    time.sleep(_SAMPLE_SECONDS)
    for thread, taken in before.items():
        if _processor_nanoseconds(thread) - taken >= _BUSY_NANOSECONDS and thread.ident:
            identity = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(SystemExit))


def _processor_nanoseconds(thread: threading.Thread) -> int:
    """Return what ``thread`` has taken so far; 0 when it has ended, or the system does not say."""
    try:
        with open(f"/proc/self/task/{thread.native_id}/schedstat") as file:
            return int(file.read().split()[0])
    except (OSError, ValueError):
        return 0
