"""Starts the judge's child, early: before the command knows what there is to judge.

Imports next to nothing, so that nothing delays the child. Talking to it is the business of
:mod:`harness.judge.judge`.
"""

from __future__ import annotations

import os
import sys

from harness.guest.unnamed_files import unnamed_file

ORDERS_FD, EVENTS_FD = 3, 4
"""The child's ends of its pipes."""
_SIGKILL = 9
"""``signal.SIGKILL``; to import that module for one number takes two milliseconds."""

# What the child gets of our environment. No PYTHON*, PYTEST_* or anything else that changes how it
# runs; HARNESS_* and the rest of the user's settings do not reach it either.
_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"),
)

_BOOTSTRAP = (
    "import gc, sys; gc.disable(); sys.path[:] = {paths!r}; "
    "from harness.judge.child import main; main()"
)


class Child:
    """One child process of the judge, and our ends of its pipes. Starting it returns at once."""

    def __init__(self, backend: str) -> None:
        self.log = unnamed_file()
        """What the child prints."""
        orders_in, self.orders = os.pipe()
        self.events, events_out = os.pipe()
        try:
            self.pid = _spawn(backend, orders_in, events_out, self.log)
        finally:
            os.close(orders_in)
            os.close(events_out)
        self._ended = self._reaped = False

    def end(self) -> None:
        """End the child, and with it its sandbox, without waiting for it. Can be called twice."""
        if not self._ended:
            self._ended = True
            for descriptor in (self.orders, self.events, self.log):
                os.close(descriptor)
            os.kill(self.pid, _SIGKILL)  # not reaped yet, so the number is still the child's

    def close(self) -> None:
        """End the child, and wait for its end. Can be called twice."""
        self.end()
        if not self._reaped:
            self._reaped = True
            os.waitpid(self.pid, 0)


def _spawn(backend: str, orders: int, events: int, log: int) -> int:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Sets are in the same order in every judgement, as in the box. So not `-I`, which ignores it.
    environment["PYTHONHASHSEED"] = "0"
    bootstrap = _BOOTSTRAP.format(paths=_import_paths())
    null = os.open(os.devnull, os.O_RDONLY)
    spare = 10 + max(orders, events, log, null)  # a number that none of the moves below overwrites
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-s", "-S", "-c", bootstrap, backend],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
                (os.POSIX_SPAWN_DUP2, orders, spare),
                (os.POSIX_SPAWN_DUP2, events, EVENTS_FD),
                (os.POSIX_SPAWN_DUP2, spare, ORDERS_FD),
                (os.POSIX_SPAWN_CLOSE, spare),
            ],
            # Ctrl-Z stops the command, but no case whose time is running.
            setpgroup=0,
        )
    finally:
        os.close(null)


def _import_paths() -> list[str]:
    """Return where this process finds its packages, without its current folder."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        here = ""  # it was deleted, and nothing can be imported from it
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    absolute = [path for path in sys.path if os.path.isabs(path) and path != here]
    return list(dict.fromkeys([*absolute, ours]))
