"""Reads the parts of the example that ``harness author new`` writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from harness.authoring.edits import Edit, edits_between
from harness.model.frozen import frozen
from harness.model.plain import from_plain
from harness.model.problem import Snapshot

MAX_LEVELS = 6


@frozen(kw_only=True)
class MistakePart:
    """A known mistake: the reference of its level with one text replaced."""

    name: str
    why: str
    find: str
    replace: str
    breaks: str
    case: str = ""

    def edit(self, reference: str, level: int) -> Edit:
        """Return the mistake at the last place of the text, which is the newest level's."""
        head, _, tail = reference.rpartition(self.find)
        before, after = (
            Snapshot(files={"solution.py": text.encode()})
            for text in (reference, head + self.replace + tail)
        )
        return Edit(
            level=level,
            name=self.name,
            why=self.why,
            breaks=self.breaks,
            case=self.case,
            replacements=edits_between(before, after),
        )


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
    mistake: tuple[MistakePart, ...]


@frozen
class Part:
    """All that one level of the example consists of."""

    level: LevelPart
    statement: str
    code: Mapping[str, str]
    """By name: the suites, and the level's share of each solution."""


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
