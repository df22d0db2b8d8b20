"""What benchmarks measure: problems of any size, attempts on them, and the same cases bare."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from harness.app.session import Session
from harness.app.work import start
from harness.bench.meter import Cost, cost_of
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.settings import load_settings

_MANIFEST = """\
format = 1
slug = "{slug}"
version = "1.0.0"
title = "Benchmark store"
summary = "A store that exists to be measured."
authors = ["The harness authors"]
license = "MIT"
minutes = 30

[limits]
wall_seconds = 60.0
cpu_seconds = 60

[[levels]]
id = "only"
title = "Set and get"
summary = "Set and get."
minutes = 10
points = 100

[levels.symbols]
classes = {{ Store = ["set", "get"] }}
"""

STORE = '''\
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

_CASE = '''

def test_case_{case}():
    """Numbers of case {case} are kept"""
    store = Store()
    for number in range({times}):
        store.set(f"name{{number % 100}}", number * {case})
        assert store.get(f"name{{number % 100}}") == number * {case}
'''

_UNITTEST_CASE = """
    def test_case_{case}(self):
        store = Store()
        for number in range({times}):
            store.set(f"name{{number % 100}}", number * {case})
            self.assertEqual(store.get(f"name{{number % 100}}"), number * {case})
"""


_PASSED_ON = ("PATH", "LANG", "DOCKER_HOST", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR")


@frozen
class Workload:
    """A problem to measure, at one of its levels."""

    slug: str
    level: int
    solution: str
    """Passes up to that level."""
    suites: tuple[Path, ...]
    """The hidden ones up to that level."""


class Scratch:
    """A folder with a pack and a record of attempts; the user's own are not touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("problems", "solutions_template"):
            (folder / "pack" / part).mkdir(parents=True)
        self.environment = {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            "HOME": str(folder),
            "HARNESS_HOME": str(folder / "home"),
            "HARNESS_PACKS": str(folder / "pack"),
            "HARNESS_WORKSPACES": str(folder / "workspaces"),
        }

    def session(self) -> Session:
        """Return a session on the scratch record."""
        return Session(load_settings(self.environment))

    def store(self, cases: int = 30, calls: int = 20, slug: str = "") -> Workload:
        """Make a problem of one level. ``calls``: the first makes the object, in each case."""
        slug = slug or f"bench_{cases}_{calls}"
        problem = self.folder / "pack" / "problems" / slug
        bodies = [_CASE.format(case=case, times=calls // 2) for case in range(cases)]
        suite = "from solution import Store\n" + "".join(bodies)
        for path, text in {
            problem / "problem.toml": _MANIFEST.format(slug=slug),
            problem / "editorial.md": "Nothing to add.\n",
            problem / "level1" / "statement.md": "# Set and get\n",
            problem / "level1" / "test_visible.py": suite,
            problem / "level1" / "test_hidden.py": suite,
            problem / "reference" / "level1" / "solution.py": STORE,
            self.folder / "pack" / "solutions_template" / slug / "solution.py": STORE,
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Workload(slug, 1, STORE, (problem / "level1" / "test_hidden.py",))

    def problem(self, slug: str, level: int) -> Workload:
        """Return an installed problem at ``level``, with the reference as its solution."""
        with self.session() as session:
            problem = session.catalog.problem(slug)
            solution = problem.reference(level).files["solution.py"].decode()
            levels = range(1, level + 1)
            suites = tuple(problem.suite_path(each, Suite.HIDDEN) for each in levels)
        return Workload(slug, level, solution, suites)

    def workspace(self, workload: Workload) -> Path:
        """Start an attempt with the solution in its workspace."""
        with self.session() as session:
            workspace = start(session, workload.slug).state.workspace
        (workspace / "solution.py").write_text(workload.solution, encoding="utf-8")
        return workspace

    def submitting(self, workload: Workload, *options: str) -> Callable[[], Cost]:
        """Return what runs a cold ``harness submit`` at the workload's level, again and again.

        ``options`` come before the command's name.
        """
        workspace = self.workspace(workload)
        for _ in range(workload.level - 1):
            self.harness("submit", at=workspace)
        home, kept = self.folder / "home", self.folder / "kept"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(home, kept)

        def submit() -> Cost:
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            return self.harness(*options, "submit", at=workspace)

        return submit

    def harness(self, *arguments: str, at: Path | None = None) -> Cost:
        """Run ``harness`` in the folder ``at``."""
        return self.python("-m", "harness", *arguments, at=at)

    def python(self, *arguments: str, at: Path | None = None) -> Cost:
        """Run this Python in the folder ``at``."""
        return cost_of(arguments, at or self.folder, self.environment)

    def pytest(self, workload: Workload, *, plugins: bool = False) -> Callable[[], Cost]:
        """Return what runs plain pytest on the same cases and solution.

        ``plugins``: with those that other packages brought here, which slow its start.
        """
        solution = self._bare(workload)
        environment = {**self.environment, "PYTHONPATH": str(solution)}
        if not plugins:
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        options = ("-m", "pytest", "-q", "-c", os.devnull, "--import-mode=importlib")
        arguments = [*options, "--rootdir", str(self.folder), *map(str, workload.suites)]
        return partial(cost_of, arguments, self.folder, environment)

    def unittest(self) -> Callable[[], Cost]:
        """Return what runs the usual cases of ``store`` in the standard library's own runner."""
        solution = self._bare(self.store())
        bodies = [_UNITTEST_CASE.format(case=case, times=10) for case in range(30)]
        suite = "import unittest\nfrom solution import Store\n\n\nclass Cases(unittest.TestCase):"
        (solution / "test_cases.py").write_text(suite + "".join(bodies), encoding="utf-8")
        return partial(self.python, "-m", "unittest", "-q", "test_cases", at=solution)

    def _bare(self, workload: Workload) -> Path:
        folder = self.folder / "bare" / f"{workload.slug}-{workload.level}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "solution.py").write_text(workload.solution, encoding="utf-8")
        return folder
