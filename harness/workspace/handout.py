"""The files that the candidate gets: at the start, and when a level opens."""

from __future__ import annotations

from collections.abc import Iterator

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
    """Yield name and content of the first files: the skeleton, then generated ones."""
    yield from sorted(problem.content.below("template/").files.items())
    module, title = problem.manifest.module, problem.manifest.title
    yield "README.md", _README.format(title=title, module=module).encode()
    yield "pytest.ini", _PYTEST_INI.encode()
    yield ".gitignore", _GIT_IGNORE.encode()


def list_level_files(problem: Problem, level: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that come with ``level``."""
    statement, suite = name_level_files(level)
    files = problem.content.files
    yield statement, files[f"problem/level{level}/statement.md"]
    yield suite, files[f"problem/level{level}/test_visible.py"]


def name_level_files(level: int) -> tuple[str, str]:
    """Return the names of a level's statement and visible suite in the workspace."""
    return f"statements/level{level}.md", f"tests/test_level{level}.py"
