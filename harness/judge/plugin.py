"""The pytest plugin of the judge's child: a box and an outcome for each case."""

from __future__ import annotations

import _thread
import contextlib
import gc
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from _pytest.assertion import util as rewriting
from _pytest.outcomes import OutcomeException

from harness.errors import SandboxError
from harness.judge import explain, memory, plain_reports
from harness.judge.box_session import SERVER, BoxSession
from harness.judge.link import BoxFault, Link, SharedProcessor
from harness.judge.objects import SuiteError
from harness.judge.order import CASES_PER_BOX, MOST_BOXES_AHEAD, Order
from harness.judge.proxy import (
    CurrentBox,
    Interface,
    SolutionModule,
    Symbol,
    plain_value,
    put_constants,
)
from harness.judge.running_case import (
    RunningCase,
    WatchedThreads,
    case_id,
    end_busy,
    forget_event_loops,
    interrupt_at_deadline,
    is_plain,
    run_parts,
)
from harness.model.judgement import Verdict
from harness.sandbox.backend import Box, Sandbox

if TYPE_CHECKING:
    from harness.judge.suite_state import SuiteState

IMPORT_SECONDS = 5.0
IMPORT_TOO_SLOW = f"importing the solution took longer than {IMPORT_SECONDS:g} s"
UNEXPECTED_PASS = "the case passes, and a strict xfail says that it is to fail"
MOST_SERVERS_LEFT = 16
"""Threads that earlier cases may leave waiting in functions of the suite. Nothing can end them, and
each takes the room of its stack from the cases that follow: then another child goes on."""
IMPORT_AGAIN_SECONDS = 0.5
"""For the same import in later cases, once it took too long."""


class JudgePlugin:
    """Hooks of the judge. ``emit`` gets ``{"collected": …}``, then one ``{"outcome": …}`` each.

    ``order``: what to collect. ``next_order`` is called when everything is collected, and returns
    what to run.
    """

    def __init__(
        self,
        order: Order,
        sandbox: Sandbox,
        emit: Callable[[dict[str, Any]], None],
        next_order: Callable[[], Order],
    ) -> None:
        self._order = order
        self._sandbox = sandbox
        self._emit = emit
        self._next_order = next_order
        self._boxes_missing = 0
        self._order_shares = False
        """Whether the order lets a box serve several cases."""
        self._kept: tuple[Box, int] | None = None
        """A box that is ready for another case, and how many it has served."""
        self._shares = False
        """Whether the next case may have such a box, and leave one."""
        self._passed = True
        """Whether the last case was accepted."""
        self._undecided = False
        """Whether it was not, in a box that can only accept."""
        self._crowded = False
        """Whether it left threads of the suite behind."""
        self._broken: dict[str, dict[str, Any]] = {}
        """Path of each suite that cannot be collected, and the event that says why."""
        self._levels = {os.path.abspath(path): level for level, path in order.suites}
        self._current = CurrentBox(Interface(**order.symbols))
        self._declared = self._current.interface.declared
        self._case: RunningCase | None = None
        self._too_slow = False
        self._import_seconds = IMPORT_SECONDS
        self._states: dict[str, SuiteState] = {}
        """By path; empty unless the order asks for changes."""
        self._constants: dict[str, Symbol] = {}
        """What the suite's module has imported, and has values for while the case runs."""
        self._other_names: set[str] = set()
        """Names in capitals that are no constants."""
        self._processor = SharedProcessor()
        self._own_threads = _thread._count()

    def install_solution(self) -> None:
        """Make ``import solution`` give the suites the proxy module."""
        sys.modules[self._order.module] = SolutionModule(self._order.module, self._current)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        """Random data for a case: the same for one attempt and case, other for another."""
        return random.Random(f"{self._order.seed}/{request.node.name}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> FolderOnTheWay:
        """Go straight to the suites."""
        folder: FolderOnTheWay = FolderOnTheWay.from_parent(parent, path=path)
        return folder

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> NoReturn:
        """Carry out order after order; ``next_order`` ends the session when none comes."""
        while True:
            self._carry_out(self._next_order(), session)

    def _carry_out(self, order: Order, session: pytest.Session) -> None:
        """Run the cases that were ordered; name them all before the first box is used."""
        started = time.monotonic()
        crowded = False
        wanted = {os.path.abspath(path) for _, path in order.suites}
        items = [
            item
            for item in session.items
            if _path(item) in wanted and self._id(item) not in order.judged
            if not order.only or self._id(item).partition("[")[0] in order.only
        ]
        for path in wanted & self._broken.keys():
            self._emit(self._broken[path])
        self._import_seconds = IMPORT_SECONDS
        if order.tells_changes or order.boxes == "shared":
            self._read_states(items)
        self._order_shares = order.boxes == "shared"
        self._passed = True
        boxes = order.boxes_for(len(items))
        ahead = min(boxes, MOST_BOXES_AHEAD)
        for _ in range(ahead - order.first_boxes):
            self._sandbox.prepare_box()
        self._boxes_missing = boxes - max(ahead, order.first_boxes)
        cases = [self._id(item) for item in items]
        self._emit({"collected": cases, "processor": self._processor.current()})
        for item, next_item in zip(items, [*items[1:], None], strict=False):
            if not self._run(item, next_item):
                crowded = True
                break
            if order.stop_at_timeout and self._too_slow:
                break
            if next_item is not None and _servers_left() >= MOST_SERVERS_LEFT:
                crowded = True
                break
        if self._kept is not None:
            self._sandbox.discard_box(self._kept[0])
            self._kept = None
        self._processor.leave()
        seconds = round(time.monotonic() - started, 6)
        self._emit({"done": True, "seconds": seconds, "crowded": crowded})

    def _run(self, item: pytest.Item, next_item: pytest.Item | None) -> bool:
        """Judge a case; return False if a child must do that which has not seen it.

        A box that serves several cases can only accept. What it does not accept, for whatever
        reason, is judged in a box of its own, and so are the cases that follow up to one that
        passes: they may well fail, too.
        """
        self._shares = self._order_shares and self._passed and is_plain(item)
        self._run_once(item, next_item)
        if self._undecided:
            if self._crowded or self._states[_path(item)].changes():
                return False
            self._shares = False
            self._run_once(item, next_item)
        return True

    def _run_once(self, item: pytest.Item, next_item: pytest.Item | None) -> None:
        """Put a box under the case, run it, and turn what happened into an outcome if it counts."""
        gc.disable()  # a case may have switched it on
        memory.throw_away()
        case = self._open(item)
        rewriting._reprcompare = self._compared
        with WatchedThreads(case.session.thread_errors) as threads:
            run_parts(item, next_item, case)
        with case.session.silence():
            forget_event_loops()
        outcome, if_answer = case.outcome(self._sandbox)
        left = threads.left_behind()
        self._passed = outcome.verdict is Verdict.ACCEPTED
        self._undecided = False
        if case.served is not None:
            end_busy(left)
            self._crowded = any(thread.is_alive() for thread in left)
            # The box is on one processor: what took less than this has not computed for longer.
            too_long = outcome.seconds >= self._order.limits.cpu_seconds
            self._passed = self._passed and not (self._crowded or too_long)
            self._undecided = not self._passed
            self._keep_or_end(case, case.served + 1)
        if self._kept is None:
            self._processor.leave()
        self._current.session = self._case = None
        _names(item).update(self._constants)
        self._constants = {}
        if self._undecided:
            self._emit({"undecided": outcome.case})
            memory.forget_exceptions()
            return
        state = self._states.get(_path(item)) if self._order.tells_changes else None
        changed = state.changes() if state is not None else []
        if changed:
            self._emit({"changed": changed, "case": outcome.case})
        self._too_slow = outcome.verdict is Verdict.TIME_LIMIT
        event: dict[str, Any] = {"outcome": outcome}
        if outcome.verdict is not Verdict.ACCEPTED:
            event |= {"docstring": case.docstring, "if_answer": if_answer}
            memory.forget_exceptions()
        self._emit(event)
        end_busy(left)

    def _keep_or_end(self, case: RunningCase, served: int) -> None:
        if case.leaves_box and self._passed and served < CASES_PER_BOX:
            self._kept = case.box, served
        elif case.leaves_box:
            self._sandbox.discard_box(case.box)

    def _read_states(self, items: Sequence[pytest.Item]) -> None:
        from harness.judge.suite_state import SuiteState  # not for submissions

        for item in items:
            module = item.getparent(pytest.Module)
            if module is not None and _path(item) not in self._states:
                self._states[_path(item)] = SuiteState(module.obj)

    def _open(self, item: pytest.Item) -> RunningCase:
        """Give a case its box, wait for the import there, and start the case's time."""
        case = self._open_again(item) or self._open_fresh(item)
        link = case.session.link
        link.deadline = time.monotonic() + self._order.limits.wall_seconds
        link.too_slow = f"no answer within {self._order.limits.wall_seconds:g} s"
        case.started = time.monotonic()
        return case

    def _open_again(self, item: pytest.Item) -> RunningCase | None:
        if self._kept is None or not self._shares:
            return None
        (box, served), self._kept = self._kept, None
        case = self._begin(item, box)
        case.served = served
        with contextlib.suppress(BoxFault, OSError):
            os.ftruncate(box.output_fd, 0)
            os.lseek(box.output_fd, 0, os.SEEK_SET)
            if case.session.await_import(again=True) is None:
                case.announced = True
                return case
        case.session.close()
        self._sandbox.discard_box(box)
        return None

    def _open_fresh(self, item: pytest.Item) -> RunningCase:
        box = self._sandbox.open_box()
        processor = self._processor.stay()
        if processor is not None:
            self._sandbox.pin_box(box, processor)
        case = self._begin(item, box)
        try:
            case.import_failure = case.session.await_import()
            case.announced = True
            if self._shares and case.import_failure is None:
                case.served = 0
            elif hasattr(self._sandbox, "limit_box"):  # backends of plugins may have none
                self._sandbox.limit_box(box, self._order.limits.cpu_seconds)
        except BoxFault as late:
            # The fault is the outcome: the case raises it at its first call.
            if late.verdict is Verdict.TIME_LIMIT:
                self._import_seconds = IMPORT_AGAIN_SECONDS
        if self._boxes_missing > 0 or (self._order_shares and not self._shares):
            self._sandbox.prepare_box()  # one that fails needs more than were counted
            self._boxes_missing -= 1
        return case

    def _begin(self, item: pytest.Item, box: Box) -> RunningCase:
        deadline = time.monotonic() + self._import_seconds
        link = Link(box.stream, deadline, IMPORT_TOO_SLOW, self._own_threads)
        session = self._current.session = BoxSession(
            link, self._current.interface, self._order.root
        )
        limits = self._order.limits
        self._case = RunningCase(item, self._level(item), box, session, limits)
        return self._case

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Skip the case's body when the solution could not be imported."""
        if self._case is not None and self._case.import_failure is not None:
            raise ImportFailedError
        with self._suite_runs():
            self._put_constants(item)
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Let pytest clean up after a fixture that a fault or an exit has ended.

        It does so only for exceptions that it has noted; the next case with it would fail.
        """
        try:
            return (yield)
        except BaseException as error:
            if fixturedef.cached_result is None:
                key = fixturedef.cache_key(request)  # type: ignore[arg-type]
                fixturedef.cached_result = (None, key, (error, error.__traceback__))
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let no answer keep the case's body busy beyond the deadline."""
        with self._suite_runs():
            if self._case is None:
                return (yield)
            session = self._case.session
            for symbol in map(_names(item).get, self._case.names_used):
                if type(symbol) is Symbol and symbol._harness_name in self._declared:
                    session.look_at(symbol._harness_name)
            result = yield
            session.check_names()
            return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Let no answer keep the fixtures busy beyond the deadline, nor spoil the next case's."""
        with self._suite_runs():
            try:
                return (yield)
            except BaseException as error:
                if isinstance(error, (Exception, OutcomeException)):
                    raise
                # pytest stopped at the fixture that raised, since this is no Exception. Each call
                # goes on behind it, by way of this hook, until nothing is left.
                with contextlib.suppress(BaseException):
                    item.ihook.pytest_runtest_teardown(item=item, nextitem=nextitem)
                raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the first exception of the case, unless the suite expects it.

        An exception here would end the session: so nothing may ask for a text that is an object of
        the solution, and pytest does not render the exception (``plain_reports``).
        """
        case = self._case
        if case is None:
            return (yield)
        if call.when == "call" and case.session.thread_errors:
            # It came first. So a mark that expects the case to fail covers it, too.
            call.excinfo = pytest.ExceptionInfo.from_exception(case.session.thread_errors[0])
        with case.session.silence():
            try:
                report = yield
            except Exception:  # e.g. of a condition for the exception that is expected to come
                report = plain_reports.pytest_runtest_makereport(item, call)
            error = call.excinfo.value if call.excinfo is not None else None
            # Only now: meanwhile pytest's plugin for unittest has set the exception of its case.
            if hasattr(report, "wasxfail") and not isinstance(error, BoxFault | SuiteError):
                case.excuse()
            elif error is not None:
                case.note_failure(error, call.when)
            elif report.failed:
                case.note_failure(pytest.fail.Exception(UNEXPECTED_PASS), call.when)
        return report

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        """Note where a suite that cannot be collected is broken."""
        if isinstance(node, pytest.Collector) and call.excinfo is not None:
            name = os.path.relpath(node.path, self._order.root)
            text, line = explain.of_collection(call.excinfo.value, str(node.path), name)
            self._broken[_path(node)] = {"failed": text, "suite": name, "line": line}

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Report a sandbox that broke: pytest knows only that one of its plugins failed."""
        if isinstance(excinfo.value, SandboxError):
            error = excinfo.value
            self._emit({"failed": error.message, "hint": error.hint, "of_sandbox": True})

    def _compared(self, op: str, left: object, right: object) -> None:
        """Keep the two sides of a failing comparison; pytest need not say how they differ."""
        if self._case is not None:
            self._case.note_comparison(op, plain_value(left), plain_value(right))

    @contextlib.contextmanager
    def _suite_runs(self) -> Iterator[None]:
        """Bound what the suite takes within the block, and let it end no more than the case.

        Only around what pytest catches exceptions of: anywhere else one would end the session.
        """
        if self._case is None:
            yield
            return
        self._case.begin_part()
        try:
            with memory.kept_reserve(), interrupt_at_deadline(self._case.session.link):
                yield
        except KeyboardInterrupt:
            raise RuntimeError("KeyboardInterrupt") from None
        except pytest.exit.Exception as error:
            raise pytest.fail.Exception(error.msg) from None

    def _put_constants(self, item: pytest.Item) -> None:
        if self._case is not None and self._case.announced:
            self._constants = put_constants(_names(item), self._other_names)
            self._case.set_aside_constants()

    def _id(self, item: pytest.Item) -> str:
        return case_id(item, self._level(item))

    def _level(self, item: pytest.Item) -> int:
        return self._levels[_path(item)]


def _servers_left() -> int:
    return sum(thread.name == SERVER for thread in threading.enumerate())


def _names(item: pytest.Item) -> dict[str, Any]:
    module = item.getparent(pytest.Module)
    return {} if module is None else vars(module.obj)


def _path(node: pytest.Item | pytest.Collector) -> str:
    return str(node.path)


class ImportFailedError(Exception):
    """Stands for a case whose body is not run, because the solution could not be imported."""


class FolderOnTheWay(pytest.Directory):
    """A folder above suites. Collects only what leads to them.

    pytest's own would list every folder from the root on. That takes time for each of their
    entries, and fails for a folder that may be passed through but not listed, as homes often are.
    """

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield the next folders on the way, and the suites that lie here."""
        suites = [Path(os.path.abspath(argument)) for argument in self.config.args]
        here = self.path
        for step in dict.fromkeys(
            here / suite.relative_to(here).parts[0] for suite in suites if here in suite.parents
        ):
            if step in suites:
                yield from self.ihook.pytest_collect_file(file_path=step, parent=self)
            else:
                yield self.ihook.pytest_collect_directory(path=step, parent=self)
