"""What ``harness bench`` measures, in a table."""

from __future__ import annotations

import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from harness.bench.meter import Cost, ratios
from harness.bench.scratch import STORE, Scratch, Workload
from harness.errors import JudgeError
from harness.judge.box_session import open_session
from harness.judge.link import SharedProcessor
from harness.judge.proxy import Interface
from harness.model.attempt import Mode
from harness.model.frozen import frozen
from harness.model.judgement import Feedback
from harness.model.limits import Limits
from harness.sandbox.backend import Sandbox
from harness.sandbox.choice import ChosenSandbox

_CALLS = 20_000
_BOXES = 20
_PROBLEMS = 1000
_ATTEMPTS = 10_000


class Figures(NamedTuple):
    """What came out, in the measure's unit."""

    figure: float
    processor: float | None = None
    """The same in processor time of all processes, where that is measured."""


@frozen
class Measure:
    """One thing that should be fast, or small."""

    title: str
    baseline: str
    """What it is compared with; empty for an absolute figure."""
    run: Callable[[Scratch, int], Figures]
    """Takes the number of runs on each side."""
    unit: str = "×"
    """``×`` for a ratio to the baseline."""
    target: float | None = None
    processor_target: float | None = None


def measure(name: str, runs: int) -> Figures:
    """Run one of ``MEASURES``, ``runs`` times each side.

    Raises JudgeError when a command fails, SandboxError when a backend does not work here.
    """
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as folder:
        return MEASURES[name].run(Scratch(Path(folder)), runs)


def _submit(
    workload: Callable[[Scratch], Workload],
    scratch: Scratch,
    runs: int,
    *options: str,
    plugins: bool = False,
) -> Figures:
    chosen = workload(scratch)
    baseline = scratch.pytest(chosen, plugins=plugins)
    return Figures(*ratios(scratch.submitting(chosen, *options), baseline, runs))


def _docker(scratch: Scratch, runs: int) -> Figures:
    with contextlib.closing(ChosenSandbox("docker")) as chosen:
        chosen.settle()  # or it says why it cannot
    workload = scratch.store()
    ours = scratch.submitting(workload, "--backend", "docker")
    return Figures(*ratios(ours, scratch.submitting(workload, "--backend", "linux"), runs))


def _of_store(cases: int = 30, calls: int = 20) -> Callable[[Scratch], Workload]:
    return lambda scratch: scratch.store(cases, calls)


def _of_problem(slug: str, level: int) -> Callable[[Scratch], Workload]:
    return lambda scratch: scratch.problem(slug, level)


def _watch(scratch: Scratch, runs: int, *, plugins: bool) -> Figures:
    workload = scratch.store()
    baseline = scratch.pytest(workload, plugins=plugins)
    with _watching(scratch, workload) as (_, save):
        return Figures(ratios(save, baseline, runs)[0])


@contextlib.contextmanager
def _watching(scratch: Scratch, workload: Workload) -> Iterator[tuple[int, Callable[[], Cost]]]:
    """Run ``harness watch --json``; yield its process, and what saves and awaits the verdict."""
    root = scratch.workspace(workload)
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "watch", "--json"],
        cwd=root,
        env=scratch.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            _await_verdict(process.stdout)
            yield process.pid, partial(_save_to_verdict, root, process.stdout)
        finally:
            process.terminate()


def _save_to_verdict(root: Path, stream: IO[bytes]) -> Cost:
    time.sleep(1.0)  # a person types for longer than the next child takes to stand ready
    file = root / "solution.py"
    text = file.read_text(encoding="utf-8")
    started = time.perf_counter()
    file.write_text(text + "\n", encoding="utf-8")
    _await_verdict(stream)
    return Cost(time.perf_counter() - started, math.nan)  # its processor time is not measured


def _await_verdict(stream: IO[bytes]) -> None:
    for line in stream:
        if "judgement" in json.loads(line):
            return
    raise JudgeError("harness watch ended before it gave a verdict")


def _microseconds_of_call(_: Scratch, runs: int) -> Figures:
    interface = Interface(classes={"Store": ["set"]})  # else each call first looks it up
    with _sandbox() as sandbox, open_session(sandbox, interface, 60) as (box, session):
        if session.await_import() is not None:
            raise JudgeError("the benchmark's solution cannot be imported")
        shared = SharedProcessor()
        processor = shared.stay()
        if processor is not None:
            sandbox.pin_box(box, processor)
        store = session.module.Store()
        times = []
        for index in range(_CALLS * max(1, runs // 5)):
            started = time.perf_counter()
            store.set("name", index)
            times.append(time.perf_counter() - started)
        shared.leave()
    return Figures(statistics.median(times) * 1e6)


def _milliseconds_of_box(_: Scratch, runs: int) -> Figures:
    times = []
    with _sandbox() as sandbox:
        for _number in range(_BOXES * runs):
            started = time.perf_counter()
            with open_session(sandbox, Interface(), 60) as (_box, session):
                session.await_import()
                times.append(time.perf_counter() - started)
    return Figures(statistics.median(times) * 1e3)


@contextlib.contextmanager
def _sandbox() -> Iterator[Sandbox]:
    chosen = ChosenSandbox("auto")
    try:
        sandbox, _ = chosen.settle()
        sandbox.load({"solution.py": STORE}, "solution", Limits(cpu_seconds=60))
        yield sandbox
    finally:
        chosen.close()


def _megabytes(of_boxes: bool, scratch: Scratch, _: int) -> Figures:
    """Return what an idle watch takes: all but its boxes together, or the median of those."""
    with _watching(scratch, scratch.store()) as (pid, save):
        save()
        time.sleep(1.0)  # the next child stands ready, with boxes for its first cases
        family = _family(pid)
        boxes = [process for process in family if not _children(process)]
        if of_boxes:
            return Figures(statistics.median(map(_size, boxes)) / 1e6)
        return Figures(sum(_size(process) for process in family if process not in boxes) / 1e6)


def _family(pid: int) -> list[int]:
    return [pid, *(each for child in _children(pid) for each in _family(child))]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [
        int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()
    ]


def _size(pid: int) -> int:
    """Return the bytes that a process takes, with its part of shared memory where it is known."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def _catalogue(scratch: Scratch, runs: int) -> Figures:
    scratch.store()
    ours = partial(scratch.harness, "list", "--json")
    few = [ours() for _ in range(runs + 1)][1:]
    for number in range(1, _PROBLEMS):
        scratch.store(1, 2, slug=f"bench_{number}")
    many = [ours() for _ in range(runs + 1)][1:]
    return _times(many, few)


def _history(scratch: Scratch, runs: int) -> Figures:
    workload = scratch.store()
    workspace = scratch.workspace(workload)
    ours = partial(scratch.harness, "history", "--json")
    few = [ours() for _ in range(runs + 1)][1:]
    with scratch.session() as session:
        problem = session.catalog.problem(workload.slug)
        for _ in range(1, _ATTEMPTS):
            session.store.create(
                problem,
                Mode.PRACTICE,
                Feedback.FULL,
                30,
                workspace,
                "0",
                problem.reference(1),
            )
    many = [ours() for _ in range(runs + 1)][1:]
    return _times(many, few)


def _times(ours: Sequence[Cost], baseline: Sequence[Cost]) -> Figures:
    median = statistics.median
    return Figures(
        median(c.seconds for c in ours) / median(c.seconds for c in baseline),
        median(c.processor_seconds for c in ours) / median(c.processor_seconds for c in baseline),
    )


def _help(scratch: Scratch, runs: int) -> Figures:
    ours = partial(scratch.harness, "--help")
    return Figures(*ratios(ours, partial(scratch.python, "-c", "import click"), runs))


def _unittest(scratch: Scratch, runs: int) -> Figures:
    return Figures(*ratios(scratch.unittest(), scratch.pytest(scratch.store()), runs))


_INSTALLED, _BARE = "pytest as installed here", "pytest without other packages' plugins"
MEASURES = {
    "submit": Measure(
        "cold harness submit, 30 cases",
        _INSTALLED,
        partial(_submit, _of_store(), plugins=True),
        target=1.25,
    ),
    "submit-bare": Measure(
        "cold harness submit, 30 cases",
        _BARE,
        partial(_submit, _of_store()),
        target=1.1,
        processor_target=1.9,
    ),
    **{
        f"levels-{level}": Measure(
            f"cold harness submit, kv_store 1-{level}",
            _INSTALLED,
            partial(_submit, _of_problem("kv_store", level), plugins=True),
            target=1.15 if level == 3 else None,
            processor_target=1.6 if level == 3 else None,
        )
        for level in (1, 2, 3, 4)
    },
    **{
        f"cases-{cases}": Measure(
            f"cold harness submit, {cases} cases of 20 calls",
            _BARE,
            partial(_submit, _of_store(cases)),
        )
        for cases in (10, 100, 300, 1000)
    },
    **{
        f"calls-{calls}": Measure(
            f"cold harness submit, a case of {calls} calls",
            _BARE,
            partial(_submit, _of_store(1, calls)),
        )
        for calls in (10, 100, 1000, 10_000)
    },
    "docker": Measure(
        "cold harness --backend docker submit",
        "the linux backend",
        _docker,
        target=1.3,
    ),
    "watch": Measure(
        "save to verdict in harness watch", _INSTALLED, partial(_watch, plugins=True), target=0.5
    ),
    "watch-bare": Measure(
        "save to verdict in harness watch", _BARE, partial(_watch, plugins=False), target=0.22
    ),
    "call": Measure(
        "one call to the solution, boxed", "", _microseconds_of_call, unit="µs", target=31.0
    ),
    "box": Measure("a box, from request to import", "", _milliseconds_of_box, unit="ms"),
    "memory": Measure(
        "an idle harness watch without boxes", "", partial(_megabytes, False), unit="MB"
    ),
    "memory-box": Measure("an idle box", "", partial(_megabytes, True), unit="MB"),
    "unittest": Measure("the 30 cases in unittest", _BARE, _unittest),
    "list": Measure(f"a list of {_PROBLEMS:,} problems", "that of the installed ones", _catalogue),
    "history": Measure(f"a history of {_ATTEMPTS:,} attempts", "that of one", _history),
    "help": Measure("harness --help", "python -c 'import click'", _help, target=1.2),
}
"""By the name under which ``harness bench`` runs them."""
