"""The judge's child process: starts the sandbox, then pytest, then runs one order.

It is started early, before anything is known of the order, so that the sandbox and pytest's own
import overlap with whatever the parent still does. The order comes in and events go out as JSON
lines on one descriptor; see :mod:`harness.judge.worker`.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, SandboxError
from harness.guest import layout
from harness.judge.order import Order
from harness.sandbox.backend import BoxLimits
from harness.sandbox.choice import ChosenSandbox

ORDER_FD, EVENTS_FD = 3, 4
BOXES_AHEAD = 4
"""Enough that cases never wait for forks, few enough that little is thrown away."""

# Plugins of pytest that the judge has no use for; each costs start-up time.
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


class Channel:
    """JSON lines from and to the parent."""

    def read_order(self) -> Order | None:
        """Wait for the order; None when the parent hung up without one."""
        chunks: list[bytes] = []
        while not chunks or not chunks[-1].endswith(b"\n"):
            chunk = os.read(ORDER_FD, 1 << 16)
            if not chunk:
                return None
            chunks.append(chunk)
        return Order.from_json(json.loads(b"".join(chunks)))

    def emit(self, event: dict[str, Any]) -> None:
        """Send one event at once."""
        data = json.dumps(event).encode() + b"\n"
        while data:
            data = data[os.write(EVENTS_FD, data) :]


def main() -> None:
    """Run one order and end. What came of it is in the events, not in the exit code."""
    channel = Channel()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    early = _start_early(sys.argv[1])
    import pytest  # heavy: loads while the sandbox starts

    order = channel.read_order()
    if order is None:
        if early is not None:
            early.close()
        return
    try:
        if early is None or order.backend != early.backend:
            if early is not None:
                early.close()
            early = ChosenSandbox(order.backend)
        _judge(order, early, channel, pytest)
    except HarnessError as error:
        channel.emit({"failed": error.message, "hint": error.hint})
    except BaseException:
        channel.emit({"failed": "the judge crashed", "detail": traceback.format_exc()})
    finally:
        if early is not None:
            early.close()


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


def _judge(order: Order, chosen: ChosenSandbox, channel: Channel, pytest: Any) -> None:
    from harness.judge.plugin import JudgePlugin

    _refuse_readable_suites(order.root)
    sandbox, protection = chosen.settle()
    limits = BoxLimits(order.cpu_seconds, order.memory_mb, order.output_kb)
    sandbox.load(order.files, order.module, limits)
    for _ in range(BOXES_AHEAD):
        sandbox.prepare_box()
    channel.emit({"protection": asdict(protection)})
    if order.cache:
        sys.pycache_prefix = order.cache
    plugin = JudgePlugin(order, sandbox, channel.emit)
    plugin.install_solution()
    started = time.monotonic()
    code = pytest.main(_pytest_arguments(order), plugins=[plugin])
    channel.emit({"done": int(code), "seconds": round(time.monotonic() - started, 6)})


def _pytest_arguments(order: Order) -> list[str]:
    """Arguments that leave no room for configuration found in any folder."""
    options = ["-c", os.devnull, f"--rootdir={order.root}", "--noconftest", "-q", "--tb=no", "-s"]
    options += ["--import-mode=importlib", "--continue-on-collection-errors"]
    for name in _UNUSED_PLUGINS:
        options += ["-p", f"no:{name}"]
    if order.select:
        options += ["-k", order.select]
    return [*options, *(suite.path for suite in order.suites)]


def _refuse_readable_suites(root: str) -> None:
    """Suites must not lie where every box can read: among the interpreter's own files."""
    real = os.path.realpath(root)
    for path in layout.readable_paths():
        folder = os.path.realpath(path)
        if Path(real).is_relative_to(folder):
            raise SandboxError(
                f"the suites lie in {folder}, which every solution can read",
                "set HARNESS_HOME to a folder of your own",
            )
