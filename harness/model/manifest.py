"""What ``problem.toml`` of format 1 says. These classes are its schema, too.

Each field carries what an author may write there: ``harness.catalog.manifest_file`` checks a file
by it, and ``harness author schema`` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from typing import Any, NamedTuple, Self

from harness.model.frozen import frozen
from harness.model.plain import from_plain


class TextRule(NamedTuple):
    """What a text must look like."""

    pattern: str
    """A regular expression that the whole text must match."""
    longest: int
    words: str
    """Completes the sentence "It must be …"."""


_SLUG = TextRule(
    r"[a-z][a-z0-9_]{1,39}",
    40,
    "two to forty lower-case letters, digits and underscores, a letter first",
)
_NAME = TextRule(
    r"[A-Za-z_][A-Za-z0-9_]*",
    80,
    "a name as in Python: letters, digits and underscores, no digit first",
)
_VERSION = TextRule(r"\d+\.\d+\.\d+", 40, 'three numbers with dots between, as in "1.0.0"')
_LINE = TextRule(
    r"[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*",
    200,
    "one line of text without control characters",
)


class Key(NamedTuple):
    """What an author may write for one key of a table."""

    about: str
    text: TextRule | None = None
    """For every text in it: the value, the items of a list, the keys and values of a table."""
    least: int | None = None
    above: int | None = None
    most: int | None = None
    """Bounds of a number, or of the length of a list."""
    only: int | str | None = None
    """The one value that is allowed."""
    name: str = ""
    """What it is called in the file, where that is not the field's name."""
    unit: int = 1
    """What a number in the file is multiplied by."""


def _key(about: str, *, default: Any = ..., factory: Any = ..., **rules: Any) -> Any:
    metadata = {"key": Key(about, **rules)}
    if factory is not ...:
        return field(default_factory=factory, metadata=metadata)
    if default is not ...:
        return field(default=default, metadata=metadata)
    return field(metadata=metadata)


@frozen(kw_only=True)
class Limits:
    """What one case may use."""

    wall_seconds: float = _key("Seconds by the clock.", default=2.0, above=0, most=60)
    cpu_seconds: int = _key("Seconds of processor time.", default=2, least=1, most=60)
    memory_bytes: int = _key(
        "Mebibytes of memory.",
        default=256 << 20,
        least=32,
        most=4096,
        name="memory_mb",
        unit=1 << 20,
    )
    output_bytes: int = _key(
        "Kibibytes of output.",
        default=256 << 10,
        least=1,
        most=16384,
        name="output_kb",
        unit=1 << 10,
    )

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what a table that was checked says."""
        values = {}
        for each in fields(cls):
            key: Key = each.metadata["key"]
            name = key.name or each.name
            if name in table:
                values[each.name] = table[name] * key.unit
        return from_plain(cls, values)

    def to_table(self) -> dict[str, Any]:
        """Return the table; ``--json`` documents use it, too."""
        table = {}
        for each in fields(self):
            key: Key = each.metadata["key"]
            value = getattr(self, each.name)
            table[key.name or each.name] = value if key.unit == 1 else value // key.unit
        return table


@frozen(kw_only=True)
class Symbols:
    """The public names that a level adds."""

    functions: tuple[str, ...] = _key("Functions that it adds.", default=(), text=_NAME)
    classes: dict[str, tuple[str, ...]] = _key(
        "Class → the methods that this level adds to it.", factory=dict, text=_NAME
    )
    exceptions: dict[str, str] = _key(
        "Exception → the builtin exception that it derives from.", factory=dict, text=_NAME
    )


@frozen(kw_only=True)
class LevelSpec:
    """One ``[[levels]]`` table."""

    id: str = _key("Stable, unique in the problem.", text=_SLUG)
    title: str = _key("Shown from the start.", text=_LINE)
    summary: str = _key("One line; the candidate sees all summaries from the start.", text=_LINE)
    minutes: int = _key(
        "Suggested; they add up to at most the problem's minutes.", least=1, most=600
    )
    points: int = _key("Shared equally by the hidden cases of the level.", least=1, most=10_000)
    bonus: int = _key("Only when every hidden case passes.", default=0, least=0, most=10_000)
    symbols: Symbols = _key("The public names that this level adds.", factory=Symbols)
    hints: tuple[str, ...] = _key(
        "Each unblocks without giving the design away.", default=(), text=_LINE
    )


@frozen(kw_only=True)
class Manifest:
    """The whole of ``problem.toml``."""

    format: int = _key("Of this file.", only=1)
    slug: str = _key("The name of the problem's folder.", text=_SLUG)
    version: str = _key("Raise it whenever behaviour changes.", text=_VERSION)
    title: str = _key("What people call it.", text=_LINE)
    summary: str = _key("One line for `harness list`.", text=_LINE)
    tags: tuple[str, ...] = _key("What it is about.", default=(), text=_LINE)
    authors: tuple[str, ...] = _key("Who wrote it.", text=_LINE, least=1)
    license: str = _key("An SPDX identifier or expression, such as MIT.", text=_LINE)
    minutes: int = _key("The whole sitting.", default=90, least=1, most=600)
    module: str = _key("The file the candidate edits, without .py.", default="solution", text=_NAME)
    limits: Limits = _key("Time, memory and output of one case.", factory=Limits)
    levels: tuple[LevelSpec, ...] = _key(
        "In order; a statement and two suites each.", least=1, most=20
    )

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Return what a file that was checked says. Raises ValueError for one that is wrong."""
        limits = Limits.from_table(table.get("limits", {}))
        known = {key: value for key, value in table.items() if key not in RETIRED_KEYS}
        return replace(from_plain(cls, known | {"limits": {}}), limits=limits)


RETIRED_KEYS = {"isolation": Key("Ignored: every case has a fresh box.", only="case")}
"""Keys of format 1 that mean nothing any more: accepted, and left out of ``Manifest``."""
