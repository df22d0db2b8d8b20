"""Reads the parts of the example that ``harness author new`` writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from harness.model.frozen import frozen
from harness.model.plain import from_plain

MAX_LEVELS = 6


@frozen(kw_only=True)
class WrongPart:
    """A known-wrong solution: the reference of its level with one text replaced."""

    name: str
    old: str
    new: str
    cases: tuple[str, ...]
    why: str

    def apply(self, reference: str) -> str:
        """Put the mistake into the last place where the right text stands: the newest level's."""
        head, _, tail = reference.rpartition(self.old)
        return head + self.new + tail


@frozen(kw_only=True)
class LevelPart:
    """``level.toml`` of a part."""

    id: str
    title: str
    summary: str
    hint: str
    methods: tuple[str, ...]
    editorial: str
    fuzz: str
    """Lines of the list of calls in ``fuzz.py``."""
    wrong: tuple[WrongPart, ...]


@frozen
class Part:
    """All that one level of the example consists of."""

    level: LevelPart
    statement: str
    code: Mapping[str, str]
    """By name: the suites, and the level's share of each solution."""

    @property
    def wrong(self) -> tuple[WrongPart, ...]:
        """The known-wrong solutions of the level."""
        return self.level.wrong


def read_parts(levels: int) -> list[Part]:
    """Return the parts of the first ``levels`` levels."""
    example = Path(__file__).parent / "example"
    return [_read(example / f"level{number}") for number in range(1, levels + 1)]


def _read(folder: Path) -> Part:
    level = tomllib.loads((folder / "level.toml").read_text(encoding="utf-8"))
    return Part(
        from_plain(LevelPart, level),
        (folder / "statement.md").read_text(encoding="utf-8"),
        {
            path.name.removesuffix(".py.txt"): path.read_text(encoding="utf-8")
            for path in sorted(folder.glob("*.py.txt"))
        },
    )
