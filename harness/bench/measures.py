"""The measurements. Ours and the baseline take turns, so that a drifting machine hits both."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from harness.app.session import Session
from harness.app.work import start
from harness.bench import workload
from harness.errors import JudgeError
from harness.judge.box_session import BoxSession
from harness.judge.link import Link, SharedProcessor
from harness.judge.proxy import Interface
from harness.model.frozen import frozen
from harness.model.limits import Limits
from harness.sandbox.choice import ChosenSandbox
from harness.settings import load_settings

CALLS = 20_000
_BARE = "pytest without other packages' plugins"


@frozen
class Measure:
    """One thing that should be fast."""

    title: str
    baseline: str
    target: float
    unit: str
    """``×`` for a ratio to the baseline, ``µs`` for an absolute time."""
    run: Callable[[Bench, int], Measured]


@frozen
class Measured:
    """Medians in seconds, and the figure that is compared with the target."""

    figure: float
    ours_seconds: float
    baseline_seconds: float | None


class Bench:
    """A scratch folder with a pack, a solution, and a record of attempts of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.suite = workload.write_pack(folder / "pack")
        self.solution = folder / "solution"
        self.solution.mkdir()
        (self.solution / "solution.py").write_text(workload.SOLUTION, encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG")},
            "HOME": str(folder),
            "HARNESS_HOME": str(folder / "home"),
            "HARNESS_PACKS": str(folder / "pack"),
            "HARNESS_WORKSPACES": str(folder / "workspaces"),
        }
        self._attempts = 0

    def workspace(self) -> Path:
        """Start an attempt and put the right solution into its workspace."""
        self._attempts += 1
        root = self.folder / f"workspace{self._attempts}"
        with Session(load_settings(self.environment)) as session:
            start(session, workload.SLUG, directory=root)
        (root / "solution.py").write_text(workload.SOLUTION, encoding="utf-8")
        return root

    def plain_pytest(self, **environment: str) -> float:
        """Seconds of in-process pytest, as installed here, on the same suite and solution."""
        environment = {**self.environment, "PYTHONPATH": str(self.solution), **environment}
        arguments = ["-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(self.suite.parent)]
        return _seconds([*arguments, str(self.suite)], environment, self.folder)

    def bare_pytest(self) -> float:
        """The same without the plugins that other packages bring: the least that can be had."""
        return self.plain_pytest(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")

    def submit(self) -> float:
        """Seconds of a cold ``harness submit`` that is accepted."""
        return _seconds(["-m", "harness", "submit"], self.environment, self.workspace())

    @contextlib.contextmanager
    def watching(self) -> Iterator[Callable[[], float]]:
        """Run ``harness watch --json``; yields a function: seconds from a save to its verdict."""
        root = self.workspace()
        command = [sys.executable, "-m", "harness", "watch", "--json"]
        with subprocess.Popen(
            command,
            cwd=root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            try:
                _await_verdict(process.stdout)
                yield lambda: _save_to_verdict(root, process.stdout)
            finally:
                process.terminate()


def measure(name: str, runs: int) -> Measured:
    """Run one of ``MEASURES``, ``runs`` times each side. Raises :class:`JudgeError`."""
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as folder:
        return MEASURES[name].run(Bench(Path(folder)), runs)


def _cold_submit(bench: Bench, runs: int) -> Measured:
    return _paired(bench.submit, bench.plain_pytest, runs)


def _cold_submit_bare(bench: Bench, runs: int) -> Measured:
    return _paired(bench.submit, bench.bare_pytest, runs)


def _watch(bench: Bench, runs: int) -> Measured:
    with bench.watching() as save_to_verdict:
        return _paired(save_to_verdict, bench.plain_pytest, runs)


def _watch_bare(bench: Bench, runs: int) -> Measured:
    with bench.watching() as save_to_verdict:
        return _paired(save_to_verdict, bench.bare_pytest, runs)


def _round_trip(bench: Bench, runs: int) -> Measured:
    chosen = ChosenSandbox("auto")
    try:
        sandbox, _ = chosen.settle()
        sandbox.load(
            {"solution.py": workload.SOLUTION},
            "solution",
            Limits(cpu_seconds=60),
        )
        box = sandbox.open_box()
        session = BoxSession(Link(box.stream, time.monotonic() + 60), Interface())
        if session.await_import() is not None:
            raise JudgeError("the benchmark's solution cannot be imported")
        shared = SharedProcessor()
        processor = shared.stay()
        if processor is not None:
            sandbox.pin_box(box, processor)
        store = session.module.Store()
        times = [_timed_call(store.set, index) for index in range(CALLS * max(1, runs // 5))]
        shared.leave()
        sandbox.close_box(box)
    finally:
        chosen.close()
    median = statistics.median(times)
    return Measured(median * 1e6, median, None)


def _help(bench: Bench, runs: int) -> Measured:
    return _paired(
        lambda: _seconds(["-m", "harness", "--help"], bench.environment, bench.folder),
        lambda: _seconds(["-c", "import click"], bench.environment, bench.folder),
        runs,
    )


MEASURES = {
    "submit": Measure("cold harness submit", "pytest as installed here", 1.25, "×", _cold_submit),
    "submit-bare": Measure("cold harness submit", _BARE, 1.25, "×", _cold_submit_bare),
    "watch": Measure(
        "save to verdict in harness watch", "pytest as installed here", 0.5, "×", _watch
    ),
    "watch-bare": Measure("save to verdict in harness watch", _BARE, 0.5, "×", _watch_bare),
    "call": Measure("one call to the solution, boxed", "", 40.0, "µs", _round_trip),
    "help": Measure("harness --help", "python -c 'import click'", 2.0, "×", _help),
}
"""By the name under which ``harness bench`` runs them."""


def _paired(ours: Callable[[], float], baseline: Callable[[], float], runs: int) -> Measured:
    """Alternate both sides; the figure is the median of the ratios pair by pair."""
    baseline()
    ours()
    pairs = [(ours(), baseline()) for _ in range(runs)]
    return Measured(
        statistics.median(a / b for a, b in pairs),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


def _seconds(arguments: Sequence[str], environment: dict[str, str], folder: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
        raise JudgeError(f"a benchmark command failed: {' '.join(arguments)}\n{said}")
    return seconds


def _timed_call(function: Callable[[str, int], object], index: int) -> float:
    started = time.perf_counter()
    function("name", index)
    return time.perf_counter() - started


def _save_to_verdict(root: Path, stream: IO[bytes] | None) -> float:
    assert stream is not None
    time.sleep(1.0)  # a person types for longer than the next child takes to stand ready
    file = root / "solution.py"
    started = time.perf_counter()
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    _await_verdict(stream)
    return time.perf_counter() - started


def _await_verdict(stream: IO[bytes]) -> None:
    for line in stream:
        if "judgement" in json.loads(line):
            return
    raise JudgeError("harness watch ended before it gave a verdict")
