"""The files that the candidate gets: at the start, and when a level opens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from harness.errors import PackError
from harness.model.judgement import Suite
from harness.model.problem import Problem

_PYTEST_INI = """\
# Plain `pytest` runs the opened suites in tests/ and your own test_*.py files,
# against the solution in this folder and without the harness.
[pytest]
pythonpath = .
addopts = --import-mode=importlib
"""

_GIT_IGNORE = """\
.harness/
.pytest_cache/
__pycache__/
"""

_README = """\
# {title}

Write your solution in `{module}.py`; more modules beside it are fine. Read `statements/` first.

    harness statement    read the current level
    harness test         run the visible suites in the box
    harness submit       let the hidden suites decide; passing a level opens the next
    harness watch        run on every save
    harness status       see the clock and the levels
    pytest               run the visible suites and your own test_*.py, breakpoints included
    harness finish       end the attempt early; accepting the last level ends it, too
    harness report       see how it went; after the end with editorial and reference
"""


def list_first_files(problem: Problem) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the first files: the skeleton, then generated ones.

    Raises PackError when the skeleton cannot be read.
    """
    yield from _list_template(problem.template)
    module, title = problem.manifest.module, problem.manifest.title
    yield "README.md", _README.format(title=title, module=module).encode()
    yield "pytest.ini", _PYTEST_INI.encode()
    yield ".gitignore", _GIT_IGNORE.encode()


def list_level_files(problem: Problem, level: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that come with ``level``. Raises PackError."""
    statement, suite = name_level_files(level)
    yield statement, _read_part(problem, problem.statement_path(level))
    yield suite, _read_part(problem, problem.suite_path(level, Suite.VISIBLE))


def name_level_files(level: int) -> tuple[str, str]:
    """Return the names of a level's statement and visible suite in the workspace."""
    return f"statements/level{level}.md", f"tests/test_level{level}.py"


def _list_template(template: Path) -> Iterator[tuple[str, bytes]]:
    for folder, folders, files in os.walk(template, onerror=_refuse):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for file in sorted(files):
            path = Path(folder, file)
            yield path.relative_to(template).as_posix(), _read(path)


def _read_part(problem: Problem, path: Path) -> bytes:
    sealed = problem.sealed_file(path)
    return _read(path) if sealed is None else sealed


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error, path) from error


def _refuse(error: OSError) -> None:
    raise _unreadable(error, Path(error.filename)) from error


def _unreadable(error: OSError, path: Path) -> PackError:
    return PackError(
        f"{path} cannot be read: {error.strerror or error}.",
        hint="harness list  (choose another problem; only its authors can fix this one)",
    )
