"""A case while it runs: its deadline, its threads, and the outcome that is made of it.

The deadline of :mod:`harness.judge.link` covers waiting for the box; the alarm here covers the
judge's own work on what the box has sent, such as a loop as long as the solution said.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any, Self, TypeGuard

import pytest

from harness.errors import SandboxError
from harness.guest.frames import LOCK_FAILED
from harness.judge import explain, remarks
from harness.judge.box_session import BoxSession
from harness.judge.explain import Explanation
from harness.judge.failure import (
    Errors,
    Failure,
    compared,
    hear_of_failures,
    is_assertion,
    is_failure,
    is_of_fixture,
)
from harness.judge.link import READER, BoxFault, Link
from harness.judge.raised import RemoteOrigin
from harness.model.judgement import CaseOutcome, Verdict
from harness.model.limits import Limits
from harness.sandbox.backend import Box, BoxEnd, Sandbox

GRACE_SECONDS = 0.5
"""After the deadline: a thread that waits for the box gets the link's fault first."""
_REPEAT_SECONDS = 0.1
"""Once more if the first was lost, e.g. in a ``finally`` or a finalizer."""
BUSY = "the case was still busy with an answer when its time was over"
_EXPLAIN_SECONDS = 3.0
"""For making the outcome of a case."""

_ON_INTERRUPT = signal.getsignal(signal.SIGINT)
_SAMPLE_SECONDS = 0.02
_BUSY_NANOSECONDS = 1_000_000
"""Of processor time within a sample; a thread that waits takes none."""


def case_id(item: pytest.Item, level: int) -> str:
    """Return ``level2::TestTies::test_two[3]``."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return "::".join([f"level{level}", *classes, item.name])


class RunningCase:
    """What is known of one case while it runs."""

    def __init__(
        self, item: pytest.Item, level: int, box: Box, session: BoxSession, limits: Limits
    ) -> None:
        self.box = box
        self.served: int | None = None
        """How many cases the box has served before; None for a box of this case alone."""
        self.leaves_box = False
        """Whether the box may serve another case."""
        self.session = session
        self.started = time.monotonic()
        self.import_failure: RemoteOrigin | None = None
        self.announced = False
        """Whether the box has said how the import went."""
        function = getattr(item, "function", None)
        self.docstring: str = getattr(function, "__doc__", None) or ""
        self.names_used: Sequence[str] = getattr(
            getattr(function, "__code__", None), "co_names", ()
        )
        """Global names in the case's function."""
        self._item = item
        self._level = level
        self._limits = limits
        self._failure: Failure | None = None
        self._comparison: explain.Comparison | None = None
        self._is_excused = False
        """Whether it failed as the suite expects it to."""
        self._asked_before = 0
        """How often the box had been asked when the running part of the case began."""
        self._asked_until: int | None = None
        """How often it had been asked when the case failed; None while it has not."""
        session.thread_errors = Errors(self._note_first)
        session.is_failure = lambda error: is_failure(item, error)
        hear_of_failures(item, self._note_first)

    def set_aside_constants(self) -> None:
        """Count as asked only what the suite asks from here on."""
        self.session.transcript.set_aside(self.names_used)
        self._asked_before = 0

    def begin_part(self) -> None:
        """Note that a part of the case begins: its setup, its body or its teardown."""
        self._asked_before = self.session.transcript.total

    def note_comparison(self, op: str, left: object, right: object) -> None:
        """Keep the two sides of a failing comparison, if nothing has failed before."""
        if self._asked_until is None:
            with self.session.silence():
                self._comparison = explain.compare(op, left, right)

    def note_failure(self, error: BaseException, when: str) -> None:
        """Keep what ended a part of the case, unless something else did before it."""
        if self._failure is not None and not _is_skip(self._failure.error):
            return
        if not _is_skip(error):
            self._note_first()
        in_fixture = is_of_fixture(when, error)
        until = self.session.transcript.total if self._asked_until is None else self._asked_until
        self._failure = Failure(
            error,
            compared(error) or self._comparison,
            asked=until > (self._asked_before if in_fixture else 0),
            in_fixture=in_fixture,
            is_assertion=is_assertion(self._item, error),
        )

    def excuse(self) -> None:
        """Note that the suite expects the case to fail, and it did."""
        self._is_excused = True

    def _note_first(self) -> None:
        """Keep calls and values as they are: what follows the first failure only cleans up."""
        if self._asked_until is None:
            self._asked_until = self.session.transcript.total
            self.session.transcript.stop()

    def outcome(self, sandbox: Sandbox) -> tuple[CaseOutcome, CaseOutcome | None]:
        """Close the conversation with the box, and return what came of the case.

        The second outcome counts instead if the reference passes a case for which the first blames
        the suite; None when nothing better is known.
        """
        seconds = time.monotonic() - self.started
        fault = self.session.link.fault
        # Threads that still wait get their exceptions from `close`: those say nothing of the case.
        errors = () if self._is_excused else tuple(self.session.thread_errors)
        at_rest = fault is None and self.session.link.is_at_rest()
        self.leaves_box = self.served is not None and at_rest
        self.session.close()
        limits = self._limits
        output = _read_output(self.box.output_fd, limits.output_bytes)
        end = None
        if fault is not None:
            end = sandbox.close_box(self.box)
        elif not self.leaves_box:
            sandbox.discard_box(self.box)
        calls: list[str] = []
        try:
            with self.session.silence(), _interrupted_after(_EXPLAIN_SECONDS, TimeoutError):
                explanation = self._explain(fault, end, errors)
                if explanation.verdict is not Verdict.ACCEPTED:
                    calls = self.session.transcript.lines()
        except BaseException as error:  # whatever an answer does to those who look at it
            text = f"the judge cannot say how the case ended ({type(error).__name__})"
            explanation = Explanation(Verdict.JUDGE_ERROR, text)
        self._failure = self._comparison = None  # they may hold much
        if len(output) >= limits.output_bytes:
            text = f"the solution printed more than {limits.output_bytes >> 10} KiB"
            explanation = Explanation(Verdict.OUTPUT_LIMIT, text)
        accepted = explanation.verdict is Verdict.ACCEPTED
        fields = {name: value for name, value in vars(explanation).items() if name != "if_answer"}
        outcome = CaseOutcome(
            case=case_id(self._item, self._level),
            level=self._level,
            title=_title(self._item, self.docstring),
            seconds=round(seconds, 6),
            calls=tuple(calls),
            calls_omitted=0 if accepted else self.session.transcript.omitted,
            output=output.decode("utf-8", "replace"),
            **fields,
        )
        if explanation.if_answer is None:
            return outcome, None
        fields = {**vars(outcome), **vars(explanation.if_answer)}
        del fields["if_answer"]
        return outcome, CaseOutcome(**fields)

    def _explain(
        self, fault: BoxFault | None, end: BoxEnd | None, errors: Sequence[BaseException]
    ) -> Explanation:
        """``errors``: those of callbacks and threads; they came first."""
        if fault is not None and end is not None:
            if not self.announced and end.exit_code == LOCK_FAILED:
                return Explanation(Verdict.JUDGE_ERROR, "a box could not be locked")
            return explain.of_fault(fault, end, self._limits)
        if self.import_failure is not None:
            return explain.of_import(self.import_failure)
        failure = self._failure
        if errors and (failure is None or failure.error is not errors[0]):
            asked = self.session.transcript.total > 0
            failure = Failure(errors[0], self._comparison, asked=asked)
        if failure is None:
            return Explanation(Verdict.ACCEPTED)
        explanation = explain.of_failure(
            failure.error,
            failure.comparison,
            asked=failure.asked,
            in_fixture=failure.in_fixture,
            is_assertion=failure.is_assertion,
        )
        transcript = self.session.transcript
        rule = ""
        with contextlib.suppress(Exception):  # an answer may not like to be looked at
            if explanation.actual is None or failure.comparison is None:
                rule = remarks.of_error(failure.error, transcript)
            else:
                rule = remarks.of_comparison(failure.comparison, transcript)
        if rule:
            explanation = replace(explanation, message=f"{explanation.message} ({rule})")
        return explanation


def run_parts(item: Any, next_item: pytest.Item | None, case: RunningCase) -> None:
    """Run a case as pytest does, but for reports that could say only that it passed.

    They are most of what pytest's own protocol takes.
    """
    # `tmp_path` reads the report when it is torn down.
    passes_quietly = _is_mere_function(item) and "tmp_path" not in item.fixturenames

    def run(when: Any, part: Callable[[], None]) -> bool:
        call = pytest.CallInfo.from_call(part, when, (pytest.exit.Exception, KeyboardInterrupt))
        if passes_quietly and call.excinfo is None and not case.session.thread_errors:
            return True
        passed: bool = item.ihook.pytest_runtest_makereport(item=item, call=call).passed
        return passed

    if not getattr(item, "_request", True):  # it ran before
        item._initrequest()
    if run("setup", lambda: item.ihook.pytest_runtest_setup(item=item)):
        run("call", lambda: item.ihook.pytest_runtest_call(item=item))
    run("teardown", lambda: item.ihook.pytest_runtest_teardown(item=item, nextitem=next_item))
    if hasattr(item, "_request"):
        item._request, item.funcargs = False, None


def is_plain(item: pytest.Item) -> bool:
    """Tell whether a case can run twice: a function that has all its fixtures to itself."""
    if not _is_mere_function(item):
        return False
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    return "request" not in item._fixtureinfo.argnames and all(
        each.scope == "function" and not ("request" in each.argnames and _is_suites(each.func))
        for definitions in fixtures
        for each in definitions
    )


def _is_suites(function: Callable[..., object]) -> bool:
    return function.__module__.partition(".")[0] not in ("_pytest", "harness")


def _is_mere_function(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Tell whether nothing but its body says what came of a case."""
    marks = {mark.name for mark in item.iter_markers()}
    return type(item) is pytest.Function and marks <= {"parametrize", "usefixtures"}


def _title(item: pytest.Item, docstring: str) -> str:
    """Return the first line of the docstring, else the case's name as words."""
    first_line = docstring.strip().split("\n", 1)[0].strip()
    return first_line or item.name.removeprefix("test_").replace("_", " ")


def _read_output(descriptor: int, limit: int) -> bytes:
    try:
        return os.pread(descriptor, limit, 0)
    except OSError as error:
        raise SandboxError(f"the output of a box cannot be read: {error}") from error


def _is_skip(error: BaseException) -> bool:
    return isinstance(error, pytest.skip.Exception)


def interrupt_at_deadline(link: Link) -> contextlib.AbstractContextManager[None]:
    """Raise the link's fault in the main thread if the block outlasts the link's deadline."""
    left = max(0.0, link.deadline - time.monotonic()) + GRACE_SECONDS
    return _interrupted_after(left, lambda: link.fail(Verdict.TIME_LIMIT, BUSY))


@contextlib.contextmanager
def _interrupted_after(seconds: float, error: Callable[[], BaseException]) -> Iterator[None]:
    """Raise ``error()`` in the main thread if the block lasts longer than that."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise error()

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # also when it rang just before it was stopped: it must not ring anywhere else
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def forget_event_loops() -> None:
    """Undo what ``asyncio.run`` leaves behind when the alarm or a fault breaks into its end.

    No loop of the case runs any more, and none takes a signal. To be called while the session is
    silent: Python looks at a handler that it replaces.
    """
    signal.signal(signal.SIGINT, _ON_INTERRUPT)
    events: Any = sys.modules.get("asyncio.events")
    if events is not None:
        events._set_running_loop(None)


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
