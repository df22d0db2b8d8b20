"""What ``problem.toml`` says. Reading it, and telling of mistakes, is the catalogue's work."""

from __future__ import annotations

from dataclasses import field

from harness.model.frozen import frozen


@frozen(kw_only=True)
class Limits:
    """What one case may use."""

    wall_seconds: float = 2.0
    cpu_seconds: int = 2
    memory_mb: int = 256
    output_kb: int = 256


@frozen(kw_only=True)
class Symbols:
    """The public names a level adds."""

    functions: tuple[str, ...] = ()
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of the class → the methods this level adds to it."""
    exceptions: dict[str, str] = field(default_factory=dict)
    """Name of the exception → the builtin exception it derives from."""


@frozen(kw_only=True)
class LevelSpec:
    """One ``[[levels]]`` table."""

    id: str
    title: str
    summary: str
    minutes: int
    points: int
    bonus: int = 0
    symbols: Symbols = field(default_factory=Symbols)
    hints: tuple[str, ...] = ()


@frozen(kw_only=True)
class Manifest:
    """The whole of ``problem.toml``."""

    format: int
    slug: str
    version: str
    title: str
    summary: str
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...]
    license: str
    minutes: int = 90
    module: str = "solution"
    isolation: str = "case"
    limits: Limits = field(default_factory=Limits)
    levels: tuple[LevelSpec, ...]

    @property
    def max_score(self) -> int:
        """Points and bonuses of all levels."""
        return sum(level.points + level.bonus for level in self.levels)
