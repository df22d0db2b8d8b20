"""Run as a program: kills one process of a busy sandbox, and prints which others outlive it.

``killing.py SUBJECT VICTIM SECONDS FOLDER``: the subject is a tier of the sandbox or ``judge``, the
victim ``parent`` or the number of one of its descendants, the seconds pass before the kill. This
program adopts all orphans, so that nobody can hide.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from harness.errors import SandboxError
from harness.guest import lock
from harness.model.limits import Limits
from harness.sandbox.backend import Backend
from harness.sandbox.choice import HostBackend
from harness.testing import Clients
from harness.testing.leftovers import descendants

GONE_SECONDS = 3.0
START_SECONDS = 20.0
SOLUTION = "def spin():\n    while True: pass\n"
SUITE = "import solution\n\ndef test_spin():\n    solution.spin()\n"


def use_sandbox(tier: str) -> None:
    """Open and close boxes, some of them busy, until killed."""
    backend: Backend = HostBackend(tier)
    sandbox = backend.start(())
    try:
        sandbox.load(
            {"solution.py": SOLUTION},
            "solution",
            Limits(cpu_seconds=5),
        )
        clients = Clients(sandbox)
        while True:
            sandbox.prepare_box()
            clients.ready().send("spin")
            idle, busy = clients.ready(), clients.ready()
            busy.send("spin")
            sandbox.close_box(busy.box)
            sandbox.discard_box(idle.box)
            time.sleep(0.01)
    except (SandboxError, EOFError, OSError):
        time.sleep(60)  # the sandbox is gone: nothing of it may be left while we live on


def judge(folder: Path) -> None:
    """Judge a solution that never returns, with a time limit that is far away."""
    from harness.judge.judge import JudgeProcess
    from harness.judge.order import Order
    from harness.judge.spawn import Child

    suite = folder / "test_hidden.py"
    suite.write_text(SUITE)
    process = JudgeProcess(Child("auto"))
    process.send(
        Order(
            backend="auto",
            cache="",
            root=str(folder),
            module="solution",
            symbols={"functions": ("spin",)},
            limits=Limits(wall_seconds=60.0, cpu_seconds=60),
            select="",
            seed="0",
            suites=((1, str(suite)),),
            files={"solution.py": SOLUTION},
        )
    )
    for _ in process.events(60.0):
        pass


def main() -> None:
    subject, victim, seconds, folder = sys.argv[1:]
    lock.adopt_orphans()
    pid = os.fork()
    if pid == 0:
        judge(Path(folder)) if subject == "judge" else use_sandbox(subject)
        os._exit(0)
    try:
        time.sleep(float(seconds))
        target = pid if victim == "parent" else descendant(pid, int(victim))
        os.kill(target, signal.SIGKILL)
        print(sorted(await_end({pid} if victim != "parent" else set())))
    finally:
        # Whatever went wrong: a subject that is left behind would keep every processor busy.
        for left in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):  # it has ended with one killed before
                os.kill(left, signal.SIGKILL)


def descendant(ancestor: int, number: int) -> int:
    """Return a process below ``ancestor``, the one with most processes below it first.

    Waits until there is one: on a busy machine a sandbox takes its time to start.
    """
    deadline = time.monotonic() + START_SECONDS
    while not (below := descendants(ancestor)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no process of the sandbox within {START_SECONDS:g} s")
        time.sleep(0.02)
    # The numbers say nothing of who came first: they start again at the lowest free ones.
    ordered = sorted(below, key=lambda each: -len(descendants(each)))
    return ordered[min(number, len(ordered) - 1)]


def await_end(allowed: set[int]) -> set[int]:
    """Return the descendants that are still there when the time is over, but for the allowed."""
    deadline = time.monotonic() + GONE_SECONDS
    while True:
        reap()
        survivors = {pid for pid in descendants(os.getpid()) - allowed if is_alive(pid)}
        if not survivors or time.monotonic() > deadline:
            return survivors
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Tell whether it runs; one that its parent has not asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main()
