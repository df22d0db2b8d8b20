"""Measures how fast verdicts are next to bare pytest, side by side in one run. Prints only.

May import app and every lower floor; drives the command line as a person would, by processes.
harness and the baseline take turns, so that a drifting machine hits both.
"""

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
from functools import partial
from pathlib import Path
from typing import IO

from harness.app.session import Session
from harness.app.work import start
from harness.errors import JudgeError
from harness.judge.box_session import open_session
from harness.judge.link import SharedProcessor
from harness.judge.proxy import Interface
from harness.model.frozen import frozen
from harness.model.limits import Limits
from harness.sandbox.choice import ChosenSandbox
from harness.settings import load_settings

_CALLS = 20_000
_SLUG = "bench_store"

_MANIFEST = f"""\
format = 1
slug = "{_SLUG}"
version = "1.0.0"
title = "Benchmark store"
summary = "A store that exists to be measured."
authors = ["The harness authors"]
license = "MIT"
minutes = 30

[[levels]]
id = "only"
title = "Set and get"
summary = "Set and get."
minutes = 10
points = 100

[levels.symbols]
classes = {{ Store = ["set", "get"] }}
"""

_SOLUTION = '''\
class Store:
    """Keeps numbers by name."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def set(self, name: str, number: int) -> None:
        """Set a number."""
        self._numbers[name] = number

    def get(self, name: str) -> int | None:
        """Get a number."""
        return self._numbers.get(name)
'''

# 30 cases of 20 calls: one constructor, ten times set, nine times get.
_SUITE = "from solution import Store\n" + "".join(
    f'''

def test_case_{case}():
    """Numbers of case {case} are kept"""
    store = Store()
    for number in range(10):
        store.set(f"name{{number}}", number * {case})
    for number in range(9):
        assert store.get(f"name{{number}}") == number * {case}
'''
    for case in range(30)
)


@frozen
class Measure:
    """One thing that should be fast."""

    title: str
    baseline: str
    target: float
    unit: str
    """``×`` for a ratio to the baseline, ``µs`` for an absolute time."""
    run: Callable[[Bench, int], float]
    """Takes the number of runs on each side; returns the figure to compare with the target."""


class Bench:
    """A scratch folder with a pack and a record of attempts; the pack's template is right."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        problem = folder / "pack" / "problems" / _SLUG
        self._template = folder / "pack" / "solutions_template" / _SLUG
        self._suite = problem / "level1" / "test_hidden.py"
        for path, text in {
            problem / "problem.toml": _MANIFEST,
            problem / "editorial.md": "Nothing to tell.\n",
            problem / "level1" / "statement.md": "# Set and get\n",
            problem / "level1" / "test_visible.py": _SUITE,
            self._suite: _SUITE,
            problem / "reference" / "level1" / "solution.py": _SOLUTION,
            self._template / "solution.py": _SOLUTION,
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG")},
            "HOME": str(folder),
            "HARNESS_HOME": str(folder / "home"),
            "HARNESS_PACKS": str(folder / "pack"),
            "HARNESS_WORKSPACES": str(folder / "workspaces"),
        }

    def seconds(self, *arguments: str, at: Path | None = None) -> float:
        """Return how long this Python runs with ``arguments``, in the folder ``at``."""
        return _seconds(arguments, at or self.folder, self.environment)

    def pytest(self) -> float:
        """Seconds of in-process pytest, as installed here, on the same suite and solution."""
        return self._pytest({})

    def bare_pytest(self) -> float:
        """The same without the plugins that other packages bring: the least that can be had."""
        return self._pytest({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})

    def _pytest(self, environment: dict[str, str]) -> float:
        arguments = ["-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(self._suite.parent)]
        environment = {**self.environment, "PYTHONPATH": str(self._template), **environment}
        return _seconds([*arguments, str(self._suite)], self.folder, environment)

    def workspace(self) -> Path:
        """Start an attempt."""
        with Session(load_settings(self.environment)) as session:
            return start(session, _SLUG).state.workspace

    def submit(self) -> float:
        """Seconds of a cold ``harness submit`` that is accepted."""
        return self.seconds("-m", "harness", "submit", at=self.workspace())

    @contextlib.contextmanager
    def watching(self) -> Iterator[Callable[[], float]]:
        """Run ``harness watch --json``; yields a function: seconds from a save to its verdict."""
        root = self.workspace()
        with subprocess.Popen(
            [sys.executable, "-m", "harness", "watch", "--json"],
            cwd=root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            try:
                _await_verdict(process.stdout)
                yield partial(_save_to_verdict, root, process.stdout)
            finally:
                process.terminate()


def measure(name: str, runs: int) -> float:
    """Run one of ``MEASURES``, ``runs`` times each side. Raises JudgeError."""
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as folder:
        return MEASURES[name].run(Bench(Path(folder)), runs)


def _watch(baseline: Callable[[Bench], float], bench: Bench, runs: int) -> float:
    with bench.watching() as save_to_verdict:
        return _ratio(save_to_verdict, partial(baseline, bench), runs)


def _microseconds_of_call(bench: Bench, runs: int) -> float:
    chosen = ChosenSandbox("auto")
    try:
        sandbox, _ = chosen.settle()
        sandbox.load({"solution.py": _SOLUTION}, "solution", Limits(cpu_seconds=60))
        with open_session(sandbox, Interface(), 60) as (box, session):
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
    finally:
        chosen.close()
    return statistics.median(times) * 1e6


def _help(bench: Bench, runs: int) -> float:
    return _ratio(
        partial(bench.seconds, "-m", "harness", "--help"),
        partial(bench.seconds, "-c", "import click"),
        runs,
    )


def _seconds(arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
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


def _ratio(ours: Callable[[], float], baseline: Callable[[], float], runs: int) -> float:
    """Alternate both sides, and return the median of the ratios pair by pair."""
    baseline()
    ours()
    return statistics.median(ours() / baseline() for _ in range(runs))


def _save_to_verdict(root: Path, stream: IO[bytes]) -> float:
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


_INSTALLED, _BARE = "pytest as installed here", "pytest without other packages' plugins"
_SUBMIT, _WATCH = "cold harness submit", "save to verdict in harness watch"
MEASURES = {
    "submit": Measure(
        _SUBMIT, _INSTALLED, 1.25, "×", lambda bench, n: _ratio(bench.submit, bench.pytest, n)
    ),
    "submit-bare": Measure(
        _SUBMIT, _BARE, 1.25, "×", lambda bench, n: _ratio(bench.submit, bench.bare_pytest, n)
    ),
    "watch": Measure(_WATCH, _INSTALLED, 0.5, "×", partial(_watch, Bench.pytest)),
    "watch-bare": Measure(_WATCH, _BARE, 0.5, "×", partial(_watch, Bench.bare_pytest)),
    "call": Measure("one call to the solution, boxed", "", 40.0, "µs", _microseconds_of_call),
    "help": Measure("harness --help", "python -c 'import click'", 2.0, "×", _help),
}
"""By the name under which ``harness bench`` runs them."""
