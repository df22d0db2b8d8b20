"""A loaded problem, immutable copies of files, and what the judge is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path, PurePosixPath

from harness.errors import PackError, RequestError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.limits import Boxes
from harness.model.manifest import LevelSpec, Manifest


@frozen(kw_only=True)
class Snapshot:
    """Relative path (with ``/``) → content."""

    files: Mapping[str, bytes]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over names and contents, hex; equal for equal files, whatever their order."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"{len(name.encode())} {name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def below(self, prefix: str) -> Snapshot:
        """Return the files whose paths begin with ``prefix``, without it."""
        return Snapshot(
            files={
                name.removeprefix(prefix): content
                for name, content in self.files.items()
                if name.startswith(prefix)
            }
        )


def is_solution_file(path: str) -> bool:
    """Return whether a file of a workspace is part of the solution, and not a test."""
    name = PurePosixPath(path).name
    is_test = name.startswith("test_") or name.endswith("_test.py")
    return name.endswith(".py") and not is_test and name not in {"conftest.py", "setup.py"}


@frozen(kw_only=True)
class Problem:
    """One problem on disk. Levels are counted from 1."""

    manifest: Manifest
    root: Path
    """The folder that holds ``problem.toml``."""
    template: Path
    """The folder that holds the skeleton."""
    content: Snapshot = field(repr=False)
    """Manifest, statements, suites, references and editorial as ``problem/…``, and the skeleton as
    ``template/…``; all that an attempt depends on, as it was when the problem was loaded."""
    pack: str = "core"
    sealed: bool = False
    """Whether files of ``content`` lie in a seal, and not in ``root``."""

    @property
    def content_hash(self) -> str:
        """SHA-256 over the content (hex)."""
        return self.content.hash

    @property
    def slug(self) -> str:
        """The name of the problem in commands."""
        return self.manifest.slug

    @property
    def level_count(self) -> int:
        """The number of levels."""
        return len(self.manifest.levels)

    def level(self, number: int) -> LevelSpec:
        """Return the manifest's table of level ``number``. Raises RequestError for another."""
        if not 1 <= number <= self.level_count:
            raise RequestError(
                f"{self.slug} has no level {number}. Its levels are 1 to {self.level_count}.",
                "harness status",
            )
        return self.manifest.levels[number - 1]

    def statement(self, level: int) -> str:
        """Return the statement of ``level`` as Markdown. Raises RequestError as :meth:`level`."""
        self.level(level)
        return self.content.files[f"problem/level{level}/statement.md"].decode("utf-8-sig")

    def reference(self, level: int) -> Snapshot:
        """Return the reference solution of ``level``. Raises RequestError as :meth:`level`."""
        self.level(level)
        return self.content.below(f"problem/reference/level{level}/")

    @property
    def editorial(self) -> str:
        """The editorial as Markdown, which is shown after the end."""
        return self.content.files["problem/editorial.md"].decode("utf-8-sig")

    def statement_path(self, level: int) -> Path:
        """Return the path of the statement of ``level``."""
        return self.root / f"level{level}" / "statement.md"

    def suite_path(self, level: int, suite: Suite) -> Path:
        """Return the path of the pytest file of ``level``."""
        return self.root / f"level{level}" / f"test_{suite.value}.py"

    def reference_dir(self, level: int) -> Path:
        """Return the folder of the reference solution of ``level``."""
        return self.root / "reference" / f"level{level}"

    @property
    def editorial_path(self) -> Path:
        """The path of the editorial."""
        return self.root / "editorial.md"


@frozen
class BrokenProblem:
    """A problem that cannot be loaded, and the reason."""

    slug: str
    pack: str
    error: PackError


@frozen(kw_only=True)
class Request:
    """Judge ``snapshot`` by one kind of suite of ``levels``."""

    problem: Problem
    snapshot: Snapshot
    suite: Suite
    levels: tuple[int, ...]
    select: str = ""
    """A pytest ``-k`` expression; empty for all cases."""
    seed: str = "0"
    stop_at_timeout: bool = False
    """Leave out what follows a case that was too slow: the solution is rejected by then."""
    any_backend: bool = False
    """Judge with another backend when the one that the settings choose cannot be used."""
    only: tuple[str, ...] = ()
    """Functions whose cases to judge, such as ``level2::TestTies::test_two``; empty for all."""
    switch_seconds: float = 0.0
    """How long a thread of suite or solution runs before another may; 0 for the usual time."""
    boxes: Boxes = "fresh"
