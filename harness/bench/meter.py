"""What a command costs: seconds by the clock, and processor time of all that it starts."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from harness.errors import JudgeError
from harness.model.frozen import frozen

# Runs the command in a process of its own, to which all orphans of the command fall (Linux): boxes
# that outlive the command for a moment are part of what it costs.
_METER = """
import json, os, resource, sys, time
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
report = os.open(sys.argv[1], os.O_WRONLY)
os.set_inheritable(report, False)
started = time.perf_counter()
pid = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[2:]], os.environ)
_, status = os.waitpid(pid, 0)
seconds = time.perf_counter() - started
try:
    while True:
        os.waitpid(-1, 0)
except ChildProcessError:
    pass
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cost = [os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime]
os.write(report, json.dumps(cost).encode())
"""


@frozen
class Cost:
    """What one run took."""

    seconds: float
    """By the clock, until the command ended."""
    processor_seconds: float
    """Of the command and everything that it started, to the end of the last process."""


def cost_of(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run this Python with ``arguments``. Raises JudgeError when that fails."""
    with tempfile.NamedTemporaryFile(prefix="harness-bench-") as report:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _METER, report.name, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        said = report.read()
    code, *figures = json.loads(said) if said else [done.returncode]
    if code != 0:
        output = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
        raise JudgeError(f"a benchmark command failed: {' '.join(arguments)}\n{output}")
    return Cost(*figures)


def ratios(
    ours: Callable[[], Cost], baseline: Callable[[], Cost], runs: int
) -> tuple[float, float]:
    """Return how often the baseline's seconds, and its processor time, ours take.

    Both take turns, so that a busy machine slows both; each figure is the median of the ratios of
    ``runs`` pairs, after a first one that fills caches.
    """
    baseline()
    ours()
    pairs = [(ours(), baseline()) for _ in range(runs)]
    return (
        statistics.median(a.seconds / b.seconds for a, b in pairs),
        statistics.median(a.processor_seconds / b.processor_seconds for a, b in pairs),
    )
