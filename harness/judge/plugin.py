"""The pytest plugin of the judge's child: one box per case, and an outcome for each."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest

from harness.errors import SandboxError
from harness.guest.lock import LOCK_FAILED
from harness.judge import explain
from harness.judge.alarm import end_busy, interrupt_at_deadline
from harness.judge.cited import CitedRules
from harness.judge.collection import FolderOnTheWay
from harness.judge.link import READER, BoxFault, Link
from harness.judge.order import MOST_BOXES_AHEAD, Order, Plan
from harness.judge.processor import SharedProcessor
from harness.judge.proxy import Handle, SolutionModule, Symbol, plain
from harness.judge.session import Interface, OutsideCaseError, RemoteOrigin, Session, SuiteError
from harness.model.judgement import BrokenSuite, CaseOutcome
from harness.model.verdict import Verdict
from harness.sandbox.backend import Box, Sandbox

IMPORT_SECONDS = 5.0
IMPORT_TOO_SLOW = f"importing the solution took longer than {IMPORT_SECONDS:g} s"
IMPORT_AGAIN_SECONDS = 0.5
"""Once an import took too long, the same import need not be awaited for long in every case."""


class CurrentBox:
    """The box of the case that is running; what every proxy asks for its session."""

    def __init__(self, interface: Interface, declared: frozenset[str]) -> None:
        self.interface = interface
        self._declared = declared
        self.session: Session | None = None

    def module(self) -> Handle:
        """Return the solution's handle; see :class:`harness.judge.proxy.Binder`."""
        if self.session is None:
            raise OutsideCaseError("the solution can only be used while a case runs")
        return self.session.module

    def resolve_in_module(self, name: str) -> Any:
        """Return a symbol for a name used at import or declared, else the value itself."""
        if self.session is None or name in self._declared:
            return Symbol(self, name)
        return self.module().__getattr__(name)


class CaseRun:
    """What is known of one case while it runs."""

    def __init__(self, item: pytest.Item, level: int) -> None:
        self.level = level
        classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
        self.case = "::".join([f"level{level}", *classes, item.name])
        doc = getattr(getattr(item, "function", None), "__doc__", None) or ""
        self.docstring = doc
        first_line = doc.strip().split("\n", 1)[0].strip()
        self.title = first_line or item.name.removeprefix("test_").replace("_", " ")
        self.started = time.monotonic()
        self.failure: BaseException | None = None
        self.comparison: explain.Comparison | None = None
        self.import_failure: RemoteOrigin | None = None
        self.announced = False
        """Whether the box has told how the import went."""


class JudgePlugin:
    """Hooks of the judge. ``emit`` gets ``{"collected": …}``, then one ``{"outcome": …}`` each.

    ``begin`` is called when everything is collected; it returns the order.
    """

    def __init__(
        self,
        plan: Plan,
        sandbox: Sandbox,
        emit: Callable[[dict[str, Any]], None],
        begin: Callable[[], Order],
    ) -> None:
        self._plan = plan
        self._sandbox = sandbox
        self._emit = emit
        self._begin = begin
        self._boxes_missing = 0
        self._broken: dict[str, dict[str, Any]] = {}
        """Path of each suite that cannot be collected, and the event that says why."""
        self._levels = {os.path.abspath(s.path): s.level for s in plan.suites}
        methods = {name: frozenset(names) for name, names in plan.methods.items()}
        declared = frozenset(methods) - {""} | methods.get("", frozenset())
        self._declared = declared
        self._current = CurrentBox(Interface(methods, plan.exceptions), declared)
        self._run: CaseRun | None = None
        self._too_slow = False
        self._import_seconds = IMPORT_SECONDS
        self._processor = SharedProcessor()
        self._cited = CitedRules(Path(plan.root))

    def install_solution(self) -> None:
        """Make ``import solution`` give the suites the proxy module."""
        name = self._plan.module
        exceptions = self._current.interface.exceptions
        sys.modules[name] = SolutionModule(name, self._current, exceptions, self._declared)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        """Random data for a case: the same for one attempt and case, other for another."""
        return random.Random(f"{self._plan.seed}/{request.node.name}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> FolderOnTheWay:
        """Go straight to the suites."""
        folder: FolderOnTheWay = FolderOnTheWay.from_parent(parent, path=path)
        return folder

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> NoReturn:
        """Run the cases of order after order; ``begin`` ends the session when there is no more."""
        while True:
            self._follow(self._begin(), session)

    def _follow(self, order: Order, session: pytest.Session) -> None:
        """Run the cases that were ordered; all are told before the first box is used."""
        started = time.monotonic()
        wanted = {os.path.abspath(path) for path in order.suites}
        items = [
            item
            for item in session.items
            if _path(item) in wanted and CaseRun(item, self._level(item)).case not in order.judged
        ]
        for path in wanted & self._broken.keys():
            self._emit(self._broken[path])
        self._import_seconds = IMPORT_SECONDS
        self._boxes_missing = len(items) - min(order.cases, MOST_BOXES_AHEAD)
        cases = [CaseRun(item, self._level(item)).case for item in items]
        self._emit({"collected": cases, "processor": self._processor.current()})
        for item, following in zip(items, [*items[1:], None], strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if order.stop_at_timeout and self._too_slow:
                break
        self._emit({"done": True, "seconds": round(time.monotonic() - started, 6)})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Put a fresh box under the case, and turn what happened into an outcome."""
        run = self._run = CaseRun(item, self._level(item))
        box = self._sandbox.open_box()
        processor = self._processor.stay()
        if processor is not None:
            self._sandbox.pin_box(box, processor)
        link = Link(box.stream, time.monotonic() + self._import_seconds, IMPORT_TOO_SLOW)
        session = self._current.session = Session(link, self._current.interface)
        try:
            run.import_failure = session.await_import()
            run.announced = True
        except BoxFault as late:
            # The fault is the outcome: the case raises it at its first call.
            if late.verdict is Verdict.TIME_LIMIT:
                self._import_seconds = IMPORT_AGAIN_SECONDS
        if self._boxes_missing > 0:
            self._sandbox.prepare_box()
            self._boxes_missing -= 1
        link.deadline = time.monotonic() + self._plan.limits.wall_seconds
        link.too_slow = f"no answer within {self._plan.limits.wall_seconds:g} s"
        run.started = time.monotonic()
        with _watch_threads(session) as watched:
            result = yield
        seconds = time.monotonic() - run.started
        fault = link.fault
        # What a callback or a thread died of came first; the rest may only follow from it. What
        # threads that still wait are told by the end itself is no finding of the case's.
        run.failure = next(iter(session.thread_errors), None) or run.failure
        session.close()
        self._processor.leave()
        with session.silence():
            outcome = self._outcome(run, session, box, fault, seconds)
        self._current.session = None
        self._too_slow = outcome.verdict is Verdict.TIME_LIMIT
        self._emit({"outcome": asdict(outcome)})
        end_busy(watched.left_behind())
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Skip the case's body when the solution could not be imported."""
        if self._run is not None and self._run.import_failure is not None:
            raise ImportFailedError
        with self._interrupted():
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let no answer keep the case's body busy beyond the deadline."""
        with self._interrupted():
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Let no answer keep the fixtures busy beyond the deadline, nor spoil the next case's."""
        with self._interrupted():
            try:
                return (yield)
            except (BoxFault, SuiteError):
                # pytest has let go of everything else: it goes on after an Exception only.
                while not _tear_down(item, nextitem):
                    continue
                raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, object, object]:
        """Keep the first exception of the case, whichever phase raised it.

        pytest puts exceptions into words here, where another one would end the session: a text
        that is an object of the solution's must not be asked for.
        """
        session = self._current.session
        with contextlib.nullcontext() if session is None else session.silence():
            report = yield
        # Only now: pytest's plugin for unittest has told the exception of its case meanwhile.
        if self._run is not None and call.excinfo is not None and self._run.failure is None:
            self._run.failure = call.excinfo.value
            if session is not None:
                session.transcript.stop()
        return report

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        """Keep where a suite that cannot be collected is broken."""
        if isinstance(node, pytest.Collector) and call.excinfo is not None:
            name = os.path.relpath(node.path, self._plan.root)
            text, line = explain.of_collection(call.excinfo.value, str(node.path), name)
            suite = asdict(BrokenSuite(name, line))
            self._broken[_path(node)] = {"failed": text, "suite": suite}

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell of a sandbox that broke: pytest knows only that a plugin of its failed."""
        if isinstance(excinfo.value, SandboxError):
            self._emit({"failed": excinfo.value.message, "hint": excinfo.value.hint})

    @pytest.hookimpl(wrapper=True)
    def pytest_assertrepr_compare(
        self, op: str, left: object, right: object
    ) -> Generator[None, Any, Any]:
        """Keep the two sides of a failing comparison, and let pytest look at them only here."""
        session = self._current.session
        if self._run is None or session is None:
            return (yield)
        left, right = plain(left), plain(right)
        with session.silence():
            self._run.comparison = explain.compare(op, left, right)
            return (yield)

    def _interrupted(self) -> contextlib.AbstractContextManager[None]:
        # Only around what pytest catches exceptions of: anywhere else one would end the session.
        session = self._current.session
        return contextlib.nullcontext() if session is None else interrupt_at_deadline(session.link)

    def _outcome(
        self, run: CaseRun, session: Session, box: Box, fault: BoxFault | None, seconds: float
    ) -> CaseOutcome:
        output = _read_output(box.output_fd, self._plan.limits.output_bytes)
        explanation = self._explain(run, session, fault, box)
        if len(output) >= self._plan.limits.output_bytes:
            text = f"the solution printed more than {self._plan.limits.output_bytes >> 10} KiB"
            explanation = explain.Explanation(Verdict.OUTPUT_LIMIT, text)
        accepted = explanation.verdict is Verdict.ACCEPTED
        return CaseOutcome(
            case=run.case,
            level=run.level,
            title=run.title,
            seconds=round(seconds, 6),
            calls=() if accepted else tuple(session.transcript.lines()),
            calls_omitted=0 if accepted else session.transcript.omitted,
            output=output.decode("utf-8", "replace"),
            rules=() if accepted else self._cited.of(run.docstring, run.level),
            **vars(explanation),
        )

    def _explain(
        self, run: CaseRun, session: Session, fault: BoxFault | None, box: Box
    ) -> explain.Explanation:
        if fault is not None:
            end = self._sandbox.close_box(box)
            if not run.announced and end.exit_code == LOCK_FAILED:
                return explain.Explanation(Verdict.JUDGE_ERROR, "a box could not be locked")
            return explain.of_fault(fault, end, self._plan.limits)
        self._sandbox.discard_box(box)
        if run.import_failure is not None:
            return explain.of_import(run.import_failure)
        if run.failure is None:
            return explain.Explanation(Verdict.ACCEPTED)
        return explain.of_failure(run.failure, run.comparison, asked=session.transcript.total > 0)

    def _level(self, item: pytest.Item) -> int:
        return self._levels[_path(item)]


def _path(node: pytest.Item | pytest.Collector) -> str:
    return str(node.path)


def _tear_down(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Undo what ``nextitem`` does not need; False when something failed and more may be left."""
    try:
        item.session._setupstate.teardown_exact(nextitem)
    except (BoxFault, SuiteError):
        return False
    return True


class ImportFailedError(Exception):
    """Stands for a case whose body is not run, because the solution could not be imported."""


class _watch_threads:  # noqa: N801  (reads as a phrase)
    """Collect what threads of the suite die of; pytest itself would only warn."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Self:
        self._older_threads = frozenset(threading.enumerate())
        self._previous = threading.excepthook
        threading.excepthook = self._note
        return self

    def __exit__(self, *_: object) -> None:
        threading.excepthook = self._previous

    def left_behind(self) -> list[threading.Thread]:
        """Return the threads of the suite that have begun since, and have not ended."""
        alive = set(threading.enumerate()) - self._older_threads
        return [thread for thread in alive if thread.name != READER]

    def _note(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.thread not in self._older_threads:
            self._session.thread_errors.append(args.exc_value)


def _read_output(descriptor: int, limit: int) -> bytes:
    try:
        return os.pread(descriptor, limit, 0)
    except OSError as error:
        raise SandboxError(f"the output of a box cannot be read: {error}") from error
