"""The judge's child process: starts the sandbox, then pytest, then carries out orders.

It is started early, before the order is known, so that the sandbox and pytest's own import overlap
with whatever the parent still does. Orders come in and events go out as JSON lines; see
:mod:`harness.judge.order`.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any

from harness.errors import HarnessError, JudgeError, SandboxError, SandboxFault
from harness.guest import layout
from harness.judge.order import Order
from harness.judge.spawn import EVENTS_FD, ORDERS_FD
from harness.sandbox.backend import Protection, Sandbox
from harness.sandbox.choice import AUTO, ChosenSandbox, protected_paths

USUAL_SWITCH_SECONDS = sys.getswitchinterval()

_UNITTEST = "unittest"
_UNUSED_PLUGINS = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "stepwise",
    "threadexception",
    _UNITTEST,
    "unraisableexception",
    "warnings",
)
"""Plugins of pytest that the judge does not use; each costs start-up time. The one for unittest is
loaded when a suite needs it."""

_PYTEST_OPTIONS = (
    # Leaves no room for configuration found in any folder.
    *("-c", os.devnull, "--rootdir=/", "--noconftest", "--import-mode=importlib"),
    *("-q", "--tb=no", "-s", "--continue-on-collection-errors"),
    *(option for name in _UNUSED_PLUGINS for option in ("-p", f"no:{name}")),
)
LATE = ("hashlib", "importlib.metadata", "platform", "readline", "uuid", "zipfile")
"""Modules of the standard library, of which pytest takes nothing before it collects."""
_NAMES_TAKEN = (
    "pdb",
    "pygments",
    "pygments.formatters.terminal",
    "pygments.lexer",
    "pygments.lexers.diff",
    "pygments.lexers.python",
)
"""Modules from which pytest takes classes and functions by name when it starts."""


def main() -> None:
    """Carry out orders until the parent hangs up."""
    os.chdir("/")  # never depend on the current directory
    for descriptor in (ORDERS_FD, EVENTS_FD):
        os.set_inheritable(descriptor, False)  # not even for the zygote
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gate = Gate(sys.argv[1], before_suites=put_off())
    import pytest  # heavy: loads while the sandbox starts

    import harness.judge.plugin  # noqa: F401  (the same)

    pytest.main([*_PYTEST_OPTIONS], plugins=[gate])
    emit(gate.failure or {"failed": "pytest ended by itself"})
    gate.close()


def emit(event: dict[str, Any]) -> None:
    """Send one event to the parent at once; data classes go as their fields."""
    data = json.dumps(event, default=vars).encode() + b"\n"
    while data:
        data = data[os.write(EVENTS_FD, data) :]


class Gate:
    """A pytest plugin that holds pytest until the parent says what to collect, and what to run.

    ``backend``: the one whose sandbox is started at once; an order may name another.
    ``before_suites`` is called when pytest has started and has imported no suite yet.
    """

    def __init__(self, backend: str, before_suites: Callable[[], None]) -> None:
        self._before_suites = before_suites
        self._orders = open(ORDERS_FD, "rb", closefd=False)  # noqa: SIM115  (open to the end)
        self._chosen: ChosenSandbox | None = None
        with contextlib.suppress(SandboxError):  # if the order names it too, it says why then
            self._chosen = ChosenSandbox(backend)
        self._sandbox: Sandbox | None = None
        self._protection: Protection | None = None
        self._waiting: Order | None = None
        """The order that was there before its suites were collected."""
        self.failure: dict[str, Any] | None = None
        """The event to end with, when there is nothing to judge with."""

    def pytest_collection(self, session: Any) -> None:
        """Wait for the first order, announced or real, and let pytest collect its suites."""
        self._before_suites()
        with self._last_word():
            order = self._receive()
            _refuse_readable_suites(order.root)
            self._sandbox, self._protection = self._settle(order)
            if order.files is not None:
                self._waiting = self._load(order)
            self._collect(order, session.config)

    def next_order(self) -> Order:
        """Wait for an order; boxes from now on are of its submission. Ends pytest if none comes."""
        with self._last_word():
            order, self._waiting = self._waiting, None
            return order or self._load(self._receive())

    def _receive(self) -> Order:
        line = self._orders.readline()
        if not line:
            raise JudgeError("the judge was not needed")
        return Order.from_line(line)

    @contextlib.contextmanager
    def _last_word(self) -> Iterator[None]:
        """End pytest when anything fails within, and keep the event that says why."""
        import pytest

        try:
            yield
        except SandboxError as error:
            final = error.fault is SandboxFault.TOO_SLOW
            self.failure = {"failed": error.message, "hint": error.hint, "final": final}
            self.failure |= {"remedy": error.remedy, "of_sandbox": True}
        except HarnessError as error:
            self.failure = {"failed": error.message, "hint": error.hint}
        except BaseException:
            self.failure = {"failed": "the judge crashed", "detail": traceback.format_exc()}
        if self.failure is not None:
            pytest.exit("nothing to judge")

    def _collect(self, order: Order, config: Any) -> None:
        from harness.judge import memory, plain_reports
        from harness.judge.plugin import JudgePlugin

        suites = [path for _, path in order.suites]
        if any(map(uses_unittest, suites)):
            load_unittest_plugin(config.pluginmanager)
        if order.cache:
            sys.pycache_prefix = order.cache
        memory.limit_memory()
        assert self._sandbox is not None
        plugin = JudgePlugin(order, self._sandbox, emit, self.next_order)
        plugin.install_solution()
        config.pluginmanager.register(plugin, "harness-judge")
        config.pluginmanager.register(plain_reports, "harness-reports")
        config.args[:] = suites
        config.option.keyword = order.select
        # Output of suites is not read, and pytest would keep it in memory.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (to the end)
        plain_reports.print_nothing()
        memory.keep_all()

    def _load(self, order: Order) -> Order:
        """Give the sandbox the submission, so that it imports while pytest goes on."""
        assert self._sandbox is not None
        assert order.files is not None
        emit({"protection": self._protection})
        sys.setswitchinterval(order.switch_seconds or USUAL_SWITCH_SECONDS)
        unusual = {"switch_seconds": order.switch_seconds} if order.switch_seconds else {}
        self._sandbox.load(order.files, order.module, order.limits, **unusual)
        for _ in range(order.first_boxes):
            self._sandbox.prepare_box()
        return order

    def close(self) -> None:
        """End the sandbox."""
        if self._chosen is not None:
            self._chosen.close()

    def _settle(self, order: Order) -> tuple[Sandbox, Protection]:
        """Return a sandbox that stands: of the backend that was asked for, if any can judge."""
        try:
            return self._choose(order.backend).settle()
        except SandboxError as refused:
            if not order.any_backend:
                raise
            try:
                sandbox, protection = self._choose(AUTO).settle()
            except SandboxError:
                raise refused from None
            return sandbox, replace(protection, instead_of=refused.message)

    def _choose(self, backend: str) -> ChosenSandbox:
        if self._chosen is None or backend != self._chosen.backend:
            self.close()
            self._chosen = ChosenSandbox(backend)
        return self._chosen


def uses_unittest(path: str) -> bool:
    """Return whether the suite at ``path`` may hold a test case of unittest's."""
    try:
        with open(path, "rb") as file:
            return b"TestCase" in file.read()
    except OSError:
        return False  # collecting it says what is wrong


def load_unittest_plugin(plugins: Any) -> None:
    """Load pytest's plugin for unittest, which the options of the judge have switched off."""
    from harness.judge.plain_reports import draw_no_differences

    plugins.unblock(_UNITTEST)
    plugins.import_plugin(_UNITTEST)
    from _pytest.unittest import TestCaseFunction

    # Without this method, unittest lets a failing subtest fail its case like any other assertion.
    # With it, newer versions of pytest would write a report of their own, and go on.
    if hasattr(TestCaseFunction, "addSubTest"):
        del TestCaseFunction.addSubTest
    draw_no_differences()


def _end_with_parent() -> None:
    """End this process, and with it the sandbox, as soon as the parent hangs up or dies."""
    hung_up = select.poll()
    hung_up.register(EVENTS_FD, 0)  # a hang-up is reported whatever is asked for
    hung_up.poll()
    os._exit(1)


def _refuse_readable_suites(root: str) -> None:
    """Refuse suites that lie where every box can read: among the interpreter's own files."""
    real = os.path.realpath(root)
    readable = layout.readable_paths()
    masked = layout.masked_paths(readable, map(str, protected_paths()))
    if any(_is_inside(real, hole) for hole in masked):
        return
    for path in readable:
        folder = os.path.realpath(path)
        if _is_inside(real, folder):
            raise SandboxError(
                f"the suites lie in {folder}, which every solution can read",
                "export HARNESS_HOME=FOLDER  # a folder of your own",
            )


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def put_off() -> Callable[[], None]:
    """Let imports of modules that the judge hardly ever uses give stand-ins from now on.

    They load the module at first use. An import after the returned function was called gets the
    module itself, as in a suite. This saves 4 to 5 % of the processor time of a cold submit (16
    alternating runs, Python 3.11, pytest 9).
    """
    kinds = {**dict.fromkeys(LATE, LateModule), **dict.fromkeys(_NAMES_TAKEN, LateClasses)}
    standing_in = [kind(name) for name, kind in kinds.items() if name not in sys.modules]
    for module in standing_in:
        module.stand_in()

    def step_aside() -> None:
        for module in standing_in:
            module.step_aside()

    return step_aside


class LateModule(ModuleType):
    """Stands in for a module, and loads that when anything in it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pytest asks whatever it meets whether it is a mock or wrapped
            raise AttributeError(name)
        self.step_aside()
        return getattr(importlib.import_module(self.__name__), name)

    def stand_in(self) -> None:
        """Let imports find this."""
        sys.modules[self.__name__] = self
        package, _, name = self.__name__.rpartition(".")
        if package in sys.modules:
            setattr(sys.modules[package], name, self)

    def step_aside(self) -> None:
        """Let imports find the module itself."""
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)  # another thread may have done it meanwhile


class LateClasses(LateModule):
    """Stands in for a module; what is taken from it meanwhile loads it when it is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or sys.modules.get(self.__name__) is not self:
            return super().__getattr__(name)
        return partial(self._call, name)

    def _call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(self.__name__), name)(*args, **kwargs)
