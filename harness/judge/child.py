"""The judge's child process: starts the sandbox, then pytest, then runs what is ordered.

It is started early, before anything is known of the order, so that the sandbox and pytest's own
import overlap with whatever the parent still does. The order comes in and events go out as JSON
lines on one descriptor; see :mod:`harness.judge.worker`.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from harness.errors import HarnessError, JudgeError, SandboxError
from harness.guest import layout
from harness.judge.lateness import put_off
from harness.judge.order import MOST_BOXES_AHEAD, Order, Plan
from harness.sandbox.backend import Sandbox
from harness.sandbox.choice import ChosenSandbox, protected_paths

ORDER_FD, EVENTS_FD = 3, 4
JUDGE_MEMORY_BYTES = 1 << 30
"""Twenty times what suites and the largest answers take."""

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
    "unittest",
    "unraisableexception",
    "warnings",
)
"""Plugins of pytest that the judge has no use for; each costs start-up time. The one for unittest
is loaded after all when a suite needs it."""

_PYTEST_OPTIONS = (
    # Leaves no room for configuration found in any folder.
    *("-c", os.devnull, "--rootdir=/", "--noconftest", "--import-mode=importlib"),
    *("-q", "--tb=no", "-s", "--continue-on-collection-errors"),
    *(option for name in _UNUSED_PLUGINS for option in ("-p", f"no:{name}")),
)


class Channel:
    """JSON lines from and to the parent."""

    def __init__(self) -> None:
        self._lines = open(ORDER_FD, "rb", closefd=False)  # noqa: SIM115  (open to the end)

    def read(self) -> dict[str, Any]:
        """Wait for a message. Raises :class:`JudgeError` when the parent hung up instead."""
        line = self._lines.readline()
        if not line:
            raise JudgeError("the judge was not needed")
        message: dict[str, Any] = json.loads(line)
        return message

    def emit(self, event: dict[str, Any]) -> None:
        """Send one event at once."""
        data = json.dumps(event).encode() + b"\n"
        while data:
            data = data[os.write(EVENTS_FD, data) :]


def main() -> None:
    """Run orders until the parent hangs up. What came of them is in the events."""
    os.chdir("/")  # whatever lies in the folder the person stands in is none of our business
    for descriptor in (ORDER_FD, EVENTS_FD):
        os.set_inheritable(descriptor, False)  # not even the zygote shall have them
    channel = Channel()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    early = _start_early(sys.argv[1])
    with put_off():
        import pytest  # heavy: loads while the sandbox starts

        import harness.judge.plugin  # noqa: F401  (the same)

    gate = OrderGate(channel, early)
    pytest.main([*_PYTEST_OPTIONS], plugins=[gate])
    channel.emit(gate.failure or {"failed": "pytest ended by itself"})
    gate.close()


class OrderGate:
    """A pytest plugin that holds pytest until the plan is there, and again until the order is."""

    def __init__(self, channel: Channel, early: ChosenSandbox | None) -> None:
        self._channel = channel
        self._chosen = early
        self._sandbox: Sandbox | None = None
        self._protection: dict[str, Any] = {}
        self.failure: dict[str, Any] | None = None
        """The event to end with, when there is nothing to judge with."""

    def pytest_collection(self, session: Any) -> None:
        """Take the plan and hand pytest its suites, or end the session."""
        with self._last_word():
            message = self._channel.read()
            plan = Plan.from_json(message["plan"])
            self._sandbox = self._settle(plan)
            order = message["order"]
            if order is not None:
                order = self._load(plan, Order(**order))
            ordered = [order] if order is not None else []
            begin = lambda: ordered.pop() if ordered else self._await(plan)  # noqa: E731
            self._collect(plan, begin, session.config)

    @contextlib.contextmanager
    def _last_word(self) -> Iterator[None]:
        """End the session with an event that tells why, if anything goes wrong within."""
        import pytest

        try:
            yield
        except HarnessError as error:
            self.failure = {"failed": error.message, "hint": error.hint}
        except BaseException:
            self.failure = {"failed": "the judge crashed", "detail": traceback.format_exc()}
        if self.failure is not None:
            pytest.exit("nothing to judge")

    def _settle(self, plan: Plan) -> Sandbox:
        _refuse_readable_suites(plan.root)
        sandbox, protection = self._choose(plan.backend).settle()
        self._protection = asdict(protection)
        return sandbox

    def _collect(self, plan: Plan, begin: Callable[[], Order], config: Any) -> None:
        from harness.judge.plugin import JudgePlugin
        from harness.judge.unittests import load_unittest_plugin, use_unittest

        if any(use_unittest(suite.path) for suite in plan.suites):
            load_unittest_plugin(config.pluginmanager)
        if plan.cache:
            sys.pycache_prefix = plan.cache
        _limit_memory()
        assert self._sandbox is not None
        plugin = JudgePlugin(plan, self._sandbox, self._channel.emit, begin)
        plugin.install_solution()
        config.pluginmanager.register(plugin, "harness-judge")
        config.args[:] = [suite.path for suite in plan.suites]
        config.option.keyword = plan.select
        # What suites print nobody reads, and it would be kept in memory.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (to the end)
        gc.freeze()  # what is loaded by now stays; only the cases make garbage
        gc.enable()

    def _await(self, plan: Plan) -> Order:
        """Everything is collected, or run: wait for the next order."""
        with self._last_word():
            return self._load(plan, Order(**self._channel.read()["order"]))

    def _load(self, plan: Plan, order: Order) -> Order:
        """Give the sandbox the submission, so that it imports while pytest goes on."""
        assert self._sandbox is not None
        self._channel.emit({"protection": self._protection})
        self._sandbox.load(order.files, plan.module, plan.limits)
        for _ in range(min(order.cases, MOST_BOXES_AHEAD)):
            self._sandbox.prepare_box()
        return order

    def close(self) -> None:
        """End the sandbox."""
        if self._chosen is not None:
            self._chosen.close()

    def _choose(self, backend: str) -> ChosenSandbox:
        if self._chosen is None or backend != self._chosen.backend:
            self.close()
            self._chosen = ChosenSandbox(backend)
        return self._chosen


def _limit_memory() -> None:
    """Make an answer that blows up in the suite's hands a MemoryError, not this machine's end.

    Called when the sandbox stands: its boxes have limits of their own.
    """
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = JUDGE_MEMORY_BYTES
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    with contextlib.suppress(OSError, ValueError):  # some systems do not take it
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def _end_with_parent() -> None:
    """End this process, and with it the sandbox, as soon as the parent hangs up or dies."""
    hung_up = select.poll()
    hung_up.register(EVENTS_FD, 0)  # a hang-up is reported whatever is asked for
    hung_up.poll()
    os._exit(1)


def _start_early(backend: str) -> ChosenSandbox | None:
    try:
        return ChosenSandbox(backend)
    except SandboxError:
        return None  # the order may name another backend; if not, it will be told then


def _refuse_readable_suites(root: str) -> None:
    """Suites must not lie where every box can read: among the interpreter's own files."""
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
                "set HARNESS_HOME to a folder of your own",
            )


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")
