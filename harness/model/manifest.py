"""What ``problem.toml`` of format 1 says. These classes are its schema, too.

``harness.catalog.manifest_file`` has pydantic check a file by their annotations, and ``harness
author schema`` prints them. A manifest that was checked before is read without pydantic, whose
import costs more than all else that a submission does in the command's own process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, ClassVar, Literal, Self

from harness.model.frozen import frozen
from harness.model.limits import IN_FILE, STRICT, Constraints, Limits
from harness.model.plain import from_plain

SLUG = r"^[a-z][a-z0-9_]{1,39}$"
_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"
_LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*$"

PATTERNS = {
    SLUG: "two to forty lower-case letters, digits and underscores, a letter first",
    _NAME: "a name as in Python: letters, digits and underscores, no digit first",
    _VERSION: 'three numbers with dots between, as in "1.0.0"',
    _LINE: "one line of text without control characters",
}
"""What texts must match, in words that complete the sentence "It must be …"."""

_Slug = Annotated[str, Constraints(pattern=SLUG)]
_Name = Annotated[str, Constraints(pattern=_NAME, max_length=80)]
_Version = Annotated[str, Constraints(pattern=_VERSION)]
_Line = Annotated[str, Constraints(pattern=_LINE, max_length=200)]


@frozen(kw_only=True)
class Symbols:
    """The public names that a level adds."""

    __pydantic_config__: ClassVar = STRICT

    functions: tuple[_Name, ...] = ()
    """Functions that it adds."""
    classes: dict[_Name, tuple[_Name, ...]] = field(default_factory=dict)
    """Class → the methods that this level adds to it."""
    exceptions: dict[_Name, _Name] = field(default_factory=dict)
    """Exception → the builtin exception that it derives from."""


@frozen(kw_only=True)
class LevelSpec:
    """One ``[[levels]]`` table."""

    __pydantic_config__: ClassVar = STRICT

    id: _Slug
    """Stable, unique in the problem."""
    title: _Line
    """Shown from the start."""
    summary: _Line
    """One line; the candidate sees all summaries from the start."""
    minutes: Annotated[int, Constraints(ge=1, le=600)]
    """Suggested; they add up to at most the problem's minutes."""
    points: Annotated[int, Constraints(ge=1, le=10_000)]
    """Shared equally by the hidden cases of the level."""
    bonus: Annotated[int, Constraints(ge=0, le=10_000)] = 0
    """Only when every hidden case passes."""
    symbols: Symbols = field(default_factory=Symbols)
    """The public names that this level adds."""
    hints: tuple[_Line, ...] = ()
    """Each unblocks without giving the design away."""


@frozen(kw_only=True)
class Manifest:
    """The whole of ``problem.toml``."""

    __pydantic_config__: ClassVar = STRICT

    format: Literal[1]
    """Of this file."""
    slug: _Slug
    """The name of the problem's folder."""
    version: _Version
    """Raise it whenever behaviour changes."""
    title: _Line
    """What people call it."""
    summary: _Line
    """One line for `harness list`."""
    tags: tuple[_Line, ...] = ()
    """What it is about."""
    authors: Annotated[tuple[_Line, ...], Constraints(min_length=1)]
    """Who wrote it."""
    license: _Line
    """An SPDX identifier or expression, such as MIT."""
    minutes: Annotated[int, Constraints(ge=1, le=600)] = 90
    """The whole sitting."""
    module: _Name = "solution"
    """The file the candidate edits, without .py."""
    limits: Limits = field(default_factory=Limits)
    """Time, memory and output of one case."""
    levels: Annotated[tuple[LevelSpec, ...], Constraints(min_length=1, max_length=20)]
    """In order; a statement and two suites each."""

    @property
    def symbols(self) -> Symbols:
        """The public names of all levels together."""
        functions: dict[str, None] = {}
        classes: dict[str, dict[str, None]] = {}
        exceptions: dict[str, str] = {}
        for level in self.levels:
            functions |= dict.fromkeys(level.symbols.functions)
            exceptions |= level.symbols.exceptions
            for name, methods in level.symbols.classes.items():
                classes.setdefault(name, {}).update(dict.fromkeys(methods))
        return Symbols(
            functions=tuple(functions),
            classes={name: tuple(methods) for name, methods in classes.items()},
            exceptions=exceptions,
        )

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what a file that was checked says. Raises ValueError for one that is wrong."""
        limits = dict(table.get("limits", {}))
        for name, (key, unit) in IN_FILE.items():
            if key in limits:
                limits[name] = limits.pop(key) * unit
        known = {key: value for key, value in table.items() if key not in RETIRED_KEYS}
        return from_plain(cls, known | {"limits": limits})


RETIRED_KEYS = {"isolation": "case"}
"""Keys of format 1 that mean nothing any more, with their one value: accepted, and left out."""
