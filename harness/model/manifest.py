"""What ``problem.toml`` of format 1 says. These classes are its schema, too.

``harness.catalog.manifest_file`` has pydantic check a file by their annotations, and ``harness
author schema`` prints them. A manifest that was checked before is read without pydantic, whose
import costs more than all else that a submission does in the command's own process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from harness.model.frozen import frozen
from harness.model.plain import from_plain, to_plain

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class Constraints:
    """What a value must be, by the names that pydantic's core has for constraints.

    ``unit``: what a number in the file is multiplied by.
    """

    def __init__(self, *, unit: int = 1, **constraints: object) -> None:
        self.unit = unit
        self.constraints = constraints

    def __get_pydantic_core_schema__(
        self, source: object, handler: Callable[[object], Any]
    ) -> CoreSchema:
        """Return the schema of the annotated type with the constraints."""
        schema: CoreSchema = {**handler(source), **self.constraints}
        if self.unit == 1:
            return schema
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.unit.__mul__, schema)


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

_STRICT: Mapping[str, Any] = {
    "extra": "forbid",
    "strict": True,
    "use_attribute_docstrings": True,
}
"""How pydantic checks these classes."""

_IN_FILE = {"memory_bytes": ("memory_mb", 1 << 20), "output_bytes": ("output_kb", 1 << 10)}
"""Fields that the file has under another name, in another unit."""


def name_in_file(field_name: str) -> str:
    """Return the key of the file that says what a field holds."""
    return _IN_FILE[field_name][0] if field_name in _IN_FILE else field_name


@frozen(kw_only=True)
class Limits:
    """What one case may use."""

    __pydantic_config__: ClassVar = {**_STRICT, "alias_generator": name_in_file}

    wall_seconds: Annotated[float, Constraints(gt=0, le=60)] = 2.0
    """Seconds by the clock."""
    cpu_seconds: Annotated[int, Constraints(ge=1, le=60)] = 2
    """Seconds of processor time."""
    memory_bytes: Annotated[int, Constraints(ge=32, le=4096, unit=1 << 20)] = 256 << 20
    """Mebibytes of memory."""
    output_bytes: Annotated[int, Constraints(ge=1, le=16384, unit=1 << 10)] = 256 << 10
    """Kibibytes of output."""

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what a table that was checked says."""
        values = dict(table)
        for name, (key, unit) in _IN_FILE.items():
            if key in values:
                values[name] = values.pop(key) * unit
        return from_plain(cls, values)

    def to_table(self) -> dict[str, Any]:
        """Return the table; ``--json`` documents use it, too."""
        table = to_plain(self)
        for name, (key, unit) in _IN_FILE.items():
            table[key] = table.pop(name) // unit
        return dict(table)


@frozen(kw_only=True)
class Symbols:
    """The public names that a level adds."""

    __pydantic_config__: ClassVar = _STRICT

    functions: tuple[_Name, ...] = ()
    """Functions that it adds."""
    classes: dict[_Name, tuple[_Name, ...]] = field(default_factory=dict)
    """Class → the methods that this level adds to it."""
    exceptions: dict[_Name, _Name] = field(default_factory=dict)
    """Exception → the builtin exception that it derives from."""


@frozen(kw_only=True)
class LevelSpec:
    """One ``[[levels]]`` table."""

    __pydantic_config__: ClassVar = _STRICT

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

    __pydantic_config__: ClassVar = _STRICT

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

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what a file that was checked says. Raises ValueError for one that is wrong."""
        limits = Limits.from_table(table.get("limits", {}))
        known = {key: value for key, value in table.items() if key not in RETIRED_KEYS}
        return replace(from_plain(cls, known | {"limits": {}}), limits=limits)


RETIRED_KEYS = {"isolation": "case"}
"""Keys of format 1 that mean nothing any more, with their one value: accepted, and left out."""
