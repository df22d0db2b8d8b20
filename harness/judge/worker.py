"""The parent's end of the judge's child: start it early, give it orders, read its events."""

from __future__ import annotations

import os
import sys

from harness.guest.files import unnamed_file

# Whatever is imported here delays the child's start, so everything else is imported at its use.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from harness.errors import JudgeError
    from harness.judge.order import Order, Plan

ORDER_FD = 3
EVENTS_FD = 4
START_SECONDS = 60.0
_KEPT_LOG = 4_000
_SIGKILL = 9  # the module `signal` would be imported for this alone

# What the child may see of our environment. No PYTHON*, PYTEST_* or anything else that changes
# how it runs; HARNESS_* and the rest of the person's settings do not reach it either.
_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"),
)

_BOOTSTRAP = (
    "import gc, sys; gc.disable(); sys.path[:] = {paths!r}; "
    "from harness.judge.child import main; main()"
)


class Worker:
    """One child process; judges one order after another. Starting it returns at once."""

    def __init__(self, backend: str) -> None:
        self.planned: Plan | None = None
        self._log = unnamed_file()
        order_in, self._order = os.pipe()
        self._events, events_out = os.pipe()
        try:
            self._pid = _spawn(backend, order_in, events_out, self._log)
        finally:
            os.close(order_in)
            os.close(events_out)
        self._buffer = b""
        self._ended = False

    def plan(self, plan: Plan) -> None:
        """Tell what will be judged by, so that the child gets ready for the order."""
        self.planned = plan
        self._send(plan, None)

    def events(
        self, plan: Plan, order: Order, seconds_per_event: float
    ) -> Generator[dict[str, Any]]:
        """Send the order and yield events until the child is done.

        ``plan`` must be covered by the one that was told, if one was.
        Raises :class:`JudgeStuckError` when the child is silent for ``seconds_per_event``, and
        :class:`JudgeError` when it dies.
        """
        import contextlib
        import json
        import time

        from harness.judge.processor import keep_off

        self._send(None if self.planned else plan, order)
        self.planned = self.planned or plan
        patience = START_SECONDS
        with contextlib.ExitStack() as until_done:
            while True:
                event: dict[str, Any] = json.loads(self._next_line(time.monotonic() + patience))
                if "collected" in event:
                    patience = seconds_per_event
                    # What is drawn or imported meanwhile need not cost the cases their processor.
                    until_done.enter_context(keep_off(event["processor"]))
                elif "done" in event or "failed" in event:
                    until_done.close()
                    yield event
                    return
                yield event

    def end(self) -> None:
        """End the child, and with it its sandbox, without waiting for it. Can be called twice."""
        if not self._ended:
            self._ended = True
            for descriptor in (self._order, self._events, self._log):
                os.close(descriptor)
            os.kill(self._pid, _SIGKILL)  # not reaped yet, so the number is still the child's

    def close(self) -> None:
        """End the child, and wait for its end. Can be called twice."""
        self.end()
        if self._pid:
            os.waitpid(self._pid, 0)
            self._pid = 0

    def _send(self, plan: Plan | None, order: Order | None) -> None:
        import contextlib
        import json
        from dataclasses import asdict

        message = {"plan": plan and asdict(plan), "order": order and asdict(order)}
        line = json.dumps(message).encode() + b"\n"
        with contextlib.suppress(BrokenPipeError):  # its events, or their end, will tell why
            while line:
                line = line[os.write(self._order, line) :]

    def _next_line(self, deadline: float) -> bytes:
        import select
        import time

        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._events], [], [], left)[0]:
                raise self._failed("it gave no sign of life", stuck=True)
            chunk = os.read(self._events, 1 << 16)
            if not chunk:
                raise self._failed("it died")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _failed(self, reason: str, *, stuck: bool = False) -> JudgeError:
        from harness.errors import JudgeError, JudgeStuckError

        said = os.pread(self._log, _KEPT_LOG, 0).decode(errors="replace").strip().splitlines()
        detail = f" ({said[-1]})" if said else ""
        kind = JudgeStuckError if stuck else JudgeError
        return kind(f"the judge's process failed: {reason}{detail}", "harness doctor")


def _spawn(backend: str, order: int, events: int, log: int) -> int:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    bootstrap = _BOOTSTRAP.format(paths=_import_paths())
    null = os.open(os.devnull, os.O_RDONLY)
    spare = 10 + max(order, events, log, null)  # a number that none of the moves below overwrites
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", bootstrap, backend],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
                (os.POSIX_SPAWN_DUP2, order, spare),
                (os.POSIX_SPAWN_DUP2, events, EVENTS_FD),
                (os.POSIX_SPAWN_DUP2, spare, ORDER_FD),
                (os.POSIX_SPAWN_CLOSE, spare),
            ],
        )
    finally:
        os.close(null)


def _import_paths() -> list[str]:
    """Where this process found its packages, without the folder it happens to stand in."""
    here = os.getcwd()
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    absolute = [path for path in sys.path if os.path.isabs(path) and path != here]
    return list(dict.fromkeys([*absolute, ours]))
