"""A problem as a candidate gets it, level by level."""

from __future__ import annotations

from harness.model.frozen import frozen


@frozen(kw_only=True)
class PreviewCase:
    """One visible case, as its result is listed."""

    name: str
    title: str


@frozen(kw_only=True)
class LevelPreview:
    """What the candidate gets when a level opens."""

    number: int
    title: str
    summary: str
    minutes: int
    points: int
    bonus: int
    files: tuple[str, ...]
    """What comes into the workspace."""
    statement: str
    """Markdown."""
    visible: tuple[PreviewCase, ...]
    hidden_cases: int
    """How many test functions decide; only their number is known to the candidate."""
    hints: tuple[str, ...]


@frozen(kw_only=True)
class Preview:
    """The whole of it."""

    slug: str
    title: str
    summary: str
    minutes: int
    limits: dict[str, float]
    """Of each case, as in ``problem.toml``."""
    summaries: tuple[str, ...]
    """Of all levels: the candidate sees them from the start."""
    files: tuple[str, ...]
    """What a fresh workspace holds besides the files of level 1."""
    levels: tuple[LevelPreview, ...]
