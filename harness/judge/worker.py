"""The parent's end of the judge's child: start it early, give it one order, read its events."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.errors import JudgeError
from harness.guest.files import unnamed_file
from harness.judge.order import Order

CHANNEL_FD = 3
START_SECONDS = 60.0
_KEPT_LOG = 4_000

# What the child may see of our environment. No PYTHON*, PYTEST_* or anything else that changes
# how it runs; HARNESS_* and the rest of the person's settings do not reach it either.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DOCKER_HOST")

_BOOTSTRAP = (
    "import gc, sys; gc.disable(); sys.path[:] = {paths!r}; "
    "from harness.judge.child import main; main()"
)


class Worker:
    """One child process; judges one order. Starting it returns at once."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self._log = unnamed_file()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._pid = _spawn(backend, theirs.fileno(), self._log)
        self._buffer = b""

    def events(self, order: Order, seconds_per_event: float) -> Iterator[dict[str, Any]]:
        """Send the order and yield events until the child is done.

        Raises :class:`JudgeError` when the child dies, or is silent for ``seconds_per_event``.
        """
        try:
            self._socket.sendall(json.dumps(order.to_json()).encode() + b"\n")
        except OSError as error:
            raise self._failed(f"it could not be reached: {error}") from error
        patience = START_SECONDS
        while True:
            event = self._next_event(time.monotonic() + patience)
            yield event
            if "done" in event or "failed" in event:
                return
            if "collected" in event:
                patience = seconds_per_event

    def close(self) -> None:
        """End the child, and with it its sandbox. Can be called twice."""
        if self._pid:
            self._socket.close()
            os.close(self._log)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0

    def _next_event(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise self._failed("it gave no sign of life")
            chunk = self._socket.recv(1 << 16)
            if not chunk:
                raise self._failed("it died")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        event: dict[str, Any] = json.loads(line)
        return event

    def _failed(self, reason: str) -> JudgeError:
        said = os.pread(self._log, _KEPT_LOG, 0).decode(errors="replace").strip().splitlines()
        detail = f" ({said[-1]})" if said else ""
        return JudgeError(f"the judge's process failed: {reason}{detail}", "harness doctor")


def _spawn(backend: str, channel: int, log: int) -> int:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    bootstrap = _BOOTSTRAP.format(paths=_import_paths())
    null = os.open(os.devnull, os.O_RDONLY)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", bootstrap, backend],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
                (os.POSIX_SPAWN_DUP2, channel, CHANNEL_FD),
            ],
        )
    finally:
        os.close(null)


def _import_paths() -> list[str]:
    """Where this process found its packages, without the folder it happens to stand in."""
    here = os.getcwd()
    ours = str(Path(__file__).parent.parent.parent)
    absolute = [path for path in sys.path if os.path.isabs(path) and path != here]
    return list(dict.fromkeys([*absolute, ours]))
