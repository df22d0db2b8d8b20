"""A loaded problem: its manifest and where its parts lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from harness.errors import PackError
from harness.model.frozen import frozen
from harness.model.judgement import Suite
from harness.model.manifest import LevelSpec, Manifest


@frozen(kw_only=True)
class Problem:
    """One problem on disk. Levels are counted from 1."""

    manifest: Manifest
    root: Path
    """The folder that holds ``problem.toml``."""
    template: Path
    """The folder that holds the skeleton."""
    content_hash: str
    """SHA-256 over manifest, statements, suites, references and skeleton (hex)."""
    pack: str = "core"
    sealed: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """Files that lie compressed in one file instead of below ``root``, by their path there."""

    @property
    def slug(self) -> str:
        """The problem's name, as typed."""
        return self.manifest.slug

    @property
    def level_count(self) -> int:
        """How many levels there are."""
        return len(self.manifest.levels)

    def level(self, number: int) -> LevelSpec:
        """The manifest's table of level ``number``."""
        return self.manifest.levels[number - 1]

    def statement_path(self, level: int) -> Path:
        """The statement of ``level``."""
        return self.root / f"level{level}" / "statement.md"

    def suite_path(self, level: int, suite: Suite) -> Path:
        """The pytest file of ``level``."""
        return self.root / f"level{level}" / f"test_{suite.value}.py"

    def reference_dir(self, level: int) -> Path:
        """The folder with the reference solution of ``level``."""
        return self.root / "reference" / f"level{level}"

    def sealed_file(self, path: Path) -> bytes | None:
        """Return what ``path``, which lies below ``root``, holds in the seal; None when nothing."""
        return self.sealed.get(path.relative_to(self.root).as_posix())

    @property
    def editorial_path(self) -> Path:
        """What is shown after the end."""
        return self.root / "editorial.md"


@frozen
class BrokenProblem:
    """A problem that cannot be loaded, and why."""

    slug: str
    pack: str
    error: PackError
